"""What may not be committed: `python -m release.committed FILE...`, run on the files of each commit by pre-commit.

Files over 700 kB, and, where `../shared/data` is, files that repeat nineteen or more words of its corpora, since news
text is under copyright; what `training/artefacts.toml` lists aside. Prints a line for each, exits 1 if there is one.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from release.artefacts import stated
from release.building import ROOT

LARGEST = 700_000
"""Bytes; the largest source file, axe-core's for tests, has 654,000."""
RUN = 10
"""Words that count as a quotation where they lie on a place at which the data is cut into tens; any nineteen in a row
hold such ten. With eights, formulas were found in our own examples (*I shall now make a statement in my national
capacity*)."""
_WORD = re.compile(r"[^\W_]+")
_CORPORA = (".jsonl", ".jsonl.gz", ".html", ".txt")
_ABOUT = {"NOTICE.txt"}
_FACTS = {"actors"}
"""Folders of names and dates, which are nobody's words."""


def too_large(paths: Iterable[Path]) -> Iterator[str]:
    """A line for each file that is larger than it may be."""
    for path in paths:
        if (size := path.stat().st_size) > LARGEST:
            yield f"{path}: {size:,} bytes, more than {LARGEST:,}; is it made by a program? See training/artefacts.toml"


def borrowed(paths: Iterable[Path], data: Path) -> Iterator[str]:
    """A line for each file with a run of words from the corpora in the folder `data`, which is read through once."""
    runs: dict[tuple[str, ...], Path] = {}
    for path in paths:
        words = _words(path.read_text(encoding="utf-8", errors="ignore"))
        runs |= {tuple(words[at : at + RUN]): path for at in range(len(words) - RUN + 1)}
    told = set()
    for corpus in sorted(data.rglob("*")) if runs else ():
        facts = corpus.relative_to(data).parts[0] in _FACTS
        if facts or corpus.name in _ABOUT or not corpus.name.endswith(_CORPORA):
            continue
        for text in _texts(corpus):
            words = _words(text)
            for at in range(0, len(words) - RUN + 1, RUN):
                run = tuple(words[at : at + RUN])
                if run in runs and runs[run] not in told:
                    told.add(runs[run])
                    yield f"{runs[run]}: repeats {corpus.relative_to(data)}: “{' '.join(run)} …”"


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())


def _texts(path: Path) -> Iterator[str]:
    """The texts of a corpus: each string of each line of JSON, or the whole file."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = raw.decode("utf-8", "replace")
    if ".jsonl" not in path.suffixes:
        yield text
        return
    for line in text.splitlines():
        if line.strip():
            yield from _strings(json.loads(line))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        if " " in value:  # else an address or an id
            yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def main(names: list[str]) -> int:
    """Check the files; 1 if one may not be committed."""
    listed = {ROOT / one.path for one in stated()}
    paths = [path for path in map(Path, names) if path.is_file() and path.absolute() not in listed]
    problems = list(too_large(paths))
    data = ROOT.parent / "shared" / "data"
    if data.is_dir():
        problems += borrowed(paths, data)
    print("\n".join(problems), end="\n" if problems else "")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

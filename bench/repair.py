"""How much mojibake is undone, and how much clean text is harmed: python bench/repair.py shared/data/mojibake/dev.jsonl

Prints a table of ours and of the peers that are installed: for each way of breaking (the prefix of `how`) the share of
broken rows restored exactly, the share of clean rows left alone, the processor time that a clean row in plain Latin
letters takes and one of the broken rows, in microseconds, and how much more memory the process held at its peak with
all rows done than after the import. Each tool runs in a process of its own. Then, for ours, each pair of code pages;
with --show every row that came out wrong; with --pages FOLDER (as shared/data/pages) also how many of the gold's
paragraphs, titles and captions are changed. A detector reads the row's bytes, as windows-1252 has them, in the encoding
that it takes them for. Fails if ours is under its floors.
"""

import importlib
import json
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import ftfy
import ftfy.bad_codecs

import floors
from onrecord.page.repair import repair, replay

Row = dict[str, str]
_LATIN_END = "\u0250"
_PUNCTUATION = range(0x2000, 0x2200)
PEERS = ("ftfy", "cchardet", "chardet", "charset_normalizer")


def ours(text: str) -> str:
    """Repaired by onrecord; every repair is replayed."""
    fixed, repairs = repair(text)
    for done in repairs:
        assert replay(done.original, done.steps) == fixed[done.start : done.end]
    return fixed


def detecting(name: str) -> Callable[[str], str]:
    """A repair by a detector's guess."""
    detect = importlib.import_module(name).detect

    def redecoded(text: str) -> str:
        try:
            content = text.encode("sloppy-windows-1252")
            return content.decode(detect(content)["encoding"] or "sloppy-windows-1252")
        except (UnicodeError, LookupError):
            return text

    return redecoded


def tool_called(name: str) -> Callable[[str], str]:
    return {"onrecord": ours, "ftfy": ftfy.fix_encoding}.get(name) or detecting(name)


def groups(row: Row) -> tuple[str, ...]:
    """The columns of the table that a row counts for."""
    if row["broken"] == row["fixed"]:
        return ("clean",)
    prefix, _, _ = row["how"].rpartition(":")
    return ("broken", prefix or "whole")


def is_latin(text: str) -> bool:
    return all(letter < _LATIN_END or ord(letter) in _PUNCTUATION for letter in text)


def read_rows(path: str) -> list[Row]:
    return [json.loads(line) for line in Path(path).read_text(encoding="utf-8").split("\n") if line]


def measured(rows: list[Row], repaired: Callable[[str], str]) -> tuple[dict[str, float], list[tuple[Row, str]]]:
    """The share right of each group, the times, the memory; the rows that are wrong."""
    repaired("JosÃ© Ðîññèÿ")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    spent = {"latin": 0.0, "broken": 0.0}
    timed: Counter[str] = Counter()
    wrong = []
    for row in rows:
        began = time.process_time()
        text = repaired(row["broken"])
        took = time.process_time() - began
        kind = "broken" if row["broken"] != row["fixed"] else "latin" if is_latin(row["broken"]) else ""
        if kind:
            spent[kind] += took
            timed[kind] += 1
        for group in groups(row):
            seen[group] += 1
            right[group] += text == row["fixed"]
        if text != row["fixed"]:
            wrong.append((row, text))
    figures = {group: right[group] / seen[group] for group in sorted(seen)}
    figures |= {f"µs, {kind}": spent[kind] / timed[kind] * 1e6 for kind in spent}
    figures["MB more"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return figures, wrong


def printed(name: str, figures: dict[str, float]) -> str:
    told = [f"{value:.1%}" if group[0] not in "µM" else f"{value:.0f}" for group, value in figures.items()]
    return f"| {name} | " + " | ".join(told) + " |"


def peer(name: str, path: str) -> str:
    """The line of the table for another tool, measured in a process of its own."""
    done = subprocess.run([sys.executable, __file__, path, "--tool", name], capture_output=True, text=True, check=False)
    return done.stdout.strip() or f"| {name} | not installed |"


def gold_texts(folder: str) -> Iterator[str]:
    for row in read_rows(str(Path(folder) / "pages.jsonl")):
        gold: dict[str, object] = row["gold"]  # type: ignore[assignment]
        yield from (gold["body"] or "").split("\n")
        for field in ("title", "summary", "captions", "topics"):
            value = gold.get(field) or []
            yield from (one for one in ([value] if isinstance(value, str) else value) if isinstance(one, str))


def main(path: str) -> int:
    rows = read_rows(path)
    figures, wrong = measured(rows, ours)
    print("| | " + " | ".join(figures) + " |\n|---|" + "---|" * len(figures))
    print(printed("onrecord", figures), flush=True)
    for name in PEERS:
        print(peer(name, path), flush=True)
    pairs = Counter(row["how"].rpartition(":")[2] for row in rows if row["broken"] != row["fixed"])
    missed = Counter(row["how"].rpartition(":")[2] for row, _ in wrong if row["broken"] != row["fixed"])
    print("\nonrecord by code pages:")
    for pair, count in sorted(pairs.items()):
        print(f"{pair:32} {count - missed[pair]:5} of {count:5} restored {1 - missed[pair] / count:7.1%}")
    if "--show" in sys.argv:
        for row, text in wrong:
            print(f"{row['how']}\n  want {row['fixed']!r}\n  have {text!r}")
    under = 0
    if "--pages" in sys.argv:
        texts = list(gold_texts(sys.argv[sys.argv.index("--pages") + 1]))
        changed = [text for text in texts if repair(text).repairs]
        print(f"\n{len(changed)} of {len(texts)} clean paragraphs, titles and captions of news pages changed")
        under = floors.check("repair, pages", {"paragraphs untouched": 1 - len(changed) / len(texts)})
    embedded = min(share for group, share in figures.items() if group.startswith("embed"))
    kept = {"restored": figures["broken"], "untouched": figures["clean"], "embedded": embedded}
    return under + floors.check("repair", kept)


if __name__ == "__main__":
    if "--tool" in sys.argv:
        tool = sys.argv[sys.argv.index("--tool") + 1]
        print(printed(tool, measured(read_rows(sys.argv[1]), tool_called(tool))[0]))
    else:
        sys.exit(main(sys.argv[1]))

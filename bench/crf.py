"""A peer of the tagger: a linear-chain CRF on hand features, as quotation extractors were before transformers.

Tags begin and inside of source, cue and content on words; a content belongs to the nearest cue, a cue to the nearest
source.
"""

from __future__ import annotations

import gzip
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scoring import ROLES

WORD = re.compile(r"\w+(?:[’'-]\w+)*|``|''|[^\w\s]|\n+")
MARKS = frozenset({'"', "“", "”", "``", "''"})
ROUNDS = 60
Ends = tuple[int, int]


def documents(path: Path) -> Iterator[dict[str, Any]]:
    """The documents of a corpus."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def shape(word: str) -> str:
    """The kinds of a word's first letters: `Xx` for Roe, `d` for 12."""
    return re.sub(r"(.)\1+", r"\1", "".join("X" if c.isupper() else "x" if c.islower() else "d" for c in word[:6]))


def features(words: list[str]) -> list[list[str]]:
    """What the CRF sees of each word: the word and its neighbours, endings, shape, and whether it is quoted."""
    lower, quoted, inside = [word.lower() for word in words], [], False
    for word in words:
        inside = (inside != (word in MARKS)) and "\n" not in word
        quoted.append(inside)
    rows = []
    for at, word in enumerate(words):
        row = [f"s={shape(word)}", f"q={quoted[at]}", f"e={lower[at][-3:]}", f"q2={quoted[at]}{lower[at]}"]
        row += [f"{by}={lower[at + by]}" for by in range(-3, 4) if 0 <= at + by < len(words)]
        row += [f"p{by}={shape(words[at + by])}" for by in (-2, -1, 1, 2) if 0 <= at + by < len(words)]
        row += [f"b={lower[at - 1]}|{lower[at]}"] * (at > 0)
        rows.append(row)
    return rows


def labels(ends: list[Ends], document: dict[str, Any]) -> list[str]:
    """The tag of each word in the annotation."""
    roles = [""] * len(document["text"])
    opens = set()
    for one in document["attributions"]:
        for role in ROLES:
            for start, end in one[role]:
                roles[start:end] = [role] * (end - start)
                opens.add(start)
    found, before = [], ""
    for start, end in ends:
        role = roles[start]
        begins = role != before or any(at in opens for at in range(start, end))
        found.append(f"{'B' if begins else 'I'}-{role}" if role else "O")
        before = role
    return found


def attributions(ends: list[Ends], tags: list[str]) -> list[dict[str, list[Ends]]]:
    """The relations that tags tell: each content with the nearest cue, each cue with the nearest source."""
    spans: dict[str, list[Ends]] = {role: [] for role in ROLES}
    open_role = ""
    for (start, end), tag in zip(ends, tags, strict=True):
        role = tag[2:]
        if role and role == open_role and tag[0] == "I":
            spans[role][-1] = (spans[role][-1][0], end)
        elif role:
            spans[role].append((start, end))
        open_role = role
    groups: dict[Ends | None, list[Ends]] = {}
    for content in spans["content"]:
        groups.setdefault(nearest(content, spans["cue"]), []).append(content)
    return [
        {
            "source": [owner] if cue and (owner := nearest(cue, spans["source"])) else [],
            "cue": [cue] if cue else [],
            "content": parts,
        }
        for cue, parts in groups.items()
    ]


def nearest(span: Ends, others: list[Ends]) -> Ends | None:
    """The one of `others` with the fewest characters between."""
    return min(others, key=lambda other: max(span[0] - other[1], other[0] - span[1]), default=None)


def reader(data: Path) -> Callable[[str], list[dict[str, list[Ends]]]]:
    """What turns a text into attributions, trained on `data`/attribution/polnear-train.jsonl.gz in some minutes.

    Raises `ImportError` without python-crfsuite.
    """
    import pycrfsuite

    trainer = pycrfsuite.Trainer(
        "lbfgs", {"c1": 0.1, "c2": 0.05, "max_iterations": ROUNDS, "feature.minfreq": 2}, False
    )
    for document in documents(data / "attribution" / "polnear-train.jsonl.gz"):
        ends = [match.span() for match in WORD.finditer(document["text"])]
        trainer.append(features([document["text"][s:e] for s, e in ends]), labels(ends, document))
    tagger = pycrfsuite.Tagger()
    with tempfile.TemporaryDirectory() as folder:
        trainer.train(str(Path(folder) / "crf"))
        tagger.open(str(Path(folder) / "crf"))

    def read(text: str) -> list[dict[str, list[Ends]]]:
        ends = [match.span() for match in WORD.finditer(text)]
        return attributions(ends, tagger.tag(features([text[s:e] for s, e in ends]))) if ends else []

    return read

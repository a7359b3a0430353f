"""Measure acts in ordinary news: `python bench/news_acts.py DATA [--errors]`.

`bench/news_acts.jsonl` holds where statements drawn at random from news stand (DATA/attribution/polnear-*, gold spans;
English pages of DATA/pages, spans found by onrecord) and the acts that one reader gave them by DATA/acts/SCHEME.md;
none of their words. Each statement is read as on a page: with its cue, after the statement before it. Where a reader
may hold two acts, or two clauses carry two, both stand there, the first foremost.

Printed for the half whose errors were read and mended and for the half labelled and measured once, when all was done:
how often our first act is among the reader's and how often it is the reader's first; of the statements that only tell
something how many get another act; of all acts told other than ASSERT how many the reader has, and the reverse.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from floors import check
from onrecord.positions import positions
from onrecord.schema import Article, Passage, Statement

LABELS = Path(__file__).parent / "news_acts.jsonl"
Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def texts(data: Path, names: set[str]) -> dict[tuple[str, str], str]:
    """The texts of the files named, by file and id."""
    return {(name, row["id"]): row.get("text") or row["gold"]["body"] for name in names for row in rows(data / name)}


def statement(text: str, row: Row) -> Statement:
    spans = (Passage.of(text, *map(tuple, row[part])) for part in ("source", "cue", "content"))
    source, cue, content = spans
    return Statement("s", row["kind"], source, cue, content, lang="en")


def told(text: str, row: Row) -> Statement:
    """The statement with its acts."""
    before = [statement(text, row["before"])] if row["before"] else []
    article = Article(id="", text=text, lang="en", statements=(*before, statement(text, row)))
    return positions(article).statements[-1]


def tallied(row: Row, one: Statement) -> Counter[str]:
    gold = [act.partition("/")[0] for act in row["acts"]]
    ours = [act.act for act in one.acts]
    real = {*ours} - {"ASSERT"}
    return Counter(
        {
            "all": 1,
            "among": ours[0] in gold,
            "first": ours[0] == gold[0],
            "telling": gold == ["ASSERT"],
            "telling, told so": gold == ["ASSERT"] and not real,
            "acts": "ASSERT" not in gold,
            "acts found": "ASSERT" not in gold and bool(real & {*gold}),
            "told": len(real),
            "told rightly": len(real & {*gold}),
            "modes": bool(real & {*gold}),
            "modes right": any(f"{act.act}/{act.mode}" in row["acts"] for act in one.acts if act.act in real),
        }
    )


def report(name: str, tally: Counter[str]) -> dict[str, float]:
    """The figures of a half, printed."""
    pairs = {
        "an act right": ("among", "all"),
        "the first act right": ("first", "all"),
        "mere telling left so": ("telling, told so", "telling"),
        "acts found": ("acts found", "acts"),
        "acts told that are right": ("told rightly", "told"),
        "modes right": ("modes right", "modes"),
    }
    print(f"{name}: {tally['all']} statements")
    for label, (some, many) in pairs.items():
        print(f"  {label}: {tally[some]} of {tally[many]} ({tally[some] / max(tally[many], 1):.3f})")
    return {f"{name} {label}": tally[some] / max(tally[many], 1) for label, (some, many) in pairs.items()}


def main(data: Path, errors: bool) -> int:
    labelled = rows(LABELS)
    found = texts(data, {row["file"] for row in labelled})
    halves: dict[str, Counter[str]] = {}
    for row in labelled:
        one = told(found[row["file"], row["doc"]], row)
        tally = tallied(row, one)
        halves.setdefault(row["half"], Counter()).update(tally)
        if errors and row["half"] != "held back" and (not tally["among"] or tally["told"] > tally["told rightly"]):
            ours = [f"{act.act}/{act.mode} ({act.because})" for act in one.acts]
            print(f"  {row['id']} {row['acts']} told {ours}: {one.cue.text} | {one.content_text}")
    return check("news_acts", {key: value for half, tally in halves.items() for key, value in report(half, tally).items()})


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--errors" in sys.argv))

"""Measure acts in ordinary news: `python bench/news_acts.py DATA [--errors]`.

`training/news_acts.jsonl` holds where statements drawn at random from news stand, and the acts that one reader gave
them (see `training/trust.py`). Each statement is read as on a page: with its cue, after the statement before it. Where
a reader may hold two acts, or two clauses carry two, both stand there, the first foremost.

Printed for those whose errors were read ("tuned"; "read along", US campaign news alone; "spent", measured once before
they were read: an act right on .680), which the shipped weights were fitted on; and for those "held back", labelled and
measured once when all was done: how often our first act is among the reader's and how often it is the reader's first;
of the statements that only tell something how many get no other act; of those that do more how many get an act of the
reader's; of all acts told but ASSERT how many the reader has, and how many of these have the reader's mode.

`training/news_conditions.jsonl` holds statements drawn at random from those of PolNeAR with a word that may open a
condition: what condition they have, if any, and whose doing it is. Fails if a figure is under its floor.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from training.trust import HELD, LABELS, Row, article, rows, texts

from floors import check
from onrecord.positions import positions
from onrecord.schema import Span, Statement


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


def conditions(data: Path) -> dict[str, float]:
    """How many conditions are found (half of the shorter's letters shared), with whose doing, and how many beside."""
    labelled = rows(LABELS.with_name("news_conditions.jsonl"))
    found = texts(data, {row["file"] for row in labelled})
    halves: dict[str, Counter[str]] = {}
    for row in labelled:
        acts = positions(article(found[row["file"], row["doc"]], row)).statements[-1].acts
        ours = [act for act in acts if act.condition]
        same = [
            act for act in ours if act.condition and row["condition"] and _overlaps(act.condition, row["condition"])
        ]
        halves.setdefault(row["half"], Counter()).update(
            {
                "all": bool(row["condition"]),
                "found": bool(same),
                "whom": any(act.on_whom == row["on_whom"] for act in same),
                "none": not row["condition"],
                "beside": bool(ours) and not row["condition"],
            }
        )
    for half, tally in halves.items():
        print(
            f"conditions, {half}: {tally['found']} of {tally['all']} found, {tally['whom']} of them with whose doing; "
            f"{tally['beside']} beside in {tally['none']} statements without"
        )
    return {f"conditions, {half}": tally["found"] / tally["all"] for half, tally in halves.items()}


def _overlaps(ours: Span, gold: list[int]) -> bool:
    common = min(ours.end, gold[1]) - max(ours.start, gold[0])
    return common >= 0.5 * min(ours.end - ours.start, gold[1] - gold[0])


def main(data: Path, errors: bool) -> int:
    labelled = rows(LABELS)
    found = texts(data, {row["file"] for row in labelled})
    halves: dict[str, Counter[str]] = {}
    for row in labelled:
        one = positions(article(found[row["file"], row["doc"]], row)).statements[-1]
        tally = tallied(row, one)
        halves.setdefault(row["half"], Counter()).update(tally)
        if errors and row["half"] != HELD and (not tally["among"] or tally["told"] > tally["told rightly"]):
            ours = [f"{act.act}/{act.mode} ({act.because})" for act in one.acts]
            print(f"  {row['id']} {row['acts']} told {ours}: {one.cue.text} | {one.content_text}")
    figures: dict[str, float] = {}
    for half, tally in halves.items():
        figures |= report(half, tally)
    return check("news_acts", figures | conditions(data))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--errors" in sys.argv))

"""Measure acts on whole reports: `python bench/reports.py [--errors]`.

`tests/cases/positions` holds 60 invented reports (40 English, 20 Russian) with 239 statements, whose acts and
conditions two annotators gave, the second without sight of the first or of what onrecord answers. Printed: how far the
two agree; and how far onrecord agrees with each, on the statements that it finds when it reads the report (a statement
found is one of ours whose content shares at least half of the shorter of both). An act is right if it is among those
annotated.
Each language is printed whole and by halves: the errors of the reports with even numbers are never shown. (Their
figures were looked at when changes were weighed, and of five in each language the acts and deciding words were once, to
find what a change had broken: "not read" is not quite the same as new.)
"""

from __future__ import annotations

import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from floors import check
from onrecord.pipeline import read_page
from onrecord.schema import Page, Statement

CASES = Path(__file__).parent.parent / "tests" / "cases" / "positions"
Key = tuple[str, int]
HALVES = ("not read", "read while tuning")
"""The reports with even and with odd numbers: errors are shown, and frames mended, by those with odd ones alone."""


def reports() -> list[dict[str, Any]]:
    """The reports with their statements."""
    return [
        report
        for path in sorted(CASES.glob("reports-*.toml"))
        for report in tomllib.loads(path.read_text(encoding="utf-8"))["report"]
    ]


def annotated(name: str) -> dict[Key, list[dict[str, Any]]]:
    """The acts that an annotator gave to each statement, in the order given."""
    acts: defaultdict[Key, list[dict[str, Any]]] = defaultdict(list)
    for act in tomllib.loads((CASES / name).read_text(encoding="utf-8"))["act"]:
        acts[act["report"], act["statement"]].append(act)
    return acts


def kappa(pairs: list[tuple[str, str]]) -> float:
    """Cohen's kappa of two annotators' labels."""
    same = sum(a == b for a, b in pairs) / len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    chance = sum(first[label] * second[label] for label in first) / len(pairs) ** 2
    return (same - chance) / (1 - chance)


def found(report: dict[str, Any]) -> list[Statement | None]:
    """Our statement for each of a report's, if there is one."""
    article = read_page(Page(report["text"], lang=report["lang"], media="text"))
    ours = []
    for statement in report["statement"]:
        start = article.text.index(statement["quote"])
        end = start + len(statement["quote"])
        best, most = None, 0.5
        for one in article.statements:
            common = sum(max(0, min(end, s.end) - max(start, s.start)) for s in one.content.spans)
            length = sum(s.end - s.start for s in one.content.spans)
            share = common / min(end - start, length)
            if share >= most:
                best, most = one, share
        ours.append(best)
    return ours


def main() -> int:
    first, second = annotated("first.toml"), annotated("second.toml")
    keys = sorted(first)
    pairs = [(first[key][0]["act"], second[key][0]["act"]) for key in keys]
    sets = sum({a["act"] for a in first[key]} == {a["act"] for a in second[key]} for key in keys)
    conditions = [(_condition(first[key]), _condition(second[key])) for key in keys]
    held = [(a, b) for a, b in conditions if a or b]
    print(f"two annotators, {len(keys)} statements: the same acts on {sets / len(keys):.3f}, kappa {kappa(pairs):.3f};")
    print(f"  the same condition, word for word, on {sum(a == b for a, b in held)} of {len(held)} with one")
    score: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for report in reports():
        half = HALVES[int(report["id"][-2:]) % 2]
        tally = _tally(report, first, second, errors="--errors" in sys.argv and half == HALVES[1])
        score[f"{report['lang']}, {half}"] += tally
        score[report["lang"]] += tally
    figures = {}
    for name, tally in sorted(score.items()):
        figures[f"{name} acts"] = tally["right"] / tally["found"]
        print(
            f"{name}: {tally['found']} of {tally['all']} statements found; "
            f"an act right on {figures[f'{name} acts']:.3f} "
            f"(second annotator {tally['right, second'] / tally['found']:.3f}); "
            f"conditions: {tally['conditions found']} of "
            f"{tally['conditions']} found, {tally['conditions beside']} where there is none"
        )
    return check("reports", figures)


def _tally(
    report: dict[str, Any],
    first: dict[Key, list[dict[str, Any]]],
    second: dict[Key, list[dict[str, Any]]],
    errors: bool,
) -> Counter[str]:
    """What is found and right in a report."""
    tally: Counter[str] = Counter()
    text = report["text"].strip("\n")
    for n, one in enumerate(found(report)):
        key = report["id"], n
        tally["all"] += 1
        if one is None:
            continue
        tally["found"] += 1
        mine = {act.act for act in one.acts}
        right = {a["act"] for a in first[key]}
        tally["right"] += bool(mine & right)
        tally["right, second"] += bool(mine & {a["act"] for a in second[key]})
        wanted = _condition(first[key])
        tally["conditions"] += bool(wanted)
        ours = next((act.condition for act in one.acts if act.condition), None)
        tally["conditions found"] += bool(wanted and ours and _overlap(text, wanted, ours))
        tally["conditions beside"] += bool(ours and not wanted)
        if errors and not mine & right:
            because = [act.because for act in one.acts]
            cue = " ".join(text[span.start : span.end] for span in one.cue.spans)
            print(f"  {key}: {sorted(right)} not {sorted(mine)} {because}: {cue} | {one.content_text}")
        if errors and (wanted or ours):
            print(f"  {key}: condition “{wanted}”, ours “{text[ours.start : ours.end] if ours else ''}”")
    return tally


def _condition(acts: list[dict[str, Any]]) -> str:
    return next((act["condition"] for act in acts if act.get("condition")), "")


def _overlap(text: str, wanted: str, ours: Any) -> bool:
    """Whether a condition shares at least half of the shorter of both with the one annotated."""
    start = text.find(wanted)
    common = min(start + len(wanted), ours.end) - max(start, ours.start)
    return common >= 0.5 * min(len(wanted), ours.end - ours.start)


if __name__ == "__main__":
    sys.exit(main())

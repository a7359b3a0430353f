"""The invented reports annotated by two: sound as data, and onrecord's answers no worse than they have been."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from onrecord.positions.knowledge import codes

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases" / "positions"
REPORTS = {
    report["id"]: report
    for path in sorted(CASES.glob("reports-*.toml"))
    for report in tomllib.loads(path.read_text(encoding="utf-8"))["report"]
}


def test_there_are_sixty_in_two_languages() -> None:
    langs = [report["lang"] for report in REPORTS.values()]
    assert (langs.count("en"), langs.count("ru")) == (40, 20)


@pytest.mark.parametrize("annotator", ["first", "second"])
def test_annotations_are_sound(annotator: str) -> None:
    acts = tomllib.loads((CASES / f"{annotator}.toml").read_text(encoding="utf-8"))["act"]
    for act in acts:
        statement = REPORTS[act["report"]]["statement"][act["statement"]]
        assert act["act"] in codes()
        assert act.get("condition", "") in statement["quote"]
        assert act.get("condition_kind", "if") in ("if", "unless", "until", "only_after", "in_return")
    every = {(report["id"], n) for report in REPORTS.values() for n in range(len(report["statement"]))}
    assert {(act["report"], act["statement"]) for act in acts} == every


def test_acts_keep_to_their_floors() -> None:
    done = subprocess.run([sys.executable, "bench/reports.py"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr

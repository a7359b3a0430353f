"""Every labelled case of the attribution stage: the words of each statement's source, cue and content."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from onrecord.attribution import attribute
from onrecord.attribution.nesting import with_nested

CASES = Path(__file__).parent / "cases"


def load(*folders: str) -> list[Any]:
    found = []
    for folder in folders:
        for path in sorted((CASES / folder).glob("attribution*.toml")):
            for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
                found.append(pytest.param(case, id=f"{folder}: {case['label']}"))
    assert found, f"no cases in {folders}"
    return found


def found_in(case: dict[str, Any]) -> list[dict[str, Any]]:
    text = case["text"]
    rows = []
    for statement in attribute(text, lang=case.get("lang", "en"), engine="rules"):
        rows.append(
            {
                "source": statement.source.text,
                "cue": statement.cue.text,
                "content": [text[span.start : span.end] for span in statement.content.spans],
                "kind": statement.kind,
                "manner": statement.manner,
                "negated": statement.negated,
            }
        )
    return rows


def as_far_as_named(rows: list[dict[str, Any]], expected: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A case names manner and negation only where they are the point; elsewhere any is right."""
    pairs = zip(rows, expected, strict=False)
    return [{k: v for k, v in row.items() if k not in ("manner", "negated") or k in want} for row, want in pairs]


@pytest.mark.parametrize("case", load("wild", "synthetic", "negative"))
def test_case(case: dict[str, Any]) -> None:
    rows = found_in(case)
    assert len(rows) == len(case["statements"]), rows
    assert as_far_as_named(rows, case["statements"]) == case["statements"]


def test_a_whole_clause_is_not_inside_itself() -> None:
    """The content of an act holds its own cue, which is not another statement within it."""
    text = "Die Ministerin forderte eine Prüfung des Damms. Lohse sagte, die Stadt habe erklärt, der Damm halte."
    found = with_nested(text, attribute(text, lang="de", engine="rules"))
    assert [(one.source.text, one.nested_in) for one in found] == [
        ("Die Ministerin", None),
        ("Lohse", None),
        ("die Stadt", "s2"),
    ]


@pytest.mark.parametrize("case", load("known-failures"))
def test_known_failure_still_fails(case: dict[str, Any]) -> None:
    rows = found_in(case)
    right = len(rows) == len(case["statements"]) and (as_far_as_named(rows, case["statements"]) == case["statements"])
    assert not right, "this case passes now: move it out of known-failures"

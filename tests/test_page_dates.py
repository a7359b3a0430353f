"""Datelines are read, years are inferred from evidence only."""

import tomllib
from pathlib import Path

import pytest

from onrecord.page.datelines import find_dateline
from onrecord.page.dates import published

CASES = tomllib.loads((Path(__file__).parent / "cases" / "synthetic" / "page-dates.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["dateline"], ids=lambda case: case["text"][:30])
def test_datelines(case):
    found = find_dateline(case["text"])
    assert (found and [case["text"][: found.end], *found[1:]]) == (case["found"] or None)


@pytest.mark.parametrize("case", CASES["published"], ids=lambda case: case["label"])
def test_published(case):
    known = {key: case[key] for key in ("meta", "url", "head", "body", "fetched") if key in case}
    found = published(find_dateline(case.get("dateline", "")), **known)
    assert (found and [found.date, found.how]) == (case["now"] or None)

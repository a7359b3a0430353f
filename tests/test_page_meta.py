"""Headline, authors, times and the rest are read from whatever a page declares them in."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.formats.wire import article_object
from onrecord.page import take_apart
from onrecord.page.moments import moment
from onrecord.schema import Page

CASES = tomllib.loads((Path(__file__).parent / "cases" / "synthetic" / "page-meta.toml").read_text(encoding="utf-8"))
STORY = "".join(
    f"<p>The council met for the {n}th time on Monday, and nobody in the hall was surprised by what it decided.</p>"
    for n in range(4, 9)
)
GERMAN = "<p>Der Rat hat am Montag getagt, und es war niemand im Saal, der von dem Beschluss überrascht worden ist.</p>"


def read(case, body=STORY):
    data = "".join(f'<script type="application/ld+json">{one}</script>' for one in case.get("data", []))
    head = f"<title>Mayor says no to the bridge</title>{case.get('head', '')}{data}"
    story = f"<article><h1>Mayor says no to the bridge</h1>{case.get('byline', '')}{body}</article>"
    page = f'<html lang="en"><head>{head}</head><body>{story}</body></html>'
    return take_apart(Page(page, url="https://example.test/mayor", media="html"))


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["label"])
def test_what_pages_declare(case):
    article = read(case)
    day, change = article.published, article.modified
    found = {
        "headline": article.headline,
        "bylines": list(article.bylines),
        "publisher": article.publisher,
        "agency": article.agency,
        "canonical": article.canonical,
        "published": day.date if day else "",
        "modified": change.date if change else "",
    }
    wanted = {field: case[field] for field in found if field in case}
    assert wanted
    assert {field: found[field] for field in wanted} == wanted


@pytest.mark.parametrize("case", CASES["moment"], ids=lambda case: case["written"])
def test_moments(case):
    assert moment(case["written"]) == case["means"]


@pytest.mark.parametrize("value", [None, True, [], {}, "", " ", "0000-00-00", "9" * 500])
def test_what_is_no_moment(value):
    assert moment(value) == ""


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("0123456789-/.:T Z+MayGMTapm,")))
def test_any_text_can_be_asked_for_its_moment(text):
    found = moment(text)
    assert found == "" or found[4] == found[7] == "-"


def test_blocks_know_their_language():
    article = read({}, STORY + GERMAN)
    assert [block.lang for block in article.blocks if block.kind == "body"] == ["en"] * 5 + ["de"]
    assert article_object(article)["blocks"][-1]["lang"] == "de"


def test_new_fields_are_written():
    head = '<link rel="canonical" href="https://example.test/x"><meta name="date" content="2022-05-14">'
    written = article_object(read({"head": head + '<meta name="last-modified" content="2022-05-16">'}))
    assert written["canonical"] == "https://example.test/x"
    assert written["published"] == {"date": "2022-05-14", "how": "meta"}
    assert written["modified"] == {"date": "2022-05-16", "how": "meta"}
    assert written["credits"] == []

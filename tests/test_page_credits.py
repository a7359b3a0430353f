"""Photographers and agencies are read off the lines below pictures, and nobody where there is nobody."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.page import take_apart
from onrecord.page.credits import find_credits
from onrecord.schema import Block, Page

CASES = tomllib.loads((Path(__file__).parent / "cases/synthetic/page-credits.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"][:40])
def test_credits(case):
    text = case["text"]
    found = find_credits(text, [Block("caption", 0, len(text))])
    told = [[text[one.start : one.end], list(one.photographers), list(one.agencies)] for one in found]
    assert told == case["credits"]


def test_only_captions_and_credit_lines_hold_credits():
    text = "Photo: Ana López / Reuters"
    assert find_credits(text, [Block("body", 0, len(text))]) == ()


def test_credits_stand_in_the_articles_text():
    caption = "<figcaption>The bridge, seen from the south. Foto: Max Muster/dpa</figcaption>"
    body = "".join(
        f"<p>The council met for the {n}th time, and nobody in the hall was surprised.</p>" for n in range(4, 9)
    )
    page = (
        f"<html><body><article><h1>A bridge</h1><figure><img src='x'>{caption}</figure>{body}</article></body></html>"
    )
    article = take_apart(Page(page))
    (credit,) = article.credits
    assert (article[credit], credit.photographers, credit.agencies) == ("Max Muster/dpa", ("Max Muster",), ("dpa",))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["Photo:", "AP", "/", "|", "Ana", "de", "López", "(", ")", "via", "©", ".", " ", ",", "\n"]),
        max_size=40,
    )
)
def test_credits_are_apart_and_in_order(parts):
    text = "".join(parts)
    ends = 0
    for credit in find_credits(text, [Block("caption", 0, len(text))]):
        assert ends <= credit.start < credit.end <= len(text)
        ends = credit.end

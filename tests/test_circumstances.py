"""To whom, when and where a statement was made."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from msgspec import structs
from tests.test_speakers import articles

from onrecord.circumstances import circumstances
from onrecord.schema import Article, Passage, Published, Statement

DAY = "2023-05-17"  # a Wednesday


def told(text: str, day: str = DAY) -> Statement:
    """The statement of a text with `{source}`, `[cue]` and `<content>` marked, with its circumstances."""
    plain, spans = "", {}
    opened: dict[str, int] = {}
    for letter in text:
        if letter in "{[<":
            opened[letter] = len(plain)
        elif letter in "}]>":
            start = opened["{[<"["}]>".index(letter)]]
            spans.setdefault(letter, []).append((start, len(plain)))
        else:
            plain += letter
    source, cue, content = (Passage.of(plain, *spans.get(mark, [])) for mark in "}]>")
    statement = Statement("1", "indirect", source, cue, content, lang="en")
    published = Published(day, "meta") if day else None
    [found] = circumstances(Article("x", plain, lang="en", published=published, statements=(statement,))).statements
    return found


@pytest.mark.parametrize(
    ("text", "addressee"),
    [
        ("{Anna Roe} [told] reporters <that the bridge was safe>.", "reporters"),
        ("<“No,”> {she} [told] the harbour board on Monday.", "the harbour board"),
        ("{Roe} [told] Bo Lind at a meeting <that he was late>.", "Bo Lind"),
        ("In an interview with the Port Gazette last week, {Roe} [said] <the bridge was safe>.", "the Port Gazette"),
    ],
)
def test_addressee(text: str, addressee: str) -> None:
    assert told(text).addressee == (addressee,)


@pytest.mark.parametrize(
    "text",
    [
        "{Roe} [said] <the bridge was safe>.",
        "<“No,”> {she} [told] me.",
        "{Roe} [told] the truth.",
        "{Roe} [said] <she told reporters that it was safe>.",
        "{Roe} [asked] <whether Lind had told the board>.",
    ],
)
def test_no_addressee(text: str) -> None:
    assert told(text).addressee == ()


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("<The bridge is safe>, {Roe} [said] on Sunday.", "2023-05-14"),
        ("<The bridge is safe>, {Roe} [said] Wednesday.", "2023-05-17"),
        ("<The bridge is safe>, {Roe} [said] late on Thursday.", "2023-05-11"),
        ("On Monday, {Roe} [said] <the bridge was safe>.", "2023-05-15"),
        ("{Roe} on Tuesday [said] <the bridge was safe>.", "2023-05-16"),
        ("<“No,”> {she} [said] yesterday.", "2023-05-16"),
        ("<“No,”> {she} [told] the board on 3 March.", "2023-03-03"),
        ("<“No,”> {she} [told] the board on Nov. 30.", "2022-11-30"),
        ("On July 6, 2015, {Roe} [said] <the bridge was safe>.", "2015-07-06"),
    ],
)
def test_said_on(text: str, day: str) -> None:
    assert told(text).said_on == day


@pytest.mark.parametrize(
    "text",
    [
        "<The bridge is safe>, {Roe} [said] in an interview last week.",
        "<The bridge is safe>, {Roe} [said] last Sunday.",
        "<The bridge will open on Sunday>, {Roe} [said].",
        "{Roe} [said] <it would open>, and the board, which meets on Friday, agreed.",
        "{Roe} [said] <it would open> after the Sept. 11 attacks.",
    ],
)
def test_no_day(text: str) -> None:
    assert told(text).said_on is None


def test_no_day_without_the_articles_own() -> None:
    assert told("<The bridge is safe>, {Roe} [said] on Sunday.", day="").said_on is None


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("{Roe} [said in a statement] <that the bridge was safe>.", "statement"),
        ("{Roe} [told] reporters at a briefing on Friday <that the bridge was safe>.", "briefing"),
        ("{Roe} [wrote] on Telegram <that the bridge was safe>.", "Telegram"),
        ("In an interview with the Port Gazette, {Roe} [said] <it was safe>.", "interview with the Port Gazette"),
        ("<“No,”> {she} [said] at a news conference in Port Reyne.", "news conference in Port Reyne"),
        ("<“No,”> {she} [told] the Harbour One breakfast show.", "Harbour One breakfast show"),
        ("{Roe} [said] <the report was late>.", None),
        ("{Roe} [said] <it was late> and left the meeting.", None),
    ],
)
def test_venue(text: str, venue: str | None) -> None:
    assert told(text).venue == venue


@settings(max_examples=200, deadline=None)
@given(articles())
def test_any_article_gets_through(article: Article) -> None:
    dated = structs.replace(article, published=Published("2023-05-17", "meta"))
    found = circumstances(dated)
    assert [structs.replace(s, addressee=(), said_on=None, venue=None) for s in found.statements] == list(
        article.statements
    )


def test_many_statements_in_one_long_line_take_no_longer_each() -> None:
    text = "said " * 40_000
    statements = tuple(
        Statement(str(n), "indirect", Passage(), Passage.of(text, (n * 50, n * 50 + 4)), Passage(), lang="en")
        for n in range(2_000)
    )
    assert len(circumstances(Article("x", text, lang="en", statements=statements)).statements) == 2_000


def test_a_long_row_of_stops_is_read_once() -> None:
    began = time.process_time()
    assert told("{Roe} [told] reporters <so> " + "." * 100_000 + " x").addressee == ("reporters",)
    assert time.process_time() - began < 5

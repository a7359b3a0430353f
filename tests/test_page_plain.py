"""Plain text is cut into blocks of the right kind, and stays as it was."""

import tomllib
from pathlib import Path

import pytest

from onrecord.page import take_apart
from onrecord.page.plain import paragraphs
from onrecord.schema import Page

CASES = Path(__file__).parent / "cases"


def cases(kind):
    rows = tomllib.loads((CASES / kind / "page-plain.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(row, id=row["label"]) for row in rows]


def blocks(article):
    return [(block.kind, article[block]) for block in article.blocks]


def fits(article, expected):
    found = blocks(article)
    return len(found) == len(expected) and all(
        kind == wanted and text.startswith(start) for (kind, text), (wanted, start) in zip(found, expected, strict=True)
    )


@pytest.mark.parametrize("case", cases("wild"))
def test_wild_pages(case):
    article = take_apart(Page(case["text"].encode()))
    assert fits(article, case["blocks"]), blocks(article)
    for fact in ("headline", "place", "agency"):
        assert getattr(article, fact) == case.get(fact, "")
    assert list(article.bylines) == case.get("bylines", [])
    date = article.published
    assert (date and [date.date, date.how]) == case.get("published")
    assert article.lang == "en"


@pytest.mark.parametrize("case", cases("negative"))
def test_body_stays_body(case):
    article = take_apart(Page(case["text"]))
    assert {block.kind for block in article.blocks} == {"body"}, blocks(article)


@pytest.mark.parametrize("case", cases("known-failures"))
def test_known_failures_still_fail(case):
    assert not fits(take_apart(Page(case["text"])), case["blocks"]), "it passes now: move it to wild"


def test_the_text_is_the_input():
    given = "\n  First paragraph here.  \r\n\r\n\r\nSecond one,\twith a tab.\rThird.\n"
    article = take_apart(Page(given, media="text"))
    assert article.text == "\n  First paragraph here.  \n\n\nSecond one,\twith a tab.\nThird.\n"
    words = [article[block] for block in article.blocks]
    assert words == ["First paragraph here.", "Second one,\twith a tab.", "Third."]


def test_repairs_point_into_the_text():
    article = take_apart(Page(cases("wild")[0].values[0]["text"]))
    (one,) = article.repairs
    assert article[one] == "Норланд. Министр Ада Квилл во время ежегодной пресс-конференции. Игорь Волков/ТАСС"
    assert one.steps == ("encode sloppy-windows-1252", "decode cp1251")


def test_ids_follow_url_and_text():
    one, same, other = (take_apart(Page(text, url=url)) for text, url in (("Hi.", ""), ("Hi.", ""), ("Hi.", "u")))
    assert one.id == same.id != other.id
    assert len(one.id) == 16
    assert take_apart(Page("Hi.", id="mine")).id == "mine"


def test_language_is_said_only_when_clear():
    assert take_apart(Page("Le ministre a parlé hier aux journalistes dans la capitale du pays.")).lang == ""
    assert take_apart(Page("Der Minister sprach gestern in der Hauptstadt mit den Journalisten.")).lang == "de"
    assert take_apart(Page("The minister spoke to the press in the capital on Monday.")).lang == "en"
    assert take_apart(Page("Hi.", lang="fr")).lang == "fr"


def test_lines_in_lower_case_are_not_joined_unless_the_text_is_cut_at_its_links():
    listed = "The markets that open again on Saturday morning\nold harbour\nmill street\nferry square"
    assert [part.text for part in paragraphs(listed)] == listed.split("\n")
    stray = "Nothing more was said about it, the mayor insisted\n, and left."
    assert [part.text for part in paragraphs(stray)] == stray.split("\n")


def test_pieces_of_a_sentence_stay_apart_from_headings_and_blank_lines():
    text = "The ferry left late\n, as ever.\nA new pier\nThe council wants\na second pier\n, it says.\n\nlater"
    assert [part.text for part in paragraphs(text)] == [
        "The ferry left late\n, as ever.",
        "A new pier",
        "The council wants",
        "a second pier\n, it says.",
        "later",
    ]

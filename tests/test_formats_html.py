"""Articles as HTML: sound, inert, every passage in its place, what is beside the story folded away."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import patch
from urllib.parse import unquote, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from made_articles import HOSTILE, MADE, articles
from onrecord.formats import marked, webpage
from onrecord.schema import Article, Block, Passage, Statement
from test_cli import EXAMPLE, RAIN, run


def parsed(page: str) -> Element:
    """The page's tree; a page that breaks a rule of HTML is an error."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(page)
    return tree


def text_within(element: Element) -> str:
    """The words of an article's text in a page, without what was added to them."""
    own = "" if element.get("class") in ("number", "kind") else (element.text or "")
    inner = "" if element.get("class") in ("number", "kind") else "".join(map(text_within, element))
    return own + inner + (element.tail or "")


def shown(text: str) -> str:
    """What remains of a text in every form: no white space, nothing that HTML bars and nothing in place of it."""
    return re.sub("[\\s\ufffd]", "", marked.escaped(text))


@settings(deadline=None)
@given(articles())
@example(MADE)
def test_a_page_is_sound_html_that_does_nothing_and_leads_nowhere_odd(article: Article) -> None:
    assume(all(one.content.text.strip() for one in article.statements))
    page = webpage.page(article)
    tree = parsed(page)
    elements = [one for one in tree.iter() if isinstance(one.tag, str)]
    names = [one.get("id") for one in elements if one.get("id")]
    assert len(set(names)) == len(names)
    for one in elements:
        assert one.tag not in ("script", "iframe", "object", "form", "img", "link", "base", "svg")
        assert not any(name.startswith("on") or name in ("style", "src") for name in one.attrib), one.attrib
        link = one.get("href")
        if link is not None:
            assert link[1:] in names if link.startswith("#") else urlsplit(link).scheme in ("http", "https")
    [text] = [one for one in elements if one.get("class") == "text"]
    blocks = "".join(shown(text_within(one)) for one in text)
    assert blocks == shown(article.text), "every word of the text once and in its order"


@settings(deadline=None)
@given(articles())
@example(MADE)
def test_every_passage_is_marked_from_end_to_end(article: Article) -> None:
    """A statement's words in the page are those of its passages, each marked by what it is."""
    with patch.object(marked, "_MOST_AT_ONCE", 99):  # one character may be part of more here than a page names at once
        tree = parsed(webpage.page(article))
    for statement in article.statements:
        for role in ("content", "source", "cue"):
            covered = {at for span in getattr(statement, role).spans for at in range(span.start, span.end)}
            words = shown("".join(article.text[at] for at in sorted(covered)))
            marked_ = [one for one in tree.iter() if is_part(one, role, statement.id)]
            found = shown("".join("".join(one.itertext()) for one in marked_))
            assert is_subsequence(words, found)
            assert not words or marked_


def is_part(element: Element, role: str, name: str) -> bool:
    classes = (element.get("class") or "").split()
    return role in classes and name in (element.get("data-statements") or "").split()


def is_subsequence(words: str, of: str) -> bool:
    rest = iter(of)
    return all(character in rest for character in words)


def test_nested_and_crossing_passages_are_pieces_of_one_text() -> None:
    text = "abcdefghij"
    article = Article(
        "a", text, blocks=(Block("body", 0, 4), Block("caption", 4, 10)),
        statements=(
            Statement("s1", "direct", Passage(), Passage(), Passage.of(text, (1, 7))),
            Statement("s2", "indirect", Passage.of(text, (2, 3)), Passage(), Passage.of(text, (3, 9)), negated=True),
        ),
    )  # fmt: skip
    made = re.sub(r" (title|data-statements)=\"[^\"]*\"", "", marked.marked_text(article, "x-"))
    assert made == (
        '<p class="block body" dir="auto">a<a class="number" id="x-s1" href="#x-s1-entry">1A</a>'
        '<mark class="content key0">b</mark><mark class="source content key0">c</mark>'
        '<a class="number" id="x-s2" href="#x-s2-entry">2B not said</a><mark class="content key1 nested">d</mark></p>\n'
        '<div class="block caption" dir="auto"><span class="kind">caption</span> '
        '<mark class="content key1 nested">efg</mark><mark class="content key1">hi</mark>j</div>'
    )


def folded(*parts: tuple[str, str], said: str = "") -> list[str]:
    """What an article of these blocks folds away: each fold's summary; `said` is the content of a statement."""
    text, blocks = "", []
    for kind, words in parts:
        blocks.append(Block(kind, len(text), len(text) + len(words)))
        text += words + "\n"
    at = text.find(said)
    one = Statement("s1", "direct", Passage(), Passage(), Passage.of(text, (at, at + len(said))))
    made = marked.marked_text(Article("a", text, blocks=tuple(blocks), statements=(one,) if said else ()))
    shown = re.sub(r"<details.*?</details>", "", made, flags=re.S)
    assert not said or said in shown, "a statement is never folded away"
    assert all(words in shown for kind, words in parts if kind in ("headline", "body"))
    assert re.findall(r"[^<>]+(?=</(?:div|p|h2)>)", made)[-1].strip() == parts[-1][1], "the order stays"
    return re.findall(r"<summary[^>]*>(.*?)</summary>", made)


def test_a_menu_is_folded_away_and_what_belongs_to_the_story_is_not() -> None:
    menu = ("navigation", "Home\nSport\nWeather\nFerries\nShop")
    story = (("headline", "Harbour reopens"), ("dateline", "VALMERA"), ("caption", "The quay."), ("body", "It rained."))
    assert folded(menu, *story, ("teaser", "More"), ("form", "Mail\nName\nGo")) == [
        "navigation: 5 lines",
        "teaser, form: 4 lines",
    ]
    assert folded(*story, ("teaser", "Read also"), ("body", "It stopped.")) == [], "a few lines stay"
    assert folded(menu) == ["navigation: 5 lines"], "where there is no story"


def test_a_statement_in_a_menu_is_not_folded_away() -> None:
    menu = (("navigation", "Home\nSport\nWeather\nFerries"), ("teaser", "“We stay,” said Roe."), ("teaser", "Shop"))
    assert folded(*menu, ("headline", "Rain"), ("body", "It rained."), said="“We stay,”") == ["navigation: 4 lines"]


def test_a_gallery_is_folded_away_but_for_the_picture_beside_the_story() -> None:
    gallery = [(kind, f"{kind} {n}") for n in range(3) for kind in ("teaser", "caption")]
    assert folded(("headline", "Rain"), *gallery, ("body", "It rained.")) == ["teaser, caption: 5 lines"]


def test_a_page_shows_speaker_act_and_repair() -> None:
    page = webpage.page(MADE)
    assert '<b class="name"><bdi>Edda Holm</bdi></b>, <bdi>Minister</bdi>, <bdi>VAL</bdi>' in page
    assert "AGREE (readiness) if “unless the river falls”" in page
    assert 'data-was="was: Ã© (encode sloppy-windows-1252, decode utf-8)"' in page
    assert '<strong class="denied">NOT SAID</strong>' in page
    assert "a &lt;b&gt;problem&lt;/b&gt;" in page
    assert "default-src 'none'" in page


def test_a_thousand_statements_over_one_text_cost_no_more_than_their_number() -> None:
    text = "word " * 2_000
    whole = Passage.of(text, (0, len(text)))
    statements = tuple(
        Statement(f"s{n}", "direct", Passage.of(text, (n, n + 1)), Passage(), whole) for n in range(2_000)
    )
    assert len(marked.marked_text(Article("a", text, statements=statements))) < 2_000_000


@pytest.mark.parametrize(("key", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (702, "AAA")])
def test_speakers_have_letters(key: int, letter: str) -> None:
    assert marked.letters(key) == letter


@given(st.text(st.sampled_from(HOSTILE)))
def test_escaped_text_is_taken_by_a_strict_parser(text: str) -> None:
    tree = parsed(f'<!DOCTYPE html><title>x</title><p title="{marked.escaped(text)}">{marked.escaped(text)}</p>')
    assert shown(tree.find(".//p").get("title")) == shown(text)


def test_html_goes_to_a_file_by_its_suffix_and_holds_several_articles(tmp_path: Path) -> None:
    code, _, _ = run("read", str(EXAMPLE), "-", "-o", str(tmp_path / "x.html"), stdin=RAIN.encode())
    tree = parsed((tmp_path / "x.html").read_text("utf-8"))
    assert (code, len(tree.findall(".//article"))) == (0, 2)
    names = [one.get("id") for one in tree.iter() if one.get("id")]
    assert len(set(names)) == len(names) == 22
    assert all(unquote(link.get("href")[1:]) in names for link in tree.iter("a"))

"""Whatever the bytes: an article or one clear error, in bounded time, the same each time."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.errors import OnrecordError, PageError
from onrecord.page import take_apart
from onrecord.page.markup import _refers_to_control
from onrecord.page.repair import replay
from onrecord.page.strip import MAX_DEPTH, why_too_wild
from onrecord.schema import Article, Page

WORDS = b"She said that it was over. "


def apart(content, **named):
    """The article, or the error, whichever comes; no other error and no endless wait."""
    start = time.perf_counter()
    try:
        found = take_apart(Page(content, **named))
    except OnrecordError as error:
        found = error
    assert time.perf_counter() - start < 15
    assert isinstance(found, Article) or "\n" not in str(found)
    return found


def assert_sound(article):
    end = 0
    for block in article.blocks:
        assert end <= block.start < block.end <= len(article.text)
        assert article[block] == article[block].strip()
        end = block.end
    end = 0
    for one in article.repairs:
        assert end <= one.start <= one.end
        assert replay(one.original, one.steps) == article[one]
        end = one.end


@pytest.mark.parametrize(
    "content", [b"", b" \n\t ", "", b"\xef\xbb\xbf", b"<html></html>", b"<!doctype html><p> </p>", b"<"]
)
def test_nothing_there(content):
    assert isinstance(apart(content), PageError) or apart(content).text == "<"


def test_random_bytes():
    source = random.Random(7)
    for size in (3, 50, 3000, 100_000):
        found = apart(source.randbytes(size))
        assert isinstance(found, PageError | Article)
    assert isinstance(found, PageError)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"<html>" + b"<div>" * 100_000 + WORDS + b"</div>" * 100_000, id="deep-div"),
        pytest.param(b"<html>" + b"<b>" * 100_000 + WORDS, id="unclosed-inline"),
        pytest.param(b"<html>" + b"<ul><li>" * 50_000 + WORDS, id="deep-list"),
        pytest.param(b"<html>" + b"<table><tr><td>" * 20_000 + WORDS, id="deep-table"),
        pytest.param(b"<html><p>" + WORDS + b"<p><b></b>" * 500_000, id="many-tags"),
        pytest.param(b"<html><p>" + WORDS + b"<script>" * 300_000, id="unclosed-scripts"),
        pytest.param(b"<html><p>" + WORDS + b"<!--" * 500_000, id="unclosed-comments"),
        pytest.param(b"<html><p>" + WORDS + b"<" * 2_000_000, id="angle-brackets"),
        pytest.param(b"<html><p>" + WORDS + b"<p " + b"a='x' " * 200_000 + b">y</p>", id="attributes"),
        pytest.param(b"<html><p>" + WORDS + b"&amp;" * 500_000, id="entities"),
        pytest.param(b"<html><meta name=author content='" + b"(" * 500_000 + b"'><p>" + WORDS, id="endless-author"),
        pytest.param(b"<html><p>" + WORDS * 200_000, id="one-paragraph-of-5-MB"),
        pytest.param(b"<html>" + b"<div>" * 900 + b"<p>" + (WORDS + b"<p>") * 30_000, id="many-paragraphs-deep-down"),
        pytest.param(b"<html><p class='" + b"comment-related " * 60_000 + b"'>" + WORDS, id="endless-class"),
        pytest.param(b"<html>" + (b"<p class='" + b"x-" * 500 + b"'>" + WORDS) * 5_000, id="long-classes"),
        pytest.param(
            b"<html><p>" + WORDS + b"<svg><![CDATA[</svg><script>]]></svg>" + b"<![CDATA[" * 100_000, id="cdata"
        ),
    ],
)
def test_wild_html_is_survived(content):
    article = apart(content)
    assert "She said that it was over." in article.text
    assert_sound(article)


def test_what_was_too_wild_is_noted():
    (problem,) = apart(b"<html>" + b"<div>" * 100_000 + WORDS).problems
    assert "nested 100001 deep" in problem.message


@pytest.mark.parametrize("tag", [b"<i>", b"<p>x", b"<div class=a>"])
def test_fifty_megabytes_of_tags(tag):
    found = apart(b"<html>" + tag * (50_000_000 // len(tag)) + WORDS)
    assert "over the limit of 30 MB" in str(found)


def test_entity_bomb():
    bomb = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    for name, before in zip("cdefghij", "bcdefghi", strict=True):
        bomb += f'<!ENTITY {name} "{f"&{before};" * 10}">'
    article = apart(f"{bomb}]><html><body><p>{WORDS.decode()} &j; </p></body></html>")
    assert len(article.text) < 5000


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"word " * 1_000_000, id="one-line"),
        pytest.param(b"x" * 5_000_000, id="one-word"),
        pytest.param(("é" * 300_000).encode(), id="one-accented-word"),
        pytest.param(("Ãé " * 100_000).encode(), id="suspicious-words"),
        pytest.param(b"A\n\n" * 200_000, id="many-paragraphs"),
        pytest.param(b"BY " * 300_000, id="bylines"),
        pytest.param(b"A-" * 100 + b"\n" + b"MAY 1" * 100_000, id="dates"),
        pytest.param(b"\n" * 3_000_000 + WORDS, id="newlines"),
        pytest.param(WORDS * 5 + b"\n\n" + b"a" + b" " * 2_000_000 + b"b", id="spaces"),
    ],
)
def test_wild_text_is_survived(content):
    assert_sound(apart(content, media="text"))


def test_nuls_and_surrogates():
    article = apart("She\x00 said \ud800 it. " + WORDS.decode() * 20)
    assert "She  said   it." in article.text
    assert article.problems


MARKUP = st.sampled_from(
    [
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<br>",
        "<h1>",
        "<figcaption>",
        "<script>",
        "<!--",
        "-->",
        "&quot;",
        "&#150;",
        "<q>",
        "“Yes,” he said.",
        "By Ann Lee",
        "LONDON (AP) — ",
        "Leave a Reply",
        "Related Articles",
        "Ã©",
        "Ïðèâåò",
        "\n\n",
        " ",
        "MOSCOW, January 24. /TASS/. ",
        "12 May 2022",
        "\x00",
        "\x85",
        "\ufeff",
        "]]>",
        "<![CDATA[",
    ]
)


@settings(max_examples=120, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["", "utf-8", "koi8-r", "utf-16", "gbk", "nonsense"]))
def test_any_bytes(content, charset):
    assert_same_and_sound(Page(content, charset=charset))


@settings(max_examples=120, deadline=None)
@given(st.lists(st.one_of(MARKUP, st.text(max_size=12)), max_size=30), st.sampled_from([None, "html", "text"]))
def test_any_text(parts, media):
    assert_same_and_sound(Page("".join(parts), media=media))


def assert_same_and_sound(page):
    once, again = (apart(page.content, charset=page.charset, media=page.media) for _ in range(2))
    if isinstance(once, Article):
        assert once == again
        assert_sound(once)
    else:
        assert str(once) == str(again)


def test_control_characters_by_reference_and_in_the_pages_data():
    data = r'{"@type": "NewsArticle", "headline": "Mayor says no \ud83d\u0000\u001b[2J to the bridge"}'
    story = (
        "<p>“Ça va&#1;&#x1B;[2J,” she said&#0; &#xd800; &#x1F; of the bridge that the council wants to build.</p>" * 3
    )
    article = apart(
        f"<html><script type='application/ld+json'>{data}</script><body><h1>Mayor</h1>{story}</body></html>"
    )
    assert article.headline == "Mayor says no [2J to the bridge"
    assert "Ça va" in article.text
    assert not any(ord(character) < 32 and character != "\n" for character in article.text)
    article.text.encode()


def test_control_characters_are_told_by_what_a_reference_says():
    controls = ("&#1;", "&#08;", "&#x1F;", "&#X7f;", "&#127;", "&#xd800;", "&#57343;", "&#0000031;")
    others = ("&#39;", "&#10;", "&#x9;", "&#150;", "&#x1F600;", "&#128512;", "&#9999999;", "&#;", "&amp;", "& #1;")
    assert all(map(_refers_to_control, controls))
    assert not any(map(_refers_to_control, others))


def test_names_that_cannot_be_written_are_mended():
    article = apart("She said that it was over.", id="\ud800", input="\udcff.txt", url="http://\udfff", lang="\ud800")
    assert (article.id, article.input, article.url, article.lang) == ("�", "�.txt", "http://�", "�")


def test_only_what_stays_open_counts_as_depth():
    deepest = MAX_DEPTH
    assert not why_too_wild("</div>" * 5_000 + "<div>" * deepest + "<p><br>" * 50)
    assert str(deepest + 1) in why_too_wild("</div>" * 5_000 + "<DIV>" * (deepest + 1) + "</div>" * 9)
    assert not why_too_wild("<div><b></b></div>" * 5_000)
    assert not why_too_wild("no tag")

"""The story of an HTML page: all of it, nothing else, words and quotation marks as they are."""

from onrecord.page import take_apart
from onrecord.schema import Page

STORY = [
    "“We will <b>not</b> leave,” the mayor of Portville <a href='/x'>told the council</a> on Monday after the debate.",
    "The council had asked her three times to <em>re</em>consider, according to people who were in the room at night.",
    "<q>There is no money for it</q>, she said in the hall, and later repeated it in front of the cameras outside.",
    "‘Nobody asked us,’ said one of the shopkeepers of the old market, who has sold fish there for thirty-five years.",
]
WORDS = [
    "“We will not leave,” the mayor of Portville told the council on Monday after the debate.",
    "The council had asked her three times to reconsider, according to people who were in the room at night.",
    "“There is no money for it”, she said in the hall, and later repeated it in front of the cameras outside.",
    "‘Nobody asked us,’ said one of the shopkeepers of the old market, who has sold fish there for thirty-five years.",
]
COMMENT = "I never liked that bridge, and I do not like the mayor very much, but she is right."
PAGE = """<!doctype html><html lang="en-GB"><head><meta charset="{charset}"><title>Mayor says no - The Example</title>
<meta property="og:site_name" content="The Example"><link rel="canonical" href="https://example.test/mayor">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Mayor says no to the bridge",
"datePublished": "2022-05-14T10:00:00+02:00", "author": [{{"@type": "Person", "name": "Joan Example (je)"}},
{{"@type": "Person", "name": "Karl Muster"}}]}}</script></head><body>
<nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Mayor says <span>no to</span> the bridge</h1>
<figure><img src="x.jpg"><figcaption>{caption}</figcaption></figure>
{body}</article>
<div class="comments"><p>I never liked that bridge, and I do not like the mayor very much, but she is right.</p></div>
<footer>All rights reserved</footer></body></html>"""


def page(*, caption="The old bridge. Photo: A. Lee", body=STORY, charset="utf-8"):
    return PAGE.format(caption=caption, body="\n".join(f"<p>{one}</p>" for one in body), charset=charset)


def of_kind(article, kind):
    return [article[block] for block in article.blocks if block.kind == kind]


def test_the_story_and_its_facts():
    article = take_apart(Page(page().encode()))
    story = ["headline", "caption", "body", "body", "body", "body"]
    assert [block.kind for block in article.blocks] == ["navigation", *story, "comment", "notice"]
    assert of_kind(article, "body") == WORDS
    shown = ["Home News", "Mayor says no to the bridge", "The old bridge. Photo: A. Lee", *WORDS, COMMENT]
    assert article.text == "\n\n".join([*shown, "All rights reserved"])
    assert article.headline == "Mayor says no to the bridge"
    assert article.bylines == ("Joan Example", "Karl Muster")
    assert (article.publisher, article.lang, article.url) == ("The Example", "en", "https://example.test/mayor")
    assert (article.published.date, article.published.how) == ("2022-05-14T10:00:00+02:00", "meta")
    assert article.problems == ()


def test_a_dateline_is_split_off():
    article = take_apart(Page(page(body=["PORTVILLE (AP) — " + STORY[0], *STORY[1:]])))
    assert of_kind(article, "dateline") == ["PORTVILLE (AP) —"]
    assert of_kind(article, "body") == WORDS
    assert (article.place, article.agency) == ("PORTVILLE", "AP")


def test_repairs_are_placed_in_the_final_text():
    body = [*STORY[:2], STORY[2].replace("hall", "cafÃ©")]
    caption = "The bridge. Anna Petrova/TASS " + "Старый мост через реку".encode("cp1251").decode("cp1252")
    article = take_apart(Page(page(caption=caption, body=[*body, STORY[3]])))
    assert [article[one] for one in article.repairs] == ["Старый мост через реку", "é"]
    assert of_kind(article, "caption") == ["The bridge. Anna Petrova/TASS Старый мост через реку"]


def test_declared_encoding_that_is_wrong_is_noted():
    article = take_apart(Page(page(charset="windows-1251").encode()))
    assert of_kind(article, "body") == WORDS
    assert "windows-1251" in article.problems[0].message


def test_html_is_told_from_text_by_content():
    assert take_apart(Page(page())).headline == "Mayor says no to the bridge"
    assert take_apart(Page("if a < b and c > d then <unknown>, she said.")).text.startswith("if a < b")


def test_breaks_lists_and_adjacent_spans():
    body = [
        *STORY,
        "First line of a letter to the editor of this paper,<br>second line.<br><br>A paragraph of its own after it.",
    ]
    article = take_apart(Page(page(body=body, caption="<span>Help is near.</span><span>Photo: A. Lee</span>")))
    assert of_kind(article, "body")[-2:] == [
        "First line of a letter to the editor of this paper,\nsecond line.",
        "A paragraph of its own after it.",
    ]
    assert of_kind(article, "caption") == ["Help is near. Photo: A. Lee"]


def test_phrases_that_only_the_style_sheet_keeps_apart():
    glued = [
        "<b>A second harbour was closed</b>Another case was that of the old quay, where nobody had moored for a year.",
        "The owner of the i<span>Phone shop in the market</span> and of the Mc<b>Donald hotel said so twice.",
    ]
    found = of_kind(take_apart(Page(page(body=[*STORY, *glued]))), "body")
    assert found[-2].startswith("A second harbour was closed Another case was")
    assert "iPhone shop" in found[-1]
    assert "McDonald hotel" in found[-1]


def test_a_paragraph_that_is_a_link_to_another_story_is_a_teaser():
    body = [*STORY[:2], "<a href='/y'>Bridge of Northville falls into the sea</a>", *STORY[2:]]
    article = take_apart(Page(page(body=body)))
    assert of_kind(article, "body") == WORDS
    assert of_kind(article, "teaser") == ["Bridge of Northville falls into the sea"]


def test_the_same_story_twice_is_told_once():
    twice = page().replace(
        "</article>", "</article><div class='mobile'>" + "".join(f"<p>{s}</p>" for s in STORY) + "</div>"
    )
    assert of_kind(take_apart(Page(twice)), "body") == WORDS


def test_a_page_without_a_story_is_noted():
    article = take_apart(Page("<html><body><div>Hi there</div></body></html>"))
    assert article.text == "Hi there"
    assert [problem.stage for problem in article.problems] == ["html"]


def test_a_story_in_the_pages_data_only():
    story = " ".join(WORDS)
    html = f"""<html><head><script type="application/ld+json">{{"@type": "NewsArticle", "headline": "No",
    "articleBody": "{story}"}}</script></head><body><div id="app"></div></body></html>"""
    assert "the mayor of Portville told the council" in take_apart(Page(html)).text

"""Every paragraph of an HTML page has a kind, by what stands around it."""

import numpy as np
import pytest

from onrecord.page import take_apart
from onrecord.page.marks import is_photo_credit, meanings_of_names, name_meanings
from onrecord.page.sequence import best_stretch, since, until
from onrecord.page.trees import FIRST_TREES, Trees, load
from onrecord.schema import Page

STORY = [
    "The council of Portville refused to close its harbour, after a debate that went on until two.",
    "“Nobody here wants to lose the boats,” said Anna Roe, the mayor, who had asked for the vote three weeks earlier.",
    "The ministry had offered four million crowns for the site, which is to be sold to a shipping company by summer.",
    "Fishermen who had waited in front of the town hall cheered when they heard how the members had voted in the end.",
]
GERMAN = [
    "Der Gemeinderat von Hafenstadt hat es abgelehnt, den alten Hafen zu schließen, nach einer langen Debatte.",
    "„Niemand hier will die Boote verlieren“, sagte die Bürgermeisterin Anna Roe, die über die Frage abstimmen ließ.",
    "Das Ministerium hatte vier Millionen für das Gelände geboten, das bis zum Sommer an eine Reederei verkauft wird.",
]
REPLIES = [
    "I have lived at this harbour for forty years, and I can tell you that nobody asked any of us before the vote.",
    "If the ministry pays so much money, then it must be worth far more to them; the council was right to say no.",
    "They will come back with a better offer next year, you will see, and then everybody will sell what he has.",
    "My father had a boat there, and his father too, and I am glad that mine can stay where it has always been.",
    "What a waste of an evening, they could have decided this in five minutes if they had read the report first.",
    "Well done to all of them, for once, even to those with whom I have never agreed about anything in this town.",
]
PAGE = """<!doctype html><html lang="en"><head><title>Council keeps the harbour - The Example</title>
<meta property="og:title" content="Council keeps the harbour open for its boats"></head><body>
<nav class="main-nav"><ul><li><a href="/">Home</a></li><li><a href="/w">World</a></li><li><a href="/s">Sport</a></li>
</ul></nav><main><article class="story"><h1>Council keeps the harbour open for its boats</h1>{story}</article></main>
{after}<footer class="site-footer"><p>Imprint and contact</p></footer></body></html>"""


def article(story, after=""):
    return take_apart(Page(PAGE.format(story=story, after=after)))


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def of_kind(found, kind):
    return [found[block] for block in found.blocks if block.kind == kind]


def test_every_word_that_is_seen_is_in_a_block():
    found = article(f"<div class='body'>{paragraphs(STORY)}</div>")
    assert " ".join(found[block] for block in found.blocks) == " ".join(found.text.split("\n\n"))
    assert [found.text.index(word) for word in ("Home", "Council", "The council", "Imprint")] == sorted(
        found.text.index(word) for word in ("Home", "Council", "The council", "Imprint")
    )
    assert of_kind(found, "navigation") == ["Home", "World", "Sport", "Imprint and contact"]
    assert of_kind(found, "body") == STORY


def test_more_comments_than_story():
    replies = "".join(
        f"<li class='comment'><div class='comment-body'><b>Reader {n}</b><p>{text}</p></div></li>"
        for n, text in enumerate(REPLIES)
    )
    found = article(f"<div class='entry-content'>{paragraphs(STORY[:2])}</div>", f"<ol class='comments'>{replies}</ol>")
    assert of_kind(found, "body") == STORY[:2]
    assert set(REPLIES) <= set(of_kind(found, "comment"))


def test_a_page_that_is_called_after_its_comments_keeps_its_story():
    html = PAGE.replace("<body>", "<body class='comments comments-open'>")
    found = take_apart(Page(html.format(story=f"<div class='body'>{paragraphs(STORY)}</div>", after="")))
    assert of_kind(found, "body") == STORY


def test_captions_and_credits_inside_the_body():
    picture = (
        "<div class='image-box'><img src='x.jpg'><p class='caption'>Boats in the harbour, seen from the old pier.</p>"
        "<span class='credit'>Photo: A. Lee</span></div>"
    )
    found = article(f"<div class='body'>{paragraphs(STORY[:2])}{picture}{paragraphs(STORY[2:])}</div>")
    assert of_kind(found, "body") == STORY
    assert of_kind(found, "caption") == ["Boats in the harbour, seen from the old pier."]
    assert of_kind(found, "credit") == ["Photo: A. Lee"]
    kinds = [block.kind for block in found.blocks]
    assert kinds.index("caption") > kinds.index("body")


def test_each_paragraph_in_a_box_of_its_own():
    boxes = "".join(
        f"<section class='element'><div class='text'><p>{text}</p></div></section>"
        "<section class='ad'><div class='visually-hidden'>Article content</div></section>"
        for text in STORY
    )
    found = article(f"<div class='content'>{boxes}</div>")
    assert of_kind(found, "body") == STORY
    assert "Article content" not in found.text


@pytest.mark.parametrize(
    "box",
    [
        pytest.param("<aside class='related'><h3>More on this</h3><ul>{links}</ul></aside>", id="list-in-an-aside"),
        pytest.param("<div class='teaser-list'>{links}</div>", id="boxes"),
    ],
)
def test_links_to_other_stories_in_the_middle(box):
    titles = ["Ferry prices are to rise again in autumn", "Fire on the pier is still a mystery to the police"]
    links = "".join(f"<li><a href='/{n}'>{title}</a></li>" for n, title in enumerate(titles))
    found = article(f"<div class='body'>{paragraphs(STORY[:2])}{box.format(links=links)}{paragraphs(STORY[2:])}</div>")
    assert of_kind(found, "body") == STORY
    assert set(titles) <= set(of_kind(found, "teaser"))


def test_newsletter_box():
    form = (
        "<form class='newsletter'><p>Get the news of the day in your inbox, every morning, free of charge.</p></form>"
    )
    found = article(f"<div class='body'>{paragraphs(STORY[:3])}{form}{paragraphs(STORY[3:])}</div>")
    assert of_kind(found, "body") == STORY
    assert of_kind(found, "form") == ["Get the news of the day in your inbox, every morning, free of charge."]


def test_german_page_without_any_classes():
    html = PAGE.replace('lang="en"', 'lang="de"').replace(' class="story"', "").replace(' class="main-nav"', "")
    found = take_apart(Page(html.format(story=f"<div>{paragraphs(GERMAN)}</div>", after="")))
    assert of_kind(found, "body") == GERMAN
    assert found.lang == "de"


def test_names_in_markup():
    def means(name):
        return {kind for place, kind in enumerate(name_meanings()) if meanings_of_names([name])[0] >> place & 1}

    assert "comment" in means("div comment-list")
    assert "comment" not in means("div commentary")
    assert {"article", "body"} <= means("div articleBody".lower())
    assert means("p") == set()


@pytest.mark.parametrize("text", ["Photo: A. Lee", "(Foto: dpa)", "Image Credits: Example", "© A. Lee", "写真：共同"])
def test_photo_credits(text):
    assert is_photo_credit(text) or text.startswith("写真")


def test_a_sentence_about_photos_is_no_credit():
    assert not is_photo_credit("Photographs of the harbour were shown to the council before it voted on the offer.")


def test_trees_are_evaluated_as_they_are_written():
    source = np.random.default_rng(3)
    count, nodes = FIRST_TREES + 5, 7
    trees = Trees(
        source.integers(0, 4, (count, nodes)),
        source.normal(size=(count, nodes)).astype(np.float32),
        source.normal(size=(count, nodes + 1)).astype(np.float32) / 50,
        0.25,
    )
    rows = source.normal(size=(30, 4)).astype(np.float32)
    for row, chance in zip(rows, trees.chances(rows), strict=True):
        odds = 0.25
        for feature, threshold, value in zip(trees.feature, trees.threshold, trees.value, strict=True):
            node = 0
            while node < nodes:
                node = 2 * node + (2 if row[feature[node]] > threshold[node] else 1)
            odds += value[node - nodes]
        assert chance == pytest.approx(1 / (1 + np.exp(-odds)), rel=1e-4)


def test_no_rows_have_no_chances():
    assert [len(found) for found in load("body", "caption").chances(np.zeros((0, 300), np.float32))] == [0, 0]


def test_sequences():
    assert best_stretch(np.array([-1.0, 2, -1, 3, -5, 1])) == (1, 4)
    assert best_stretch(np.array([-1.0, -2])) == (0, 0)
    flags = np.array([False, True, False, False])
    assert since(flags).tolist() == [99, 99, 1, 2]
    assert until(flags).tolist() == [1, 99, 99, 99]

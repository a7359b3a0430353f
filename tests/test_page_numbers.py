"""What is counted for all paragraphs of a page at once is what counting one after the other gives."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.page import take_apart
from onrecord.page.characters import MOST, count
from onrecord.page.layout import CALLED, FAR, distances, lay_out
from onrecord.page.looks import look, looks, words_at_start
from onrecord.page.marks import meanings_of_names, name_meanings
from onrecord.page.markup import Node, parse, read_markup
from onrecord.schema import Page

LETTERS = 'aAbZ éÉß.,;:!?…"“”«»|•·/0129:-\n\t жЖЀ١。！、「」中あ한\u00a0😀𝐚𝐀𝟏©ǅŸ()’…'
TEXTS = st.lists(st.text(LETTERS, min_size=1, max_size=40).filter(str.strip), min_size=1, max_size=6)
CAPITALS = "[A-ZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŠŽŒ]"
OTHER_CAPITALS = "[A-ZÀ-ÖØ-ÞА-Я]"
CJK = r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]"
ENDS = r"[.!?…।。！？।](?=[\s\"”’»'“)\]」]|$)|[。！？।]"
TIMES = r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b\d{1,2}[./-]\d{1,2}\b"


def one_by_one(text):
    words = text.split()
    other = 4 * text.encode("cp1252", "replace").count(b"?") > len(text)
    return [
        len(text),
        len(words),
        sum(word[0].islower() for word in words),
        len(re.findall(ENDS, text)),
        text.isupper(),
        len(re.findall("[,;،、，]" if other else "[,;]", text)),
        len(re.findall('["“”«»„「」]' if other else '["“”«„]', text)),
        len(re.findall(r"\d" if other else "[0-9]", text)),
        len(re.findall(OTHER_CAPITALS if other else CAPITALS, text)),
        len(re.findall("[|•·›»>/]", text)),
        len(re.findall(CJK, text)) if other else 0,
    ]


@given(TEXTS)
def test_characters_are_counted_as_one_by_one(texts):
    found = count(texts, "\n".join([*texts, ""]))
    assert np.array(found).T.tolist() == [one_by_one(text) for text in texts]


@given(st.lists(st.text("0129 :./-a", min_size=1, max_size=30).filter(str.strip), min_size=1, max_size=6))
def test_times_are_counted_as_one_by_one(texts):
    found = look(looks(texts, words_at_start(texts)), "times")
    assert found.tolist() == [len(re.findall(TIMES, text)) for text in texts]


def test_only_the_start_of_a_long_paragraph_is_counted():
    text = "Rain. " * MOST
    numbers = looks([text, "Rain."], words_at_start([text, "Rain."]))
    assert look(numbers, "ends").tolist() == [MOST / len("Rain. "), 1]
    assert look(numbers, "length").tolist() == [len(text), 5]


def test_more_paragraphs_than_are_looked_at_at_once():
    texts = [f"Line {number}, said she." for number in range(4_100)]
    numbers = looks(texts, words_at_start(texts))
    alone = [looks([texts[place]], words_at_start([texts[place]]))[:, 0].tolist() for place in (0, 1_999, 2_000, 4_099)]
    assert numbers[:, [0, 1_999, 2_000, 4_099]].T.tolist() == alone


def test_a_page_that_is_all_spaces_but_for_a_letter():
    assert take_apart(Page(f"<html><p>{'&nbsp;' * 700}a</p><p>Rain fell on the harbour for the third day.</p>"))


@given(st.lists(st.text("abdehlnr-_ t", max_size=12), max_size=5))
def test_names_mean_what_each_means_alone(names):
    own = ["nav main-nav", "div card=ad", "div article__relatedposts", "p comment", "div comments-open"]
    together = meanings_of_names([*names, *own])
    assert together == [meanings_of_names([name])[0] for name in (*names, *own)]


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("nav", {"navigation"}),
        ("div x-nav", {"navigation"}),
        ("div side_tag-x", {"topic", "side"}),
        ("div stage", set()),
        ("div x\tad\ny", {"advert"}),
        ("div bildunterschrift", {"caption", "media"}),
    ],
)
def test_words_in_names(name, kinds):
    bits = meanings_of_names([name])[0]
    assert {kind for place, kind in enumerate(name_meanings()) if bits >> place & 1} == kinds


TREES = st.lists(st.tuples(st.integers(0, 30), st.sampled_from(["div", "ul related", "nav", "p"])), max_size=25)


@given(TREES, st.data())
def test_the_tree_of_nodes_as_arrays(shape, data):
    nodes, path = [Node("body", "body", 0)], [0]
    for up, name in shape:
        path = path[: max(1, len(path) - up)]
        nodes.append(Node(name.split()[0], name, path[-1]))
        path.append(len(nodes) - 1)
    at = np.array(data.draw(st.lists(st.integers(0, len(nodes) - 1), min_size=1, max_size=10)))
    layout = lay_out(nodes, at)

    def above(node):
        return [node] if not node else [node, *above(nodes[node].parent)]

    held = [sum(node in above(int(run)) for run in at) for node in range(len(nodes))]
    assert layout.depth.tolist() == [len(above(node)) - 1 for node in range(len(nodes))]
    assert layout.totals(at).tolist() == held
    for node, holder in enumerate(layout.holder.tolist()):
        assert holder == next((one for one in above(node) if held[one] > held[node]), 0)
    meanings = np.array(meanings_of_names(layout.names))[layout.name]
    far = dict(zip(CALLED, distances(layout, meanings, at, -1).tolist(), strict=True))
    for called, name in (("teaser", "ul related"), ("tag_nav", "nav"), ("tag_ul", "ul related")):
        steps = [[nodes[one].name for one in above(int(run))] for run in at]
        assert far[called] == [min(names.index(name), FAR) if name in names else FAR for names in steps]


def test_what_is_hidden_or_skipped_leaves_only_what_follows_it():
    page = (
        "<body><p>One <b hidden>two</b>three <script>four</script>five</p><div style='display: none'><p>six</p></div>"
    )
    tree = parse(f"{page}<p class='sr-only'>seven</p>eight<svg><text>nine</text></svg> ten")
    assert [run.text for run in read_markup(tree).runs] == ["One three five", "eight ten"]

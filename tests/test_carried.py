"""Quotations that go on over paragraphs become one statement."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from onrecord.attribution.carried import carried_on
from onrecord.attribution.quotation import quotations
from onrecord.attribution.relation import Relation
from onrecord.attribution.words import paragraphs
from timing import seconds


def relation(text: str, *content: str, source: str = "") -> Relation:
    ends = tuple((text.index(words), text.index(words) + len(words)) for words in content)
    who = ((text.index(source), text.index(source) + len(source)),) if source else ()
    return Relation(who, (), ends, "tagger", "speech", 0.5)


def read(text: str, *relations: Relation) -> list[tuple[str, list[str]]]:
    found = carried_on(relations, quotations(text, paragraphs(text)))
    return [("".join(text[s:e] for s, e in one.source), [text[s:e] for s, e in one.content]) for one in found]


LONG = "“The trips were joined by two ministers.\n\n“The firms paid their share.\n\n“So it was fair,” Roe said."


def test_the_speaker_named_at_the_end_says_it_all() -> None:
    first, second, third = (
        "“The trips were joined by two ministers.",
        "“The firms paid their share.",
        "“So it was fair,”",
    )
    whole = [relation(LONG, first), relation(LONG, second), relation(LONG, third, source="Roe")]
    assert read(LONG, *whole) == [("Roe", [first, second, third])]
    assert read(LONG, relation(LONG, first), relation(LONG, third, source="Roe")) == [("Roe", [first, second, third])]


def test_what_nobody_holds_goes_with_what_is_beside_it() -> None:
    text = "Roe said: “It rained.\n\n“It was cold.”"
    assert read(text, relation(text, "“It rained.", source="Roe")) == [("Roe", ["“It rained.", "“It was cold.”"])]


def test_two_named_speakers_are_two_where_a_mark_was_forgotten() -> None:
    text = "“It rained,” Roe said. “It was cold.\n\n“It was warm,” Doe said."
    two = [
        relation(text, "“It rained,”", "“It was cold.", source="Roe"),
        relation(text, "“It was warm,”", source="Doe"),
    ]
    assert [who for who, _ in read(text, *two)] == ["Roe", "Doe"]


def test_closed_quotations_are_left_alone() -> None:
    text = "“It rained.”\n\n“It was cold.”"
    assert read(text, relation(text, "“It rained.”")) == [("", ["“It rained.”"])]


@given(st.lists(st.sampled_from(["“a", "“b” x", "c”", "d", "e “f", "\n", " "]), max_size=30), st.data())
def test_no_content_is_lost_and_none_is_given_twice(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    places = data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), max_size=8, unique=True))
    ends = [(at, at + 1) for at in sorted(places) if at < len(text)]
    groups = [tuple(ends[at::3]) for at in range(3) if ends[at::3]]
    before = [Relation(((0, 1),) if at else (), (), group, "tagger", "speech") for at, group in enumerate(groups)]
    after = [end for one in carried_on(before, quotations(text, paragraphs(text))) for end in one.content]
    assert set(ends) <= set(after)
    assert len(after) == len(set(after))


def test_cost_is_linear() -> None:
    spent = []
    for count in (1000, 8000):
        text = "“It goes on and on.\n" * count
        bounds = paragraphs(text)
        quoted = quotations(text, bounds)
        before = [Relation((), (), ((q.start, q.end),), "tagger", "speech") for q in quoted]
        assert len(carried_on(before, quoted)) == 1
        spent.append(seconds(partial(carried_on, before, quoted)))
    assert spent[1] < 30 * max(spent[0], 0.002)


def test_paragraphs_without_marks_between_the_first_and_the_last_are_quoted_too() -> None:
    text = "The Post wrote: “It rained.\n\nThe sea rose.\n\nThe dam held.” Roe left.\n\nIt was late."
    assert read(text, relation(text, "“It rained.", source="The Post")) == [
        ("The Post", ["“It rained.", "The sea rose.", "The dam held.”"])
    ]


def test_a_forgotten_mark_does_not_quote_what_follows() -> None:
    text = "Roe wrote: “It rained.\n\nThe sea rose.\n\nDoe said: “No.”"
    assert read(text, relation(text, "“It rained.", source="Roe")) == [("Roe", ["“It rained."])]

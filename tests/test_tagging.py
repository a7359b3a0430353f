"""The trained tagger's parts, without the model; and the shipped model on a page's worth of sentences."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from onrecord.attribution.engines import content_ends, corrected
from onrecord.attribution.grammars import rules_of
from onrecord.attribution.relation import Relation as Found
from onrecord.attribution.tagging import tagger
from onrecord.attribution.tagging.decoding import CERTAIN, Tagged, constrained, decode, runs
from onrecord.attribution.tagging.features import CLOSING, INSIDE, OPENING, UNCLOSED, features, quote_states
from onrecord.attribution.tagging.labels import TAGS, begin
from onrecord.attribution.tagging.linking import link
from timing import seconds

NEXT = (0.0, 0.0, 1.0, 0.0, 0.0)
BEFORE = (0.0, 1.0, 0.0, 0.0, 0.0)


def span(text: str, words: str, role: str, links: tuple[float, ...] = ()) -> Tagged:
    """The tagged span of `words`, which stand once in `text`."""
    start = text.index(words)
    return Tagged(role, start, start + len(words), 0.9, 0.9, links)


def plain_viterbi(scores: np.ndarray, transitions: np.ndarray) -> list[int]:
    """The best tags by the textbook."""
    best, back = transitions[0] + scores[0], []
    for row in scores[1:]:
        moves = best[:, None] + transitions
        back.append(moves.argmax(axis=0))
        best = moves.max(axis=0) + row
    tags = [int((best + transitions[:, 0]).argmax())]
    for step in reversed(back):
        tags.append(int(step[tags[-1]]))
    return tags[::-1]


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_decoding_in_stretches_finds_what_a_full_search_finds(seed: int, length: int) -> None:
    rng = np.random.default_rng(seed)
    allowed = constrained(rng.normal(0, 0.3, (len(TAGS), len(TAGS))).astype(np.float32))
    scores = rng.normal(0, 1, (length, len(TAGS))).astype(np.float32)
    for row in np.flatnonzero(rng.random(length) < 0.3):
        scores[row, 0] += 4 * CERTAIN
    assert decode(scores, allowed).tolist() == plain_viterbi(scores, allowed)


@given(st.integers(0, 10_000))
def test_no_span_goes_on_without_having_begun(seed: int) -> None:
    rng = np.random.default_rng(seed)
    tags = decode(rng.normal(0, 20, (40, len(TAGS))).astype(np.float32), constrained(np.zeros((7, 7), np.float32)))
    for before, tag in zip([0, *tags], tags, strict=False):
        assert tag % 2 == 1 or tag == 0 or before in (tag, tag - 1)


def test_runs_end_where_the_next_begins() -> None:
    cue, content = begin("cue"), begin("content")
    assert runs(np.array([0, cue, cue, cue + 1, 0, content, content + 1])) == [
        (cue, 1, 2),
        (cue, 2, 4),
        (content, 5, 7),
    ]


@pytest.mark.parametrize(
    ("text", "state", "words"),
    [
        ('He said "never" twice', INSIDE, "never"),
        ("He said ''never'' twice", INSIDE, "never"),
        ("He said “never” twice", INSIDE, "never"),
        ("”Fear. I fear him.” No", INSIDE, "Fear. I fear him."),
        ("“It goes on\nand on", UNCLOSED, "It goes on"),
    ],
)
def test_quote_states(text: str, state: int, words: str) -> None:
    states = quote_states(text)
    assert [text[at] for at in np.flatnonzero(states == state)] == list(words)
    assert states[text.index(words[0]) - 1] == OPENING
    assert (CLOSING in states) == (state == INSIDE)


@given(st.text(max_size=80))
def test_features_take_any_text(text: str) -> None:
    starts = np.arange(len(text), dtype=np.int64)
    assert features(text, starts, starts + 1).shape == (len(text), 4)


def test_a_split_quotation_is_one_content() -> None:
    text = "“We came,” she said. “We saw.”"
    found = link(
        text,
        [
            span(text, "“We came,”", "content", NEXT),
            span(text, "she", "source"),
            span(text, "said", "cue", BEFORE),
            span(text, "“We saw.”", "content", BEFORE),
        ],
    )
    assert [[text[s.start : s.end] for s in relation.content] for relation in found] == [["“We came,”", "“We saw.”"]]


def test_an_interrupted_quotation_resumes_over_a_nearer_cue() -> None:
    text = "“We came,” Roe said, speaking of the war. “We saw.”"
    found = link(
        text,
        [
            span(text, "“We came,”", "content", NEXT),
            span(text, "Roe", "source"),
            span(text, "said", "cue", BEFORE),
            span(text, "speaking of", "cue", BEFORE),
            span(text, "the war", "content", BEFORE),
            span(text, "“We saw.”", "content", BEFORE),
        ],
    )
    assert [len(relation.content) for relation in found] == [2, 1]


def test_a_second_half_belongs_to_the_first_across_a_sentence_and_the_next_paragraph() -> None:
    text = "“We came a long way,” Roe said. She gave no date. “We saw the sea.”\n\nRoe expects rain."
    first = [span(text, "“We came a long way,”", "content", NEXT), span(text, "Roe", "source")]
    said = span(text, "said", "cue", BEFORE)
    given = [span(text, "gave no", "cue", BEFORE), span(text, "date", "content", BEFORE)]
    expects = [span(text, "expects", "cue", BEFORE), span(text, "rain", "content", BEFORE)]
    half = [span(text, "“We saw the sea.”", "content", NEXT)]
    for spans in ([*first, said, *given, *half, *expects], [*first, said, *half, *expects]):
        halves = [[text[s.start : s.end] for s in relation.content] for relation in link(text, spans)]
        assert halves[0] == ["“We came a long way,”", "“We saw the sea.”"]


def test_a_second_half_that_was_not_tagged_is_taken_in() -> None:
    text = "“We came a long way,” said Roe, who gave no date. “We saw the sea and the hills.”"
    spans = [
        span(text, "“We came a long way,”", "content", NEXT),
        span(text, "said", "cue", NEXT),
        span(text, "Roe", "source"),
    ]
    assert [len(relation.content) for relation in link(text, spans)] == [2]


def test_a_second_half_stays_with_the_cue_of_the_half_just_before_it() -> None:
    text = "“We came a long way,” Roe said. The road was “too long,” she added. “We saw the sea.”"
    spans = [
        span(text, "“We came a long way,”", "content", NEXT),
        span(text, "Roe", "source"),
        span(text, "said", "cue", BEFORE),
        span(text, "The road was “too long,”", "content", NEXT),
        span(text, "she", "source"),
        span(text, "added", "cue", BEFORE),
        span(text, "“We saw the sea.”", "content", BEFORE),
    ]
    assert [len(relation.content) for relation in link(text, spans)] == [1, 2]


def test_a_distant_quotation_stands_alone_and_a_distant_paraphrase_goes() -> None:
    text = "Roe said no.\n\nIt rained.\n\n“Yes, yes.”\n\nIt was late."
    spans = [span(text, "Roe", "source"), span(text, "said", "cue", BEFORE), span(text, "no", "content", BEFORE)]
    quoted = [*spans, span(text, "“Yes, yes.”", "content", BEFORE)]
    assert [bool(relation.cue) for relation in link(text, quoted)] == [True, False]
    assert len(link(text, [*spans, span(text, "It was late", "content", BEFORE)])) == 1


def test_a_signed_quotation_names_its_speaker() -> None:
    text = "“Never again.” ― Jane Roe, Dover\n“Why?” — John Doe"
    found = link(text, [span(text, "“Never again.”", "content", BEFORE), span(text, "“Why?”", "content", BEFORE)])
    assert [text[relation.source[0].start : relation.source[0].end] for relation in found] == [
        "Jane Roe, Dover",
        "John Doe",
    ]


def test_a_transcript_is_read_by_its_labels() -> None:
    text = "She asked.\n\nROE: Why now?\n\nDOE: Because it rained.\n\nROE: I see."
    found = link(text, [span(text, "it rained", "content", BEFORE), span(text, "DOE", "source")])
    assert [
        (text[r.source[0].start : r.source[0].end], text[r.content[0].start : r.content[0].end]) for r in found
    ] == [("ROE", "Why now?"), ("DOE", "Because it rained"), ("ROE", "I see")]


def test_questions_and_answers_are_a_transcript() -> None:
    text = "Q: Will you run?\n\nA: I have not decided.\n\nQ: When will you?"
    said = [text[relation.content[0].start : relation.content[0].end] for relation in link(text, [])]
    assert said == ["Will you run?", "I have not decided", "When will you?"]


def test_a_lone_label_is_no_transcript() -> None:
    assert link("UPDATE: It rained.\n\nBYLINE: Jane Roe.\n\nIt was late.", []) == []


def test_a_quotation_and_a_paraphrase_of_one_cue_are_two_contents() -> None:
    text = "“It will not do at all,” she said at a conference announcing that it was over."
    found = link(
        text,
        [
            span(text, "“It will not do at all,”", "content", NEXT),
            span(text, "she", "source"),
            span(text, "said at a conference announcing", "cue", BEFORE),
            span(text, "that it was over", "content", BEFORE),
        ],
    )
    assert len(found) == 2
    assert found[0].source == found[1].source != ()


def test_a_second_half_that_goes_on_after_a_comma_is_taken_in() -> None:
    text = "“Each time you say so,” Roe said, meaning the levy, “you hand a gift to the other side.”"
    spans = [
        span(text, "“Each time you say so,”", "content", NEXT),
        span(text, "Roe", "source"),
        span(text, "said", "cue", BEFORE),
    ]
    assert [len(relation.content) for relation in link(text, spans)] == [2]


def test_a_paraphrase_before_the_clause_is_not_part_of_the_sentence_quoted_after_it() -> None:
    text = "Doe will make some kind of news, Roe said: “He has a surprise.”"
    spans = [
        span(text, "Doe will make some kind of news", "content", NEXT),
        span(text, "Roe", "source"),
        span(text, "said", "cue", BEFORE),
        span(text, "“He has a surprise.”", "content", BEFORE),
    ]
    contents = [[text[s.start : s.end] for s in relation.content] for relation in link(text, spans)]
    assert contents == [["Doe will make some kind of news"], ["“He has a surprise.”"]]


def test_a_quotation_that_words_lead_in_to_stays_out_of_the_paragraph_above() -> None:
    text = "Roe said it “rained” there.\n\nThe report has a finding: “The levy fell by half.”"
    spans = [
        span(text, "Roe", "source"),
        span(text, "said", "cue", BEFORE),
        span(text, "it “rained” there", "content", BEFORE),
        span(text, "“The levy fell by half.”", "content", BEFORE),
    ]
    assert [len(relation.content) for relation in link(text, spans)] == [1, 1]


def test_a_cue_with_nothing_near_it_says_nothing() -> None:
    text = "Roe said.\n\nIt rained.\n\nIt was late."
    spans = [span(text, "Roe", "source"), span(text, "said", "cue", BEFORE), span(text, "It was", "content", BEFORE)]
    assert link(text, spans) == []


def test_a_quotation_keeps_to_a_cue_of_its_own_paragraph() -> None:
    text = "“The levy stays,” Doe said.\n\nOn the air, Roe named the heat as a cause. “The young are tired of it.”"
    two_back = (0.9, 0.1, 0.0, 0.0, 0.0)
    spans = [
        span(text, "“The levy stays,”", "content", NEXT),
        span(text, "Doe", "source"),
        span(text, "said", "cue", BEFORE),
        span(text, "Roe", "source"),
        span(text, "named", "cue", BEFORE),
        span(text, "the heat as a cause", "content", BEFORE),
        span(text, "“The young are tired of it.”", "content", two_back),
    ]
    assert [len(relation.content) for relation in link(text, spans)] == [1, 2]


SHIPPED = Path(tagger.__file__).parent / "model" / "tagger.onnx"


@pytest.mark.skipif(not SHIPPED.exists(), reason="the model is not in this checkout")
class TestShippedModel:
    """What the model in the package finds."""

    def test_a_plain_statement(self) -> None:
        text = "The talks will resume on Monday, the foreign minister said. He did not say where."
        first = tagger.relations(text)[0]
        assert [text[s.start : s.end] for s in first.source] == ["the foreign minister"]
        assert [text[s.start : s.end] for s in first.cue] == ["said"]
        assert text[first.content[0].start : first.content[0].end].startswith("The talks will resume on Monday")
        assert 0 < first.confidence <= 1

    @pytest.mark.parametrize("text", ["", " \n ", "“", "\ud800", "a" * 5000, "\u0301\u200b\ufeff"])
    def test_odd_texts(self, text: str) -> None:
        for relation in tagger.relations(text):
            assert all(0 <= s.start < s.end <= len(text) for s in relation.content)

    def test_cost_is_linear(self) -> None:
        text = "The talks will resume on Monday, the foreign minister said.\n\n"
        spent = [seconds(partial(tagger.relations, text * count), 2) for count in (50, 400)]
        assert spent[1] < 16 * spent[0]


@pytest.mark.parametrize("end", [0, 1, 2])
def test_a_content_that_ends_in_initials_ends_with_their_last_point(end: int) -> None:
    text = "They met inside the U.S.\n\nThen they left."
    cut = text.index("U.S.") + 1 + end
    assert content_ends(text, 0, cut, rules_of("en").lexicon) == (0, text.index("U.S.") + 4)


def relation(text: str, source: str, cue: str, content: str, rule: str, chance: float | None = None) -> Found:
    ends = [(text.index(part), text.index(part) + len(part)) for part in (source, cue, content)]
    return Found((ends[0],), (ends[1],), (ends[2],), rule, "speech", chance)


def test_who_reports_a_hope_is_the_one_who_says_it() -> None:
    text = "Rome hopes for rain, and that soon, Roe said."
    hopes = relation(text, "Rome", "hopes", "for rain, and that soon", "tagger", 0.6)
    said = relation(text, "Roe", "said", "Rome hopes for rain, and that soon", "clause after content")
    assert corrected(text, [hopes], [said]) == [said]


def test_a_rule_gives_no_speaker_a_quotation_paragraphs_after_the_cue_unless_the_tagger_does() -> None:
    text = "“The levy stays,” Doe said.\n\nRoe was there. “The young are tired.”"
    tagged = relation(text, "Doe", "said", "“The levy stays,”", "tagger", 0.6)
    rule = relation(text, "Doe", "said", "“The levy stays,”", "clause after content")
    far = (text.index("“The young"), len(text))
    assert corrected(text, [tagged], [replace(rule, content=(*rule.content, far))])[0].content == rule.content
    both = replace(tagged, content=(*tagged.content, far))
    assert corrected(text, [both], [rule])[0].content == (*rule.content, far)


@pytest.mark.parametrize(
    ("text", "found", "meant"),
    [
        ("blamed Doe for the levy but did not sue", "Doe for the levy but", "Doe for the levy"),
        ("a paper by Roe and Effingham", "a paper by Roe and Eff", "a paper by Roe and Effingham"),
        ("he chose the", "the", "the"),
        ("wrote that it “rained.” Doe did not", "that it “rained.” Doe did not", "that it “rained.”"),
        ("wrote: “It rained.” Then he left", "“It rained.” Then he", "“It rained.” Then he"),
    ],
)
def test_contents_end_with_whole_words_that_something_can_end_in(text: str, found: str, meant: str) -> None:
    start = text.index(found)
    assert text[slice(*content_ends(text, start, start + len(found), rules_of("en").lexicon))] == meant


def test_what_the_tagger_overlooks_comes_from_the_rules_where_it_found_nothing() -> None:
    text = "Roe was gone. According to Doe, it rained."
    doe = relation(text, "Doe", "According to", "it rained", "according to")
    assert corrected(text, [], [doe]) == [doe]
    tagged = relation(text, "Doe", "According to", "it rained", "tagger", 0.8)
    assert corrected(text, [tagged], [doe]) == [tagged]
    assert corrected(text, [], [relation(text, "Roe", "was", "gone", "phrase after clause")]) == []

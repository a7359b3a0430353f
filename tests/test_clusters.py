"""One utterance in many wordings: what is the same, what is not, how they differ, and who joins whom."""

from __future__ import annotations

import time
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onrecord.archive import clusters
from onrecord.archive.clusters import Body, Holder, Joined, Linked, Match, Report, bodies, keys
from onrecord.archive.clusters.alignment import common
from onrecord.archive.clusters.lexicon import word_hash
from onrecord.archive.clusters.wording import MOST_WORDS

CASES = Path(__file__).parent / "cases"
TEXTS = st.text(
    st.sampled_from("abe тиß ’'“”\"[]().,!?…-—%1240\n\u00a0\u0301ÄéЁ東京") | st.characters(), max_size=200
)  # fmt: skip
_WORDS = ["we", "will", "not", "rise", "fall", "five", "5", "harbour", "[he]", "…", ".", "Anna"]
SENTENCES = st.lists(st.sampled_from(_WORDS), max_size=30).map(" ".join)


def load(folder: str) -> list[Any]:
    cases = tomllib.loads((CASES / folder / "clusters.toml").read_text(encoding="utf-8"))["case"]
    return [pytest.param(case, id=case["label"]) for case in cases]


def reports(case: dict[str, Any]) -> tuple[Report, Report]:
    lang = case.get("lang", "en")
    rows = zip(
        (case["first"], case["second"]),
        case.get("kinds", ["direct", "direct"]),
        case.get("speakers", ["a", "a"]),
        case.get("days", ["2021-01-24", "2021-01-24"]),
        strict=True,
    )
    first, second = (Report(clusters.worded(text, lang), kind, who or None, day) for text, kind, who, day in rows)
    return first, second


def report(text: str, speaker: str | None = None, day: str = "") -> Report:
    return Report(clusters.worded(text, "en"), "direct", speaker, day)


def keys_of(text: str, lang: str = "en") -> tuple[int, ...]:
    return clusters.signature(clusters.worded(text, lang)).keys


@pytest.mark.parametrize("case", load("synthetic"))
def test_one_utterance(case: dict[str, Any]) -> None:
    first, second = reports(case)
    assert clusters.same_utterance(first, second), clusters.compared(first, second)
    assert clusters.same_utterance(second, first)
    assert clusters.may_be_same(first, second.speaker, second.day)
    assert clusters.may_be_same(second, first.speaker, first.day)
    shared = set(clusters.signature(first.wording).keys) & set(clusters.signature(second.wording).keys)
    assert shared, "no key leads from one to the other"


@pytest.mark.parametrize("case", load("negative"))
def test_two_utterances(case: dict[str, Any]) -> None:
    first, second = reports(case)
    assert not clusters.same_utterance(first, second), clusters.compared(first, second)
    assert not clusters.same_utterance(second, first)


def test_short_reports_by_others_long_ago_need_no_look_at_their_words() -> None:
    said = report("We will not hand over the northern harbour", "roe", "2021-01-24")
    assert clusters.may_be_same(said, "roe", "2021-01-26")
    assert clusters.may_be_same(said, "roe", "2021-02-20"), "few words reach as many days as they tell"
    assert not clusters.may_be_same(said, "roe", "2022-01-24")
    assert not clusters.may_be_same(said, "tam", "2021-02-20")
    assert clusters.may_be_same(report(" ".join([LONG] * 3), "roe", "2021-01-24"), "tam", "2022-01-24")


LONG = "We will not hand over the northern harbour while one single soldier stands guard."


# Keys.


def test_keys_are_the_same_on_every_machine() -> None:
    """They are stored: a change here makes every archive's keys worthless."""
    assert word_hash("harbor") == 1794678112890407765
    assert keys_of("The harbour ferries") == (-5999168229970709239,)


@pytest.mark.parametrize(
    "text", ["", "…", "“”", "We will see.", "Thank you very much.", "No comment", "It is what it is"]
)
def test_what_anybody_says_has_no_keys(text: str) -> None:
    assert keys_of(text) == ()


@given(TEXTS, st.sampled_from(["en", "de", "ru", "ja", ""]))
def test_keys_are_few_signed_and_different(text: str, lang: str) -> None:
    found = keys_of(text, lang)
    assert len(found) <= keys.MOST_KEYS
    assert len(set(found)) == len(found)
    assert all(-(2**63) <= key < 2**63 for key in found)


def test_a_long_speech_keeps_few_keys_and_shares_them_with_its_parts() -> None:
    speech = " ".join(f"alpha{number} beta{number} gamma{number} delta{number}" for number in range(60))
    whole = set(keys_of(speech))
    assert len(whole) <= keys.MOST_KEYS
    words = speech.split()
    parts = [" ".join(words[start : start + 40]) for start in range(0, 200, 20)]
    assert all(whole & set(keys_of(part)) for part in parts)


def test_candidates_share_enough_and_come_best_first() -> None:
    holders = {
        1: [Holder(10, 2), Holder(11, 8)],
        2: [Holder(10, 2), Holder(12, 20)],
        3: [Holder(statement, 1) for statement in range(100, 100 + clusters.MOST_HOLDERS + 1)],
    }
    assert clusters.candidates(holders, 8) == (10,)
    assert clusters.candidates({}, 3) == ()


def test_candidates_are_bounded() -> None:
    holders = {key: [Holder(key * 100 + at, 1) for at in range(60)] for key in range(30)}
    assert len(clusters.candidates(holders, 30)) == clusters.MOST_CANDIDATES


# Comparing.


def test_the_verdict_tells_a_repetition_from_a_contradiction() -> None:
    said = report("The sluices must be repaired before autumn.", "a", "2021-01-24")
    again = report("The sluices must be repaired before autumn.", "b", "2021-05-24")
    against = report("The sluices must not be repaired before autumn.", "a", "2021-01-24")
    assert clusters.compared(said, again).verdict == "repeated"
    assert clusters.compared(said, against).verdict == "contradicting"
    assert clusters.compared(said, report("Timber is dear.")).verdict == "other"


def test_a_match_tells_how_much_of_each_is_common() -> None:
    match = clusters.same_utterance(
        report("The sluices will be repaired by Easter. Timber prices double."),
        report("sluices will be repaired by Easter"),
    )
    assert match
    assert (match.of_second, match.matched) == (1.0, 3.0)
    assert match.of_first == pytest.approx(0.5)


@given(SENTENCES, SENTENCES)
def test_what_a_match_tells_is_in_bounds(first: str, second: str) -> None:
    one, other = report(first), report(second)
    match = clusters.compared(one, other)
    assert all(0.0 <= share <= 1.0 for share in (match.score, match.of_first, match.of_second))
    assert match.matched <= min(one.wording.weight, other.wording.weight)
    if match.alignment:
        assert all(one.wording.ids[at] == other.wording.ids[there] for at, there in match.alignment.pairs)


@given(TEXTS)
def test_a_statement_is_one_with_itself_if_it_has_keys(text: str) -> None:
    one = Report(clusters.worded(text, ""))
    if one.wording.weight >= 3:
        assert clusters.same_utterance(one, one)


@given(st.lists(st.integers(0, 5), max_size=25), st.lists(st.integers(0, 5), max_size=25))
def test_the_common_subsequence_is_longest(first: list[int], second: list[int]) -> None:
    table = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for at, one in enumerate(first):
        for there, other in enumerate(second):
            longer = max(table[at][there + 1], table[at + 1][there])
            table[at + 1][there + 1] = table[at][there] + 1 if one == other else longer
    pairs = common(first, second)
    assert all(first[one] == second[other] for one, other in pairs)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert len(pairs) == table[-1][-1]


# Showing.


@given(TEXTS, TEXTS)
def test_the_pieces_cover_both_texts(first: str, second: str) -> None:
    pieces = clusters.differences(first, second)
    assert "".join(first[piece.first.start : piece.first.end] for piece in pieces) == first
    assert "".join(second[piece.second.start : piece.second.end] for piece in pieces) == second
    for piece in pieces:
        assert (piece.kind == "first") <= (piece.second.start == piece.second.end)
        assert (piece.kind == "second") <= (piece.first.start == piece.first.end)


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {piece.kind for piece in clusters.differences(text, text)} <= {"same"}


def test_marks_go_with_the_word_they_cling_to() -> None:
    first, second = "He said (twice) “never”, then left.", "He said (twice) “ever”, then left."
    pieces = clusters.differences(first, second)
    assert [(piece.kind, first[piece.first.start : piece.first.end]) for piece in pieces] == [
        ("same", "He said (twice) "), ("replaced", "“never”, "), ("same", "then left.")]  # fmt: skip


# Joining.


def linked(cluster: int, verdict: str = "same", matched: float = 6.0, **more: Any) -> Linked:
    shares = {"of_first": more.pop("of_first", 0.9), "of_second": more.pop("of_second", 0.9)}
    speakers = more.pop("speakers", "same")
    return Linked(cluster, Match(verdict, 1.0, matched, speakers=speakers, **shares), **more)  # type: ignore[arg-type]


def test_nothing_alike_is_a_cluster_of_its_own() -> None:
    assert clusters.joins([]) == clusters.joins([linked(1, "other")]) == Joined(None)


def test_the_best_match_wins_and_only_what_is_new_represents() -> None:
    assert clusters.joins([linked(7, matched=4.0, of_second=0.1, of_first=0.1), linked(3)]) == Joined(3, (), True)
    assert clusters.joins([linked(3, of_first=1.0)]) == Joined(3, (), False)


def test_a_statement_that_holds_two_clusters_merges_them() -> None:
    halves = [linked(5, of_first=0.5, of_second=1.0), linked(2, of_first=0.5, of_second=0.9)]
    assert clusters.joins(halves) == Joined(2, (5,), True)


def test_a_piece_of_two_clusters_does_not_merge_them() -> None:
    piece = [linked(5, matched=3.0, of_first=1.0, of_second=0.2), linked(2, matched=3.0, of_first=1.0, of_second=0.3)]
    assert clusters.joins(piece) == Joined(2, (), False)


def test_an_unnamed_speaker_does_not_make_one_of_two_named_ones() -> None:
    assert not clusters.joins([linked(1, speaker="a"), linked(2, speaker="b")]).merged


def test_a_contradiction_that_is_more_alike_keeps_it_out() -> None:
    assert clusters.joins([linked(1, matched=3.0), linked(1, "contradicting", 6.0)]) == Joined(None)
    assert clusters.joins([linked(1, matched=6.0), linked(1, "contradicting", 3.0)]).cluster == 1


def test_a_formula_joins_only_the_same_actor() -> None:
    others = [linked(number, "repeated") for number in range(2, 6)]
    assert clusters.joins([linked(1, matched=4.0, speakers="unknown"), *others]) == Joined(None)
    assert clusters.joins([linked(1, matched=4.0, speakers="same"), *others]).cluster == 1


# Bodies.


def body(*sentences: int) -> str:
    """Sentences of twelve words each, all different."""
    return " ".join(" ".join(f"w{sentence}x{word}" for word in range(12)) for sentence in sentences)


def test_a_reprint_is_told_with_what_was_first_and_whose_text_it_is() -> None:
    wire = Body(clusters.body_signature(body(*range(40))), "2021-01-24T09:00:00+00:00", "TASS")
    paper = Body(clusters.body_signature(body(90, *range(25), 91)), "2021-01-24T12:00:00+01:00")
    found = clusters.reprint(paper, wire)
    assert found
    assert found.share > 0.8
    assert (found.earlier, found.agency) == ("second", "TASS")


def test_a_few_quotations_in_common_are_no_reprint() -> None:
    first, second = body(*range(40)), body(*range(100, 130), *range(8))
    assert clusters.reprint(Body(clusters.body_signature(first)), Body(clusters.body_signature(second))) is None


def test_the_share_is_about_right_and_the_keys_lead_there() -> None:
    for share in (0.3, 0.6, 0.9):
        kept = int(60 * share)
        first = clusters.body_signature(body(*range(60)))
        second = clusters.body_signature(body(*range(kept), *range(1000, 1060 - kept)))
        found = clusters.shared_share(first, second)
        assert found.of_first == pytest.approx(share, abs=0.12)
        assert set(first.keys) & set(second.keys) or share < 0.5


def test_bodies_sampled_differently_are_compared_alike() -> None:
    short, long = clusters.body_signature(body(*range(50))), clusters.body_signature(body(*range(900)))
    assert long.scale > short.scale
    assert len(long.hashes) <= bodies.MOST_KEPT
    assert clusters.shared_share(short, long).of_first > 0.9


@pytest.mark.parametrize(
    ("one", "other"), [("2021-01-24", "2021-01-24T09:00:00"), ("", "2021-01-24"), ("soon", "2021")]
)
def test_which_was_first_is_left_open_where_dates_do_not_tell(one: str, other: str) -> None:
    signature = clusters.body_signature(body(*range(40)))
    found = clusters.reprint(Body(signature, one), Body(signature, other))
    assert found
    assert found.earlier is None


@given(TEXTS)
@settings(max_examples=50)
def test_any_text_has_a_body_signature(text: str) -> None:
    found = clusters.body_signature(text)
    assert clusters.shared_share(found, found).of_first in (0.0, 1.0)


# Hostile input.


@pytest.mark.parametrize(
    "text",
    ["word " * 200_000, "a" * 1_000_000, "[" * 500_000, "…" * 500_000, "1,1." * 300_000, "é" * 400_000,
     " ".join(f"w{number}" for number in range(200_000)), "'a" * 300_000, "\u0301" * 300_000, "東" * 300_000],
    ids=lambda text: text[:4],
)  # fmt: skip
def test_a_huge_content_takes_little_time(text: str) -> None:
    began = time.process_time()
    one = clusters.worded(text, "en")
    assert len(one.words) <= MOST_WORDS + 2
    assert len(clusters.signature(one).keys) <= keys.MOST_KEYS
    clusters.compared(Report(one), Report(clusters.worded(text[::-1], "en")))
    clusters.differences(text, text[::-1])
    clusters.body_signature(text)
    assert time.process_time() - began < 10

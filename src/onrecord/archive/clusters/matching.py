"""Whether two statements report one utterance, told by their words, their kinds, who spoke and when.

Words decide; the rest says how many of them it takes. What is common is laid side by side (`alignment`). It counts
for the same utterance by how much it tells, by how little in it was replaced, and by how much of the shorter statement
it is. A number, a name, a "not" or one of two opposites that stands against another makes it another utterance, however
much is common: these are what an outlet does not edit.
"""

from __future__ import annotations

from datetime import date
from math import inf
from typing import Literal

from msgspec import Struct

from onrecord.archive.clusters.alignment import Alignment, Gap, Pair, aligned
from onrecord.archive.clusters.lexicon import Word
from onrecord.archive.clusters.wording import Wording
from onrecord.schema import StatementKind

Verdict = Literal["same", "repeated", "contradicting", "other"]
"""One utterance; the same words by others or another day; the like with another number, name or "not"; none of it."""
Speakers = Literal["same", "unknown", "different"]


class Report(Struct, frozen=True):
    """A statement as far as it matters to which utterance it reports."""

    wording: Wording
    kind: StatementKind = "direct"
    speaker: str | None = None
    """The actor's id; None if it is not known who spoke, or if it may be another's voice (a spokesman's body)."""
    day: str = ""
    """The day it was said, else published: an ISO 8601 date, or date and time; anything else is not known."""


class Match(Struct, frozen=True):
    """What the comparison of two reports came to."""

    verdict: Verdict
    score: float = 0.0
    """From 0 to 1: of the common stretch and what is replaced in it, the part that is common."""
    matched: float = 0.0
    """The weight of the common words."""
    of_first: float = 0.0
    """The part of the first's words that is common, by weight."""
    of_second: float = 0.0
    speakers: Speakers = "unknown"
    days: int = 0
    """Between the two, as far as known."""
    alignment: Alignment | None = None


class _Bounds(Struct, frozen=True):
    """What it takes for the same utterance."""

    words: float
    """Common words, by what they tell."""
    score: float
    """The part of the common stretch that is not replaced."""
    contained: float
    """The part of the shorter statement that is common."""


class _Evidence(_Bounds, frozen=True):
    """What two statements have in common."""

    def suffices(self, bounds: _Bounds) -> bool:
        return self.words >= bounds.words and self.score >= bounds.score and self.contained >= bounds.contained


_OTHER = Match("other")
_NAME, _FUNCTION_WORD = 0.75, 0.25
"""What a name tells of one utterance, a part of another word's, and what a common function word does."""
_INDIRECT = {"same": 0.75, "unknown": 1.75, "different": 1.75}
"""What is taken off where one side is a paraphrase: two contents may be no more than "House Speaker Paul Ryan"."""
_LEAST = _Bounds(2.0, 0.6, 0.5)
"""Below this two statements are not of one matter."""
_BOUNDS = {
    ("same", True): _Bounds(2.5, 0.7, 0.5),
    ("same", False): _Bounds(4.0, 0.9, 0.8),
    ("unknown", True): _Bounds(3.0, 0.8, 0.6),
    ("unknown", False): _Bounds(8.0, 0.9, 0.8),
    ("different", True): _Bounds(4.0, 0.85, 0.6),
    ("different", False): _Bounds(12.0, 0.95, 0.9),
}
"""By whether the speakers are the same, and whether the reports are near in time. Chosen with bench/clusters.py,
as low as precision stays above .98, and by reading the pairs that PolNeAR-train's contents give."""
_NEAR = 3
"""Days within which most outlets report an utterance."""
_PART = 6.0
"""So much in common is enough whatever part of the shorter statement it is: whole sentences of a longer speech."""
_DAYS_A_WORD, _DAYS_A_WORD_OF_ONE = 3, 10
"""The fewer words are common, the nearer the reports must be: so many days for each; the second if one person spoke."""
_NO_SLOGAN = 8.0
"""Nobody says so much twice in the same words; with it the days between two reports do not count."""
_SMALL_GAP = 2.0
"""In a gap where neither side weighs more, what stands there stands for each other."""


def same_utterance(first: Report, second: Report) -> Match | None:
    """The match of two reports of one utterance; None if they are not."""
    match = compared(first, second)
    return match if match.verdict == "same" else None


def may_be_same(first: Report, speaker: str | None, day: str) -> bool:
    """Whether what that speaker said on that day could be the same utterance, by how much the first report tells.

    It takes no look at the other's words: short reports by different speakers, far apart in time, never are.
    """
    speakers, days = _speakers(first.speaker, speaker), _days_between(first.day, day)
    one = first.wording
    most = one.weight + _FUNCTION_WORD * one.function_words
    if first.kind == "indirect":
        most -= _INDIRECT[speakers]
    return most >= _BOUNDS[speakers, days <= _NEAR].words and days <= _most_days(speakers, most)


def compared(first: Report, second: Report) -> Match:
    """How two reports relate: the same utterance, one that contradicts it in wording, or just another.

    - Speakers: the same actor needs least. Two different actors are taken for two utterances, as when a minister
      repeats what the president said, unless they share most of it within days: then one of the two was resolved
      wrongly, or speaks for the other.
    - Days: the fewer words are common, the nearer the reports must be; the same slogan a month later is another
      utterance, the same forty words are a quotation of the first.
    - Kinds: two paraphrases of one utterance may have few words in common, and two utterances on one matter as many; so
      it takes more of them, and most of the shorter statement, where one side is a paraphrase.
    """
    one, other = first.wording, second.wording
    least = min(one.weight, other.weight)
    telling = other.telling
    shared = sum([weight for id, weight in one.telling.items() if id in telling])
    if shared < _LEAST.words / 2 or (shared < _LEAST.contained * least and shared < _PART):
        return _OTHER
    alignment = aligned(one, other)
    if alignment is None:
        return _OTHER
    speakers, days = _speakers(first.speaker, second.speaker), _days_between(first.day, second.day)
    evidence = _evidence(one, alignment, least, _INDIRECT[speakers] if "indirect" in (first.kind, second.kind) else 0.0)
    verdict: Verdict = "other"
    if evidence.suffices(_LEAST) and any(_contradict(one, other, gap) for gap in alignment.gaps):
        verdict = "contradicting"
    elif evidence.suffices(_BOUNDS[speakers, days <= _NEAR]) and days <= _most_days(speakers, evidence.words):
        verdict = "same"
    elif evidence.suffices(_BOUNDS["unknown", True]):
        verdict = "repeated"
    matched = alignment.matched
    return Match(
        verdict, evidence.score, matched, matched / one.weight, matched / other.weight, speakers, days, alignment
    )


def _evidence(one: Wording, alignment: Alignment, least: float, indirect: float) -> _Evidence:
    matched = alignment.matched
    names = sum([one.words[at].weight for at, _ in alignment.pairs if one.words[at].capital and _is_name(one, at)])
    functions = sum([not one.words[at].weight for at, _ in alignment.pairs])
    words = matched - names * (1 - _NAME) + functions * _FUNCTION_WORD
    return _Evidence(
        words - indirect,
        matched / (matched + alignment.replaced),
        1.0 if matched >= _PART and not indirect else matched / least,
    )


def _most_days(speakers: Speakers, matched: float) -> float:
    """How many days may lie between two reports that have so much in common."""
    if matched >= _NO_SLOGAN:
        return inf
    return matched * (_DAYS_A_WORD_OF_ONE if speakers == "same" else _DAYS_A_WORD)


def _speakers(one: str | None, other: str | None) -> Speakers:
    if one is None or other is None:
        return "unknown"
    return "same" if one == other else "different"


def _days_between(one: str, other: str) -> int:
    """The days between two dates; none if one is not known."""
    if one[:10] == other[:10]:
        return 0
    try:
        return abs((date.fromisoformat(one[:10]) - date.fromisoformat(other[:10])).days)
    except ValueError:
        return 0


def _contradict(one: Wording, other: Wording, gap: Gap) -> bool:
    """Whether what stands in a gap makes two utterances of it."""
    first, second = gap.beside()
    if max(one.weighed(*first), other.weighed(*second)) > _SMALL_GAP:
        return False
    if _bits(one.bracketed, first) or _bits(other.bracketed, second):
        return False
    mine, theirs = one.words[slice(*first)], other.words[slice(*second)]
    if _negated(mine) != _negated(theirs) and _meant(one, other, gap):
        return True
    numbers, others = ({word.number for word in words if word.number} for words in (mine, theirs))
    if numbers and others and not numbers & others:
        return True
    return _exclude(mine, theirs) or (_has_name(one, first) and _has_name(other, second))


def _meant(one: Wording, other: Wording, gap: Gap) -> bool:
    """Whether a "not" that one side alone has in a gap was not merely cut off or left out by the other."""
    if _elided(one, gap.first) or _elided(other, gap.second):
        return False
    if gap.where == "within" or (gap.first[0] < gap.first[1] and gap.second[0] < gap.second[1]):
        return True
    cut = one.starts >> gap.first[0] if gap.first[0] == gap.first[1] else other.starts >> gap.second[0]
    return gap.where == "after" and bool(cut & 1)


def _elided(wording: Wording, place: Pair) -> bool:
    """Whether the reporter left something out in a gap or at its end."""
    return bool(_bits(wording.elided, (place[0], place[1] + 1)))


def _negated(words: tuple[Word, ...]) -> bool:
    return any(word.negation for word in words)


def _bits(mask: int, pair: Pair) -> int:
    return (mask >> pair[0]) & ((1 << pair[1] - pair[0]) - 1)


def _exclude(mine: tuple[Word, ...], theirs: tuple[Word, ...]) -> bool:
    """Whether a word here and a word there stand on two sides of a list, and on one side of none."""
    here = {side for word in mine for side in word.sides}
    there = {side for word in theirs for side in word.sides}
    return not here & there and bool({number for number, _ in here} & {number for number, _ in there})


def _has_name(wording: Wording, place: Pair) -> bool:
    """Whether there is a name, told by its capital. A title is none: President Roe and Anna Roe may be one person."""
    return any(_is_name(wording, index) for index in range(*place))


def _is_name(wording: Wording, index: int) -> bool:
    """A capital beside another; else one within a sentence, but where nouns have capitals only behind certain words."""
    word = wording.words[index]
    if not word.capital or word.title:
        return False
    before = wording.words[index - 1] if index else None
    after = wording.words[index + 1] if index + 1 < len(wording.words) else None
    begins = bool(wording.starts >> index & 1)
    if (after and after.capital and not wording.starts >> index + 1 & 1) or (before and before.capital and not begins):
        return True
    if wording.capital_nouns:
        return bool(before and before.before_name)
    return not begins

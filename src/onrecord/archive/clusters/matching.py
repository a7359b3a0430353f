"""Whether two statements report one utterance, told by their words, their kinds, who spoke and when.

Words decide; the rest says how many of them it takes. What is common is laid side by side (`alignment`). It counts
for the same utterance by how much it tells, by how little in it was replaced, and by how much of the shorter statement
it is. A number, a name, a "not" or one of two opposites that stands against another makes it another utterance, however
much is common: these are what an outlet does not edit.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from msgspec import Struct

from onrecord.archive.clusters.alignment import Alignment, Gap, Pair, aligned
from onrecord.archive.clusters.lexicon import Word
from onrecord.archive.clusters.wording import Wording
from onrecord.schema import StatementKind

Verdict = Literal["same", "contradicting", "other"]


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
    alignment: Alignment | None = None


class _Bounds(Struct, frozen=True):
    """What it takes for the same utterance."""

    matched: float
    """Common words, by weight; this many where nothing else of either statement is in doubt."""
    score: float
    contained: float
    """The part of the shorter statement that is common."""


_OTHER = Match("other")
_SAME_SPEAKER = _Bounds(2.0, 0.7, 0.5)
_UNKNOWN_SPEAKER = _Bounds(3.0, 0.75, 0.6)
_OTHER_SPEAKER = _Bounds(8.0, 0.9, 0.8)
_PART = 6.0
"""So much in common is enough whatever part of the shorter statement it is: whole sentences of a longer speech."""
_DAYS_A_WORD = 3
_NO_SLOGAN = 12.0
"""Nobody says so much twice in the same words; with it the days between two reports do not count."""
_SMALL_GAP = 2.0
"""In a gap where neither side weighs more, what stands there stands for each other."""


def same_utterance(first: Report, second: Report) -> Match | None:
    """The match of two reports of one utterance; None if they are not."""
    match = compared(first, second)
    return match if match.verdict == "same" else None


def compared(first: Report, second: Report) -> Match:
    """How two reports relate: the same utterance, one that contradicts it in wording, or just another.

    - Speakers: the same actor needs least. Two different actors are taken for two utterances, as when a minister
      repeats what the president said, unless long words are common nearly verbatim within days: then one of the two was
      resolved wrongly, or speaks for the other.
    - Days: the fewer words are common, the nearer the reports must be; the same slogan a month later is another
      utterance, the same forty words are a quotation of the first.
    - Kinds: two paraphrases of one utterance may have few words in common, and two utterances on one matter as many; so
      unquoted words count only if most of the shorter statement is common.
    """
    one, other = first.wording, second.wording
    bounds = _bounds(first, second)
    telling = other.telling
    part = _PART if "indirect" not in (first.kind, second.kind) else one.weight + other.weight
    shared = sum([weight for id, weight in one.telling.items() if id in telling])
    least = min(one.weight, other.weight)
    if shared < bounds.matched or (shared < bounds.contained * least and shared < part):
        return _OTHER
    alignment = aligned(one, other)
    if alignment is None:
        return _OTHER
    matched = alignment.matched
    score = matched / (matched + alignment.replaced)
    verdict: Verdict = "same"
    if matched < bounds.matched or (matched < bounds.contained * least and matched < part):
        verdict = "other"
    elif any(_contradict(one, other, gap) for gap in alignment.gaps):
        verdict = "contradicting"
    elif score < bounds.score or not _near(first, second, matched):
        verdict = "other"
    return Match(verdict, score, matched, matched / one.weight, matched / other.weight, alignment)


def _bounds(first: Report, second: Report) -> _Bounds:
    if first.speaker is None or second.speaker is None:
        return _UNKNOWN_SPEAKER
    return _SAME_SPEAKER if first.speaker == second.speaker else _OTHER_SPEAKER


def _near(first: Report, second: Report, matched: float) -> bool:
    """Whether the reports are as near in time as that many common words ask for."""
    if matched >= _NO_SLOGAN or not first.day or not second.day:
        return True
    try:
        days = abs((date.fromisoformat(first.day[:10]) - date.fromisoformat(second.day[:10])).days)
    except ValueError:
        return True
    return days <= _DAYS_A_WORD * matched


def _contradict(one: Wording, other: Wording, gap: Gap) -> bool:
    """Whether what stands in a gap makes two utterances of it."""
    if max(one.weighed(*gap.first), other.weighed(*gap.second)) > _SMALL_GAP:
        return False
    if _bits(one.bracketed, gap.first) or _bits(other.bracketed, gap.second):
        return False
    mine, theirs = one.words[slice(*gap.first)], other.words[slice(*gap.second)]
    if not gap.at_end and _negated(mine) != _negated(theirs):
        return True
    numbers, others = ({word.number for word in words if word.number} for words in (mine, theirs))
    if numbers and others and not numbers & others:
        return True
    return _exclude(mine, theirs) or _names_differ(one, other, gap)


def _negated(words: tuple[Word, ...]) -> bool:
    return any(word.negation for word in words)


def _bits(mask: int, pair: Pair) -> int:
    return (mask >> pair[0]) & ((1 << pair[1] - pair[0]) - 1)


def _exclude(mine: tuple[Word, ...], theirs: tuple[Word, ...]) -> bool:
    """Whether a word here and a word there stand on two sides of a list, and on one side of none."""
    here = {side for word in mine for side in word.sides}
    there = {side for word in theirs for side in word.sides}
    return not here & there and bool({number for number, _ in here} & {number for number, _ in there})


def _names_differ(one: Wording, other: Wording, gap: Gap) -> bool:
    """Whether a name stands against a name. Before a common surname (President Roe, Anna Roe) that is no matter."""
    if not (_has_name(one, gap.first) and _has_name(other, gap.second)):
        return False
    after = gap.first[1]
    return gap.at_end or after >= len(one.words) or not one.words[after].capital


def _has_name(wording: Wording, place: Pair) -> bool:
    """Whether there is a name: a capital that is not a sentence's first and, in German, behind no article."""
    for index in range(*place):
        word = wording.words[index]
        if not word.capital or wording.starts >> index & 1:
            continue
        if not wording.capital_nouns or not index or not wording.words[index - 1].determiner:
            return True
    return False

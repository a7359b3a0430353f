"""Which frames a stretch of words holds, each with its mood and with how much it weighs where it stands."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct, structs

from onrecord.positions.knowledge import Lexicon, codes
from onrecord.positions.moods import Mood, mood
from onrecord.positions.patterns import Frame
from onrecord.positions.words import Words

_MOST = 40
"""So many hits of a stretch are kept."""
_SUBJECT = 6
_STANDING = {"infinitive": 0.6, "gerund": 0.65, "plain": 1.0}
_LATER = 0.8
"""What each hit before it takes from a hit's weight: who "refuses to condemn" refuses. Of 187 development
sentences 162 are told right with .8, 163 with .7, 158 with .9."""

_OTHERS = 0.5
"""What is left of what another side "will" do, where that is hoped for or asked."""
_OBLIGED = 0.6
"""What is left of what somebody "should" do: that is asked for, not done."""
_TOLD = 0.5
"""What is left of a frame in the content where the cue tells an act: who "accuses Lima of breaching" a pact accuses."""
_TELLING = 0.75
"""So much a cue's frame must weigh for that."""
_DONE_TO = 0.7
"""What is left of a passive's weight without a "by": "was signed in 1991" is nobody's act here."""


class Hit(Struct, frozen=True):
    """A frame found."""

    frame: Frame
    first: int
    last: int
    """The word after its last."""
    mood: Mood
    act: str
    mode: str | None
    turned: bool
    """Whether negation made it another act."""
    weight: float
    cued: bool = False
    """Whether it begins in the words that report the statement."""


def hits(words: Words, zones: Sequence[float], lexicon: Lexicon, cue: Collection[int] = ()) -> list[Hit]:
    """The frames in reading order; of those that overlap the longest. `cue` numbers the words that report it all."""
    found = _longest(list(_found(words, lexicon, cue)))
    rated: list[Hit] = []
    before = 0
    told = False
    for frame, first, last, how in found[:_MOST]:
        act, mode, turned = _act(frame, _with_inner_not(words, frame, first, last, how, lexicon))
        weight = frame.weight if first in cue else _standing(words, frame, how, last) * zones[first] * _LATER**before
        announced = frame.form == "future" or (act != frame.act and not turned)
        if announced and rated and _is_others(words, how.first, rated[-1].last, lexicon):
            weight *= _OTHERS
        rated.append(Hit(frame, first, last, how, act, mode, turned, weight, first in cue))
        before += zones[first] >= 1 and frame.weight >= _LATER
        told = told or (first in cue and weight >= _TELLING)
    if not told:
        return rated
    return [one if one.cued else structs.replace(one, weight=one.weight * _TOLD) for one in rated]


def _standing(words: Words, frame: Frame, how: Mood, last: int) -> float:
    """What a frame weighs by how its first word stands in its clause."""
    standing = "infinitive" if how.infinitive else "gerund" if how.gerund and frame.form == "verb" else "plain"
    undone = _DONE_TO if how.passive and frame.form == "verb" and "by" not in words.lower[last:] else 1.0
    obliged = _OBLIGED if how.obliged and frame.form == "verb" else 1.0
    return frame.weight * _STANDING[standing] * undone * obliged


def _is_others(words: Words, at: int, start: int, lexicon: Lexicon) -> bool:
    """Whether the subject that ends before the word `at` is another side: not "we will", not "our president will"."""
    subject = words.lower[max(start, at - _SUBJECT) : at]
    return bool(subject) and not any(
        word == "," or word in lexicon.words["own"] or word in lexicon.words["clause_joins"] for word in subject
    )


def _found(words: Words, lexicon: Lexicon, cue: Collection[int]) -> Iterator[tuple[Frame, int, int, Mood]]:
    for at, word in enumerate(words.lower):
        how: Mood | None = None
        for frame in lexicon.index.beginning(word):
            match = frame.regex.match(words.plain, words.starts[at])
            if match is None:
                continue
            how = how or mood(words, at, lexicon)
            if _fits(frame, how, at in cue):
                yield frame, at, _last(words, at, match.end()), how


def _fits(frame: Frame, how: Mood, cued: bool) -> bool:
    if frame.form == "cue" or cued:  # "his demand that …" demands
        return cued and (frame.form != "future" or how.future)
    if frame.form == "verb":
        return not how.noun and not (frame.on_subject and how.future)
    if frame.form == "future":
        return how.future and not how.noun
    return True


def _last(words: Words, at: int, end: int) -> int:
    while at < len(words) and words.ends[at] <= end:
        at += 1
    return at


def _longest(found: list[tuple[Frame, int, int, Mood]]) -> list[tuple[Frame, int, int, Mood]]:
    """Those that no longer one covers, in reading order."""
    kept: list[tuple[Frame, int, int, Mood]] = []
    taken: set[int] = set()
    for one in sorted(found, key=lambda one: (-one[0].size, -one[0].weight, one[1])):
        if one[1] not in taken:
            kept.append(one)
            taken.update(range(one[1], one[2]))
    return sorted(kept, key=lambda one: one[1])


def _with_inner_not(words: Words, frame: Frame, first: int, last: int, how: Mood, lexicon: Lexicon) -> Mood:
    """The mood with a "not" behind a copula counted: "is not a good plan"."""
    copular = not frame.raw and words.lower[first] in lexicon.words["passive"]
    inner = copular and not lexicon.words["negators"].isdisjoint(words.lower[first + 1 : last])
    return structs.replace(how, negated=not how.negated) if inner else how


def _act(frame: Frame, how: Mood) -> tuple[str, str | None, bool]:
    """The act and mode of a frame, turned where it is negated."""
    if frame.raw or not (how.negated or (how.future and codes()[frame.act].future)):
        return frame.act, frame.mode, False
    if how.negated and codes()[frame.act].undone and not (how.future or how.hypothetical or frame.negated):
        return codes()[frame.act].undone, None, True
    turned = (frame.negated or codes()[frame.act].negated) if how.negated else codes()[frame.act].future
    act, _, mode = turned.partition("/")
    return act, mode or None, how.negated

"""What a clause does by its tense, its negation and its condition: "would not renew it unless …" sets a bound."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from msgspec import structs

from onrecord.attribution.bounded.analysed import parses
from onrecord.positions.conditions import Condition
from onrecord.positions.hits import Hit
from onrecord.positions.knowledge import Lexicon
from onrecord.positions.moods import Mood, mood
from onrecord.positions.patterns import Frame
from onrecord.positions.words import Words

_BOUND = 1.2
"""What a bound weighs: more than the refusal that its negation makes of the verb's own frame."""
_STEP, _BARE = 0.6, 0.46
"""What a step with a condition weighs, and what a bare refusal does: less than a frame, and just an act."""
_SUBJECT = 4
"""So many words before "will" may name who does it."""
_REACH = 6
"""So many words after "will" is its verb looked for."""
_HOLDING = frozenset({"until", "unless"})
_NOTHING = re.compile("")


def hanging(
    words: Words,
    found: Sequence[Condition],
    clauses: Sequence[tuple[int, int]],
    zones: Sequence[float],
    lexicon: Lexicon,
) -> list[Hit]:
    """One hit at most of each clause that says what will or will not be done, or what stays as it is."""
    return [
        hit for first, last in clauses if (hit := _hanging(words, (first, last), found, zones, lexicon)) is not None
    ]


def _hanging(
    words: Words, clause: tuple[int, int], found: Sequence[Condition], zones: Sequence[float], lexicon: Lexicon
) -> Hit | None:
    bound = next((one for one in found if clause[0] <= one.first < clause[1]), None)
    at = next(_predicates(words, clause, bound, zones, lexicon), None)
    if at is None:
        return None
    if bound and not lexicon.words["relatives"].isdisjoint(words.lower[at : bound.first]):
        bound = None  # it belongs to the relative clause
    how = mood(words, at, lexicon)
    if lexicon.inflects and is_future(words.lower[at]):
        how = structs.replace(how, future=True)
    told = _told(words, at, how, bound, lexicon)
    if told is None:
        return None
    act, mode, weight = told
    frame = Frame(act, mode, "future", weight, raw=True, negated=None, regex=_NOTHING, size=0, source="")
    return Hit(frame, min(how.first, at), at + 1, how, act, mode, False, weight * zones[at])


def _predicates(
    words: Words, clause: tuple[int, int], bound: Condition | None, zones: Sequence[float], lexicon: Lexicon
) -> Iterator[int]:
    """The verbs that "will" stands before, that are in the future themselves, or that say that a thing stays."""
    known, lower = lexicon.words, words.lower
    for at in range(*clause):
        if zones[at] < 1 or (bound and bound.first <= at < bound.last):
            continue
        if lower[at] in known["will"] and not (lower[at].endswith("ing") and lower[at + 1 : at + 2] != ["to"]):
            yield from (
                verb
                for verb in _verb_behind(lower, at, clause[1], lexicon)
                if known["perfects"].isdisjoint(lower[at:verb]) or lower[verb - 1] in known["infinitives"]
            )
        elif _is(words, at, "stay", lexicon) or (lexicon.inflects and is_future(lower[at])):
            yield at


def _verb_behind(lower: list[str], at: int, last: int, lexicon: Lexicon) -> Iterator[int]:
    passed = lexicon.words["auxiliaries"] | lexicon.words["negators"] | lexicon.words["modals"]
    for verb in range(at + 1, min(at + _REACH, last)):
        if lower[verb] not in passed and not lower[verb].endswith("ly"):
            yield verb
            return


def _told(
    words: Words, at: int, how: Mood, bound: Condition | None, lexicon: Lexicon
) -> tuple[str, str | None, float] | None:
    """Act, mode and weight."""
    if how.noun or (not how.negated and words.lower[at - 1] in lexicon.words["only_negated"]):
        return None
    if bound is None:
        return _unbound(words, at, how, lexicon)
    if bound.kind in _HOLDING and (how.negated or _is(words, at, "stay", lexicon)):
        return "LIMIT", "precondition", _BOUND
    if _is(words, at, "occur", lexicon):
        return "EXPECT", None, _STEP
    if bound.kind in _HOLDING and words.lower[bound.first] not in lexicon.words["lasting"]:
        return ("THREATEN", "conditional", _STEP) if bound.kind == "unless" else ("LIMIT", "precondition", _STEP)
    if how.negated and not lexicon.words["inability"].isdisjoint(words.lower[how.first : at]):
        return None
    if how.negated:
        return ("LIMIT", "precondition", _BOUND) if bound.kind == "only_after" else ("THREATEN", "conditional", _STEP)
    if _is(words, at, "befall", lexicon):
        return "EXPECT", None, _STEP
    if _is(words, at, "harm", lexicon):
        return "THREATEN", "conditional", _STEP
    if not _is_deed(words, at, how, lexicon):
        return "EXPECT", None, _STEP
    return ("THREATEN" if _is_theirs(words, how, lexicon) else "AGREE"), "conditional", _STEP


def _is_deed(words: Words, at: int, how: Mood, lexicon: Lexicon) -> bool:
    """Whether a side does it: a verb that sides do, or one whose subject may be a side, which is named or "we".

    "Voters will turn away if …" and "they would be glad if …" forecast.
    """
    if "deed" not in lexicon.deeds or _is(words, at, "deed", lexicon):
        return True
    subject = range(max(0, how.first - _SUBJECT), how.first)
    sides = lexicon.words["own"] | lexicon.words["sides"]
    own = any(words.written[n][:1].isupper() or words.lower[n] in sides for n in subject)
    return own and (not how.passive or words.lower[at].endswith("ed"))


def _is_theirs(words: Words, how: Mood, lexicon: Lexicon) -> bool:
    """Whether it is what the others will see or get: "if one more is taken, they will …", not "they would …"."""
    before = words.lower[max(0, how.first - 1) : how.first + 1]
    return len(before) > 1 and before[0] in lexicon.words["others"] and before[1] in {"will", "'ll"}


def _unbound(words: Words, at: int, how: Mood, lexicon: Lexicon) -> tuple[str, str | None, float] | None:
    if how.negated and how.future:
        ever = not lexicon.words["whatever"].isdisjoint(words.lower[how.first : at + _REACH])
        return ("LIMIT", "red_line", _BARE) if ever else ("REJECT", "refuse", _BARE)
    if how.future and _is(words, at, "befall", lexicon):
        told_before = not lexicon.words["foretelling"].isdisjoint(words.lower[:at])
        return "EXPECT", None, _BOUND if told_before else _BARE
    if how.future and _is(words, at, "harm", lexicon):
        return "THREATEN", "warn", _BARE
    return ("AGREE", "promise", _BARE) if how.future and lexicon.inflects else None


def _is(words: Words, at: int, deed: str, lexicon: Lexicon) -> bool:
    """Whether the word begins a deed of a class."""
    pattern = lexicon.deeds.get(deed)
    return pattern is not None and pattern.match(words.plain, words.starts[at]) is not None


@lru_cache(maxsize=20_000)
def is_future(word: str) -> bool:
    """Whether a Russian word is most likely a verb in the future: "отменит"."""
    return word.isalpha() and "futr" in parses(word)[0].tag

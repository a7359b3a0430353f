"""The stretches of a statement that may each carry an act, and how much counts what stands in them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from onrecord.positions.conditions import Condition
from onrecord.positions.knowledge import Lexicon
from onrecord.positions.words import Words

_STOPS = frozenset(".;?!")
_NEAR = 30
"""So many words a clause of circumstances at the beginning has before its comma, at most."""
CONDITION, BACKGROUND, RELATIVE = 0.3, 0.35, 0.45
"""What a frame counts in a condition, in a clause of circumstances ("after …"), in a relative clause. Of 187 sentences
of the development data none is told otherwise with half or twice these numbers."""


def zones(words: Words, found: Sequence[Condition], lexicon: Lexicon) -> list[float]:
    """For each word what a frame that begins there counts."""
    lower, known = words.lower, lexicon.words
    rated = [1.0] * len(lower)
    opens, factor = True, 1.0
    for at, word in enumerate(lower):
        if word in _STOPS or word == ",":
            factor = 1.0
        elif (opens and word in known["backgrounds"] and "," in lower[at : at + 30]) or (
            word in known["asides"] and at
        ):
            factor = BACKGROUND
        elif word in known["relatives"] and at:
            factor = RELATIVE
        rated[at] = factor
        opens = word in _STOPS
    for one in found:
        rated[one.first : one.last] = [CONDITION] * (one.last - one.first)
    return rated


def segments(words: Words, found: Sequence[Condition], lexicon: Lexicon) -> list[tuple[int, int]]:
    """Where each clause begins and ends, as numbers of words: sentences, relative clauses, and what "but", ", and" or
    "and will" joins."""
    inside = {at for one in found for at in range(one.first, one.last + one.front)}
    cuts = {0, *(cut for at in range(len(words) - 1) if at not in inside and (cut := _cut(words.lower, at, lexicon)))}
    bounds = sorted({*cuts, len(words)})
    return [(first, last) for first, last in pairwise(bounds) if last > first]


def _cut(lower: list[str], at: int, lexicon: Lexicon) -> int:
    """Where a clause begins at or behind the word `at`; 0 if none does."""
    known, word, after = lexicon.words, lower[at], lower[at + 1]
    if word in _STOPS:
        return at + 1
    if word == ",":
        opening = lower[at + 2] if after in known["prepositions"] and at + 2 < len(lower) else after
        opens = after in known["clause_joins"] or after in known["clause_subjects"] or opening in known["relatives"]
        return at + 1 if opens else 0
    if word in known["contrasts"]:
        return at if at > 1 and lower[at - 1] != "," else 0
    goes_on = word in known["clause_joins"] and after in known["finite"]
    return at if goes_on and at > 1 and lower[at - 1] != "," else 0

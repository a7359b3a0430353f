"""What of an utterance's words is kept to find others that may be the same: keys of neighbouring words.

Reports of one utterance share stretches of words, however unequal they are in length: one outlet has two sentences,
another five words of them. MinHash of whole statements finds likeness, not such containment. So a key is made of every
two telling words that follow each other (function words, inflection and spelling taken away), and of the many keys of a
long statement those are kept that winnowing chooses: Schleimer, Wilkerson, Aiken (2003), Winnowing: local algorithms
for document fingerprinting. Two statements that share a long enough stretch share a key of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from onrecord.archive.clusters.wording import Wording

VERSION = 1
"""To be raised whenever a text gets other keys than before, by the languages' tables too: keys are stored, so a step of
`archive.migrations` has to make them anew."""
MOST_KEYS = 32
"""Keys of one statement at most; 0.6 % of the contents in PolNeAR-train have more pairs of words."""
MOST_HOLDERS = 64
"""A key that more statements hold says nothing; it is neither followed nor stored once more."""
MOST_CANDIDATES = 50
"""Statements aligned with a new one at most."""
FEW_HOLDERS = 8
"""A key that no more statements hold is rare."""
LEAST_SHARED, LEAST_SHARED_COMMON = 0.2, 0.34
"""A candidate shares at least this part of the keys of whichever has fewer; the second if all they share is common."""
LEAST_WEIGHT = 2.0
"""Words that tell less than two telling words do are anybody's."""
_MIX = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1


class Signature(Struct, frozen=True):
    """What the archive keeps of an utterance's words."""

    keys: tuple[int, ...]
    """Signed integers of 64 bits, the same on every machine; empty if the words tell too little."""


class Holder(NamedTuple):
    """A stored statement that holds a key; a bare tuple of the two does as well."""

    statement: int
    keys: int
    """How many keys the statement holds."""


def signature(wording: Wording) -> Signature:
    """The keys of a content's words.

    A sentence's telling words make a key for every two that follow each other; a pair of words that are both common
    makes one only where the statement has no better. So “Thank you very much” and “We will see” have none.
    """
    if wording.weight < LEAST_WEIGHT:
        return Signature(())
    pairs = _pairs(wording)
    strong = {key: None for key, weight in pairs if weight > 1.0}
    keys = list(strong or {key: None for key, _ in pairs})
    if len(keys) > MOST_KEYS:
        keys = _winnowed(keys)
    return Signature(tuple(keys))


def candidates(holders: Mapping[int, Sequence[tuple[int, int]]], keys: int) -> tuple[int, ...]:
    """The stored statements worth aligning with a new one, the likeliest first, `MOST_CANDIDATES` at most.

    `holders` gives for each key of the new statement those that hold it; the store may stop listing at one more than
    `MOST_HOLDERS`, for such a key is skipped. `keys` is how many keys the new statement has.
    """
    shared: Counter[tuple[int, int]] = Counter()
    rare: set[tuple[int, int]] = set()
    for listed in holders.values():
        if len(listed) <= MOST_HOLDERS:
            shared.update(listed)
        if len(listed) <= FEW_HOLDERS:
            rare.update(listed)
    likely = []
    for holder, count in shared.items():
        statement, held = holder
        part = count / min(keys, held)
        if part >= (LEAST_SHARED if holder in rare else LEAST_SHARED_COMMON):
            likely.append((-part, -count, statement))
    likely.sort()
    return tuple([statement for _, _, statement in likely[:MOST_CANDIDATES]])


def _pairs(wording: Wording) -> list[tuple[int, float]]:
    """A key for each two telling words that follow each other in a sentence, with their weight together."""
    found: list[tuple[int, float]] = []
    before = None
    starts = wording.starts
    for index, word in enumerate(wording.words):
        if starts >> index & 1:
            before = None
        if word.weight:
            if before is not None and before.id != word.id:
                found.append((_key(before.id, word.id), before.weight + word.weight))
            before = word
    return found


def _key(one: int, other: int) -> int:
    """A signed 64-bit mixture of two words' ids, whichever comes first (as in MurmurHash3's last steps)."""
    mixed = (one + other) & _MASK
    mixed = (mixed ^ mixed >> 33) * _MIX & _MASK
    mixed ^= mixed >> 29
    return mixed - (mixed >> 63 << 64)


def _winnowed(keys: list[int]) -> list[int]:
    """The least key of every window of neighbours, at most `MOST_KEYS`: random winnowing keeps 2 of w + 1."""
    width = -(-2 * len(keys) // MOST_KEYS)
    least = {min(keys[start : start + width]): None for start in range(len(keys) - width + 1)}
    return list(least)[:MOST_KEYS]

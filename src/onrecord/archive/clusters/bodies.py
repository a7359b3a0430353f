"""How much of one article's body stands in another's: agency text reprinted.

A body is known by a sample of its five-word shingles: those whose hash is a multiple of a scale, the same for
every body (FracMinHash: L. Irber et al. (2022), Lightweight compositional analysis of metagenomes with FracMinHash and
sourmash). Unlike MinHash's least k it tells how much of *each* body is in the other, however unequal they are.
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import chain
from typing import Literal

import numpy as np
import numpy.typing as npt
from msgspec import Struct

from onrecord.archive.clusters.lexicon import lexicon
from onrecord.archive.clusters.wording import WORD

SHINGLE = 5
"""Words of a shingle."""
MOST_KEPT = 256
"""Shingles kept of a body; a longer one is sampled more thinly."""
MOST_CHARACTERS = 200_000
KEYS = 12
"""Keys by which bodies that may share text are found."""
REPRINT = 0.5
"""A body of which so much is in an earlier one is a reprint."""
LEAST_SHINGLES = 8
"""Shingles in common below which no share is told: about 35 words where a fourth is sampled."""
_SCALE = 4
"""One shingle in so many is kept."""
_WORD = re.compile(WORD)
_ODD = np.uint64(0x9E3779B97F4A7C15)
_HIGH_BITS = np.uint64(32)


class BodySignature(Struct, frozen=True):
    """What the archive keeps of an article's body."""

    hashes: tuple[int, ...] = ()
    """The sampled shingles' hashes, signed integers of 64 bits, ascending by their unsigned value."""
    scale: int = _SCALE
    """One shingle in `scale` was kept: 4, or a power of two above."""

    @property
    def keys(self) -> tuple[int, ...]:
        """At most `KEYS` of them, to find bodies by that may share text; bodies that share most share some."""
        return self.hashes[:KEYS]


class Shared(Struct, frozen=True):
    """How much two bodies have in common."""

    of_first: float
    """The part of the first body's shingles that is in the second; with a sample of 60 give or take .06."""
    of_second: float
    shingles: int
    """How many sampled shingles are common."""


class Body(Struct, frozen=True):
    """An article's body with what tells whose text it is."""

    signature: BodySignature
    published: str = ""
    """ISO 8601, a date or date and time; nothing if not known."""
    agency: str = ""
    """The agency that the article credits, if it does."""


class Reprint(Struct, frozen=True):
    """Two articles of which one reprints most of the other, or both a third."""

    share: float
    """The part of the shorter body that is in the other."""
    earlier: Literal["first", "second"] | None
    """Which was published first; None if the dates do not tell."""
    agency: str
    """The agency that either credits; nothing if neither does."""


def body_signature(text: str) -> BodySignature:
    """The sample of a body's shingles. Of a text longer than `MOST_CHARACTERS` only the beginning is looked at."""
    ids_of = lexicon("").ids
    ids = list(chain.from_iterable(map(ids_of.__getitem__, _WORD.findall(text[:MOST_CHARACTERS]))))
    if len(ids) < SHINGLE:
        return BodySignature()
    hashes = _shingled(np.array(ids, dtype=np.uint64))
    scale = _SCALE
    kept = hashes[hashes % np.uint64(scale) == 0]
    while len(kept) > MOST_KEPT:
        scale *= 2
        kept = kept[kept % np.uint64(scale) == 0]
    return BodySignature(tuple(kept.view(np.int64).tolist()), scale)


def _shingled(ids: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The different hashes of every `SHINGLE` words that follow each other, ascending."""
    length = len(ids) - SHINGLE + 1
    mixed = np.zeros(length, dtype=np.uint64)
    for place in range(SHINGLE):
        mixed = (mixed ^ ids[place : place + length]) * _ODD
        mixed ^= mixed >> _HIGH_BITS
    return np.unique(mixed)


def shared_share(first: BodySignature, second: BodySignature) -> Shared:
    """How much of each body is in the other, estimated from their samples; 0 where too little is common to tell."""
    scale = max(first.scale, second.scale)
    mine = {key for key in first.hashes if key % scale == 0}
    theirs = {key for key in second.hashes if key % scale == 0}
    shingles = len(mine & theirs)
    if shingles * scale < LEAST_SHINGLES * _SCALE:
        return Shared(0.0, 0.0, shingles)
    return Shared(shingles / len(mine), shingles / len(theirs), shingles)


def reprint(first: Body, second: Body) -> Reprint | None:
    """The verdict that most of the shorter body stands in the other one; None if it does not.

    Credited or not: outlets reprint without saying so, and one that credits an agency need not be the later one. So the
    credit is told and the dates order the two; neither decides.
    """
    shared = shared_share(first.signature, second.signature)
    share = max(shared.of_first, shared.of_second)
    if share < REPRINT:
        return None
    return Reprint(share, _earlier(first.published, second.published), first.agency or second.agency)


def _earlier(one: str, other: str) -> Literal["first", "second"] | None:
    """Which of two moments is earlier. Where one is a mere date, or only one has a time zone, dates are compared."""
    try:
        moments = datetime.fromisoformat(one), datetime.fromisoformat(other)
    except ValueError:
        return None
    if min(len(one), len(other)) <= len("2021-01-24") or (moments[0].tzinfo is None) != (moments[1].tzinfo is None):
        days = moments[0].date(), moments[1].date()
        return None if days[0] == days[1] else "first" if days[0] < days[1] else "second"
    return None if moments[0] == moments[1] else "first" if moments[0] < moments[1] else "second"

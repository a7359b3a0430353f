"""From frames to acts: which clause does what."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from onrecord.positions.clauses import segments, zones
from onrecord.positions.conditions import Condition, conditions
from onrecord.positions.hits import Hit, hits
from onrecord.positions.knowledge import Lexicon
from onrecord.positions.words import Words

_LEAST = 0.45
"""What a second clause's frame must weigh to be an act of its own."""


class Reading(Struct, frozen=True):
    """A statement's words with all that was found in them."""

    words: Words
    conditions: list[Condition]
    hits: list[Hit]
    segments: list[tuple[int, int]]


def read(words: Words, lexicon: Lexicon) -> Reading:
    """What the frames find in the words."""
    found = conditions(words, lexicon)
    rated = zones(words, found, lexicon)
    return Reading(words, found, hits(words, rated, lexicon), segments(words, found, lexicon))


def chosen(reading: Reading) -> list[Hit]:
    """The hit of each clause that carries an act, the weightiest first; none where no frame fits."""
    best = [max(inside, key=lambda hit: hit.weight) for inside in _by_segment(reading) if inside]
    ranked = sorted(best, key=lambda hit: -hit.weight)
    kept: list[Hit] = []
    for hit in ranked:
        if not kept or (hit.weight >= _LEAST and all(hit.act != other.act for other in kept)):
            kept.append(hit)
    return kept


def _by_segment(reading: Reading) -> Sequence[list[Hit]]:
    return [[hit for hit in reading.hits if first <= hit.first < last] for first, last in reading.segments]

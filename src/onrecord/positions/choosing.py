"""From frames to acts: which clause does what."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec import Struct

from onrecord.positions.clauses import segments, zones
from onrecord.positions.conditions import Condition, conditions
from onrecord.positions.hanging import hanging
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
    hanging: list[Hit]
    """What clauses do by their tense and condition, whatever their verb."""
    segments: list[tuple[int, int]]
    cue: Collection[int] = ()
    """The numbers of the words that report the others."""


def read(words: Words, lexicon: Lexicon, cue: Collection[int] = ()) -> Reading:
    """What the frames find in the words, of which `cue` numbers those that report the others."""
    found = conditions(words, lexicon, cue)
    rated = zones(words, found, lexicon)
    rated_hits = hits(words, rated, lexicon, cue)
    clauses = _joined(segments(words, found, lexicon), found, rated_hits)
    return Reading(words, found, rated_hits, hanging(words, found, clauses, rated, lexicon), clauses, cue)


def _joined(bounds: list[tuple[int, int]], found: list[Condition], rated: list[Hit]) -> list[tuple[int, int]]:
    """The clauses, a condition that stands alone ("…, but only after …") joined to the one it belongs to."""
    kept: list[tuple[int, int]] = []
    for first, last in bounds:
        alone = any(first <= one.first <= first + 1 for one in found) and not any(
            first <= hit.first < last and not any(one.first <= hit.first < one.last for one in found) for hit in rated
        )
        if alone and kept:
            kept[-1] = (kept[-1][0], last)
        else:
            kept.append((first, last))
    return kept


def chosen(reading: Reading) -> list[Hit]:
    """The hit of each clause that carries an act, the weightiest first; none where no frame fits."""
    best = [max(inside, key=lambda hit: hit.weight) for inside in _by_segment(reading) if inside]
    ranked = sorted(best, key=lambda hit: -hit.weight)
    kept: list[Hit] = []
    for hit in ranked:
        if not kept or (hit.weight >= _LEAST and all((hit.act, hit.mode) != (other.act, other.mode) for other in kept)):
            kept.append(hit)
    return kept


def _by_segment(reading: Reading) -> Sequence[list[Hit]]:
    both = [*reading.hits, *reading.hanging]
    return [[hit for hit in both if first <= hit.first < last] for first, last in reading.segments]

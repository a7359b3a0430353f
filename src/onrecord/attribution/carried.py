"""Quotations that go on from one paragraph to the next: one statement, whose speaker may be named only at its end."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from onrecord.attribution.quotation import Quotation
from onrecord.attribution.relation import Ends, Relation


def carried_on(relations: Sequence[Relation], quoted: Sequence[Quotation]) -> list[Relation]:
    """The relations with the pieces of such a quotation in one content, in reading order.

    A piece left open at its paragraph's end and the one that reopens it below belong together (the convention of the
    English press), unless each has a source of its own: then a mark was forgotten. A piece that no relation holds goes
    with the one beside it that is held. Who is named within a piece does not hold it, but is quoted there.
    """
    held = sorted((start, end, key) for key, one in enumerate(relations) for start, end in one.content)
    told = dict(enumerate(relations))
    contents: dict[int, set[Ends]] = {key: set(one.content) for key, one in told.items()}
    home = list(range(len(relations)))  # the relation that each has become part of
    owners = [_owner(held, relations, one) if not one.closed or one.reopens else None for one in quoted]
    for at, (upper, lower) in enumerate(pairwise(quoted)):
        if upper.closed or not lower.reopens:
            continue
        above, below = (None if owner is None else _final(home, owner) for owner in owners[at : at + 2])
        if above is None and below is not None:
            contents[below].add((upper.start, upper.end))
        elif above is not None and below is None:
            contents[above].add((lower.start, lower.end))
            owners[at + 1] = above
        elif above is not None and below is not None and above != below and not _apart(told[above], told[below]):
            told[above] = max(told[above], told.pop(below), key=_naming)
            contents[above] |= contents.pop(below)
            home[below] = above
    found = [replace(one, content=tuple(sorted(contents[key]))) for key, one in told.items()]
    return sorted(found, key=lambda relation: relation.content)


def _final(home: Sequence[int], key: int) -> int:
    while home[key] != key:
        key = home[key]
    return key


def _owner(held: Sequence[tuple[int, int, int]], relations: Sequence[Relation], quotation: Quotation) -> int | None:
    """Whose piece of content overlaps a quotation, said from outside it; None for nobody's."""
    at = bisect_right(held, (quotation.end, 0, 0)) - 1
    if at < 0 or held[at][1] <= quotation.start:
        return None
    key = held[at][2]
    within = any(quotation.start < start < quotation.end for start, _ in (*relations[key].source, *relations[key].cue))
    return None if within else key


def _apart(upper: Relation, lower: Relation) -> bool:
    """Whether each has a source of its own."""
    return bool(upper.source and lower.source)


def _naming(relation: Relation) -> tuple[bool, bool]:
    """How much a relation tells of who speaks."""
    return bool(relation.source), bool(relation.cue)

"""Lines of a page and its gold body → which lines tell the body: each word of the gold is told once, in order.

A line is not looked at by itself: `Berlin.` is body where the gold goes on with what the next line says, and of a
paragraph that a page shows twice only the one that stands in the order of the gold is. The labeller's own opinion
plays no part.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from training.pages import letters

_WORDS = re.compile(r"[\W_]+|[^\W_]+")
_ALONE = 25
"""Letters from which on a line that stands in the gold letter for letter is no accident, wherever it stands in it."""
_GLUED = 10
"""Letters from which on a line may end within a word of the gold, which now and then glues what the page sets apart."""
_GRAM = 12
_STEP = 3
_MOSTLY = 0.5
"""The share of a line's runs of twelve letters from which on the gold tells it although not letter for letter."""
_MOST_PLACES = 20
"""Places in the gold that are looked at for one line."""
_GOES_ON = 5.0
"""What a line gains, in letters, by going on where the one before it ended."""


class _Place(NamedTuple):
    """Where in the gold a line may stand, in letters."""

    line: int
    start: int
    end: int
    gain: float


def told_lines(lines: Sequence[str], gold: str) -> list[bool]:
    """Whether each of `lines`, in the page's order, tells a part of `gold`, a body with a paragraph a line."""
    told = [letters(line) for line in lines]
    body = _Gold(gold)
    places = [place for number, own in enumerate(told) for place in body.places(number, own)]
    chosen: dict[int, _Place] = {}
    for place in [*_in_order(places), *sorted(places, key=lambda one: -one.gain)]:
        # First what follows the order of the page, then what the gold has elsewhere, such as a box that it puts last.
        if place.line not in chosen and body.take(place):
            chosen[place.line] = place
    for order, ahead in ((range(len(told)), True), (range(len(told) - 1, -1, -1), False)):
        _go_on(order, ahead, told, body, chosen)
    return [number in chosen for number in range(len(lines))]


class _Gold:
    """The gold body by its letters, and which of them have been told."""

    def __init__(self, text: str) -> None:
        self._paragraphs: dict[str, list[int]] = defaultdict(list)
        self._grams: dict[str, list[int]] = defaultdict(list)
        self._edges = {0}
        parts: list[str] = []
        size = 0
        for paragraph in text.split("\n"):
            own = letters(paragraph)
            if own:
                self._paragraphs[own].append(size)
            for word in _WORDS.findall(paragraph):
                parts.append(letters(word))
                size += len(parts[-1])
                self._edges.add(size)
        self._whole = "".join(parts)
        self._free = bytearray(b"\1" * size)
        for start in range(size - _GRAM + 1):
            self._grams[self._whole[start : start + _GRAM]].append(start)

    def places(self, line: int, own: str) -> Iterator[_Place]:
        """Where a line of the letters `own` may stand: as a paragraph, letter for letter or for the most part."""
        size = len(own)
        whole = self._paragraphs.get(own, ())
        for start in whole[:_MOST_PLACES]:
            yield _Place(line, start, start + size, size + _GOES_ON)
        if size < _ALONE or whole:
            return
        within = [start for start in self._grams.get(own[:_GRAM], ()) if self._whole.startswith(own, start)]
        for start in within[:_MOST_PLACES]:
            yield _Place(line, start, start + size, float(size))
        if not within:
            yield from self._mostly(line, own)

    def _mostly(self, line: int, own: str) -> Iterator[_Place]:
        hits = [self._grams.get(own[at : at + _GRAM], ()) for at in range(0, len(own) - _GRAM + 1, _STEP)]
        found = [starts for starts in hits if starts]
        if len(found) <= _MOSTLY * len(hits):
            return
        for first in found[0][:_MOST_PLACES]:
            # The runs that follow the first one within the line's length.
            near = [min((s for s in starts if first <= s < first + 2 * len(own)), default=-1) for starts in found]
            near = [start for start in near if start >= 0]
            if len(near) > _MOSTLY * len(hits):
                yield _Place(line, first, max(near) + _GRAM, 0.5 * len(near) * _STEP)

    def take(self, place: _Place) -> bool:
        """Tell the letters of `place`, unless some have been told."""
        whole = all(self._free[place.start : place.end])
        if whole:
            self._free[place.start : place.end] = bytes(place.end - place.start)
        return whole

    def goes_on(self, own: str, start: int) -> bool:
        """Whether the letters `own` stand at `start`, a word or more."""
        end = start + len(own)
        apart = len(own) >= _GLUED or (start in self._edges and end in self._edges)
        return start >= 0 and apart and self._whole.startswith(own, start)


def _in_order(places: Sequence[_Place]) -> list[_Place]:
    """The places, one a line at most, that follow each other and tell most of the gold."""
    best: list[float] = []
    before: list[int] = []
    for number, place in enumerate(places):
        total, link = 0.0, -1
        for other in range(number - 1, -1, -1):
            last = places[other]
            if last.line < place.line and last.end <= place.start:
                value = best[other] + (_GOES_ON if last.end == place.start else 0.0)
                if value > total:
                    total, link = value, other
        best.append(total + place.gain)
        before.append(link)
    chain: list[_Place] = []
    at = max(range(len(places)), key=best.__getitem__, default=-1)
    while at >= 0:
        chain.append(places[at])
        at = before[at]
    return chain


def _go_on(order: range, ahead: bool, told: Sequence[str], body: _Gold, chosen: dict[int, _Place]) -> None:
    """Choose the lines too that say what the gold goes on with after (before, if not `ahead`) the line beside them."""
    at: int | None = None
    for number in order:
        own = told[number]
        if number in chosen:
            at = chosen[number].end if ahead else chosen[number].start
        elif own and at is not None:
            start = at if ahead else at - len(own)
            place = _Place(number, start, start + len(own), 0.0)
            if body.goes_on(own, start) and body.take(place):
                chosen[number] = place
                at = place.end if ahead else place.start
            else:
                at = None

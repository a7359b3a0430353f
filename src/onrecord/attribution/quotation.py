"""Quotation marks: which stretches of a paragraph stand between them.

Marks in news are curly, straight, nested, reopened at each paragraph of a long quotation, left open, or turned the
wrong way by a careless keyboard. One pass over the marks pairs them; its cost is linear in the length of the text,
whatever the marks do.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

_MARK = re.compile(r"``|''|[“”„‟«»\"‘’‚‹›'「」『』]")
_SINGLE = frozenset("‘’‚‹›'")
_OPENING_SHAPE = frozenset("“„‟«‘‚‹「『") | {"``"}
_CLOSING_SHAPE = frozenset("”»’›」』")
# Guillemets turn either way by country, so for them and for straight marks the neighbours decide before the shape.
_EITHER_SHAPE = frozenset("«»‹›\"'") | {"''"}
_OPENS_AFTER = frozenset("([{—–-/…:|>«“„‘¿¡")
_CLOSES_BEFORE = frozenset(")]}—–-/….,;:!?|<»”’")
_SENTENCE_END = re.compile(r"[.!?…]\s+(?=[^\W\d_a-zа-я])")


_MOST_AMID = 6
"""Paragraphs without a mark that may lie within a quotation."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks, the marks included: `text[start:end]`."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    closed: bool = True
    """False if its closing mark is missing."""
    reopens: bool = False
    """True if it carries on a quotation that the paragraph before left open."""


class _Mark(NamedTuple):
    start: int
    end: int
    single: bool
    direction: Literal["open", "close", "either"]
    nests: bool = False
    """Whether it is a guillemet that opens: Russian puts them inside one another, «the «Aurora» sails»."""
    guillemet: bool = False


def quotations(text: str, paragraphs: Iterable[tuple[int, int]]) -> list[Quotation]:
    """The outermost quotations of each paragraph, in reading order; nested ones lie inside them.

    `paragraphs` are (start, end) offsets into `text`. A quotation never crosses a paragraph's end: one that the next
    paragraph carries on has `closed` false, and its continuation there has `reopens` true.

    >>> text = "He said: 'Go.'"
    >>> [text[q.start:q.end] for q in quotations(text, [(0, len(text))])]
    ["'Go.'"]
    """
    found: list[Quotation] = []
    bounds = list(paragraphs)
    marks = [_marks(text, start, end) for start, end in bounds]
    amid = _amid(marks)
    carried = False
    for at, (start, end) in enumerate(bounds):
        goes_on = at + 1 < len(bounds) and (amid[at + 1] or _carries_on(text, bounds[at + 1][0], marks[at + 1]))
        if carried and amid[at]:
            found.append(Quotation(start, end, start, end, False, True))
            continue
        here = list(_pair(text, start, end, marks[at], carried, goes_on))
        carried = bool(here) and not here[-1].closed and goes_on
        found.extend(here)
    return found


def _amid(marks: Sequence[Sequence[_Mark]]) -> list[bool]:
    """Whether each paragraph has no mark, and the next that has one closes with it what was opened before.

    So blogs print what they take from elsewhere, where newspapers open each paragraph with a mark; PolNeAR has none.
    """
    found, distance = [False] * len(marks), _MOST_AMID + 1
    for at in range(len(marks) - 1, -1, -1):
        first = next((mark for mark in marks[at] if not mark.single), None)
        distance = distance + 1 if first is None else 0 if first.direction == "close" else _MOST_AMID + 1
        found[at] = first is None and distance <= _MOST_AMID
    return found


def _marks(text: str, start: int, end: int) -> list[_Mark]:
    found = []
    for match in _MARK.finditer(text, start, end):
        direction = _direction(text, match.group(), match.start(), match.end(), start, end)
        if direction is not None:
            nests = match.group() == "«" and direction == "open"
            single, guillemet = match.group() in _SINGLE, match.group() in "«»"
            found.append(_Mark(match.start(), match.end(), single, direction, nests, guillemet))
    return found


def _direction(
    text: str, mark: str, at: int, after_at: int, start: int, end: int
) -> Literal["open", "close", "either"] | None:
    """Which way a mark turns, by its shape and its neighbours; None for an apostrophe."""
    before = text[at - 1] if at > start else " "
    after = text[after_at] if after_at < end else " "
    if mark in "'’" and ((before.isalnum() and after.isalnum()) or (not before.isalnum() and after.isdigit())):
        return None
    may_open = before.isspace() or before in _OPENS_AFTER
    may_close = after.isspace() or after in _CLOSES_BEFORE
    if may_open != may_close and (mark in _EITHER_SHAPE or mark in "“”"):
        return "open" if may_open else "close"
    if mark == "’" and may_open and not may_close:
        return None
    if mark in _OPENING_SHAPE:
        return "open"
    return "close" if mark in _CLOSING_SHAPE else "either"


def _carries_on(text: str, start: int, marks: list[_Mark]) -> bool:
    """Whether a paragraph carries on a quotation left open before it: it opens with a mark, or first closes one."""
    first = next((mark for mark in marks if not mark.single), None) or next(iter(marks), None)
    if first is None:
        return False
    return first.direction == "close" or not text[start : first.start].strip()


def _pair(text: str, start: int, end: int, marks: list[_Mark], carried: bool, goes_on: bool) -> Iterator[Quotation]:
    closers = [mark.start for mark in marks if mark.single and mark.direction != "open"]
    opened: _Mark | None = None
    reopens = False
    inner = 0
    ends = [mark.start for mark in marks if not mark.single and mark.direction == "close"]
    guillemets = [mark.start for mark in marks if mark.guillemet and mark.direction == "close"]
    first = next((mark for mark in marks if not mark.single), None)
    if carried and first and first.direction == "close":
        opened, reopens = _Mark(start, start, False, "open"), True
    for mark in marks:
        if opened is None:
            if mark.direction == "close" or (mark.single and not _is_closed(text, mark, closers)):
                continue
            opened, reopens = mark, carried and not text[start : mark.start].strip()
        elif opened.nests and not mark.guillemet and guillemets and guillemets[-1] > mark.start:
            continue  # «the “Aurora” sails»: marks of another shape inside
        elif mark.nests and opened.nests and len(ends) - bisect_right(ends, mark.start) > inner + 1:
            inner += 1
        elif inner and not mark.single and mark.direction == "close":
            inner -= 1
        elif mark.single == opened.single and mark.direction != "open" and not _is_possessive(text, mark, closers):
            if text[opened.end : mark.start].strip():
                yield Quotation(opened.start, mark.end, opened.end, mark.start, True, reopens)
            opened = None
    if opened is not None and text[opened.end : end].strip():
        last = end if goes_on or not text[start : opened.start].strip() else _sentence_end(text, opened.end, end)
        yield Quotation(opened.start, last, opened.end, last, False, reopens)


def _is_closed(text: str, opener: _Mark, closers: list[int]) -> bool:
    """A single mark opens a quotation only if another can close it: else it is an apostrophe."""
    return opener.direction == "open" and bisect_right(closers, opener.end) < len(closers)


def _is_possessive(text: str, mark: _Mark, closers: list[int]) -> bool:
    """Whether a single mark after an s is the apostrophe of "the workers' rights": a later mark can close instead."""
    if (
        not mark.single
        or text[mark.start - 1 : mark.start].lower() != "s"
        or not text[mark.end : mark.end + 1].isspace()
    ):
        return False
    return text[mark.end + 1 : mark.end + 2].islower() and bisect_right(closers, mark.start) < len(closers)


def _sentence_end(text: str, start: int, end: int) -> int:
    """Where the first sentence after `start` ends: as far as a quotation whose mark was forgotten can be trusted."""
    found = _SENTENCE_END.search(text, start, end)
    return found.start() + 1 if found else end

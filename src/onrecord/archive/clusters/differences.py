"""How two wordings differ, for showing: what is the same, left out, put in, replaced, with offsets into both."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from onrecord.archive.clusters.alignment import Pair, common
from onrecord.archive.clusters.lexicon import plain
from onrecord.archive.clusters.wording import WORD
from onrecord.schema import Span

MOST_WORDS = 1_500
"""Words of each side that are laid side by side, beyond a common beginning and end; the rest is shown as replaced."""
_WORD = re.compile(WORD)

PieceKind = Literal["same", "first", "second", "replaced"]


class Piece(Struct, frozen=True):
    """A stretch of two texts: the same in both, only in the first or second, or replaced."""

    kind: PieceKind
    first: Span
    second: Span


def differences(first: str, second: str) -> tuple[Piece, ...]:
    """The pieces of two texts, in order; together they cover both from end to end.

    Words are the same whatever their case, accents and apostrophes. Spaces and marks go with the word they cling to and
    make no difference of their own.

    >>> [(piece.kind, "We will not go."[piece.second.start:piece.second.end]) for piece in
    ...  differences("We will go", "We will not go.")]
    [('same', 'We will '), ('second', 'not '), ('same', 'go.')]
    """
    mine, theirs = list(_WORD.finditer(first)), list(_WORD.finditer(second))
    if not mine or not theirs:
        return _without_words(first, second, bool(mine), bool(theirs))
    pairs = _common([plain(word[0]) for word in mine], [plain(word[0]) for word in theirs])
    begins, other_begins = _begins(first, mine), _begins(second, theirs)
    return tuple(
        Piece(kind, Span(begins[start], begins[end]), Span(other_begins[other_start], other_begins[other_end]))
        for kind, (start, end), (other_start, other_end) in _runs(pairs, len(mine), len(theirs))
    )


def _begins(text: str, words: list[re.Match[str]]) -> list[int]:
    """Where each word begins with the marks that cling to it; the first at 0, and the end of the text as one more."""
    begins = [0]
    for before, word in pairwise(words):
        between = text[before.end() : word.start()]
        parts = between.rsplit(None, 1)
        clings = bool(between) and not between[-1].isspace() and (len(parts) > 1 or between[0].isspace())
        begins.append(word.start() - (len(parts[-1]) if clings else 0))
    return [*begins, len(text)]


def _without_words(first: str, second: str, words: bool, other_words: bool) -> tuple[Piece, ...]:
    """The one piece of two texts of which one is without a word; none if both are empty."""
    if not first and not second:
        return ()
    kind: PieceKind = "second" if not first else "first" if not second else "replaced"
    if words == other_words:
        kind = "same"
    return (Piece(kind, Span(0, len(first)), Span(0, len(second))),)


def _common(mine: list[str], theirs: list[str]) -> list[Pair]:
    """The places of the common words: all at the beginning and the end, and between them as many as there can be."""
    shorter = min(len(mine), len(theirs))
    begin = 0
    while begin < shorter and mine[begin] == theirs[begin]:
        begin += 1
    end = 0
    while end < shorter - begin and mine[-1 - end] == theirs[-1 - end]:
        end += 1
    between = common(
        mine[begin : min(len(mine) - end, begin + MOST_WORDS)],
        theirs[begin : min(len(theirs) - end, begin + MOST_WORDS)],
    )
    return [
        *((index, index) for index in range(begin)),
        *((begin + one, begin + other) for one, other in between),
        *((len(mine) - back, len(theirs) - back) for back in range(end, 0, -1)),
    ]


def _runs(pairs: list[Pair], length: int, other_length: int) -> Iterator[tuple[PieceKind, Pair, Pair]]:
    """The stretches of words that are common and those between them."""
    one = other = 0
    start, other_start = 0, 0
    for next_one, next_other in [*pairs, (length, other_length)]:
        if (next_one, next_other) != (one, other):
            if start < one:
                yield "same", (start, one), (other_start, other)
            kind: PieceKind = "second" if next_one == one else "first" if next_other == other else "replaced"
            yield kind, (one, next_one), (other, next_other)
            start, other_start = next_one, next_other
        one, other = next_one + 1, next_other + 1
    if start < length:
        yield "same", (start, length), (other_start, other_length)

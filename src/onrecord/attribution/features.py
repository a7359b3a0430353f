"""What the tagger is told about each wordpiece beside the piece itself: case, quotation marks, spacing, position.

The encoder's vocabulary is uncased and knows neither line breaks nor which of two straight marks opens, so these are
given to it as four small classes a piece. Training and reading call the same function.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

SIZES = (6, 8, 4, 3)
"""How many classes each column of `features` has: case, quote, gap, start."""

PUNCTUATION, LOWER, CAPITALISED, UPPER, MIXED, DIGIT = range(6)
OUTSIDE, INSIDE, OPENING, CLOSING, UNCLOSED, SINGLE, SINGLE_OPENING, SINGLE_CLOSING = range(8)
GLUED, SPACE, LINE, PARAGRAPH = range(4)
NO_START, SENTENCE_START, PARAGRAPH_START = range(3)

OPENERS, CLOSERS, STRAIGHT = "“«„", "”»", '"‟″'
SINGLE_MARKS = "‘’'"
STOPS = ".!?…:"
_TABLE_SIZE = 0x2100  # Latin to general punctuation and currency; anything above counts as a caseless letter


@cache
def _classes() -> NDArray[np.uint8]:
    """For each code point below the table's size, bits: 1 upper, 2 lower, 4 digit, 8 space, 16 line break, 32 alnum."""
    bits = np.zeros(_TABLE_SIZE + 1, dtype=np.uint8)
    for code in range(_TABLE_SIZE):
        char = chr(code)
        bits[code] = (
            char.isupper() | char.islower() << 1 | char.isdigit() << 2 | char.isspace() << 3 | (char == "\n") << 4
        ) | char.isalnum() << 5
    bits[_TABLE_SIZE] = 2 | 32
    return bits


def _bits(text: str) -> NDArray[np.uint8]:
    """The class bits of every character of `text`."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return _classes()[np.minimum(codes, _TABLE_SIZE)]


def quote_states(text: str) -> NDArray[np.uint8]:
    """The quotation state of every character of `text`.

    Double marks pair within a line; a mark that finds no partner before the line ends makes the rest of the line
    UNCLOSED. Single marks count outside double ones and only where both are found in one line, since most of them are
    apostrophes.
    """
    states = np.zeros(len(text) + 1, dtype=np.uint8)
    opened = single = -1
    for at in _mark_positions(text):
        char = text[at]
        if char == "\n":
            if opened >= 0:
                states[opened + 1 : at] = UNCLOSED
            opened = single = -1
        elif char in SINGLE_MARKS:
            if opened < 0:
                single = _single(text, at, single, states)
        elif char in OPENERS or (char in STRAIGHT and opened < 0):
            if opened < 0:
                opened, single = at, -1
                states[at] = OPENING
        elif opened >= 0:
            states[opened + 1 : at] = INSIDE
            states[at] = CLOSING
            opened = -1
    if opened >= 0:
        states[opened + 1 : len(text)] = UNCLOSED
    return states


def _mark_positions(text: str) -> list[int]:
    """Where `text` has a quotation mark or a line break, and where it ends."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    wanted = np.frombuffer(f"{OPENERS}{CLOSERS}{STRAIGHT}{SINGLE_MARKS}\n".encode("utf-32-le"), dtype=np.uint32)
    return [int(at) for at in np.flatnonzero(np.isin(codes, wanted))]


def _single(text: str, at: int, opened: int, states: NDArray[np.uint8]) -> int:
    """Take the single mark at `at` into `states`; where a single quotation stands open now, or -1."""
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if opened >= 0 and text[at] != "‘" and before and not before.isspace() and not after.isalnum():
        states[opened], states[opened + 1 : at], states[at] = SINGLE_OPENING, SINGLE, SINGLE_CLOSING
        return -1
    if text[at] != "’" and after.isalnum() and not before.isalnum():
        return at
    return opened


def features(text: str, starts: Ints, ends: Ints) -> NDArray[np.uint8]:
    """One row of four classes (see SIZES) for each piece `text[starts[i]:ends[i]]`, in reading order."""
    rows = np.zeros((len(starts), len(SIZES)), dtype=np.uint8)
    if not len(starts):
        return rows
    bits = _bits(text)
    rows[:, 0] = _case(bits, starts, ends)
    rows[:, 1] = quote_states(text)[starts]
    rows[:, 2] = _gaps(bits, starts, ends)
    rows[:, 3] = _sentence_starts(text, starts, ends, rows)
    return rows


def _counts(flags: NDArray[np.bool_], starts: Ints, ends: Ints) -> Ints:
    """How many flags are set in each stretch."""
    total = np.concatenate(([0], np.cumsum(flags)))
    counted: Ints = total[ends] - total[starts]
    return counted


def _case(bits: NDArray[np.uint8], starts: Ints, ends: Ints) -> NDArray[np.uint8]:
    """The case class of each piece."""
    upper, lower = _counts(bits & 1 > 0, starts, ends), _counts(bits & 2 > 0, starts, ends)
    digits = _counts(bits & 4 > 0, starts, ends)
    first_upper = bits[starts] & 1 > 0
    return np.select(
        [digits > 0, (upper == 0) & (lower == 0), upper == 0, first_upper & (upper == 1), lower == 0],
        [DIGIT, PUNCTUATION, LOWER, CAPITALISED, UPPER],
        default=MIXED,
    ).astype(np.uint8)


def _gaps(bits: NDArray[np.uint8], starts: Ints, ends: Ints) -> NDArray[np.uint8]:
    """What stands before each piece: nothing, spaces, a line break, an empty line (or the beginning of the text)."""
    since = np.minimum(np.concatenate(([0], ends[:-1])), starts)
    lines = _counts(bits & 16 > 0, since, starts)
    gaps = np.select([lines > 1, lines == 1, starts > since], [PARAGRAPH, LINE, SPACE], default=GLUED)
    gaps[0] = PARAGRAPH
    return gaps.astype(np.uint8)


def _sentence_starts(text: str, starts: Ints, ends: Ints, rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Whether a sentence or a paragraph seems to begin with each piece; cheap, and wrong after `Mr.`, say."""
    stop = np.fromiter((text[at] in STOPS for at in starts), dtype=bool, count=len(starts))
    closing = np.isin(rows[:, 1], (CLOSING, SINGLE_CLOSING))
    after_stop = np.concatenate(([True], stop[:-1]))
    after_closing = np.concatenate(([False], closing[:-1] & after_stop[:-1]))
    fresh = (rows[:, 2] > GLUED) & (rows[:, 0] != LOWER) & (after_stop | after_closing)
    return np.where(rows[:, 2] >= LINE, PARAGRAPH_START, np.where(fresh, SENTENCE_START, NO_START)).astype(np.uint8)

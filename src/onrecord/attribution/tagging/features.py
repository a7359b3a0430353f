"""What the tagger is told about each wordpiece beside the piece itself: case, quotation marks, spacing, position.

The encoder's vocabulary is uncased and knows neither line breaks nor which of two straight marks opens, so these are
given to it as four small classes a piece. Training and reading call the same function.
"""

from __future__ import annotations

from collections.abc import Iterator
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
DOUBLED = "'`"
"""Written twice, these are a double mark: ''so'' or ``so''."""
STOPS = ".!?…:"
ABBREVIATIONS = {
    "mr",
    "mrs",
    "ms",
    "dr",
    "prof",
    "sen",
    "sens",
    "rep",
    "reps",
    "gov",
    "gen",
    "col",
    "lt",
    "sgt",
    "capt",
}
ABBREVIATIONS |= {"st", "jr", "sr", "vs", "no", "rev", "hon", "pres"}
"""After these a full stop ends no sentence, and after single letters neither."""
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
    for at, mark in _marks(text):
        char = text[at]
        if char == "\n":
            if opened >= 0:
                states[opened + 1 : at] = UNCLOSED
            opened = single = -1
        elif mark == 1 and char in SINGLE_MARKS:
            if opened < 0:
                single = _single(text, at, single, states)
        elif opened < 0:
            if char not in CLOSERS or _opens(text, at):
                opened, single = at + mark - 1, -1
                states[at : at + mark] = OPENING
        elif char not in OPENERS:
            states[opened + 1 : at] = INSIDE
            states[at : at + mark] = CLOSING
            opened = -1
    if opened >= 0:
        states[opened + 1 : len(text)] = UNCLOSED
    return states


def _opens(text: str, at: int) -> bool:
    """Whether the closing mark at `at` was typed for an opening one: it begins a line, or follows a space, and a word
    follows it."""
    return (at == 0 or text[at - 1].isspace()) and text[at + 1 : at + 2].isalnum()


def _marks(text: str) -> Iterator[tuple[int, int]]:
    """Where `text` has a quotation mark or a line break, and how many characters it takes."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    wanted = np.frombuffer(f"{OPENERS}{CLOSERS}{STRAIGHT}{SINGLE_MARKS}`\n".encode("utf-32-le"), dtype=np.uint32)
    passed = -1
    for at in np.flatnonzero(np.isin(codes, wanted)).tolist():
        if at > passed:
            char = text[at]
            passed = at + 1 if char in DOUBLED and text[at + 1 : at + 2] == char else at
            if char != "`" or passed > at:
                yield at, passed - at + 1


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
    stop = np.zeros(len(starts), dtype=bool)
    for row in np.flatnonzero(rows[:, 0] == PUNCTUATION).tolist():
        stop[row] = text[starts[row]] in STOPS and not (row and _abbreviated(text, int(starts[row])))
    closing = np.isin(rows[:, 1], (CLOSING, SINGLE_CLOSING))
    after_stop = np.concatenate(([True], stop[:-1]))
    after_closing = np.concatenate(([False], closing[:-1] & after_stop[:-1]))
    fresh = (rows[:, 2] > GLUED) & (rows[:, 0] != LOWER) & (after_stop | after_closing)
    return np.where(rows[:, 2] >= LINE, PARAGRAPH_START, np.where(fresh, SENTENCE_START, NO_START)).astype(np.uint8)


def _abbreviated(text: str, at: int) -> bool:
    """Whether the full stop at `at` belongs to a title or to initials.

    >>> _abbreviated("Mr. X", 2), _abbreviated("the U.S. did", 7), _abbreviated("He left.", 7)
    (True, True, False)
    """
    if text[at] != ".":
        return False
    begin = at
    while begin > 0 and at - begin < 6 and text[begin - 1].isalpha():
        begin -= 1
    return at - begin == 1 or text[begin:at].lower() in ABBREVIATIONS

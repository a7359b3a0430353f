"""How likely a word is, letter by letter, in each of some languages: what tells mojibake from a language.

The frequencies of letters in a row are in letters.npz; training/letters.py made it and says from what.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Costs = NDArray[np.float32]
"""Bits, one for each of `languages()`."""

_STEPS = 4.0
_BOUNDARY = " "
_UNKNOWN = 16.0
"""Bits for a letter that a language does not have; a little more than the rarest pair in the table (15.75)."""
_UNSEEN_TRIPLE = 2.0
"""Bits that three letters in a row which are not in the table cost beyond the last two: as in training/letters.py."""
_UNEXPECTED_CAPITAL = 8.0
"""Bits for a capital straight after a small letter: a telling trace of KOI8-R read as CP1251 and the reverse."""
_CAPITAL, _MORE_CAPITALS = 1.0, 0.4
_THRICE = 8.0
"""Bits for a letter three times in a row: what lines of boxes turn into."""
_MARK = 6.0
_SYMBOL_BITS = {**dict.fromkeys("“”‘’„«»–—…\u00a0", 8.0), **dict.fromkeys("€£§°©№½", 10.0)}
_ODD_SYMBOL = 13.0
_INSIDE = 8.0
"""Bits for a symbol beyond ASCII between two letters, but for those that join words."""
_CONTROL = 18.0
_ASCII = 5.0
_AROUND_WORDS = ".,;:!?()\"'"
_INSIDE_WORD = re.compile(r"(?<=[^\W\d_])(?:[^\x00-\x7f\w’‘´·•–—‐‑\u00ad\u200b-\u200d\u00a0]|[²³¹¼½¾])(?=[^\W\d_])")


class _Model(NamedTuple):
    languages: tuple[str, ...]
    rows: NDArray[np.uint8]
    """In quarter bits, a column for each language: what is unknown, the pairs, the triples."""
    places: dict[str, int]
    """The row of each pair and triple."""


@cache
def _model() -> _Model:
    with (files(__package__) / "letters.npz").open("rb") as stream, np.load(stream) as shipped:
        pairs, triples = str(shipped["pairs"]), str(shipped["triples"])
        languages = tuple(map(str, shipped["languages"]))
        unknown = np.full((1, len(languages)), _UNKNOWN * _STEPS, np.uint8)
        rows = np.concatenate((unknown, shipped["pair_bits"], shipped["triple_bits"]))
    names = [pairs[place : place + 2] for place in range(0, len(pairs), 2)]
    names += [triples[place : place + 3] for place in range(0, len(triples), 3)]
    return _Model(languages, rows, {name: row for row, name in enumerate(names, 1)})


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages there is a table for."""
    return _model().languages


@lru_cache(maxsize=1 << 13)
def word_bits(word: str) -> Costs:
    """The cost of `word` in each language, in bits: the less, the likelier. A word here is anything without spaces."""
    core = word.strip(_AROUND_WORDS)
    small = _lowered(core)
    if core.isalpha() and core[1:] == small[1:]:
        return _plain_word_bits(small, _ASCII * (len(word) - len(core)) + _CAPITAL * (core[0] != small[0]))
    return _any_word_bits(word)


def _plain_word_bits(word: str, same: float) -> Costs:
    """As `_any_word_bits`, and twice as fast, for a word of small letters alone; `same` is added for all languages."""
    places, framed = _model().places, f"{_BOUNDARY}{word}{_BOUNDARY}"
    rows = [places.get(framed[:2], 0)]
    for end in range(3, len(framed) + 1):
        triple = framed[end - 3 : end]
        place = places.get(triple, 0)
        if not place:
            place = places.get(triple[1:], 0)
            same += _UNSEEN_TRIPLE if place and end < len(framed) else 0.0
        if triple[0] == triple[1] == triple[2]:
            same += _THRICE
        rows.append(place)
    return _sum(rows) + np.float32(same)


def _any_word_bits(word: str) -> Costs:
    places, rows = _model().places, []
    same, before, left, small_before = _INSIDE * len(_INSIDE_WORD.findall(word)), "", _BOUNDARY, False
    for character, small in zip(word, _lowered(word), strict=True):
        if character.isalpha():
            place = places.get(before + left + small, 0) if before else 0
            if not place:
                place = places.get(left + small, 0)
                same += _UNSEEN_TRIPLE if before and place else 0.0
            rows.append(place)
            if small == left == before:
                same += _THRICE
            if character != small:
                same += _UNEXPECTED_CAPITAL if small_before else _CAPITAL if left == _BOUNDARY else _MORE_CAPITALS
            before, left, small_before = left, small, character.islower()
            continue
        if unicodedata.category(character) == "Mn":
            same += _MARK
            continue
        same += _symbol_bits(character)
        if left != _BOUNDARY:
            rows.append(_ending(places, before, left))
        before, left, small_before = "", _BOUNDARY, False
    if left != _BOUNDARY:
        rows.append(_ending(places, before, left))
    return _sum(rows) + np.float32(same)


def _ending(places: dict[str, int], before: str, left: str) -> int:
    return places.get(before + left + _BOUNDARY, 0) or places.get(left + _BOUNDARY, 0)


def _lowered(word: str) -> str:
    """`word` in small letters, one for each of its own; as a whole where that can be, for a Greek sigma at its end."""
    whole = word.lower()
    return whole if len(whole) == len(word) else "".join(one.lower() if len(one.lower()) == 1 else one for one in word)


def _sum(rows: list[int]) -> Costs:
    if not rows:
        return np.zeros(len(_model().languages), np.float32)
    steps: Costs = _model().rows.take(rows, axis=0).sum(axis=0, dtype=np.float32)
    return steps / np.float32(_STEPS)


def _symbol_bits(character: str) -> float:
    if character.isascii():
        return _ASCII if character >= " " else _CONTROL
    if unicodedata.category(character) in ("Cc", "Co", "Cn", "Cs"):
        return _CONTROL
    return _SYMBOL_BITS.get(character, _ODD_SYMBOL)


@lru_cache(maxsize=1 << 15)
def best_bits(word: str) -> float:
    """The cost of `word` in the language that suits it best."""
    return float(word_bits(word).min())


def text_bits(text: str) -> float:
    """The cost of `text`, word by word, each in the language that suits it best."""
    return sum(best_bits(word) for word in text.split())

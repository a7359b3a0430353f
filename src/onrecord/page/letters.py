"""How likely a text is, letter by letter, in each of some languages: what tells mojibake from a language.

The pair frequencies are in letters.json; training/letters.py made it and says from what.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

_CELLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_BOUNDARY = " "
_UNKNOWN_PAIR = 16.0
"""Bits for a letter that the language does not have; a little more than the rarest pair in the table (15.75)."""
_UNEXPECTED_CAPITAL = 8.0
"""Bits for a capital straight after a small letter: a telling trace of KOI8-R read as CP1251 and the reverse."""
_CAPITALS = 1.0
_MARK = 6.0
_SYMBOL_BITS = {**dict.fromkeys("“”‘’„«»–—…\u00a0", 8.0), **dict.fromkeys("€£§°©№½", 10.0)}
_ODD_SYMBOL = 13.0
_CONTROL = 18.0
_ASCII = 5.0


class _Model(msgspec.Struct, frozen=True):
    bits: dict[str, float]
    """Bits of each pair of letters, the boundary a space."""


@cache
def _models() -> dict[str, _Model]:
    shipped = msgspec.json.decode((files(__package__) / "letters.json").read_bytes(), type=dict[str, tuple[str, str]])
    return {code: _model(alphabet, cells) for code, (alphabet, cells) in shipped.items()}


def _model(alphabet: str, cells: str) -> _Model:
    pairs = (left + right for left in alphabet for right in alphabet)
    return _Model({pair: _CELLS.index(cell) / 4 for pair, cell in zip(pairs, cells, strict=True)})


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages there is a table for."""
    return tuple(_models())


@lru_cache(maxsize=1 << 16)
def word_bits(word: str, language: str) -> float:
    """The cost of `word` in `language`, in bits: the less, the likelier. A word here is anything without spaces."""
    bits = _models()[language].bits
    total, left, left_is_small = 0.0, _BOUNDARY, False
    for character in word:
        small = character.lower()
        if character.isalpha() and len(small) == 1:
            total += bits.get(left + small, _UNKNOWN_PAIR)
            if character != small:
                total += _UNEXPECTED_CAPITAL if left_is_small else _CAPITALS
            left, left_is_small = small, character == small and small != small.upper()
        elif unicodedata.category(character) == "Mn":
            total += _MARK
        else:
            total += _symbol_bits(character)
            if left != _BOUNDARY:
                total += bits.get(left + _BOUNDARY, _UNKNOWN_PAIR)
            left, left_is_small = _BOUNDARY, False
    return total + (bits.get(left + _BOUNDARY, _UNKNOWN_PAIR) if left != _BOUNDARY else 0.0)


def _symbol_bits(character: str) -> float:
    if character.isascii():
        return _ASCII if character >= " " else _CONTROL
    if unicodedata.category(character) in ("Cc", "Co", "Cn", "Cs"):
        return _CONTROL
    return _SYMBOL_BITS.get(character, _ODD_SYMBOL)


@lru_cache(maxsize=1 << 15)
def best_bits(word: str) -> float:
    """The cost of `word` in the language that suits it best."""
    return min(word_bits(word, language) for language in languages())


def text_bits(text: str) -> float:
    """The cost of `text`, word by word, each in the language that suits it best."""
    return sum(best_bits(word) for word in text.split())

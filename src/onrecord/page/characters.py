"""How many characters of each kind the paragraphs of a page have, counted for all of them at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

MOST = 600
"""Characters of a paragraph that are looked at; a longer one is prose, whatever comes."""
_BITS = 10
"""Bits that hold a count of up to `MOST`: several counts are added up in one number."""
_PLANE = 1 << 16
_EVERY = "".join(map(chr, range(_PLANE)))
_REPLACED = ord("?")
_IN_WINDOWS_1252 = (
    ",;",
    '"“”«„',
    "0123456789",
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŠŽŒ",
    "|•·›»>/",
)
"""Commas, quotation marks, digits, capitals and separators among the characters of most news."""
_IN_OTHER_SCRIPTS = (
    r"[,;،、，]", "[\"“”«»„「」]", r"\d", "[A-ZÀ-ÖØ-ÞА-Я]", r"[|•·›»>/]", r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]",
)  # fmt: skip
"""The same in texts in another script, then characters that are words by themselves."""
_SENTENCE_END, _FULL_STOP, _BEHIND_END = "[.!?…।。！？]", "[。！？।]", r"[\s\"”’»'“)\]」]"
# A character beyond the basic plane → one in it that is in no other kind but its case, a digit or none.
_SMALL, _CAPITAL, _DIGIT, _OTHER = map(ord, "жĀ٣\ue000")


class Counts(NamedTuple):
    """For each paragraph how many of its first `MOST` characters are of a kind, as columns of numbers."""

    size: Any
    """All of them."""
    words: Any
    lower: Any
    """Words that begin with a small letter."""
    ends: Any
    """Ends of sentences."""
    capitalised: Any
    """Whether no letter is small and one is a capital, as `str.isupper` has it."""
    commas: Any
    quotes: Any
    digits: Any
    capitals: Any
    separators: Any
    dense: Any
    """Chinese, Japanese and Korean characters."""


def count(heads: Sequence[str], joined: str) -> Counts:
    """The counts of `heads`, each of at most `MOST` characters, which `joined` has with a line end behind each."""
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    codes = _in_plane(codes)
    sizes = np.array([len(head) for head in heads])
    starts = np.cumsum(sizes + 1) - sizes - 1
    words, lower, ends, capital, small = _flow(codes, starts)
    return Counts(sizes, words, lower, ends, (capital > 0) & (small == 0), *_signs(codes, starts, sizes))


def _in_plane(codes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    beyond = np.flatnonzero(codes >= _PLANE)
    if len(beyond):
        codes = codes.copy()
        codes[beyond] = [_stand_in(chr(code)) for code in codes[beyond].tolist()]
    return codes


def _stand_in(character: str) -> int:
    if character.islower():
        return _SMALL
    return _CAPITAL if character.isupper() else _DIGIT if character.isdecimal() else _OTHER


def _flow(codes: Any, starts: Any) -> Any:
    """Words, words in small letters, ends of sentences, capitals, small letters, as rows."""
    kinds = _flow_kinds().take(codes)
    space, small, title, capital, end, full, behind = (kinds & (1 << place) != 0 for place in range(7))
    first = ~space
    first[1:] &= space[:-1]
    end[:-1] &= behind[1:]
    packed = first.astype(np.int64)
    for place, flags in enumerate((first & small, end | full, capital, small | title), 1):
        packed += flags.astype(np.int64) << (_BITS * place)
    return _unpacked(np.add.reduceat(packed, starts), 5)


@cache
def _flow_kinds() -> Any:
    cases = (str.isspace, str.islower, str.istitle, str.isupper)
    kinds = [np.fromiter(map(test, _EVERY), bool, _PLANE) for test in cases]
    kinds[2] &= ~kinds[3]
    kinds += [_those(pattern) for pattern in (_SENTENCE_END, _FULL_STOP, _BEHIND_END)]
    return sum(flags.astype(np.uint8) << place for place, flags in enumerate(kinds))


def _signs(codes: Any, starts: Any, sizes: Any) -> Any:
    """Commas, quotation marks, digits, capitals, separators, characters that are words, as rows."""
    counts = _unpacked(np.add.reduceat(_windows_1252().take(codes), starts), 6)
    unknown = counts[5].copy()
    counts[5] = 0
    other = 4 * unknown > sizes
    if other.any():
        counts = np.where(other, _unpacked(np.add.reduceat(_other_scripts().take(codes), starts), 6), counts)
    return counts


@cache
def _windows_1252() -> Any:
    """The kinds of characters by Windows-1252, those that it lacks among them."""
    raw = np.frombuffer(_EVERY.encode("cp1252", "replace"), np.uint8)
    kinds = [np.isin(raw, list(kind.encode("cp1252"))) for kind in _IN_WINDOWS_1252]
    return _packed([*kinds, raw == _REPLACED])


@cache
def _other_scripts() -> Any:
    return _packed([_those(pattern) for pattern in _IN_OTHER_SCRIPTS])


def _those(pattern: str) -> npt.NDArray[np.bool_]:
    flags = np.zeros(_PLANE, bool)
    flags[[found.start() for found in re.finditer(pattern, _EVERY)]] = True
    return flags


def _packed(kinds: Sequence[npt.NDArray[np.bool_]]) -> Any:
    return sum(flags.astype(np.int64) << (_BITS * place) for place, flags in enumerate(kinds))


def _unpacked(sums: Any, number: int) -> Any:
    return (sums >> (_BITS * np.arange(number))[:, None]) & ((1 << _BITS) - 1)

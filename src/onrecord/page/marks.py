"""What names in markup and words of small print mean: marks.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache, reduce
from importlib import resources
from itertools import zip_longest
from operator import or_
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_FIRST = 3
"""Letters of a word in a name by which it is looked up."""
_BITS = 5
_LETTER = np.zeros(256, np.int64)
"""A number for each byte that a word in marks.toml can have, 0 for the rest."""
_LETTER[list(b"abcdefghijklmnopqrstuvwxyz-")] = range(1, 28)
_ENDS = str.maketrans("_\n", "--")
_CREDIT_WORDS = 12
_WORDS_READ = 40
"""Words of a paragraph that are looked up; small print is short, and says early what it is."""


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("onrecord.page").joinpath("marks.toml").read_text(encoding="utf-8"))


@cache
def name_meanings() -> tuple[str, ...]:
    """What a name can mean, in the order of the bits of `meaning_of_name`."""
    return tuple(_tables()["names"])


@cache
def word_meanings() -> tuple[str, ...]:
    """What words can mean, in the order of `meanings_of_words`."""
    return tuple(_tables()["words"])


@cache
def _within() -> dict[str, list[tuple[str, int]]]:
    """Words that stand anywhere in a name, with the bit of what they mean, by their first three letters."""
    within: dict[str, list[tuple[str, int]]] = {}
    for place, words in enumerate(_tables()["names"].values()):
        for word in words:
            if word[0] != "=":
                within.setdefault(word[:_FIRST], []).append((word, 1 << place))
    return within


@cache
def _whole() -> dict[str, int]:
    """Words that stand between the ends, hyphens and underscores of a name."""
    whole: dict[str, int] = {}
    for place, words in enumerate(_tables()["names"].values()):
        for word in words:
            if word[0] == "=":
                whole[word[1:]] = whole.get(word[1:], 0) | 1 << place
    return whole


@cache
def _openings() -> npt.NDArray[np.bool_]:
    """Which three letters open a word that stands anywhere in a name, by their number."""
    numbers = np.array([[_LETTER[letter] for letter in opening.encode("ascii")] for opening in _within()])
    table = np.zeros(1 << (3 * _BITS), bool)
    table[_threes(numbers.T)[0]] = True
    return table


def _threes(letters: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """A number for each letter with the two after it."""
    found: npt.NDArray[np.int64] = (letters[:-2] << (2 * _BITS)) | (letters[1:-1] << _BITS) | letters[2:]
    return found


def meanings_of_names(names: Sequence[str]) -> list[int]:
    """What each of `names`, as `Node.name` has them, means: a bit for each entry of `name_meanings`."""
    parts = list({part for name in names for part in name.split()})
    if not parts:
        return [0] * len(names)
    known = dict(zip(parts, _meanings_of_parts(parts), strict=True))
    return [reduce(or_, map(known.__getitem__, name.split()), 0) for name in names]


def _meanings_of_parts(parts: Sequence[str]) -> list[int]:
    """The meanings of words set apart by spaces: all are searched at once for the first letters of what means something."""
    found = [0] * len(parts)
    joined = "\n".join([*parts, ""])
    letters = _LETTER.take(np.frombuffer(joined.encode("ascii", "replace"), np.uint8))
    places = np.flatnonzero(_openings().take(_threes(letters)))
    owners = np.searchsorted(np.cumsum([len(part) + 1 for part in parts]), places, side="right")
    within = _within()
    for place, owner in zip(places.tolist(), owners.tolist(), strict=True):
        for word, bit in within[joined[place : place + _FIRST]]:
            if joined.startswith(word, place):
                found[owner] |= bit
    whole = _whole()
    for word in whole.keys() & set(joined.translate(_ENDS).split("-")):
        for owner, part in enumerate(parts):
            if word in part and word in part.replace("_", "-").split("-"):
                found[owner] |= whole[word]
    return found


class _Vocabulary(NamedTuple):
    words: dict[str, tuple[int, ...]]
    """Words and pairs of words with their meanings."""
    telling: frozenset[str]
    """Words that mean something, alone or before another."""


@cache
def _vocabulary() -> _Vocabulary:
    known: dict[str, tuple[int, ...]] = {}
    for place, words in enumerate(_tables()["words"].values()):
        for word in words:
            known[word.casefold()] = (*known.get(word.casefold(), ()), place)
    return _Vocabulary(known, frozenset(word.split()[0] for word in known))


def meanings_of_words(said: Sequence[Sequence[str]]) -> npt.NDArray[np.int64]:
    """How many of the first words of texts, or pairs of them, have a meaning: a row for each of `word_meanings`.

    Each of `said` are the words of one text, without regard to case.
    """
    known, telling = _vocabulary()
    counts = np.zeros((len(word_meanings()), len(said)), np.int64)
    for place, words in enumerate(said):
        if telling.isdisjoint(words):
            continue
        words = words[:_WORDS_READ]
        for word, after in zip_longest(words, words[1:], fillvalue=""):
            if word in telling:
                for meaning in (*known.get(word, ()), *known.get(f"{word} {after}", ())):
                    counts[meaning, place] += 1
    return counts


@cache
def _credit() -> re.Pattern[str]:
    openers = "|".join(map(re.escape, sorted(_tables()["credits"]["openers"], key=len, reverse=True)))
    return re.compile(rf"\W{{0,3}}(?:{openers})(?:(?<=by)|(?<=©)|\s?[:：/|])", re.IGNORECASE)


def is_photo_credit(text: str) -> bool:
    """Whether `text` is no more than the name of whoever made a picture."""
    return len(text.split(None, _CREDIT_WORDS)) <= _CREDIT_WORDS and bool(_credit().match(text))

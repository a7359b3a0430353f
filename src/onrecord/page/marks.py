"""What names in markup and words of small print mean: marks.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from itertools import zip_longest
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_BITS = 5
_LETTER = np.zeros(256, np.int32)
"""A number for each byte that a word in marks.toml can have, 0 for the rest."""
_LETTER[list(b"abcdefghijklmnopqrstuvwxyz-")] = range(1, 28)
_SHIFTS = (3 * _BITS, 2 * _BITS, _BITS, 0)
_SHORTEST = 3
"""Letters of the shortest word that stands anywhere in a name."""
_ENDS = str.maketrans("_ \t\n\r\f", "------")
_CREDIT_WORDS = 12
_WORDS_READ = 40
"""Words of a paragraph that are looked up; small print is short, and says early what it is."""


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(resources.files("onrecord.page").joinpath("marks.toml").read_text(encoding="utf-8"))


@cache
def name_meanings() -> tuple[str, ...]:
    """What a name can mean, in the order of the bits of `meanings_of_names`."""
    return tuple(_tables()["names"])


@cache
def word_meanings() -> tuple[str, ...]:
    """What words can mean, in the order of `meanings_of_words`."""
    return tuple(_tables()["words"])


class _Openings(NamedTuple):
    """Words that stand anywhere in a name, by the number of their first four letters."""

    known: npt.NDArray[np.bool_]
    meanings: dict[int, int]
    """The bits of words that are no longer."""
    longer: dict[int, list[tuple[str, int]]]


@cache
def _openings() -> _Openings:
    known = np.zeros(1 << (4 * _BITS), bool)
    meanings: dict[int, int] = {}
    longer: dict[int, list[tuple[str, int]]] = {}
    for place, words in enumerate(_tables()["names"].values()):
        for word in words:
            if word[0] == "=":
                continue
            first, *others = _LETTER[list(word.encode("ascii"))[:4]].tolist()
            # After a word of three letters anything may stand.
            for last in others[2:] or range(1 << _BITS):
                number = sum(letter << shift for letter, shift in zip((first, *others[:2], last), _SHIFTS, strict=True))
                known[number] = True
                if len(word) > _SHORTEST + 1:
                    longer.setdefault(number, []).append((word, 1 << place))
                else:
                    meanings[number] = meanings.get(number, 0) | 1 << place
    return _Openings(known, meanings, longer)


@cache
def _whole() -> dict[str, int]:
    """Words that stand between the ends, hyphens and underscores of a name."""
    whole: dict[str, int] = {}
    for place, words in enumerate(_tables()["names"].values()):
        for word in words:
            if word[0] == "=":
                whole[word[1:]] = whole.get(word[1:], 0) | 1 << place
    return whole


def meanings_of_names(names: Sequence[str]) -> list[int]:
    """What each of `names`, as `Node.name` has them, means: a bit for each entry of `name_meanings`.

    All are searched at once for the first letters of what means something.
    """
    found = [0] * len(names)
    joined = "\n".join([*names, "\n\n\n"])
    letters = _LETTER.take(np.frombuffer(joined.encode("ascii", "replace"), np.uint8))
    fours = letters[:-3] << _SHIFTS[0] | letters[1:-2] << _SHIFTS[1] | letters[2:-1] << _SHIFTS[2] | letters[3:]
    known, meanings, longer = _openings()
    places = np.flatnonzero(known.take(fours))
    owners = np.searchsorted(np.cumsum([len(name) + 1 for name in names]), places, side="right")
    for place, owner, number in zip(places.tolist(), owners.tolist(), fours[places].tolist(), strict=True):
        found[owner] |= meanings.get(number, 0)
        for word, bit in longer.get(number, ()):
            if joined.startswith(word, place):
                found[owner] |= bit
    whole = _whole()
    for word in whole.keys() & set(joined.translate(_ENDS).split("-")):
        for owner, name in enumerate(names):
            if word in name and word in name.translate(_ENDS).split("-"):
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

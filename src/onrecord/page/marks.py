"""What names in markup and words of small print mean: marks.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

_BEFORE = re.compile(r"[^\w©]+")
_FIRST = 3
"""Letters of a word in a name by which it is looked up."""
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


def meaning_of_name(name: str) -> int:
    """What `name`, as `Node.name` has it, means: a bit for each entry of `name_meanings`."""
    meaning = 0
    for part in name.split():
        meaning |= _meaning_of_part(part)
    return meaning


@lru_cache(maxsize=1 << 14)
def _meaning_of_part(part: str) -> int:
    meaning, whole = 0, _whole()
    within = _within()
    for start in range(len(part) - _FIRST + 1):
        for word, bit in within.get(part[start : start + _FIRST], ()):
            if part.startswith(word, start):
                meaning |= bit
    for piece in part.replace("_", "-").split("-"):
        meaning |= whole.get(piece, 0)
    return meaning


@cache
def _vocabulary() -> dict[str, tuple[int, ...]]:
    known: dict[str, tuple[int, ...]] = {}
    for place, words in enumerate(_tables()["words"].values()):
        for word in words:
            known[word] = (*known.get(word, ()), place)
    return known


def meanings_of_words(text: str) -> list[int]:
    """How many words or pairs of words at the start of `text` have each of `word_meanings`."""
    known, counts = _vocabulary(), [0] * len(word_meanings())
    before = ""
    for word in _BEFORE.split(text[:400].lower(), _WORDS_READ)[:_WORDS_READ]:
        for meaning in known.get(word, ()):
            counts[meaning] += 1
        for meaning in known.get(f"{before} {word}", ()):
            counts[meaning] += 1
        before = word
    return counts


@cache
def _credit() -> re.Pattern[str]:
    openers = "|".join(map(re.escape, sorted(_tables()["credits"]["openers"], key=len, reverse=True)))
    return re.compile(rf"\W{{0,3}}(?:{openers})(?:(?<=by)|(?<=©)|\s?[:：/|])", re.IGNORECASE)


def is_photo_credit(text: str) -> bool:
    """Whether `text` is no more than the name of whoever made a picture."""
    return len(text.split(None, _CREDIT_WORDS)) <= _CREDIT_WORDS and bool(_credit().match(text))

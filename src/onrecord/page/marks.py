"""What names in markup and words of small print mean: marks.toml."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources

_BEFORE = re.compile(r"[^\w©]+")
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
def _names() -> re.Pattern[str]:
    return re.compile("|".join(f"(?P<{kind}>{'|'.join(words)})" for kind, words in _tables()["names"].items()))


@cache
def _bits() -> dict[str, int]:
    return {kind: 1 << place for place, kind in enumerate(name_meanings())}


def meaning_of_name(name: str) -> int:
    """What `name`, as `Node.name` has it, means: a bit for each entry of `name_meanings`."""
    meaning = 0
    for part in name.split():
        meaning |= _meaning_of_part(part)
    return meaning


@lru_cache(maxsize=1 << 14)
def _meaning_of_part(name: str) -> int:
    bits, meaning = _bits(), 0
    for found in _names().finditer(name):
        meaning |= bits[found.lastgroup or ""]
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

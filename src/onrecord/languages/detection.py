"""Which language a stretch of text is in, told by its letters and its function words, or nothing if that is not clear.

Only languages with a file are told apart. Words that betray a neighbour (Bulgarian to Russian, Dutch to German) count
against a language.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from msgspec import Struct

from onrecord import languages

_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 400
_MOST_CHARACTERS = 20 * _MOST_WORDS
_MOST_LETTERS = 1_000
_FEWEST_WORDS = 5
_LEAST_SHARE = 0.12
"""On the gold bodies of 220 news pages English has 0.19 or more English function words, others 0.075 at most."""
_MOST_FOREIGN = 0.2
"""Words with letters that the language lacks, as a share of all: names, and what is not repaired yet."""
_SURE_WORDS = 8
_SURE_SHARE = 0.18


class Signs(Struct, frozen=True, forbid_unknown_fields=True):
    """The table `[language]` of a language's file."""

    stop_words: str
    letters: str
    foreign_words: str = ""
    """Function words of neighbouring languages that this one lacks."""


class _Known(NamedTuple):
    code: str
    stop_words: frozenset[str]
    letters: frozenset[str]
    foreign_words: frozenset[str]


def detect(text: str) -> str:
    """The code of the language of a text; nothing if none that there is a file for is likely enough."""
    code, share, words = _best(text)
    return code if words >= _FEWEST_WORDS and share >= _LEAST_SHARE else ""


def language_of(paragraph: str, otherwise: str) -> str:
    """The language of one paragraph of a text in the language `otherwise`: another one only on strong signs."""
    # Most of a page's lines are a few words.
    if len(paragraph) < 2 * _SURE_WORDS - 1 or len(paragraph.split(None, _SURE_WORDS)) < _SURE_WORDS:
        return otherwise
    code, share, words = _best(paragraph)
    return code if words >= _SURE_WORDS and share >= _SURE_SHARE else otherwise


def by_letters(text: str) -> str:
    """The language with a file whose letters a text is written in, where its words are too few to tell; else English.

    >>> by_letters("Лима ждёт."), by_letters("Lima waits.")
    ('ru', 'en')
    """
    letters = [letter for letter in text[:_MOST_LETTERS].lower() if letter.isalpha()]
    shares = {known.code: sum(letter in known.letters for letter in letters) for known in _languages()}
    return max(shares, key=lambda code: (shares[code], code == "en"), default="en")


def _best(text: str) -> tuple[str, float, int]:
    """The likeliest language, the share of its function words among the words, and how many words were looked at."""
    words = _words(text[:_MOST_CHARACTERS])
    if not words:
        return "", 0.0, 0
    best, most = "", 0.0
    for known in _languages():
        telling = sum(map(known.stop_words.__contains__, words))
        if telling <= most * len(words):
            continue
        share = (telling - sum(map(known.foreign_words.__contains__, words))) / len(words)
        if share > most and _foreign(words, known.letters) <= _MOST_FOREIGN * len(words):
            best, most = known.code, share
    return best, most, len(words)


def _words(text: str) -> list[str]:
    """The first words of `text` in small letters."""
    lowered = text.lower()
    if len(lowered) == len(text):  # else a letter has become two, which may divide its word
        return _WORD.findall(lowered)[:_MOST_WORDS]
    return [word.lower() for word in _WORD.findall(text)[:_MOST_WORDS]]


def _foreign(words: list[str], letters: frozenset[str]) -> int:
    """How many of `words` have a letter beyond `letters`."""
    if letters.issuperset("".join(words)):
        return 0
    return sum(not letters.issuperset(word) for word in words)


@cache
def _languages() -> tuple[_Known, ...]:
    found = []
    for code in languages.codes():
        if languages.has_table(code, "language"):
            signs = languages.table(code, "language", Signs)
            stop_words, foreign = frozenset(signs.stop_words.split()), frozenset(signs.foreign_words.split())
            found.append(_Known(code, stop_words, frozenset(signs.letters), foreign))
    return tuple(found)

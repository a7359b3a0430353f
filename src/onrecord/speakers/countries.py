"""Countries as news English names them: by name, people, capital, seat of government or part."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal

from msgspec import Struct, convert

Sense = Literal["name", "capital", "seat", "demonym", "part"]


class Country(Struct, frozen=True):
    """A row of `countries.en.json`."""

    name: str
    names: tuple[str, ...]
    demonyms: tuple[str, ...]
    capitals: tuple[str, ...]
    seats: tuple[str, ...]
    parts: tuple[str, ...]


class Place(Struct, frozen=True, gc=False):
    """What a phrase says of a country: which one, and by which kind of name."""

    code: str
    sense: Sense
    country: str
    phrase: str
    """The words that name it."""


def place(phrase: str) -> Place | None:
    """The country that exactly this phrase stands for.

    >>> place("Pentagon").code, place("Pentagon").sense, place("Russians").sense
    ('USA', 'seat', 'demonym')
    """
    return _index().get(phrase)


def places(words: Sequence[str]) -> Iterator[Place]:
    """The countries that a phrase's words name, longest names first where several begin at a word."""
    index, first_words, at = _index(), _first_words(), 0
    while at < len(words):
        for length in range(min(_LONGEST, len(words) - at) if words[at] in first_words else 0, 0, -1):
            found = index.get(" ".join(words[at : at + length]))
            if found:
                yield found
                at += length - 1
                break
        at += 1


_LONGEST = 4


@cache
def _first_words() -> frozenset[str]:
    return frozenset(phrase.split(" ", 1)[0] for phrase in _index())


def plain_letters(word: str) -> str:
    """The word without accents, as news agencies write it: Chisinau, Bogota.

    >>> plain_letters("Bogotá")
    'Bogota'
    """
    return "".join(letter for letter in unicodedata.normalize("NFKD", word) if not unicodedata.combining(letter))


@cache
def _index() -> dict[str, Place]:
    rows = convert(json.loads((files(__package__) / "countries.en.json").read_text("utf-8")), dict[str, Country])
    index: dict[str, Place] = {}
    senses: tuple[tuple[Sense, str], ...] = (
        ("name", "names"),
        ("seat", "seats"),
        ("capital", "capitals"),
        ("demonym", "demonyms"),
        ("part", "parts"),
    )
    for sense, field in senses:
        for code, country in rows.items():
            for word in getattr(country, field):
                index.setdefault(word, Place(code, sense, country.name, word))
                bare = plain_letters(word)
                index.setdefault(bare, Place(code, sense, country.name, bare))
                if sense == "demonym" and word[-1] not in "hse.":
                    index.setdefault(f"{word}s", Place(code, sense, country.name, f"{word}s"))
    return index

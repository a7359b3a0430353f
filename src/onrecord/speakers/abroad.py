"""Countries and offices in the words of a language that its file describes in brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, Protocol

from msgspec import Struct

Sense = Literal["name", "capital", "seat", "adjective"]


class Country(Struct, frozen=True, forbid_unknown_fields=True):
    """What a language calls a country: its name, other names, its capital, its seats of government, its adjectives."""

    name: str
    also: tuple[str, ...] = ()
    capital: str = ""
    seats: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()


class Found(NamedTuple):
    """A country that words name."""

    code: str
    name: str
    sense: Sense
    first: int
    last: int


class Stems(Protocol):
    """Tells what the forms of a word share."""

    def stem(self, word: str) -> str:
        """A form, in lower case, that all cases of a word share."""


class Abroad:
    """Finds countries and offices among the words of a phrase."""

    def __init__(
        self,
        countries: Mapping[str, Country],
        offices: Mapping[str, str],
        qualifiers: Mapping[str, str],
        locating: Sequence[str],
        stems: Stems,
    ) -> None:
        self._stems = stems
        self._locating = frozenset(locating)
        self._offices = {self._key(words.split()): office for words, office in offices.items()}
        self._qualifiers = {self._key([word]): english for word, english in qualifiers.items()}
        self._places: dict[str, tuple[str, str, Sense]] = {}
        for code, one in countries.items():
            named: tuple[tuple[Sense, tuple[str, ...]], ...] = (
                ("name", (one.name, *one.also)),
                ("capital", (one.capital,)),
                ("seat", one.seats),
                ("adjective", one.adjectives),
            )
            for sense, words in named:
                for word in filter(None, words):
                    self._places.setdefault(self._key(word.split()), (code, one.name, sense))

    def country(self, words: Sequence[str]) -> Found | None:
        """The first country that a phrase names, but for one that only tells where it is."""
        for first in range(min(len(words), _LOOKED_AT)):
            if first and words[first - 1].lower() in self._locating:
                continue
            for last in range(min(len(words), first + _LONGEST), first, -1):
                known = self._places.get(self._key(words[first:last]))
                if known:
                    return Found(*known, first, last)
            led = self._led(words[first])
            if led:
                return Found(led[0], led[1], "adjective", first, first + 1)
        return None

    def office(self, words: Sequence[str]) -> str:
        """The English name of the first office that a role words; empty if it words none that is known."""
        words = words[:_LOOKED_AT]
        plain = [word.rsplit("-", 1)[1] if self._led(word) or self._is_qualified(word) else word for word in words]
        for first in range(len(plain)):
            for last in range(min(len(plain), first + _LONGEST), first, -1):
                office = self._offices.get(self._key(plain[first:last]))
                if office:
                    return " ".join([*self._qualified(words[:first], words[first]), office])
        return ""

    def _qualified(self, before: Sequence[str], word: str) -> list[str]:
        """What the words before an office, or the first part of a compound, make of it."""
        parts = [*before, word.split("-")[0]] if "-" in word else before
        return [english for part in parts if (english := self._qualifiers.get(self._key([part])))]

    def _is_qualified(self, word: str) -> bool:
        return "-" in word and self._key([word.split("-")[0]]) in self._qualifiers

    def _led(self, word: str) -> tuple[str, str, Sense] | None:
        """The country at the head of a compound: "US-Präsident"."""
        return self._places.get(self._key([word.split("-")[0]])) if "-" in word else None

    def _key(self, words: Sequence[str]) -> str:
        return " ".join(self._stems.stem(word) for word in words)


_LONGEST = 4
# A source that goes on for longer than so many words is no description any more.
_LOOKED_AT = 60

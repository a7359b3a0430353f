"""Offices under one key each: "Minister of Foreign Affairs", "foreign minister", "Foreign Secretary"."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from msgspec import Struct

from onrecord.languages import table

_IN_BRACKETS = re.compile(r"\s*\(.*?\)")
_INVERTED = re.compile(r"^((?:first |deputy |vice )*(?:minister|secretary)(?: of state)?) (?:of|for) (?:the )?(.+)$")


class Offices(Struct, frozen=True):
    """The table `[actors]` of a language."""

    same: dict[str, str]
    """What an office is called, and its key."""
    spelling: dict[str, str]
    """Words of offices, and how the keys spell them."""
    dropped: frozenset[str]
    """Words that make no difference to an office."""
    past: frozenset[str]
    """Words of those who hold an office no more, or not yet."""
    known: frozenset[str]
    """Offices whose holders news names without saying what they are."""
    vague: frozenset[str]
    """Titles that tell a sector only if they stand alone or behind a country."""


@cache
def offices() -> Offices:
    """The words for offices; English, in which the gazetteer names them."""
    known: Offices = table("en", "actors", Offices)
    return known


@lru_cache(maxsize=8_000)
def office_key(office: str) -> str:
    """The key of an office without its country.

    >>> office_key("Minister of Foreign Affairs") == office_key("foreign minister")
    True
    """
    known = offices()
    words = [known.spelling.get(word, word) for word in _IN_BRACKETS.sub("", office).lower().replace(",", " ").split()]
    phrase = " ".join(word for word in words if word)
    if phrase in known.same:
        return known.same[phrase]
    inverted = _INVERTED.match(phrase)
    if inverted and inverted[2] != "state":
        phrase = f"{inverted[2]} {inverted[1]}"
    phrase = " ".join(word for word in phrase.split() if word not in known.dropped)
    return known.same.get(phrase, phrase)

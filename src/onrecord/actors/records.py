"""What the gazetteer holds."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

_LAST_DAY = "-12-31"
"""What makes a day of a year or month: before its end nobody knows whether a term had begun."""

ActorKind = Literal["person", "organisation", "country"]


class Term(Struct, frozen=True, omit_defaults=True):
    """An office that a person held, from when to when."""

    office: str = ""
    """Empty where the source tells only the sector."""
    sector: str = ""
    """PLOVER's code: GOV, MIL, LEG, JUD, …"""
    start: str = ""
    """ISO 8601: a year, a month or a day; empty if not known."""
    end: str = ""
    """The day on which the successor may have begun; empty if there was none when the source was written."""
    seen: str = ""
    """When the source of a term without end was written: after that, nothing is known."""

    def covers(self, day: str) -> bool:
        """Whether the office was held on a day (or in a year), as far as is known; the last day is not counted.

        >>> Term("President", "GOV", "2017-01-20", "2021-01-20").covers("2021-01-20")
        False
        """
        if self.start + _LAST_DAY[max(0, len(self.start) - 4) :] > day and self.start:
            return False
        return day < self.end if self.end else day[: len(self.seen)] <= self.seen


class Actor(Struct, frozen=True, omit_defaults=True):
    """A person, body or country that may speak."""

    id: str
    """Wikidata's number, else a country's ISO 3166-1 alpha-3 code, else an id of the gazetteer's or the user's own."""
    name: str
    kind: ActorKind = "person"
    country: str = ""
    """ISO 3166-1 alpha-3; for bodies of several states the code of the body: UN, NATO."""
    sector: str = ""
    wikidata: str = ""
    aliases: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    """The latest first."""
    source: str = ""
    """Where the row comes from; its licence is in the NOTICE."""

    def on(self, day: str) -> tuple[Term, ...]:
        """The terms that cover a day; all of them for an empty day."""
        return tuple(term for term in self.terms if not day or term.covers(day))

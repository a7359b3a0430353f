"""Filters as people write them (a name, a country, an office, an outlet) → what is sought in the index."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

from msgspec import Struct
from sqlalchemy import Connection, select

from onrecord import languages
from onrecord.actors.gazetteer import shipped
from onrecord.archive import tables, tags
from onrecord.archive.order import is_day
from onrecord.archive.query import Either, Sought, Tag
from onrecord.archive.search import Filters
from onrecord.errors import UsageError
from onrecord.positions.knowledge import codes
from onrecord.schema import StatementKind
from onrecord.speakers.countries import place

_CODE = re.compile(r"[A-Z]{3}")
_MOST_NAMESAKES = 50


class Asked(Struct, frozen=True):
    """What a user filters by; several values of one field mean any of them, several fields all of them."""

    speaker: tuple[str, ...] = ()
    """A name in any script; a country, capital or seat of government stands for all who speak for it."""
    country: tuple[str, ...] = ()
    """Whom the speakers belong to: a country's name, or ISO 3166-1 alpha-3."""
    role: tuple[str, ...] = ()
    addressee: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    act: tuple[str, ...] = ()
    outlet: tuple[str, ...] = ()
    lang: tuple[str, ...] = ()
    conditional: bool = False
    since: str = ""
    until: str = ""
    said_since: str = ""
    said_until: str = ""
    confidence: float = 0.0


def filters_of(connection: Connection, asked: Asked) -> Filters:
    """What a user's filters seek in the archive.

    Raises `UsageError` for a country or language nobody knows or a date that is none.
    """
    for day in (asked.since, asked.until, asked.said_since, asked.said_until):
        if day and not is_day(day):
            raise UsageError(f"{day!r} is no date; write 2021, 2021-01 or 2021-01-20")
    _known("kind", asked.kind, get_args(StatementKind))
    _known("act", asked.act, tuple(codes()))
    if asked.lang:
        _known(
            "language", asked.lang, sorted({*languages.codes(), *connection.scalars(select(tables.language.c.code))})
        )
    sought = [
        either(person(connection, tags.SPEAKER, name) for name in asked.speaker),
        either(tags.tag(f"{tags.SPEAKER}c", _code(country)) for country in asked.country),
        either(tags.named("role", role) for role in asked.role),
        either(person(connection, tags.ADDRESSEE, name) for name in asked.addressee),
        either(person(connection, tags.ABOUT, name) for name in asked.about),
        either(tags.tag("kind", kind) for kind in asked.kind),
        either(tags.tag("act", act) for act in asked.act),
        either(tags.named("out", outlet) for outlet in asked.outlet),
        either(tags.tag("lang", lang) for lang in asked.lang),
        Tag("conditional") if asked.conditional else None,
        either(tags.months(asked.said_since, asked.said_until)),
    ]
    return Filters(
        tuple(one for one in sought if one is not None),
        since=asked.since,
        until=asked.until,
        said_since=asked.said_since,
        said_until=asked.said_until,
        confidence=asked.confidence,
    )


def _known(field: str, values: Iterable[str], known: Sequence[str]) -> None:
    for value in values:
        if value not in known:
            raise UsageError(f"no {field} {value!r}; there are: {', '.join(known)}")


def country_of(name: str) -> str | None:
    """The code of the country that a name, a capital, a seat of government or a code stands for, if any.

    >>> country_of("Moscow"), country_of("the Kremlin"), country_of("DEU"), country_of("Ana Roe")
    ('RUS', 'RUS', 'DEU', None)
    """
    bare = name.strip().removeprefix("the ").removeprefix("The ")
    if _CODE.fullmatch(bare) and shipped().country(bare):
        return bare
    if found := place(bare):
        return found.code if found.sense != "part" else None
    return next((actor.id for actor in shipped().named(bare) if actor.kind == "country"), None)


def _code(country: str) -> str:
    code = country_of(country) or country_of(country.upper()) or country_of(country.title())
    if code is None:
        raise UsageError(f"{country!r} is no country; give its English name or its code, such as DEU")
    return code


def person(connection: Connection, part: str, name: str) -> Sought | None:
    """Those whom a name may mean: who bears its words, whom the gazetteer knows by it, who speaks for a country."""
    code = country_of(name)
    found: list[Sought | None] = [tags.named(f"{part}w", name), tags.spelt(part, name)]
    if code:
        found.append(tags.tag(f"{part}c", code))
    else:
        keys = [actor.id for actor in shipped().named(name)][:_MOST_NAMESAKES]
        found += (Tag(f"{part}{number}") for number in _numbers(connection, keys))
    return either(found)


def _numbers(connection: Connection, keys: Sequence[str]) -> Iterator[int]:
    """The numbers of the archive's actors that have these keys."""
    if keys:
        yield from connection.scalars(select(tables.actor.c.id).where(tables.actor.c.key.in_(keys)))


def either(parts: Iterable[Sought | None]) -> Sought | None:
    """What any of those given matches; None if none is given."""
    given = tuple(dict.fromkeys(part for part in parts if part is not None))
    return None if not given else given[0] if len(given) == 1 else Either(given)

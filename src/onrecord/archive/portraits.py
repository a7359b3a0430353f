"""What the archive holds of one speaker, or of all who speak for a country: when, to whom, about whom, where.

Counted are the newest `MOST`; every count can be made again from the statements that a search for the same speaker
gives.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, select

from onrecord.actors.gazetteer import country_name
from onrecord.archive import order, tables, tags
from onrecord.archive.asking import either
from onrecord.archive.lists import named_rows_among
from onrecord.archive.query import Sought, Tag
from onrecord.archive.search import EVERYTHING, matching

MOST = 500
"""How many statements are counted, the newest: a row is read of each, and of each whom it names."""
_MOST_ARTICLES = 100
"""In how many articles, the newest, those who speak beside are looked for."""
_LISTED = 12
_MOST_NAMESAKES = 50

_SAID = "SELECT id, article_id, actor_id, speaker, speaker_kind, role, country, outlet FROM statement WHERE id {among}"
_NAMED = "SELECT statement_id, part, name, country, actor_id FROM mention WHERE statement_id {among}"
_DONE = "SELECT statement_id, act FROM act WHERE statement_id {among}"
_BESIDE = (
    "SELECT DISTINCT article_id, speaker AS name, country, speaker_kind FROM statement "
    "WHERE article_id {among} AND NOT dropped AND speaker IS NOT NULL"
)


class Counted(Struct, frozen=True):
    """A name, and in how many statements or articles it stands."""

    name: str
    count: int
    country: str | None = None
    """The code of the country that it names or speaks for."""
    is_country: bool = False
    """Whether it is that country itself."""


class Portrait(Struct, frozen=True):
    """Somebody who speaks in the archive."""

    name: str
    kind: str
    country: str | None
    wikidata: str | None
    roles: tuple[Counted, ...]
    """The offices in which they speak; for a country, the people who speak for it."""
    addressees: tuple[Counted, ...]
    abouts: tuple[Counted, ...]
    beside: tuple[Counted, ...]
    """Who else speaks in the same articles, by the number of those."""
    outlets: tuple[Counted, ...]
    acts: tuple[Counted, ...]
    months: tuple[Counted, ...]
    """Statements by month of publication, the earliest first, with those between in which there are none."""
    of: int
    """How many statements are counted."""
    statements: tuple[int, ...]
    """Their numbers, the newest first."""
    more: bool
    """Whether there are older ones, which are not."""
    namesakes: tuple[str, ...] = ()
    """Countries of those who bear the name; more than one means that they are several people."""


def portrait_of(connection: Connection, name: str, country: str | None = None) -> Portrait | None:
    """Those who speak and bear exactly this name, of one country if one is given; else, whose name is spelt alike.

    None if there is nobody. One person stands in the archive once for each way an office was put ("Chile's foreign
    minister", "the Chilean foreign minister"), so actors of one name are shown as one, and their offices listed.
    """
    actor = tables.actor.c
    asked = select(tables.actor).where(actor.name == name).order_by(actor.id).limit(_MOST_NAMESAKES)
    bearers = connection.execute(asked).all()
    chosen = [one for one in bearers if country is None or one.country in (country, None)]
    sought = either(Tag(f"{tags.SPEAKER}{one.id}") for one in chosen)
    if not bearers:
        # The archive may have the name in another form or script.
        sought = tags.spelt(tags.SPEAKER, name)
    numbers, more = _newest(connection, sought) if sought else ([], False)
    said = named_rows_among(connection, _SAID, numbers)
    if not said:
        return None
    best = max(chosen, key=lambda one: (one.wikidata is not None, one.country is not None), default=None)
    return _drawn(
        connection,
        said,
        more,
        name=name,
        kind=best.kind if best else said[0].speaker_kind or "person",
        country=country or (best.country if best else said[0].country),
        wikidata=best.wikidata if best else None,
        roles=_most((row.role, None, False) for row in said if row.role),
        namesakes=tuple(sorted({one.country for one in bearers if one.country})),
    )


def country_portrait(connection: Connection, code: str) -> Portrait:
    """All who speak for the country of that code (ISO 3166-1 alpha-3)."""
    numbers, more = _newest(connection, tags.tag(f"{tags.SPEAKER}c", code))
    said = named_rows_among(connection, _SAID, numbers)
    speakers = _most((row.speaker, row.country, row.speaker_kind == "country") for row in said if row.speaker)
    return _drawn(
        connection, said, more, name=country_name(code) or code, kind="country", country=code, wikidata=None,
        roles=speakers, namesakes=(),
    )  # fmt: skip


def _newest(connection: Connection, sought: Sought | None) -> tuple[list[int], bool]:
    """The numbers of the newest statements that match, and whether there are more."""
    asked = matching(connection, sought, EVERYTHING)
    number = asked.selected_columns.id
    found = list(connection.scalars(asked.order_by(number.desc()).limit(MOST + 1)).all())
    return found[:MOST], len(found) > MOST


def _drawn(connection: Connection, said: Sequence[Any], more: bool, **known: Any) -> Portrait:
    """The portrait that these statements give, with what is `known` of whose it is."""
    numbers = sorted((row.id for row in said), reverse=True)
    named = named_rows_among(connection, _NAMED, numbers)
    named_by = {
        part: _most((row.name, row.country, _is_country(row)) for row in named if row.part == part)
        for part in ("addressee", "about")
    }
    return Portrait(
        addressees=named_by["addressee"],
        abouts=tuple(one for one in named_by["about"] if one.name != known["name"]),
        beside=_beside(connection, said, known["name"]),
        outlets=_most((row.outlet, None, False) for row in said if row.outlet),
        acts=_most((row.act, None, False) for row in named_rows_among(connection, _DONE, numbers)),
        months=_months(order.day_of(number)[:7] for number in numbers),
        of=len(said),
        statements=tuple(numbers),
        more=more,
        **known,
    )


def _is_country(row: Any) -> bool:
    return bool(row.country) and country_name(row.country) == row.name


def _beside(connection: Connection, said: Sequence[Any], name: str) -> tuple[Counted, ...]:
    newest = sorted(said, key=lambda row: -row.id)
    articles = list(dict.fromkeys(row.article_id for row in newest))[:_MOST_ARTICLES]
    own = {row.speaker for row in said} | {name}
    found = named_rows_among(connection, _BESIDE, articles)
    distinct = {(row.article_id, row.name): row for row in found if row.name not in own}
    return _most((row.name, row.country, row.speaker_kind == "country") for row in distinct.values())


def _most(values: Iterable[tuple[str, str | None, bool]]) -> tuple[Counted, ...]:
    """The most frequent names with their counts and what else is known of them, where it is known."""
    counts: Counter[str] = Counter()
    known: dict[str, tuple[str | None, bool]] = {}
    for name, country, is_country in values:
        counts[name] += 1
        if name not in known or not known[name][0]:
            known[name] = country, is_country
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(Counted(name, count, *known[name]) for name, count in ranked[:_LISTED])


def _months(months: Iterable[str]) -> tuple[Counted, ...]:
    """The months with how many there are in each, and all months between."""
    counts = Counter(month for month in months if month)
    if not counts:
        return ()
    first, last = ((int(month[:4]) * 12 + int(month[5:]) - 1) for month in (min(counts), max(counts)))
    names = (f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1))
    return tuple(Counted(name, counts[name]) for name in names)

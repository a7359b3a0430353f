"""What watching remembers of feeds and of the articles they name, in the archive's database."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, update

from onrecord.archive import tables_watch
from onrecord.archive.addresses import plain_url
from onrecord.archive.inserting import insert_rows
from onrecord.archive.lists import rows_among
from onrecord.watch.feeds import Entry
from onrecord.watch.hosts import host_of
from onrecord.watch.times import back_off, iso, later

State = Literal["waiting", "stored", "refused", "failed"]

MOST_TRIES = 12
"""With the waits between them, a page that cannot be fetched is given up after 20 hours at the earliest."""
_AT_ONCE = 1_000
_LONGEST_ERROR = 300
_feed, _link = tables_watch.feed.c, tables_watch.link.c
_KNOWN = "SELECT address FROM watched_link WHERE address {among}"
_STORED = "SELECT address FROM article WHERE current AND address {among}"


class WatchedFeed(Struct, frozen=True):
    """A feed as it is remembered; see `tables_watch.feed`."""

    address: str
    parent: str
    etag: str
    modified: str
    checked: str
    due: str
    fails: int
    error: str


class WatchedLink(Struct, frozen=True):
    """An article that a feed has named; see `tables_watch.link`."""

    id: int
    address: str
    url: str
    host: str
    feed: str
    published: str
    found: str
    state: State
    due: str
    hops: int
    tries: int
    error: str


class Waiting(Struct, frozen=True):
    """A server whose articles wait to be fetched: when the first is due, and what is remembered of the server."""

    host: str
    due: str
    free: str
    fails: int


def register(connection: Connection, addresses: Iterable[str], now: datetime, parent: str = "") -> None:
    """Remember feeds that are new; they are due at once. What a parent no longer lists is forgotten."""
    wanted = list(dict.fromkeys(addresses))
    if parent:
        connection.execute(delete(tables_watch.feed).where(_feed.parent == parent, _feed.address.not_in(wanted)))
    else:  # what the user lists is no longer an index's alone
        connection.execute(update(tables_watch.feed).where(_feed.address.in_(wanted)).values(parent=""))
    there = {row[0] for row in rows_among(connection, "SELECT address FROM watched_feed WHERE address {among}", wanted)}
    fresh = [
        {"address": one, "parent": parent, "etag": "", "modified": "", "checked": "", "due": iso(now), "fails": 0,
         "error": ""}
        for one in wanted if one not in there
    ]  # fmt: skip
    insert_rows(connection, tables_watch.feed, fresh)


def feeds(connection: Connection, addresses: Sequence[str]) -> list[WatchedFeed]:
    """The feeds with these addresses and the sitemaps that they list, the longest due first."""
    listed = rows_among(connection, "SELECT address FROM watched_feed WHERE parent {among}", addresses)
    wanted = [*addresses, *(row[0] for row in listed)]
    columns = ", ".join(f'"{column.name}"' for column in tables_watch.feed.columns)
    found = rows_among(connection, f"SELECT {columns} FROM watched_feed WHERE address {{among}}", wanted)
    return sorted((WatchedFeed(*row) for row in found), key=lambda one: (one.due, one.address))


def feed_read(connection: Connection, feed: WatchedFeed, now: datetime, every: float, etag: str, modified: str) -> None:
    """Note that a feed was read, what to ask for it with next time, and that it is due again so many seconds later."""
    _feed_now(connection, feed, now, etag=etag, modified=modified, due=later(now, every), fails=0, error="")


def feed_failed(connection: Connection, feed: WatchedFeed, now: datetime, error: str, every: float) -> None:
    """Note that a feed could not be read; it is tried again later each time."""
    fails = feed.fails + 1
    due = later(now, max(every, back_off(fails)))
    _feed_now(connection, feed, now, due=due, fails=fails, error=error[:_LONGEST_ERROR])


def _feed_now(connection: Connection, feed: WatchedFeed, now: datetime, **values: object) -> None:
    changed = update(tables_watch.feed).where(_feed.address == feed.address)
    connection.execute(changed.values(checked=iso(now), **values))


def note_links(connection: Connection, feed: str, entries: Sequence[Entry], now: datetime) -> int:
    """Remember the articles that a feed names and nobody has named before; how many these are.

    What the archive holds already is not fetched for it.
    """
    fresh = 0
    by_address = {plain_url(one.url): one for one in reversed(entries)}
    wanted = list(reversed(by_address.items()))
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        known, stored = (
            {row[0] for row in rows_among(connection, asked, [address for address, _ in some])}
            for asked in (_KNOWN, _STORED)
        )
        rows = [
            _row(address, one, feed, now, "stored" if address in stored else "waiting")
            for address, one in some if address not in known
        ]  # fmt: skip
        insert_rows(connection, tables_watch.link, rows)
        fresh += sum(row["state"] == "waiting" for row in rows)
    return fresh


def _row(address: str, entry: Entry, feed: str, now: datetime, state: State) -> dict[str, object]:
    return {
        "address": address, "url": entry.url, "host": host_of(entry.url), "feed": feed, "published": entry.published,
        "found": iso(now), "state": state, "due": iso(now), "hops": 0, "tries": 0, "error": "",
    }  # fmt: skip


def waiting(connection: Connection) -> list[Waiting]:
    """The servers whose articles wait to be fetched, the one first that has been left alone longest."""
    host = tables_watch.host.c
    free, fails = func.coalesce(host.free, ""), func.coalesce(host.fails, 0)
    asked = (
        select(_link.host, func.min(_link.due), free, fails)
        .select_from(tables_watch.link.outerjoin(tables_watch.host, host.host == _link.host))
        .where(_link.state == "waiting")
        .group_by(_link.host, free, fails)
        .order_by(free, _link.host)
    )
    return [Waiting(*row) for row in connection.execute(asked)]


def next_link(connection: Connection, host: str, now: datetime) -> WatchedLink | None:
    """The article to fetch next from a server: of those due, one found latest, in the order of its feed."""
    asked = (
        select(tables_watch.link)
        .where(_link.state == "waiting", _link.host == host, _link.due <= iso(now))
        .order_by(_link.found.desc(), _link.id)
        .limit(1)
    )
    found = connection.execute(asked).first()
    return WatchedLink(*found) if found else None


def settle(connection: Connection, link: WatchedLink, state: State, error: str = "") -> None:
    """Note what became of an article; it is not fetched again."""
    _link_now(connection, link, state=state, error=error[:_LONGEST_ERROR])


def postpone(connection: Connection, link: WatchedLink, now: datetime, error: str, counts: bool = True) -> bool:
    """Note that an article could not be fetched this time; False if it is given up with that.

    It does not count as a try where the server wants to be left alone.
    """
    tries = link.tries + counts
    state: State = "waiting" if tries < MOST_TRIES else "failed"
    due = later(now, back_off(max(tries, 1)))
    _link_now(connection, link, state=state, tries=tries, due=due, error=error[:_LONGEST_ERROR])
    return state == "waiting"


def moved(connection: Connection, link: WatchedLink, url: str) -> bool:
    """Note where an article is to be asked for instead; False if another one, known or stored, stands there."""
    address = plain_url(url)
    if address != link.address and _there(connection, address):
        settle(connection, link, "stored", f"the same page as {url}")
        return False
    _link_now(connection, link, url=url, host=host_of(url), hops=link.hops + 1)
    return True


def _there(connection: Connection, address: str) -> bool:
    return any(rows_among(connection, asked, [address]) for asked in (_KNOWN, _STORED))


def _link_now(connection: Connection, link: WatchedLink, **values: object) -> None:
    connection.execute(update(tables_watch.link).where(_link.id == link.id).values(**values))


def counts(connection: Connection) -> dict[str, int]:
    """How many of the articles named are in each state."""
    asked = select(_link.state, func.count()).group_by(_link.state)
    return {row[0]: row[1] for row in connection.execute(asked)}

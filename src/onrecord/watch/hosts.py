"""Web servers: when each may be asked again, and what its robots.txt allows. Held over restarts."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from onrecord.archive import tables_watch
from onrecord.archive.inserting import plain
from onrecord.watch import robots
from onrecord.watch.times import back_off, iso, later

_ROBOTS_DAY = 86_400.0
"""Seconds that a robots.txt counts; RFC 9309 asks for no more than a day."""
_PUT = """INSERT INTO watched_host (host, free, fails, delay, robots, robots_until) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (host) DO UPDATE SET free = excluded.free, fails = excluded.fails, delay = excluded.delay,
    robots = excluded.robots, robots_until = excluded.robots_until"""


class Host(Struct, frozen=True):
    """A server as it is remembered."""

    host: str
    free: str = ""
    """From when on it may be asked again."""
    fails: int = 0
    """How often in a row it has failed."""
    delay: float = 0.0
    """Seconds that its robots.txt asks to leave between requests."""
    robots: str = ""
    robots_until: str = ""


def host_of(url: str) -> str:
    """The server that an address belongs to.

    >>> host_of("HTTPS://News.Example:8080/a?b")
    'https://news.example:8080'
    """
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}".lower()


def known(connection: Connection, name: str) -> Host:
    """What is remembered of a server; nothing yet of one that was never asked."""
    table = tables_watch.host
    found = connection.execute(select(table).where(table.c.host == name)).first()
    return Host(*found) if found else Host(name)


def asked(connection: Connection, host: Host, now: datetime, delay: float) -> Host:
    """Note that a server has answered soundly: it is free again after the delay, its own if that is longer."""
    return _put(connection, host, free=later(now, max(delay, host.delay)), fails=0)


def failed(connection: Connection, host: Host, now: datetime, delay: float, wait: float = 0.0) -> Host:
    """Note that a server has failed or wants less of us: it rests, longer each time, and as long as it asked for."""
    rest = max(wait, back_off(host.fails + 1), delay, host.delay)
    return _put(connection, host, free=later(now, rest), fails=host.fails + 1)


def with_robots(connection: Connection, host: Host, now: datetime, content: bytes) -> Host:
    """Note what a server's robots.txt says."""
    text = content[: robots.MOST_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
    until = later(now, _ROBOTS_DAY)
    delay = robots.delay_of(text)
    free = max(host.free, later(now, delay))
    return _put(connection, host, robots=text, robots_until=until, delay=delay, free=free)


def may_ask(host: Host, now: datetime) -> bool:
    """Whether a server may be asked now."""
    return host.free <= iso(now)


def knows_robots(host: Host, now: datetime) -> bool:
    """Whether its robots.txt is known and still counts."""
    return host.robots_until > iso(now)


def _put(connection: Connection, host: Host, **changes: object) -> Host:
    changed = msgspec.structs.replace(host, **changes)
    plain(connection, _PUT, msgspec.structs.astuple(changed))
    return changed

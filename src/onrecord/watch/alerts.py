"""Saved searches, and what they newly find: every statement that is added is looked at once, and noted once.

An article's number rises in the order of adding, so that the last one looked at is all that has to be remembered. That
and the notices are stored in one transaction: a process that is killed looks at the same articles again, and one that
is not never does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, func, select, update

from onrecord.archive import tables, tables_watch
from onrecord.archive.archive import Archive
from onrecord.archive.asking import Asked, filters_of
from onrecord.archive.inserting import plain_each
from onrecord.archive.query import parse
from onrecord.archive.search import matching
from onrecord.errors import UsageError
from onrecord.watch.times import iso

Kind = Literal["webhook", "email", "atom"]
_ARTICLES = 200
"""How many are looked at in one transaction."""
_LONGEST_NAME = 100
_alert, _channel, _notice = tables_watch.alert.c, tables_watch.channel.c, tables_watch.notice.c
_NOTE = """INSERT INTO alert_notice (alert_id, statement_id, key, made) VALUES (?, ?, ?, ?)
    ON CONFLICT (alert_id, key) DO NOTHING"""


class Channel(Struct, frozen=True):
    """Where an alert is told, and how that goes; see `tables_watch.channel`."""

    id: int
    alert_id: int
    kind: Kind
    target: str
    sent: int
    fails: int
    due: str
    error: str


class Alert(Struct, frozen=True):
    """A saved search; see `tables_watch.alert`."""

    id: int
    name: str
    typed: str
    asked: Asked
    made: str
    seen: int


class ChannelStanding(Struct, frozen=True):
    """How a channel stands: how many notices it has not told yet, how often in a row it failed, and why."""

    kind: Kind
    target: str
    waiting: int
    fails: int
    error: str


class Standing(Struct, frozen=True):
    """How an alert stands."""

    name: str
    query: str
    filters: dict[str, Any]
    channels: tuple[ChannelStanding, ...]


def add(
    archive: Archive, name: str, typed: str, asked: Asked, channels: Sequence[tuple[Kind, str]], now: datetime
) -> None:
    """Save a search; it raises alerts for what is added from now on.

    Raises `UsageError` for a name that is taken or no name, a filter that makes no sense, and without any channel.
    """
    if not name.strip() or len(name) > _LONGEST_NAME or not name.isprintable():
        raise UsageError(
            f"{name[:_LONGEST_NAME]!r} is no name for an alert; take one of 1 to {_LONGEST_NAME} characters"
        )
    if not channels:
        raise UsageError("where is the alert to be told? Give --webhook, --email or --atom")
    with archive.to_write() as connection:
        filters_of(connection, asked)
        if connection.scalar(select(_alert.id).where(_alert.name == name)) is not None:
            raise UsageError(f"there is an alert {name!r} already; onrecord alerts remove {name!r} takes it away")
        seen = connection.scalar(select(func.max(tables.article.c.id))) or 0
        values = {"name": name, "typed": typed, "asked": msgspec.json.encode(asked).decode(), "made": iso(now)}
        number = connection.scalar(tables_watch.alert.insert().values(**values, seen=seen).returning(_alert.id))
        rows = [
            {"alert_id": number, "kind": kind, "target": target, "sent": 0, "fails": 0, "due": iso(now), "error": ""}
            for kind, target in dict.fromkeys(channels)
        ]
        connection.execute(tables_watch.channel.insert(), rows)


def remove(archive: Archive, name: str) -> None:
    """Take a saved search away, with all its notices; raises `UsageError` if there is none of that name."""
    with archive.to_write() as connection:
        number = connection.scalar(select(_alert.id).where(_alert.name == name))
        if number is None:
            raise UsageError(f"there is no alert {name!r}; onrecord alerts list shows them")
        connection.execute(delete(tables_watch.notice).where(_notice.alert_id == number))
        connection.execute(delete(tables_watch.channel).where(_channel.alert_id == number))
        connection.execute(delete(tables_watch.alert).where(_alert.id == number))


def alerts(connection: Connection) -> list[Alert]:
    """All saved searches, the oldest first."""
    found = connection.execute(select(tables_watch.alert).order_by(_alert.id))
    return [
        Alert(row.id, row.name, row.typed, msgspec.json.decode(row.asked, type=Asked), row.made, row.seen)
        for row in found
    ]


def channels(connection: Connection) -> list[Channel]:
    """Where alerts are told, in the order of their making."""
    found = connection.execute(select(tables_watch.channel).order_by(_channel.id))
    return [Channel(*row) for row in found]


def overview(connection: Connection) -> list[Standing]:
    """How all saved searches stand, the oldest first."""
    told = [(one.alert_id, _standing(connection, one)) for one in channels(connection)]
    return [
        Standing(
            alert.name,
            alert.typed,
            {name: value for name, value in msgspec.to_builtins(alert.asked).items() if value},
            tuple(one for owner, one in told if owner == alert.id),
        )
        for alert in alerts(connection)
    ]


def _standing(connection: Connection, channel: Channel) -> ChannelStanding:
    asked = select(func.count()).where(_notice.alert_id == channel.alert_id, _notice.id > channel.sent)
    waiting = connection.scalar(asked) or 0
    return ChannelStanding(channel.kind, channel.target, waiting, channel.fails, channel.error)


def find(archive: Archive, now: datetime) -> list[str]:
    """Note what the saved searches find among the articles added since they were last here; what went wrong."""
    with archive.to_read() as connection:
        known = alerts(connection)
        newest = connection.scalar(select(func.max(tables.article.c.id))) or 0
    complaints = []
    for alert in known:
        try:
            for first in range(alert.seen + 1, newest + 1, _ARTICLES):
                with archive.to_write() as connection:
                    _look(connection, alert, first, min(first + _ARTICLES - 1, newest), now)
        except UsageError as error:
            complaints.append(f"alert {alert.name}: {error}")
    return complaints


def _look(connection: Connection, alert: Alert, first: int, last: int, now: datetime) -> None:
    """Look at the articles with these numbers for an alert, unless another process has."""
    seen = connection.scalar(select(_alert.seen).where(_alert.id == alert.id))
    if seen is None or seen >= last:
        return
    statement, article = tables.statement.c, tables.article.c
    asked = (
        select(statement.id, article.address, statement.speaker, statement.content)
        .join(tables.article, article.id == statement.article_id)
        .where(article.id > max(seen, first - 1), article.id <= last, article.current.is_(True))
        .order_by(statement.id)
    )
    fresh = connection.execute(asked).all()
    if fresh:
        found = matching(connection, parse(alert.typed), filters_of(connection, alert.asked))
        number = found.selected_columns.id
        # Numbers go by the day of publication: those of what is new lie close together.
        met = set(connection.scalars(found.where(number >= fresh[0].id, number <= fresh[-1].id)))
        rows = [
            (alert.id, row.id, _key(row.address, row.speaker or "", row.content), iso(now))
            for row in fresh if row.id in met
        ]  # fmt: skip
        plain_each(connection, _NOTE, rows)
    connection.execute(update(tables_watch.alert).where(_alert.id == alert.id).values(seen=last))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]

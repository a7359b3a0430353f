"""Which articles somebody has looked through: what makes a gold standard of an archive that a machine has filled."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, delete, func, insert, select

from onrecord.archive import rows, tables
from onrecord.errors import UsageError
from onrecord.schema import Article

_looked, _article, _statement = tables.looked.c, tables.article.c, tables.statement.c
_ARTICLES = tables.article.outerjoin(tables.looked, _looked.article_id == _article.id)
"""Every article, with who has looked it through, if somebody has."""
_BEGINNING = 300


class Looked(Struct, frozen=True):
    """Who has looked an article through, and when."""

    by: str
    made: str
    """ISO 8601, UTC."""


class Task(Struct, frozen=True):
    """An article to be looked through."""

    number: int
    """Its number in the archive."""
    headline: str
    input: str
    """Where it was read."""
    beginning: str
    """Of its text."""
    statements: int
    corrected: int
    """How many of the statements somebody has put right or added."""
    looked: Looked | None


class Progress(Struct, frozen=True):
    """How far the work has come, in articles."""

    done: int
    all: int


def mark(connection: Connection, number: int, by: str, done: bool = True) -> None:
    """Note that somebody has looked an article through, or that it is still to be; `connection` is writing.

    Raises `UsageError` if there is no such article, or it is an earlier version of its page.
    """
    if not connection.scalar(select(_article.current).where(_article.id == number)):
        raise UsageError(f"no article {number} in the archive, or a later version of its page is there")
    connection.execute(delete(tables.looked).where(_looked.article_id == number))
    if done:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        connection.execute(insert(tables.looked).values(article_id=number, who=by, made=now))


def looked(connection: Connection, number: int) -> Looked | None:
    """Who has looked an article through; None if nobody has."""
    found = connection.execute(select(_looked.who, _looked.made).where(_looked.article_id == number)).first()
    return Looked(*found) if found else None


def progress(connection: Connection) -> Progress:
    """How many of the current articles were looked through."""
    asked = select(func.count(_looked.who), func.count()).select_from(_ARTICLES).where(_article.current.is_(True))
    done, all = connection.execute(asked).one()
    return Progress(done, all)


def tasks(connection: Connection, after: int = 0, limit: int = 100) -> list[Task]:
    """The current articles in the order of adding, those after the one of a number; a page of them."""
    columns = (
        _article.id,
        _article.headline,
        _article.input,
        func.substr(_article.text, 1, _BEGINNING),
        _looked.who,
        _looked.made,
    )
    asked = select(*columns).select_from(_ARTICLES).where(_article.current.is_(True), _article.id > after)
    found = connection.execute(asked.order_by(_article.id).limit(limit)).all()
    counts = _counts(connection, [row.id for row in found])
    return [
        Task(number, headline, place, text, *counts.get(number, (0, 0)), None if who is None else Looked(who, made))
        for number, headline, place, text, who, made in found
    ]


def _counts(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[int, int]]:
    corrected = func.count().filter(_statement.corrected.is_(True))
    asked = select(_statement.article_id, func.count(), corrected).where(
        _statement.article_id.in_(numbers), _statement.dropped.is_(False)
    )
    return {row[0]: (row[1], row[2]) for row in connection.execute(asked.group_by(_statement.article_id))}


def next_task(connection: Connection, after: int) -> int | None:
    """The number of the first article after another one that nobody has looked through, or of the first at all."""
    later = connection.scalar(_undone().where(_article.id > after))
    return connection.scalar(_undone()) if later is None else int(later)


def _undone() -> Select[Any]:
    nobody = (_article.current.is_(True), _looked.who.is_(None))
    return select(_article.id).select_from(_ARTICLES).where(*nobody).order_by(_article.id).limit(1)


def looked_through(connection: Connection, all: bool = False, batch: int = 50) -> Iterator[Article]:
    """The articles that were looked through, or all, with every correction in its place, in the order of adding.

    Each has an id of its own, as a gold standard needs it: of two articles with one id the later gets another.
    """
    asked = select(_article.id).select_from(_ARTICLES).where(_article.current.is_(True)).order_by(_article.id)
    numbers = list(connection.scalars(asked if all else asked.where(_looked.who.is_not(None))))
    taken: set[str] = set()
    for start in range(0, len(numbers), batch):
        some = numbers[start : start + batch]
        found = rows.articles_of(connection, some)
        for number in some:
            article = found[number]
            id = article.id if article.id not in taken else f"{article.id}-{number}"
            taken.add(id)
            yield msgspec.structs.replace(article, id=id)

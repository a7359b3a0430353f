"""Which articles somebody has looked through: what makes a gold standard of an archive that a machine has filled.

A mark is kept beside the version of the schema, in `archive`, under the number of the article: a new reading of a page
has another number, so that it counts as not looked through until somebody has.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Select, Text, cast, delete, func, insert, literal, select

from onrecord.archive import rows, tables
from onrecord.errors import UsageError
from onrecord.schema import Article

_KEY = "looked through "
_archive, _article, _statement = tables.archive.c, tables.article.c, tables.statement.c
_OF_ARTICLE = _archive.key == literal(_KEY).concat(cast(_article.id, Text))
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
    connection.execute(delete(tables.archive).where(_archive.key == f"{_KEY}{number}"))
    if done:
        value = msgspec.json.encode(Looked(by, datetime.now(UTC).isoformat(timespec="seconds"))).decode("utf-8")
        connection.execute(insert(tables.archive).values(key=f"{_KEY}{number}", value=value))


def looked(connection: Connection, number: int) -> Looked | None:
    """Who has looked an article through; None if nobody has."""
    found = connection.scalar(select(_archive.value).where(_archive.key == f"{_KEY}{number}"))
    return msgspec.json.decode(found, type=Looked) if found else None


def progress(connection: Connection) -> Progress:
    """How many of the current articles were looked through."""
    joined = tables.article.outerjoin(tables.archive, _OF_ARTICLE)
    asked = select(func.count(_archive.key), func.count()).select_from(joined).where(_article.current.is_(True))
    done, all = connection.execute(asked).one()
    return Progress(done, all)


def tasks(connection: Connection, after: int = 0, limit: int = 100) -> list[Task]:
    """The current articles in the order of adding, those after the one of a number; a page of them."""
    joined = tables.article.outerjoin(tables.archive, _OF_ARTICLE)
    columns = (
        _article.id,
        _article.headline,
        _article.input,
        func.substr(_article.text, 1, _BEGINNING),
        _archive.value,
    )
    asked = select(*columns).select_from(joined).where(_article.current.is_(True), _article.id > after)
    found = connection.execute(asked.order_by(_article.id).limit(limit)).all()
    counts = _counts(connection, [row.id for row in found])
    return [
        Task(number, headline, place, text, *counts.get(number, (0, 0)),
             msgspec.json.decode(value, type=Looked) if value else None)
        for number, headline, place, text, value in found
    ]  # fmt: skip


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
    joined = tables.article.outerjoin(tables.archive, _OF_ARTICLE)
    nobody = (_article.current.is_(True), _archive.key.is_(None))
    return select(_article.id).select_from(joined).where(*nobody).order_by(_article.id).limit(1)


def looked_through(connection: Connection, all: bool = False, batch: int = 50) -> Iterator[Article]:
    """The articles that were looked through, or all, with every correction in its place, in the order of adding.

    Each has an id of its own, as a gold standard needs it: of two articles with one id the later gets another.
    """
    joined = tables.article.outerjoin(tables.archive, _OF_ARTICLE)
    asked = select(_article.id).select_from(joined).where(_article.current.is_(True)).order_by(_article.id)
    numbers = list(connection.scalars(asked if all else asked.where(_archive.key.is_not(None))))
    taken: set[str] = set()
    for start in range(0, len(numbers), batch):
        some = numbers[start : start + batch]
        found = rows.articles_of(connection, some)
        for number in some:
            article = found[number]
            id = article.id if article.id not in taken else f"{article.id}-{number}"
            taken.add(id)
            yield msgspec.structs.replace(article, id=id)

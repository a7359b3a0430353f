"""The articles of an archive, page by page."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from sqlalchemy import Connection, func, select

from onrecord.archive import tables

_article, _statement = tables.article.c, tables.statement.c


class Listed(Struct, frozen=True):
    """An article, in short."""

    number: int
    """Its number in the archive."""
    headline: str
    outlet: str
    url: str
    lang: str
    published: str | None
    added: str
    """When it was stored: ISO 8601, UTC."""
    statements: int


def articles_listed(connection: Connection, before: int = 0, limit: int = 20) -> Iterator[Listed]:
    """The current articles, the last added first; those added before the article of a number, if one is given."""
    asked = select(
        _article.id, _article.headline, _article.outlet, _article.url, _article.canonical, _article.lang,
        _article.published, _article.added,
    ).where(_article.current.is_(True))  # fmt: skip
    if before:
        asked = asked.where(_article.id < before)
    found = connection.execute(asked.order_by(_article.id.desc()).limit(limit)).all()
    counted = (
        select(_statement.article_id, func.count())
        .where(_statement.article_id.in_([row.id for row in found]), _statement.dropped.is_(False))
        .group_by(_statement.article_id)
    )
    counts = {row[0]: row[1] for row in connection.execute(counted)}
    for row in found:
        url, said = row.url or row.canonical, counts.get(row.id, 0)
        yield Listed(row.id, row.headline, row.outlet, url, row.lang, row.published, row.added, said)

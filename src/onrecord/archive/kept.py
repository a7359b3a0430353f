"""An article as it stands in the archive: the record, its numbers there, and the other versions of its page."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct
from sqlalchemy import Connection, select

from onrecord.archive import rows, tables
from onrecord.schema import Article

_article, _statement, _cluster = tables.article.c, tables.statement.c, tables.cluster.c


class Standing(Struct, frozen=True):
    """What the archive knows of a statement beside what it says."""

    number: int
    """What the archive calls it."""
    corrected: bool
    reported: int
    """In how many articles the same utterance stands."""


class Version(Struct, frozen=True):
    """One reading of a page."""

    article: int
    version: int
    added: str
    """When it was stored: ISO 8601, UTC."""
    current: bool


class Kept(Struct, frozen=True):
    """An article in the archive."""

    number: int
    article: Article
    outlet: str
    statements: Mapping[str, Standing]
    """By the statement's id in the article."""
    versions: tuple[Version, ...]
    """Of its page, the first first."""
    reprint_of: int | None = None
    agency: str = ""
    """Whose text it is, where it reprints another article."""

    @property
    def version(self) -> Version:
        """This one."""
        return next(one for one in self.versions if one.article == self.number)


def kept(connection: Connection, number: int) -> Kept | None:
    """The article of that number with what the archive knows of it; None if there is none."""
    row = connection.execute(select(_article.address, _article.outlet).where(_article.id == number)).one_or_none()
    if row is None:
        return None
    versions = connection.execute(
        select(_article.id, _article.version, _article.added, _article.current)
        .where(_article.address == row.address)
        .order_by(_article.version)
    )
    copy = connection.execute(select(tables.reprint).where(tables.reprint.c.article_id == number)).one_or_none()
    return Kept(
        number,
        rows.articles_of(connection, [number])[number],
        row.outlet,
        _standing(connection, number),
        tuple(Version(*version) for version in versions),
        copy.of_id if copy else None,
        copy.agency if copy else "",
    )


def _standing(connection: Connection, article: int) -> dict[str, Standing]:
    joined = tables.statement.outerjoin(tables.cluster, _cluster.id == _statement.cluster_id)
    found = connection.execute(
        select(_statement.id, _statement.name, _statement.corrected, _cluster.size)
        .select_from(joined)
        .where(_statement.article_id == article, _statement.dropped.is_(False))
    )
    return {row.name: Standing(row.id, row.corrected, row.size or 1) for row in found}

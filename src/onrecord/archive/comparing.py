"""One utterance in all its reports: the earliest first, and how the others differ from it."""

from __future__ import annotations

from datetime import UTC, datetime

from msgspec import Struct
from sqlalchemy import Connection, select

from onrecord.archive import tables
from onrecord.archive.clusters import Piece, differences
from onrecord.archive.search import Hit, hits_of
from onrecord.errors import UsageError

MOST_REPORTS = 500


class Reported(Struct, frozen=True):
    """One report of an utterance, and how its words differ from those of the earliest."""

    hit: Hit
    pieces: tuple[Piece, ...]
    """The stretches of the earliest report's content and of this one's that are the same or differ."""
    reprint_of: int | None = None
    """The article that its article reprints, if it is wire copy; articles of one number are one text."""
    agency: str = ""


def reports(connection: Connection, number: int) -> list[Reported]:
    """All reports of the utterance that a statement is one of, the earliest published first, `MOST_REPORTS` at most.

    Raises `UsageError` if there is no such statement.
    """
    statement, reprint = tables.statement.c, tables.reprint.c
    found = connection.execute(select(statement.id, statement.cluster_id).where(statement.id == number)).one_or_none()
    if found is None:
        raise UsageError(f"no statement {number} in the archive")
    numbers = [number]
    if found.cluster_id is not None:
        members = select(statement.id).where(statement.cluster_id == found.cluster_id).order_by(statement.id)
        numbers = list(connection.scalars(members.limit(MOST_REPORTS)))
    hits = sorted(hits_of(connection, numbers), key=lambda hit: (moment(hit.article.published), hit.id))
    articles = {hit.article.id for hit in hits}
    rows = connection.execute(select(tables.reprint).where(reprint.article_id.in_(articles))).all()
    copies = {row.article_id: row for row in rows}
    first = hits[0].statement.content_text
    return [
        Reported(
            hit,
            differences(first, hit.statement.content_text),
            copies[hit.article.id].of_id if hit.article.id in copies else None,
            copies[hit.article.id].agency if hit.article.id in copies else "",
        )
        for hit in hits
    ]


def moment(published: str | None) -> tuple[str, float]:
    """What articles are ordered in time by: the day, then the time of day as far as it is known.

    Without a zone a time is taken for UTC; what has no date comes last.

    >>> moment("2021-01-24T23:30-05:00") > moment("2021-01-24"), moment(None) > moment("2021-01-24")
    (True, True)
    """
    if not published:
        return "9999-12-31", 0.0
    at = datetime.fromisoformat(published)
    if len(published) > len("2021-01-24"):
        at = at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
    return at.date().isoformat(), at.hour * 3600 + at.minute * 60 + at.second

"""One utterance in all its reports: the earliest first, and how the others differ from it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, exists, select

from onrecord.archive import tables
from onrecord.archive.clusters import Piece, differences
from onrecord.archive.search import Hit, Source, hits_of
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
    copies: tuple[Source, ...] = ()
    """Reprints of one text with its article that hold these words too, but have no statements of their own: those that
    a batch run left unread as duplicates."""


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
    prints = {row.article_id: row for row in rows}
    first = hits[0].statement.content_text
    unread = _unread(connection, {_text_of(hit, prints) for hit in hits})
    compared: list[Reported] = []
    for hit in hits:
        own = prints.get(hit.article.id)
        copies = unread.get(_text_of(hit, prints), {})
        holding = [
            source for source, text in copies.items() if all(part in text for part in hit.statement.content.parts)
        ]
        compared.append(
            Reported(
                hit,
                differences(first, hit.statement.content_text),
                own.of_id if own else None,
                own.agency if own else "",
                tuple(holding),
            )
        )
        for source in holding:  # each is named once, with the earliest report
            del copies[source]
    return compared


def _text_of(hit: Hit, prints: Mapping[int, Any]) -> int:
    """The article of whose text that of a hit is one print."""
    own = prints.get(hit.article.id)
    return int(own.of_id) if own else hit.article.id


def _unread(connection: Connection, prints: Collection[int]) -> dict[int, dict[Source, str]]:
    """The articles without statements that reprint others, with their texts, by the article that they reprint."""
    article, statement, reprint = tables.article.c, tables.statement.c, tables.reprint.c
    columns = (
        reprint.of_id, article.id, article.key, article.headline, article.outlet, article.url, article.canonical,
        article.input, article.published, article.text,
    )  # fmt: skip
    wanted = (
        select(*columns)
        .join(tables.article, article.id == reprint.article_id)
        .where(reprint.of_id.in_(prints), article.current)
        .where(~exists().where(statement.article_id == article.id))
        .order_by(article.published, article.id)
        .limit(MOST_REPORTS)
    )
    found: dict[int, dict[Source, str]] = {}
    for row in connection.execute(wanted):
        url = row.url or row.canonical
        source = Source(row.id, row.key, row.headline, row.outlet, url, row.input, row.published)
        found.setdefault(row.of_id, {})[source] = row.text
    return found


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

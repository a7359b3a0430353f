"""Put an article into the archive: new, as a new version, or not at all if it is there already."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple

from msgspec import Struct
from sqlalchemy import Connection, Row, select, update

from onrecord.archive import index, linking, order, rows, tables, tags
from onrecord.archive.addresses import address_of, digest_of
from onrecord.archive.inserting import insert_numbered, insert_rows, plain, plain_each, plain_value
from onrecord.archive.naming import Cast, cast_of
from onrecord.archive.reprints import link_body, unlink_body
from onrecord.schema import Article, Statement

Outcome = Literal["new", "version", "again", "same"]


_CURRENT = "SELECT id, version, digest FROM article WHERE address = ? AND current"
_VERSION_WITH = "SELECT id FROM article WHERE address = ? AND digest = ? LIMIT 1"
_LAST_NUMBER = "SELECT max(id) FROM statement WHERE id >= ? AND id < ?"
_NEW_LANGUAGE = "INSERT INTO language (code) VALUES (?) ON CONFLICT DO NOTHING"


class Added(Struct, frozen=True):
    """What became of an article that was added."""

    outcome: Outcome
    """`new`; `version` if the page was there with another story; `same` if it was there with this one; `again` if that
    was read anew."""
    article: int
    """Its number in the archive."""
    statements: int
    """How many statements were stored with it."""
    address: str
    """What identifies its page."""
    problems: tuple[str, ...] = ()
    """What was odd about it, where it was read."""


class _Before(NamedTuple):
    """The current version of a page that is there."""

    id: int
    version: int
    digest: str


def known_page(connection: Connection, page_digest: str) -> Added | None:
    """The current article that was read from exactly this page, if there is one."""
    article = tables.article.c
    asked = select(article.id, article.address).where(article.page_digest == page_digest, article.current.is_(True))
    found = connection.execute(asked).first()
    return Added("same", found.id, 0, found.address) if found else None


def add(
    connection: Connection,
    article: Article,
    page_digest: str = "",
    reader: str = "",
    again: bool = False,
    past: bool = False,
) -> Added:
    """Store an article; `connection` is in a writing transaction.

    A page that is there with the same story is left as it is, unless `again` asks for a new reading of it to be kept;
    so it is, if the reading is of the `past`, with a story that one of its earlier versions had.
    An earlier version keeps its rows; what it says no longer counts in search and clusters.
    """
    address, digest = address_of(article), digest_of(article)
    before = next((_Before(*row) for row in plain(connection, _CURRENT, (address,))), None)
    if before and not again and (before.digest == digest or (past and _had(connection, address, digest))):
        return Added("same", before.id, 0, address)
    if before:
        _retire(connection, before.id)
    values = rows.article_row(article) | {
        "address": address,
        "version": before.version + 1 if before else 1,
        "current": True,
        "digest": digest,
        "page_digest": page_digest,
        "reader": reader,
        "added": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    article_id = insert_numbered(connection, tables.article, values)
    insert_rows(connection, tables.block, rows.block_rows(article_id, article.blocks))
    link_body(connection, article_id, article)
    day = article.published.date if article.published else ""
    _add_statements(connection, article.statements, article_id, day, str(values["outlet"]))
    return Added(
        _outcome(before.digest if before else None, digest),
        article_id,
        len(article.statements),
        address,
        tuple(dict.fromkeys(problem.message for problem in article.problems)),
    )


def _had(connection: Connection, address: str, digest: str) -> bool:
    """Whether some version of a page has this story."""
    return plain_value(connection, _VERSION_WITH, (address, digest)) is not None


def _outcome(before: str | None, digest: str) -> Outcome:
    return "new" if before is None else "again" if before == digest else "version"


def _add_statements(
    connection: Connection, statements: Sequence[Statement], article_id: int, day: str, outlet: str
) -> Sequence[int]:
    """Store the statements of an article; their numbers."""
    if not statements:
        return ()
    cast = cast_of(connection, statements)
    numbered = list(enumerate(statements, _next_number(connection, day)))
    insert_rows(
        connection,
        tables.statement,
        [rows.statement_row(one, number, article_id, cast.speaker(one), outlet) for number, one in numbered],
    )
    named = add_parts(connection, numbered, cast)
    _note_languages(connection, {one.lang for one in statements})
    entries = [entry(number, one, cast.speaker(one), outlet, named[number]) for number, one in numbered]
    index.of(connection).put(connection, entries)
    members = [
        linking.member(number, one.content_text, one.lang, one.kind, cast.speaker(one), one.said_on)
        for number, one in numbered
    ]
    linking.link(connection, members)
    return [number for number, _ in numbered]


def add_statement(connection: Connection, article: Row[Any], statement: Statement) -> int:
    """Store one more statement of an article that is there; its number."""
    return _add_statements(connection, [statement], article.id, article.published or "", article.outlet)[0]


def add_parts(
    connection: Connection, numbered: Sequence[tuple[int, Statement]], cast: Cast
) -> dict[int, list[rows.Values]]:
    """Store what hangs on statements: spans, whom they name, acts; whom each names, as rows."""
    named = {number: list(cast.mentions(number, one)) for number, one in numbered}
    insert_rows(connection, tables.span, [row for number, one in numbered for row in rows.span_rows(number, one)])
    insert_rows(connection, tables.mention, [row for mentions in named.values() for row in mentions])
    insert_rows(connection, tables.act, [row for number, one in numbered for row in rows.act_rows(number, one.acts)])
    return named


def entry(
    number: int, statement: Statement, actor: int | None, outlet: str, mentions: Iterable[rows.Values]
) -> index.Entry:
    """What is indexed of a statement: its content's words, and its tags."""
    marks = [*tags.of_statement(statement, outlet)]
    speaker = statement.speaker
    if speaker:
        marks += tags.of_name(tags.SPEAKER, speaker.name or "", actor, speaker.country)
    for row in mentions:
        marks += tags.of_name(tags.PARTS[row["part"]], row["name"], row["actor_id"], row["country"])
    return index.entry(number, statement.content_text, statement.lang, marks)


def entries_of(connection: Connection, numbers: Sequence[int]) -> list[index.Entry]:
    """What is indexed of statements as they are stored."""
    found = connection.execute(
        select(
            tables.statement.c.id,
            tables.statement.c.article_id,
            tables.statement.c.actor_id,
            tables.statement.c.outlet,
        )
        .where(tables.statement.c.id.in_(numbers))
        .order_by(tables.statement.c.id)
    ).all()
    texts = rows.texts_of(connection, {row.article_id for row in found})
    statements = rows.statements_of(connection, numbers, texts)
    mentions: dict[int, list[rows.Values]] = {row.id: [] for row in found}
    for row in connection.execute(select(tables.mention).where(tables.mention.c.statement_id.in_(numbers))):
        mentions[row.statement_id].append(dict(row._mapping))
    return [entry(row.id, statements[row.id], row.actor_id, row.outlet, mentions[row.id]) for row in found]


def _retire(connection: Connection, article_id: int) -> None:
    """Let a version no longer count: it leaves the index and the clusters, its rows stay."""
    numbers = connection.scalars(select(tables.statement.c.id).where(tables.statement.c.article_id == article_id)).all()
    if numbers:
        index.of(connection).remove(connection, entries_of(connection, numbers))
        linking.unlink(connection, numbers)
    unlink_body(connection, article_id)
    connection.execute(update(tables.article).where(tables.article.c.id == article_id).values(current=False))


def _next_number(connection: Connection, day: str) -> int:
    """The number of the next statement that is published on a day."""
    first = order.first_of(day)
    last = plain_value(connection, _LAST_NUMBER, (first, first + order.PER_DAY))
    return first if last is None else int(last) + 1


def _note_languages(connection: Connection, langs: Iterable[str]) -> None:
    values = [(lang,) for lang in sorted(langs) if lang]
    if values:
        plain_each(connection, _NEW_LANGUAGE, values)

"""An archive: where articles are added, sought and read again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, func, select

from onrecord.archive import store, tables
from onrecord.archive.accounts import Accounts
from onrecord.archive.alone import alone
from onrecord.archive.amending import Field
from onrecord.archive.asking import Asked, filters_of
from onrecord.archive.comparing import Reported, reports
from onrecord.archive.connect import address_of, engine_of, missing, reading, writing
from onrecord.archive.corrections import (
    Correction,
    add_missed,
    carry_over,
    correct,
    corrections,
    latest_corrections,
    undo,
)
from onrecord.archive.dialogue import Dialogue
from onrecord.archive.kept import Kept, kept
from onrecord.archive.likenames import names_like
from onrecord.archive.listing import Listed, articles_listed
from onrecord.archive.migrations import CURRENT, bring_up_to_date, version_of
from onrecord.archive.moves import MOST_STATEMENTS, dialogue_of
from onrecord.archive.portraits import Portrait, country_portrait, portrait_of
from onrecord.archive.readings import keep, reading_of
from onrecord.archive.rows import articles_of
from onrecord.archive.search import EVERYTHING, Filters, Hit, Results, Sort, hits_of, search
from onrecord.archive.store import Added
from onrecord.errors import ArchiveError
from onrecord.schema import Article

if TYPE_CHECKING:
    from onrecord.archive.embedding import Embedder
    from onrecord.archive.semantic import Alike
    from onrecord.archive.vectors import Vectors


class Archive:
    """An open archive; use it in a `with`, or close it.

    Its methods may be called from several threads, and several processes may have the same archive open.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def to_read(self) -> AbstractContextManager[Connection]:
        """A transaction that reads, for what is kept beside the articles (`onrecord.watch`)."""
        return reading(self._engine)

    def to_write(self) -> AbstractContextManager[Connection]:
        """The one transaction that writes at a time, for what is kept beside the articles."""
        return writing(self._engine)

    def alone(self, what: str) -> AbstractContextManager[None]:
        """As long as this lasts, no other process does the same with this archive; see `onrecord.archive.alone`."""
        return alone(self._engine, what)

    def add(
        self, article: Article, page_digest: str = "", reader: str = "", again: bool = False, past: bool = False
    ) -> Added:
        """Store an article in one transaction; when this returns, it is stored. See `onrecord.archive.store.add`.

        Raises `ArchiveError` if the database cannot; then nothing of the article is stored.
        """
        with writing(self._engine) as connection:
            added = store.add(connection, article, page_digest, reader, again, past)
            if added.outcome in ("version", "again"):
                carry_over(connection, added.address, added.article)
            return added

    def page(self, page_digest: str) -> Added | None:
        """The current article that was read from exactly this page, if there is one."""
        with reading(self._engine) as connection:
            return store.known_page(connection, page_digest)

    def search(
        self,
        typed: str = "",
        filters: Filters | Asked = EVERYTHING,
        sort: Sort | None = None,
        limit: int = 20,
        after: str = "",
        facets: bool = False,
    ) -> Results:
        """A page of the statements that match; see `onrecord.archive.search.search`."""
        with reading(self._engine) as connection:
            if isinstance(filters, Asked):
                filters = filters_of(connection, filters)
            return search(connection, typed, filters, sort, limit, after, facets)

    def names_like(self, name: str) -> list[str]:
        """Names of actors in the archive that are spelt like this one, the likest first."""
        with reading(self._engine) as connection:
            return names_like(connection, name)

    def embed(self, embedder: Embedder, path: Path) -> Iterator[int]:
        """Make the vectors that are missing in a file; see `onrecord.archive.semantic.embed`."""
        from onrecord.archive.semantic import embed

        return embed(self._engine, embedder, path)

    def alike(
        self,
        text: str,
        embedder: Embedder,
        held: Vectors,
        typed: str = "",
        filters: Filters | Asked = EVERYTHING,
        limit: int = 20,
    ) -> Alike:
        """The statements most like a text; see `onrecord.archive.semantic.alike`.

        Raises `UsageError` if the vectors are of another model or archive.
        """
        from onrecord.archive.semantic import alike, same_model

        same_model(held, embedder)
        vector = embedder.embed([text])[0]
        with reading(self._engine) as connection:
            if isinstance(filters, Asked):
                filters = filters_of(connection, filters)
            return alike(connection, held, vector, typed, filters, limit)

    def statement(self, number: int) -> Hit | None:
        """The statement of that number, if there is one."""
        with reading(self._engine) as connection:
            return next(hits_of(connection, [number]), None)

    def statements(self, numbers: Sequence[int]) -> list[Hit]:
        """The statements of these numbers, in their order, those that there are."""
        with reading(self._engine) as connection:
            return list(hits_of(connection, numbers))

    def reports(self, statement: int) -> list[Reported]:
        """All reports of the utterance that a statement is one of, the earliest first."""
        with reading(self._engine) as connection:
            return reports(connection, statement)

    def dialogue(
        self,
        first: str,
        second: str,
        since: str = "",
        until: str = "",
        topic: str = "",
        most: int = MOST_STATEMENTS,
    ) -> Dialogue:
        """Two actors' moves toward each other, side by side; see `onrecord.archive.moves.dialogue_of`."""
        with reading(self._engine) as connection:
            return dialogue_of(connection, first, second, since, until, topic, most)

    def article(self, number: int) -> Article | None:
        """The article of that number, if there is one."""
        with reading(self._engine) as connection:
            return articles_of(connection, [number]).get(number)

    def kept(self, number: int) -> Kept | None:
        """The article of that number with its numbers in the archive and its page's versions, if there is one."""
        with reading(self._engine) as connection:
            return kept(connection, number)

    def keep_reading(self, article: Article) -> str:
        """Store what a visitor had read; the key under which only they find it again."""
        with writing(self._engine) as connection:
            return keep(connection, article)

    def reading(self, key: str) -> Article | None:
        """What was read under a key, while it is kept."""
        with reading(self._engine) as connection:
            return reading_of(connection, key)

    def portrait(self, name: str, country: str | None = None) -> Portrait | None:
        """What the archive holds of whoever bears exactly this name; see `onrecord.archive.portraits`."""
        with reading(self._engine) as connection:
            return portrait_of(connection, name, country)

    def country_portrait(self, code: str) -> Portrait:
        """What the archive holds of all who speak for a country."""
        with reading(self._engine) as connection:
            return country_portrait(connection, code)

    def correct(self, statement: int, field: Field, value: object, author: str = "", note: str = "") -> Correction:
        """Put a field of a statement right; see `onrecord.archive.corrections`."""
        with writing(self._engine) as connection:
            return correct(connection, statement, field, value, author, note)

    def add_missed(self, article: int, value: object, author: str = "", note: str = "") -> Correction:
        """Add a statement that the machine did not find."""
        with writing(self._engine) as connection:
            return add_missed(connection, article, value, author, note)

    def undo(self, correction: int, author: str = "") -> Correction:
        """Take a correction back; `author` is who does so."""
        with writing(self._engine) as connection:
            return undo(connection, correction, author)

    def corrections(self, statement: int | None = None, undone: bool = False) -> list[Correction]:
        """The corrections that count, of one statement or of all, in the order they were made."""
        with reading(self._engine) as connection:
            return list(corrections(connection, statement, undone))

    def latest_corrections(self, before: int = 0, limit: int = 20) -> list[Correction]:
        """All corrections, the last made first, with those taken back; a page of them."""
        with reading(self._engine) as connection:
            return latest_corrections(connection, before, limit)

    def articles_listed(self, before: int = 0, limit: int = 20) -> list[Listed]:
        """The current articles in short, the last added first; a page of them."""
        with reading(self._engine) as connection:
            return list(articles_listed(connection, before, limit))

    def check(self) -> None:
        """Raise `ArchiveError` if the database does not answer."""
        with reading(self._engine) as connection:
            version_of(connection)

    def articles(self, corrected: bool = False, batch: int = 50) -> Iterator[Article]:
        """Every current article in the order of adding, or those that were corrected; `batch` at a time in memory."""
        last = 0
        article, correction = tables.article.c, tables.correction.c
        asked = select(article.id).where(article.current.is_(True)).order_by(article.id).limit(batch)
        if corrected:
            put_right = select(correction.address).where(correction.undone.is_(None))
            asked = asked.where(article.address.in_(put_right))
        while True:
            with reading(self._engine) as connection:
                numbers = connection.scalars(asked.where(article.id > last)).all()
                found = articles_of(connection, numbers)
            if not numbers:
                return
            last = numbers[-1]
            yield from (found[number] for number in numbers)

    @property
    def accounts(self) -> Accounts:
        """The accounts of those who may correct."""
        return Accounts(self._engine)

    def counts(self) -> dict[str, int]:
        """How many articles (current ones), statements in them, actors and clusters there are."""
        article, statement = tables.article, tables.statement
        current = select(article.c.id).where(article.c.current.is_(True))
        with reading(self._engine) as connection:
            return {
                "articles": connection.scalar(select(func.count()).select_from(current.subquery())) or 0,
                "statements": connection.scalar(
                    select(func.count()).select_from(statement).where(statement.c.article_id.in_(current))
                )
                or 0,
                "actors": connection.scalar(select(func.count()).select_from(tables.actor)) or 0,
                "clusters": connection.scalar(select(func.count()).select_from(tables.cluster)) or 0,
            }


def open_archive(given: str) -> Archive:
    """The archive at a path or URL, to be read and added to; an SQLite archive that is missing is made.

    Raises `ArchiveError` if it cannot be opened or written to, `UsageError` for an address that makes no sense.
    """
    engine = engine_of(address_of(given))
    with writing(engine) as connection:
        bring_up_to_date(connection)
    return Archive(engine)


def open_to_read(given: str) -> Archive:
    """The archive at a path or URL, to be read; raises `ArchiveError` if there is none."""
    url = address_of(given)
    if reason := missing(url):
        raise ArchiveError(reason)
    engine = engine_of(url)
    with reading(engine) as connection:
        version = version_of(connection)
    if version < CURRENT:
        if version == 0:
            raise ArchiveError(f"{given}: no archive of onrecord; onrecord add INPUT --archive {given} makes one")
        return open_archive(given)
    return Archive(engine)

"""The index of words and tags: one face, behind it SQLite's FTS5 or PostgreSQL's tsvector."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, cast

from msgspec import Struct
from sqlalchemy import Connection, Select

from onrecord.archive import index_postgresql, index_sqlite
from onrecord.archive.query import Sought
from onrecord.archive.words import bare_words, stem

MOST_WORDS = 4_000
"""Words of one statement that are indexed; a content beyond that is no utterance but a whole document."""


class Entry(Struct, frozen=True):
    """What is indexed of a statement."""

    id: int
    words: tuple[str, ...]
    stems: tuple[str, ...]
    """Of those words that differ from their stem, once each."""
    tags: tuple[str, ...]


def entry(number: int, content: str, lang: str, tags: Iterable[str]) -> Entry:
    """What is indexed of a statement with that content and language."""
    found = tuple(bare_words(content, MOST_WORDS))
    stems = dict.fromkeys([root for word in found if (root := stem(word, lang)) != word])
    return Entry(number, found, tuple(stems), tuple(dict.fromkeys(tags)))


class Index(Protocol):
    """What an index of either kind can do."""

    def create(self, connection: Connection) -> None:
        """Make the index where there is none."""

    def put(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Add entries; their numbers are new to it and rise."""

    def remove(self, connection: Connection, entries: Sequence[Entry]) -> None:
        """Take out entries, given exactly as they were put in."""

    def match(self, sought: Sought, languages: Collection[str]) -> Select[tuple[int]]:
        """The numbers of the statements that match, as a column named `id`."""


def of(connection: Connection) -> Index:
    """The index that serves a connection's database."""
    return cast(Index, index_sqlite if connection.dialect.name == "sqlite" else index_postgresql)

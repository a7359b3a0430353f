"""Words and tags in SQLite's FTS5: a table without content of its own, whose rows bear the statements' numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, column, select, table, text

from onrecord.archive.inserting import plain_each
from onrecord.archive.query import All, Either, Not, Phrase, Prefix, Sought, Tag, Term
from onrecord.archive.words import stems

if TYPE_CHECKING:
    from onrecord.archive.index import Entry

_TABLE = "statement_index"
# The words come folded; with `ascii`, every sign beyond ASCII is part of a word, and spaces part them.
_CREATE = f"""CREATE VIRTUAL TABLE IF NOT EXISTS {_TABLE}
    USING fts5(words, stems, tags, content='', tokenize='ascii')"""
_AUTOMERGE, _CRISISMERGE = 16, 64
"""Pieces of the index of one size that are merged into one, little by little; and how many must have come together
for it to be done at once, which makes somebody wait. With FTS5's own 4, adding takes 5 % longer."""
_PUT = f"INSERT INTO {_TABLE}(rowid, words, stems, tags) VALUES (?, ?, ?, ?)"
_REMOVE = f"INSERT INTO {_TABLE}({_TABLE}, rowid, words, stems, tags) VALUES ('delete', ?, ?, ?, ?)"
_index = table(_TABLE, column("rowid"), column(_TABLE))


def create(connection: Connection) -> None:
    """Make the index where there is none."""
    connection.execute(text(_CREATE))
    for setting, value in (("automerge", _AUTOMERGE), ("crisismerge", _CRISISMERGE)):
        connection.exec_driver_sql(f"INSERT INTO {_TABLE}({_TABLE}, rank) VALUES ('{setting}', {value})")


def put(connection: Connection, entries: Sequence[Entry]) -> None:
    """Add entries; their numbers are new to it and rise."""
    plain_each(connection, _PUT, [_row(one) for one in entries])


def remove(connection: Connection, entries: Sequence[Entry]) -> None:
    """Take out entries, given exactly as they were put in: without content, FTS5 has nothing else to go by."""
    plain_each(connection, _REMOVE, [_row(one) for one in entries])


def match(sought: Sought, languages: Collection[str]) -> Select[tuple[int]]:
    """The numbers of the statements that match."""
    meets = _index.c[_TABLE].op("MATCH")(_expression(sought, languages))
    return select(_index.c.rowid.label("id")).where(meets)


def _row(entry: Entry) -> tuple[int, str, str, str]:
    return entry.id, " ".join(entry.words), " ".join(entry.stems), " ".join(entry.tags)


def _expression(sought: Sought, languages: Collection[str]) -> str:
    """The query in FTS5's language; every word in quotation marks, so that none can be taken for a sign."""
    match sought:
        case Tag(tag):
            return f'tags : "{tag}"'
        case Term(word):
            roots = stems(word, languages) | {word}
            forms = " OR ".join(f'"{root}"' for root in sorted(roots))
            return f"{{words stems}} : ({forms})"
        case Prefix(word):
            return f'words : "{word}" *'
        case Phrase(words):
            return f'words : "{" ".join(words)}"'
        case Either(parts):
            return "(" + " OR ".join(_expression(part, languages) for part in parts) + ")"
        case All(parts):
            wanted = [_expression(part, languages) for part in parts if not isinstance(part, Not)]
            absent = [_expression(part.part, languages) for part in parts if isinstance(part, Not)]
            both = " AND ".join(wanted)
            return f"(({both}) NOT ({' OR '.join(absent)}))" if absent else f"({both})"
        case Not(part):  # alone it stands in no query (see `query.every`)
            return f'(tags : "any" NOT {_expression(part, languages)})'

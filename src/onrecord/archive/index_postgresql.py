"""Words and tags in PostgreSQL: one tsvector a statement, with a GIN index over all."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Select, bindparam, cast, column, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from onrecord.archive.inserting import plain_each
from onrecord.archive.query import All, Either, Not, Phrase, Prefix, Sought, Tag, Term
from onrecord.archive.words import stems

if TYPE_CHECKING:
    from onrecord.archive.index import Entry

_TABLE = "statement_index"
_CREATE = (
    f"CREATE TABLE IF NOT EXISTS {_TABLE} (statement_id bigint PRIMARY KEY, entry tsvector NOT NULL)",
    f"CREATE INDEX IF NOT EXISTS {_TABLE}_entry ON {_TABLE} USING gin (entry)",
)
# Stems and tags are words of the same vector, set apart from words by a sign that no word has.
_STEM, _TAG = "=", "#"
_PUT = f"INSERT INTO {_TABLE} (statement_id, entry) VALUES (?, ?::tsvector)"
_REMOVE = f"DELETE FROM {_TABLE} WHERE statement_id = ?"
_index = table(_TABLE, column("statement_id"), column("entry", TSVECTOR))


def create(connection: Connection) -> None:
    """Make the index where there is none."""
    for statement in _CREATE:
        connection.execute(text(statement))


def put(connection: Connection, entries: Sequence[Entry]) -> None:
    """Add entries; their numbers are new to it."""
    plain_each(connection, _PUT, [(one.id, _vector(one)) for one in entries])


def remove(connection: Connection, entries: Sequence[Entry]) -> None:
    """Take out entries."""
    plain_each(connection, _REMOVE, [(one.id,) for one in entries])


def match(sought: Sought, languages: Collection[str]) -> Select[tuple[int]]:
    """The numbers of the statements that match."""
    asked = cast(bindparam(None, _expression(sought, languages)), TSQUERY)
    meets = _index.c.entry.op("@@")(asked)
    return select(_index.c.statement_id.label("id")).where(meets)


def _vector(entry: Entry) -> str:
    """The entry as PostgreSQL writes a tsvector: words with their places, which phrases need."""
    placed = (f"'{word}':{place}" for place, word in enumerate(entry.words, 1))
    marked = (f"'{sign}{word}'" for sign, given in ((_STEM, entry.stems), (_TAG, entry.tags)) for word in given)
    return " ".join((*placed, *marked))


def _expression(sought: Sought, languages: Collection[str]) -> str:
    """The query in PostgreSQL's language; every word in quotation marks, so that none can be taken for a sign."""
    match sought:
        case Tag(tag):
            return f"'{_TAG}{tag}'"
        case Term(word):
            roots = stems(word, languages) | {word}
            return "(" + " | ".join(f"'{root}' | '{_STEM}{root}'" for root in sorted(roots)) + ")"
        case Prefix(word):
            return f"'{word}':*"
        case Phrase(words):
            return "(" + " <-> ".join(f"'{word}'" for word in words) + ")"
        case Either(parts):
            return "(" + " | ".join(_expression(part, languages) for part in parts) + ")"
        case All(parts):
            return "(" + " & ".join(_expression(part, languages) for part in parts) + ")"
        case Not(part):
            return f"!{_expression(part, languages)}"

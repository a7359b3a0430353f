"""Names of the archive's actors that are spelt like one that was sought: for those who mistype, or heard it only.

Likeness is that of the runs of three letters: in PostgreSQL by pg_trgm, in SQLite by a trigram index of FTS5 that
finds the candidates, and the share of common letters among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from sqlalchemy import Connection, text

from onrecord.archive.words import bare_words

_MOST = 5
_CANDIDATES = 50
_LEAST = 0.5
_LONGEST = 60
_SQLITE = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS actor_index
        USING fts5(name, content='actor', content_rowid='id', tokenize='trigram')""",
    "INSERT INTO actor_index(rowid, name) SELECT id, name FROM actor",
    """CREATE TRIGGER IF NOT EXISTS actor_named AFTER INSERT ON actor
        BEGIN INSERT INTO actor_index(rowid, name) VALUES (new.id, new.name); END""",
)
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX IF NOT EXISTS actor_like ON actor USING gin (name gin_trgm_ops)",
)
_FROM_SQLITE = text(
    "SELECT actor.name FROM actor_index JOIN actor ON actor.id = actor_index.rowid "
    "WHERE actor_index MATCH :asked ORDER BY actor_index.rank LIMIT :most"
)
_FROM_POSTGRESQL = text(
    "SELECT name FROM actor WHERE :asked <% name ORDER BY word_similarity(:asked, name) DESC, name LIMIT :most"
)


def create(connection: Connection) -> None:
    """Make the index of names where there is none."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def names_like(connection: Connection, name: str) -> list[str]:
    """Names of actors that are spelt like this one, the likest first, a handful at most."""
    asked = " ".join(bare_words(name, 10))[:_LONGEST]
    if len(asked) < 3:
        return []
    if connection.dialect.name != "sqlite":
        found = connection.scalars(_FROM_POSTGRESQL, {"asked": asked, "most": _CANDIDATES}).all()
    else:
        runs = dict.fromkeys(asked[at : at + 3] for at in range(len(asked) - 2))
        query = " OR ".join(f'"{run}"' for run in runs)
        found = connection.scalars(_FROM_SQLITE, {"asked": query, "most": _CANDIDATES}).all()
    return _likest(asked, found)


def _likest(asked: str, names: Sequence[str]) -> list[str]:
    """Those of the names in which some words are like those asked for."""
    ranked = []
    for name in dict.fromkeys(names):
        words = bare_words(name, 10)
        count = len(asked.split())
        parts = [" ".join(words[at : at + count]) for at in range(max(1, len(words) - count + 1))]
        likeness = max(SequenceMatcher(None, asked, part, autojunk=False).ratio() for part in parts)
        if likeness >= _LEAST:
            ranked.append((-likeness, name))
    return [name for _, name in sorted(ranked)[:_MOST]]

"""The archive's tables, in the words of the design. Everything that is stored can be read with plain SQL.

Times are ISO 8601 texts, which sort as they should; lists that nobody searches (bylines, problems, …) are JSON texts.
Every span counts Unicode code points of `article.text`, end exclusive.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

# SQLite numbers the rows of a table by itself only where the key is called INTEGER.
_Number = BigInteger().with_variant(Integer(), "sqlite")


def _link(name: str, target: str, *, primary_key: bool = False, nullable: bool = True) -> Column[int]:
    return Column(
        name,
        _Number,
        ForeignKey(target),
        primary_key=primary_key,
        nullable=nullable and not primary_key,
        autoincrement=False,
    )


archive = Table(
    "archive",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)
"""What the archive says of itself: the version of its schema."""

language = Table("language", metadata, Column("code", Text, primary_key=True))
"""The languages that statements are in: a word sought may have a stem in each."""

article = Table(
    "article",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("address", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("current", Boolean, nullable=False),
    Column("digest", Text, nullable=False),
    Column("page_digest", Text, nullable=False),
    Column("reader", Text, nullable=False),
    Column("added", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("input", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("canonical", Text, nullable=False),
    Column("outlet", Text, nullable=False),
    Column("publisher", Text, nullable=False),
    Column("agency", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("lang", Text, nullable=False),
    Column("headline", Text, nullable=False),
    Column("bylines", Text, nullable=False),
    Column("published", Text),
    Column("published_how", Text),
    Column("modified", Text),
    Column("modified_how", Text),
    Column("credits", Text, nullable=False),
    Column("repairs", Text, nullable=False),
    Column("problems", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("address", "version"),
    Index("article_page", "page_digest"),
)
"""One reading of a page; a page that has changed has several, the last of them `current`.

`address` is what makes two pages the same: where it stands, else what it says. `key` is the article's own id, `digest`
that of its story, `page_digest` that of the bytes it was read from, `outlet` the publisher or else the host.
"""

block = Table(
    "block",
    metadata,
    _link("article_id", "article.id", primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("lang", Text, nullable=False),
    sqlite_with_rowid=False,
)

actor = Table(
    "actor",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("role", Text),
    Column("country", Text),
    Column("wikidata", Text),
    Column("sector", Text),
)
"""Who speaks, is spoken to or is spoken about; `key` is the id of the gazetteer, else name, office and country."""

cluster = Table(
    "cluster",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("size", Integer, nullable=False),
    Column("statements", Integer, nullable=False),
    Column("representatives", Integer, nullable=False),
    Column("first_id", _Number, nullable=False),
)
"""One utterance in several statements: in how many articles (`size`), in how many statements, of which how many hold
keys for it (`representatives`), and the statement that was published first. What stands alone has no cluster.
"""

_CLUSTERED = text("cluster_id IS NOT NULL")

statement = Table(
    "statement",
    metadata,
    Column("id", _Number, primary_key=True, autoincrement=False),
    _link("article_id", "article.id", nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("manner", Text, nullable=False),
    Column("negated", Boolean, nullable=False),
    Column("source", Text, nullable=False),
    Column("cue", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("speaker", Text),
    Column("speaker_kind", Text),
    Column("role", Text),
    Column("country", Text),
    Column("sector", Text),
    Column("how", Text),
    Column("speaker_because", Text),
    Column("speaker_confidence", Float),
    _link("actor_id", "actor.id"),
    Column("outlet", Text, nullable=False),
    Column("said_on", Text),
    Column("venue", Text),
    Column("nested_in", Text),
    Column("lang", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("because", Text, nullable=False),
    Column("corrected", Boolean, nullable=False),
    Column("dropped", Boolean, nullable=False),
    _link("cluster_id", "cluster.id"),
    Index("statement_article", "article_id"),
    Index("statement_cluster", "cluster_id", sqlite_where=_CLUSTERED, postgresql_where=_CLUSTERED),
)
"""`id` begins with the day of publication, so that the order of the ids is the order of time (see `moments.py`).

Everything stands as it counts: as corrected, where `corrected` is true; the machine's answer is in `correction`. What
a person has found to be no statement is `dropped`: it stays, and counts nowhere.
"""

span = Table(
    "span",
    metadata,
    _link("statement_id", "statement.id", primary_key=True),
    Column("part", Text, primary_key=True),
    Column("n", SmallInteger, primary_key=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""The characters that prove a statement; `part` is source, cue or content."""

mention = Table(
    "mention",
    metadata,
    _link("statement_id", "statement.id", primary_key=True),
    Column("part", Text, primary_key=True),
    Column("n", SmallInteger, primary_key=True),
    Column("name", Text, nullable=False),
    Column("country", Text),
    _link("actor_id", "actor.id"),
    sqlite_with_rowid=False,
)
"""Whom else a statement names; `part` is other (who speaks along), addressee or about."""

act = Table(
    "act",
    metadata,
    _link("statement_id", "statement.id", primary_key=True),
    Column("n", SmallInteger, primary_key=True),
    Column("act", Text, nullable=False),
    Column("mode", Text),
    Column("condition_start", Integer),
    Column("condition_end", Integer),
    Column("source_actor", Text),
    Column("target_actor", Text),
    Column("topic", Text),
    Column("rest", Text, nullable=False),
    Index("act_parties", "source_actor", "target_actor"),
    sqlite_with_rowid=False,
)
"""What a statement does, who to whom; `rest` has the further fields of an act as JSON, but for the empty ones."""


def _keys(name: str, holder: str) -> Table:
    """Keys and who holds each, and how many keys that one holds; no references: they would be looked up for each."""
    return Table(
        name,
        metadata,
        Column("key", BigInteger, primary_key=True, autoincrement=False),
        Column(holder, _Number, primary_key=True, autoincrement=False),
        Column("held", SmallInteger, nullable=False),
        sqlite_with_rowid=False,
    )


def _fresh(name: str) -> Table:
    """Keys on their way into such a table, those of an article in a row, packed (see `holding.py`)."""
    return Table(
        name,
        metadata,
        Column("n", _Number, primary_key=True, autoincrement=False),
        Column("keys", LargeBinary, nullable=False),
    )


cluster_key = _keys("cluster_key", "statement_id")
"""What the words of an utterance have in common with its variants: who shares a key may be one.

Only statements that represent their cluster, or stand alone, have any.
"""
cluster_key_fresh = _fresh("cluster_key_fresh")
body_key = _keys("body_key", "article_id")
"""What the bodies of articles have in common: who shares a key may be a reprint."""
body_key_fresh = _fresh("body_key_fresh")

body = Table(
    "body",
    metadata,
    _link("article_id", "article.id", primary_key=True),
    Column("scale", Integer, nullable=False),
    Column("hashes", LargeBinary, nullable=False),
)
"""A sample of the sequences of words in a body, to tell how much of it another one shares; integers of 64 bits."""

reprint = Table(
    "reprint",
    metadata,
    _link("article_id", "article.id", primary_key=True),
    _link("of_id", "article.id", nullable=False),
    Column("share", Float, nullable=False),
    Column("agency", Text, nullable=False),
    Index("reprint_of", "of_id"),
)
"""Articles most of whose body is shared with an article that was there before, and the agency that either credits."""

correction = Table(
    "correction",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("address", Text, nullable=False, index=True),
    _link("statement_id", "statement.id"),
    Column("field", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("machine", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("undone", Text),
    Column("undone_by", Text),
    Index("correction_statement", "statement_id"),
)
"""What a person put right: the value, beside the machine's whole answer; when it was taken back (`undone`) and
by whom, if it was.

It belongs to the page at `address`; `statement_id` is the statement of the current reading to which it applies, null
where the page no longer has it.
"""

looked = Table(
    "looked",
    metadata,
    _link("article_id", "article.id", primary_key=True),
    Column("who", Text, nullable=False),
    Column("made", Text, nullable=False),
)
"""Which articles somebody has looked through, and when. A new reading of a page is another article: nobody has yet."""

account = Table(
    "account",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("email", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("made", Text, nullable=False),
)
"""Who may correct, in the web face: the name stands beside what they put right, the rest is shown to nobody else.

`password` is what Argon2 made of it.
"""

credential = Table(
    "credential",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("digest", Text, nullable=False, unique=True),
    _link("account_id", "account.id", nullable=False),
    Column("kind", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("ends", Text),
    Index("credential_account", "account_id"),
)
"""What stands for an account: a session of a browser, or a token of a program (`kind`), until it `ends`.

The secret itself is stored nowhere, only its digest.
"""

reading = Table(
    "reading",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
    Column("made", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("article", LargeBinary, nullable=False),
)
"""What visitors of the web face had read, under links that only they know; no part of the archive, found by no search.

`article` is the record as JSON, compressed; the oldest go when there are too many.
"""

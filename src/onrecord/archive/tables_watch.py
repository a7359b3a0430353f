"""The tables of watching and of alerts: in the archive's own database, so that one copy saves both, and what is due
and what is stored cannot contradict each other. Times are ISO 8601 texts in UTC, to the millisecond.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from onrecord.archive.tables import metadata

_Number = BigInteger().with_variant(Integer(), "sqlite")

feed = Table(
    "watched_feed",
    metadata,
    Column("address", Text, primary_key=True),
    Column("parent", Text, nullable=False),
    Column("etag", Text, nullable=False),
    Column("modified", Text, nullable=False),
    Column("checked", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("fails", Integer, nullable=False),
    Column("error", Text, nullable=False),
)
"""A feed or sitemap: what the server wants to be asked with next time, when it was asked, when it is due again.

`parent` is the index of sitemaps that lists it, or empty. `fails` counts the failures since the last success.
"""

link = Table(
    "watched_link",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("address", Text, nullable=False, unique=True),
    Column("url", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("feed", Text, nullable=False),
    Column("published", Text, nullable=False),
    Column("found", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due", Text, nullable=False),
    Column("hops", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("error", Text, nullable=False),
    Index("watched_link_next", "state", "host", "found"),
)
"""An article that a feed has named, once however many name it: `address` is what makes two pages the same.

`url` is where to ask for it: what the feed said, or where that was redirected to, after so many `hops`.
`state` is waiting, stored (it is in the archive), refused (robots.txt forbids it) or failed (see `error`).
"""

host = Table(
    "watched_host",
    metadata,
    Column("host", Text, primary_key=True),
    Column("free", Text, nullable=False),
    Column("fails", Integer, nullable=False),
    Column("delay", Float, nullable=False),
    Column("robots", Text, nullable=False),
    Column("robots_until", Text, nullable=False),
)
"""A web server: when it may be asked again, how often in a row it failed, what its robots.txt says and until when that
counts. `host` is scheme, name and port.
"""

alert = Table(
    "alert",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("typed", Text, nullable=False),
    Column("asked", Text, nullable=False),
    Column("made", Text, nullable=False),
    Column("seen", _Number, nullable=False),
)
"""A saved search: what was typed, its filters as JSON, and the last article that was looked at for it."""

channel = Table(
    "alert_channel",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("alert_id", _Number, ForeignKey("alert.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("target", Text, nullable=False),
    Column("sent", _Number, nullable=False),
    Column("fails", Integer, nullable=False),
    Column("due", Text, nullable=False),
    Column("error", Text, nullable=False),
    UniqueConstraint("alert_id", "kind", "target"),
)
"""Where an alert is told (`webhook`, `email`, `atom`), the last notice that was, and when to try again if it failed."""

notice = Table(
    "alert_notice",
    metadata,
    Column("id", _Number, primary_key=True),
    Column("alert_id", _Number, ForeignKey("alert.id"), nullable=False),
    Column("statement_id", _Number, ForeignKey("statement.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("made", Text, nullable=False),
    UniqueConstraint("alert_id", "key"),
)
"""A statement that an alert has found. `key` is the page and the words, so that a new version of a page, or a new
reading, tells no words twice."""

ALL = [feed, link, host, alert, channel, notice]

"""What visitors had read: kept under a link that cannot be guessed, until newer ones need the room."""

from __future__ import annotations

import secrets
import zlib
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, delete, insert, select

from onrecord.archive import tables
from onrecord.schema import Article

MOST = 500
"""How many readings are kept."""
_MOST_BYTES = 200_000_000
"""And how many bytes of them, compressed: a story takes some 10 kB."""
_KEY_BYTES = 15
_LEVEL = 6

_reading = tables.reading.c


def keep(connection: Connection, article: Article) -> str:
    """Store a reading and let the oldest go that no longer have room; its key. `connection` is writing."""
    packed = zlib.compress(msgspec.json.encode(article), _LEVEL)
    key = secrets.token_urlsafe(_KEY_BYTES)
    values = {
        "key": key,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "size": len(packed),
        "article": packed,
    }
    connection.execute(insert(tables.reading).values(values))
    connection.execute(delete(tables.reading).where(_reading.id < _oldest(connection)))
    return key


def _oldest(connection: Connection) -> int:
    """The number of the oldest reading that has room; the newest always has."""
    newest = connection.execute(select(_reading.id, _reading.size).order_by(_reading.id.desc()).limit(MOST)).all()
    room, oldest = _MOST_BYTES, newest[0].id
    for row in newest:
        room -= row.size
        if room >= 0:
            oldest = row.id
    return int(oldest)


def reading_of(connection: Connection, key: str) -> Article | None:
    """The reading under that key, if it is still kept."""
    packed = connection.scalar(select(_reading.article).where(_reading.key == key))
    return msgspec.json.decode(zlib.decompress(packed), type=Article) if packed else None

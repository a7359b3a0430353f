"""Doing something with an archive that two processes must not do at once, such as telling alerts."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Engine

from onrecord.errors import ArchiveError


@contextmanager
def alone(engine: Engine, what: str) -> Iterator[None]:
    """As long as this lasts, no other process is in here for the same archive; one that is killed is out at once.

    SQLite's own lock on a file beside the archive, or an advisory lock of PostgreSQL's. `what` is a word for what is
    done. Raises `ArchiveError` if another process is in here.
    """
    if engine.dialect.name == "sqlite":
        with _beside(str(engine.url.database), what):
            yield
        return
    with engine.connect() as connection:
        number = zlib.crc32(f"onrecord {what}".encode())
        free = connection.exec_driver_sql(f"SELECT pg_try_advisory_lock({number})").scalar()
        connection.commit()  # the lock is the session's; a transaction left open would keep the database from tidying
        if not free:
            raise _taken(what)
        try:
            yield
        finally:
            connection.exec_driver_sql(f"SELECT pg_advisory_unlock({number})")
            connection.commit()


@contextmanager
def _beside(path: str, what: str) -> Iterator[None]:
    if path == ":memory:":
        yield
        return
    try:
        lock = sqlite3.connect(f"{path}.{what}", timeout=0, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise ArchiveError(
            f"{path}.{what}: cannot be opened ({error}); see that its folder may be written to"
        ) from error
    with closing(lock):
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise ArchiveError(f"{path}.{what}: cannot be locked ({error})") from error
            raise _taken(what) from error
        yield


def _taken(what: str) -> ArchiveError:
    return ArchiveError(f"another process is at work for this archive (onrecord {what}); let it end first")

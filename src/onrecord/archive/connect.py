"""From an archive's address to a connection, and from a database's complaints to ours."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from onrecord.errors import ArchiveError, ArchiveGoneError, UsageError

PATIENCE = 30.0
"""Seconds to wait for another writer to finish."""
_CACHE_KIB = 64 * 1024
_PAUSE = 0.02
_LOG_PAGES = 16_000
"""Pages of the log (64 MB) before it is written into the file: pages that change often are then written once."""
_LOCK = 0x6F6E7265
"""The advisory lock that PostgreSQL's writers take in turn: "onre"."""
_POSTGRESQL = ("postgresql", "postgres", "postgresql+psycopg")
_GONE = (
    "closed the connection", "connection to server", "connection is closed", "is the server running",
    "connection refused", "could not connect", "connection failed", "terminating connection",
)  # fmt: skip


def address_of(given: str) -> URL:
    """The database's URL that a user means by a path, `sqlite:///path` or `postgresql://user@host/name`.

    Raises `UsageError` for another kind of database or something unreadable.
    """
    if "://" not in given:
        return URL.create("sqlite", database=str(Path(given)))
    try:
        url = make_url(given)
    except ArgumentError as error:
        raise UsageError(f"{given}: no archive's address; give a path or postgresql://user@host/name") from error
    if url.drivername in _POSTGRESQL:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername == "sqlite" and url.database:
        return url
    raise UsageError(f"{given}: an archive is a path, sqlite:///path or postgresql://user@host/name")


def engine_of(url: URL) -> Engine:
    """An engine for the database; nothing is opened yet.

    Raises `UsageError` if PostgreSQL's driver is not installed.
    """
    try:
        if url.get_backend_name() == "sqlite":
            engine = create_engine(url, creator=partial(_sqlite, str(url.database)))
            event.listen(engine, "connect", _prepare_sqlite)
        else:
            engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": int(PATIENCE)})
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise UsageError("PostgreSQL needs its driver; run: pip install 'onrecord[postgres]'") from error
    event.listen(engine, "begin", _begin)
    return engine


def _sqlite(path: str) -> sqlite3.Connection:
    """A connection to the file; one that may not be written to is opened as one that nobody writes to."""
    fixed = os.path.exists(path) and not _may_write(path) and not os.path.exists(f"{path}-wal")
    location = f"file:{quote(path)}?immutable=1" if fixed else path
    return sqlite3.connect(location, timeout=PATIENCE, check_same_thread=False, uri=fixed)


def _may_write(path: str) -> bool:
    """Whether the file may be written to, and its log beside it."""
    effective = os.access in os.supports_effective_ids
    return all(os.access(one, os.W_OK, effective_ids=effective) for one in (path, os.path.dirname(path) or "."))


def _prepare_sqlite(raw: sqlite3.Connection, _record: object) -> None:
    """Leave transactions to us, let readers and a writer work side by side, and hold the references to be true."""
    raw.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        f"cache_size = -{_CACHE_KIB}",
        "temp_store = MEMORY",
        "secure_delete = OFF",
        f"wal_autocheckpoint = {_LOG_PAGES}",
    ):
        _persistently(raw, f"PRAGMA {pragma}")


def _persistently(raw: sqlite3.Connection, pragma: str) -> None:
    """Execute a pragma. SQLite does not wait for a lock here, as while another process mends the log of one killed."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            raw.execute(pragma)
        except sqlite3.OperationalError as error:
            # A folder that must not be written to has no place for the log; reading goes on without one.
            if "readonly" in str(error):
                return
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(_PAUSE)
        else:
            return


def _begin(connection: Connection) -> None:
    writing = connection.get_execution_options().get("writing", False)
    if connection.dialect.name == "sqlite":
        # Taken at once: a writer that only later finds another in its way would have to give up its work.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
    elif writing:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction, to read from; raises `ArchiveError` for what the database complains of."""
    with _told(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A connection in one transaction, the only one that writes; all of it is stored at the end, or nothing.

    Raises `ArchiveError` for what the database complains of.
    """
    with _told(engine), engine.connect() as connection:
        connection = connection.execution_options(writing=True)
        with connection.begin():
            yield connection


@contextmanager
def _told(engine: Engine) -> Iterator[None]:
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except DBAPIError as error:
        raise _complaint(engine.url, str(error.orig), error.connection_invalidated) from error
    except driver.Error as error:  # what `inserting` asks reaches the driver without SQLAlchemy
        raise _complaint(engine.url, str(error), engine.dialect.is_disconnect(error, None, None)) from error


def _complaint(url: URL, message: str, gone: bool) -> ArchiveError:
    """What the database complains of, where, and what to do, in a line."""
    where = _shown(url)
    said = " ".join(message.split())
    low = said.lower()
    if "no such table" in low or ("does not exist" in low and "relation" in low):
        return ArchiveError(f"{where}: no archive of onrecord; onrecord add INPUT --archive {where} makes one")
    for sign, advice in _ADVICE:
        if sign in low:
            return ArchiveError(f"{where}: {advice} ({said})")
    if gone or any(sign in low for sign in _GONE):
        return ArchiveGoneError(f"{where}: the database cannot be reached; see that it runs, run this again ({said})")
    return ArchiveError(f"{where}: the database refused ({said})")


_ADVICE = (
    ("database is locked", f"another program has been writing for {PATIENCE:.0f} seconds; run this again"),
    ("disk is full", "the disk is full; make room, then run this again: what was stored is safe"),
    ("no space left", "the disk is full; make room, then run this again: what was stored is safe"),
    ("readonly database", "may not be written to; see the rights of the file and its folder"),
    ("read-only", "may not be written to; see the rights of the user"),
    ("unable to open", "cannot be opened; see that the folder exists and may be written to"),
    ("not a database", "is no archive of onrecord but another kind of file; give another path"),
    ("malformed", "is damaged; restore it from a copy, or read the pages anew into another"),
    ("disk i/o error", "the disk cannot be read or written"),
    ("password authentication", "the database wants another user or password"),
)


def _shown(url: URL) -> str:
    """The address as a message shows it: the path alone for SQLite, without the password for PostgreSQL."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return url.set(drivername="postgresql").render_as_string(hide_password=True)


def missing(url: URL) -> str:
    """Why there is nothing to read at an address, if that shows without opening it; else nothing."""
    if url.get_backend_name() == "sqlite" and url.database != ":memory:" and not os.path.exists(str(url.database)):
        return f"{_shown(url)}: no such archive; onrecord add INPUT --archive {_shown(url)} makes one"
    return ""

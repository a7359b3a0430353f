"""Versions of the schema: an archive made by an earlier onrecord is brought up to date when it is written to.

Each step takes an archive from one version to the next, in the transaction that also notes the new version, so that a
step that breaks off leaves the archive as it was.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, inspect, select, text

from onrecord.archive import index, likenames, tables
from onrecord.errors import ArchiveError

_VERSION = "schema version"


def _first(connection: Connection) -> None:
    """The tables and the index of words."""
    tables.metadata.create_all(connection)
    index.of(connection).create(connection)
    likenames.create(connection)


def _with_accounts(connection: Connection) -> None:
    """Accounts and what stands for them; who took a correction back."""
    tables.metadata.create_all(connection, [tables.account, tables.credential])
    column = tables.correction.c.undone_by.name
    if column not in {one["name"] for one in inspect(connection).get_columns(tables.correction.name)}:
        connection.execute(text(f"ALTER TABLE {tables.correction.name} ADD COLUMN {column} TEXT"))


def _with_readings(connection: Connection) -> None:
    """What visitors had read."""
    tables.metadata.create_all(connection, [tables.reading])


STEPS: tuple[Callable[[Connection], None], ...] = (_first, _with_accounts, _with_readings)
"""What makes version n + 1 of version n."""
CURRENT = len(STEPS)


def version_of(connection: Connection) -> int:
    """The version of an archive's schema; 0 if there is none yet.

    Raises `ArchiveError` if a newer onrecord has made it.
    """
    if not inspect(connection).has_table(tables.archive.name):
        return 0
    found = connection.scalar(select(tables.archive.c.value).where(tables.archive.c.key == _VERSION))
    version = int(found or 0)
    if version > CURRENT:
        raise ArchiveError(f"the archive has version {version}, this onrecord knows {CURRENT}; install a newer one")
    return version


def bring_up_to_date(connection: Connection) -> None:
    """Take the missing steps; `connection` is in a writing transaction."""
    version = version_of(connection)
    for step in STEPS[version:]:
        step(connection)
    if version == 0:
        connection.execute(tables.archive.insert().values(key=_VERSION, value=str(CURRENT)))
    elif version < CURRENT:
        update = tables.archive.update().where(tables.archive.c.key == _VERSION)
        connection.execute(update.values(value=str(CURRENT)))

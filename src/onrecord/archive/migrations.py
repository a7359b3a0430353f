"""Versions of the schema: an archive made by an earlier onrecord is brought up to date when it is written to.

A new one is made as it is now. Each step takes an archive from one version to the next, in the transaction that also
notes the new version, so that a step that breaks off leaves the archive as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlalchemy import Connection, inspect, select, text

from onrecord.archive import index, likenames, tables, tables_watch
from onrecord.archive.clusters.bodies import KEYS
from onrecord.archive.reprints import packed
from onrecord.errors import ArchiveError

_VERSION = "schema version"


def _make(connection: Connection) -> None:
    """A new archive: the tables as they are now, and the indexes of words."""
    tables.metadata.create_all(connection)
    index.of(connection).create(connection)
    likenames.create(connection)


def _fresh_keys(connection: Connection) -> None:
    """Keys come to their place by way of `fresh` rows, without references; the sample of a body is packed."""
    keep = "CREATE TABLE kept AS SELECT * FROM"
    for table, columns, values in (
        (tables.cluster_key, "key, statement_id, held", "key, statement_id, held"),
        (tables.body_key, "key, article_id, held", f"key, article_id, {KEYS}"),
        (tables.body, "article_id, scale, hashes", ""),
    ):
        connection.exec_driver_sql(f"{keep} {table.name}")
        connection.exec_driver_sql(f"DROP TABLE {table.name}")
        tables.metadata.create_all(connection)
        if values:
            connection.exec_driver_sql(f"INSERT INTO {table.name} ({columns}) SELECT {values} FROM kept")
        else:
            _pack_bodies(connection)
        connection.exec_driver_sql("DROP TABLE kept")


def _pack_bodies(connection: Connection) -> None:
    rows = connection.exec_driver_sql("SELECT article_id, scale, hashes FROM kept")
    for some in rows.partitions(1_000):
        values = [
            {"article_id": one.article_id, "scale": one.scale, "hashes": packed(json.loads(one.hashes))} for one in some
        ]
        connection.execute(tables.body.insert(), values)


def _with_accounts(connection: Connection) -> None:
    """Accounts and what stands for them; who took a correction back."""
    tables.metadata.create_all(connection, [tables.account, tables.credential])
    column = tables.correction.c.undone_by.name
    if column not in {one["name"] for one in inspect(connection).get_columns(tables.correction.name)}:
        connection.execute(text(f"ALTER TABLE {tables.correction.name} ADD COLUMN {column} TEXT"))


def _with_readings(connection: Connection) -> None:
    """What visitors had read."""
    tables.metadata.create_all(connection, [tables.reading])


def _with_watching(connection: Connection) -> None:
    """What is watched, and the searches that raise alerts."""
    tables.metadata.create_all(connection, tables_watch.ALL)


def _with_looked(connection: Connection) -> None:
    """Which articles somebody has looked through."""
    tables.metadata.create_all(connection, [tables.looked])


STEPS: tuple[Callable[[Connection], None], ...] = (
    _fresh_keys,
    _with_accounts,
    _with_readings,
    _with_watching,
    _with_looked,
)
"""What makes of version 1 version 2, of that version 3, and so on."""
CURRENT = len(STEPS) + 1


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
    for step in STEPS[version - 1 :] if version else (_make,):
        step(connection)
    if version == 0:
        connection.execute(tables.archive.insert().values(key=_VERSION, value=str(CURRENT)))
    elif version < CURRENT:
        update = tables.archive.update().where(tables.archive.c.key == _VERSION)
        connection.execute(update.values(value=str(CURRENT)))

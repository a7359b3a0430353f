"""Rows into tables, as fast as the database takes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table


def insert_rows(connection: Connection, table: Table, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns.

    Written as plain SQL, which is made once a table: SQLAlchemy would spend as long on each row as the database does.
    """
    if values:
        connection.exec_driver_sql(_inserting(table, tuple(values[0]), connection.dialect), list(values))


@lru_cache(maxsize=100)
def _inserting(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    """The statement that inserts one row, its values by name."""
    quote, sign = dialect.identifier_preparer.quote, ":{}" if dialect.name == "sqlite" else "%({})s"
    names, values = ", ".join(map(quote, columns)), ", ".join(map(sign.format, columns))
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({values})"

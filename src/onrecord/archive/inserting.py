"""Plain SQL for what is asked with every article: SQLAlchemy's own way takes longer than the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect, Table

Rows = list[tuple[Any, ...]]


def insert_rows(connection: Connection, table: Table, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns in the same order."""
    if values:
        asked = _inserting(table, tuple(values[0]), connection.dialect)
        _driver(connection).cursor().executemany(asked, [tuple(row.values()) for row in values])


def insert_numbered(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row into a table that numbers its rows by itself; the row's number, its `id`."""
    asked = f"{_inserting(table, tuple(values), connection.dialect)} RETURNING id"
    cursor = _driver(connection).cursor()
    cursor.execute(asked, tuple(values.values()))
    return int(cursor.fetchone()[0])


def plain(connection: Connection, query: str, values: tuple[Any, ...] = ()) -> Rows:
    """The rows that a query gives which has a question mark for each value; none if it only writes."""
    cursor = _driver(connection).cursor()
    cursor.execute(written(query, connection.dialect.name), values)
    return cursor.fetchall() if cursor.description else []


def plain_value(connection: Connection, query: str, values: tuple[Any, ...] = ()) -> Any:
    """The first value of the first row, None if there is none."""
    rows = plain(connection, query, values)
    return rows[0][0] if rows else None


def plain_each(connection: Connection, query: str, values: Rows) -> None:
    """Write with a query once for each row of values."""
    if values:
        _driver(connection).cursor().executemany(written(query, connection.dialect.name), values)


def _driver(connection: Connection) -> Any:
    """The database driver's own connection, in the transaction that SQLAlchemy has begun."""
    return connection.connection.driver_connection


@lru_cache(maxsize=100)
def written(query: str, dialect: str) -> str:
    """A query with the mark that a database's driver wants for a value."""
    return query if dialect == "sqlite" else query.replace("?", "%s")


@lru_cache(maxsize=100)
def _inserting(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    """The statement that inserts one row, its values in their order."""
    quote, sign = dialect.identifier_preparer.quote, "?" if dialect.name == "sqlite" else "%s"
    names, values = ", ".join(map(quote, columns)), ", ".join(sign for _ in columns)
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({values})"

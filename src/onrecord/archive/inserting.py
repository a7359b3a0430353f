"""Plain SQL for what is asked with every article: SQLAlchemy's own way takes longer than the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, CursorResult, Dialect, Table

_Values = tuple[Any, ...] | list[tuple[Any, ...]]


def insert_rows(connection: Connection, table: Table, values: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the same columns in the same order.

    The SQL is made once a table: SQLAlchemy would spend as long on each row as the database does.
    """
    if values:
        asked = _inserting(table, tuple(values[0]), connection.dialect)
        connection.exec_driver_sql(asked, [tuple(row.values()) for row in values])


def plain(connection: Connection, query: str, values: _Values = ()) -> CursorResult[Any]:
    """What a query gives that has a question mark for each value; once for each, if they are a list."""
    return connection.exec_driver_sql(_written(query, connection.dialect.name), values)


@lru_cache(maxsize=100)
def _written(query: str, dialect: str) -> str:
    return query if dialect == "sqlite" else query.replace("?", "%s")


@lru_cache(maxsize=100)
def _inserting(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    """The statement that inserts one row, its values in their order."""
    quote, sign = dialect.identifier_preparer.quote, "?" if dialect.name == "sqlite" else "%s"
    names, values = ", ".join(map(quote, columns)), ", ".join(sign for _ in columns)
    return f"INSERT INTO {quote(table.name)} ({names}) VALUES ({values})"

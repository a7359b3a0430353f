"""Lists of numbers or names as one value of a query: an `IN` with a mark for each would be written anew every time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import Connection, Row

from onrecord.archive.inserting import Rows, plain, written

_AMONG = {
    "sqlite": "IN (SELECT value FROM json_each(?))",
    "postgresql": "IN (SELECT value::{kind} FROM json_array_elements_text(?))",
}


@cache
def _among(query: str, dialect: str, kind: str) -> str:
    return query.format(among=_AMONG[dialect].format(kind=kind))


def rows_among(connection: Connection, query: str, values: Iterable[int] | Iterable[str]) -> Rows:
    """The rows that a query gives in which `{among}` stands for "is one of these values", as tuples."""
    return plain(connection, *_with_list(connection, query, values))


def named_rows_among(connection: Connection, query: str, values: Iterable[int] | Iterable[str]) -> Sequence[Row[Any]]:
    """The same with names for their columns; where many are read, tuples are faster."""
    asked, given = _with_list(connection, query, values)
    return connection.exec_driver_sql(written(asked, connection.dialect.name), given).all()


def _with_list(
    connection: Connection, query: str, values: Iterable[int] | Iterable[str]
) -> tuple[str, tuple[str, ...]]:
    wanted = list(values)
    kind = "text" if wanted and isinstance(wanted[0], str) else "bigint"
    return _among(query, connection.dialect.name, kind), (msgspec.json.encode(wanted).decode(),)

"""Lists of numbers as one value of a query: an `IN` with a mark for each would be written anew for every length."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from sqlalchemy import Connection, TextClause, text

_AMONG = {
    "sqlite": "IN (SELECT value FROM json_each(:numbers))",
    "postgresql": "IN (SELECT value::bigint FROM json_array_elements_text(:numbers))",
}


@cache
def among(query: str, dialect: str) -> TextClause:
    """A query in which `{among}` stands for "is one of `:numbers`"."""
    return text(query.format(among=_AMONG[dialect]))


def rows_among(connection: Connection, query: str, numbers: Iterable[int]) -> list[Any]:
    """The rows that a query gives for these numbers."""
    asked = among(query, connection.dialect.name)
    return list(connection.execute(asked, {"numbers": json.dumps(list(numbers))}))

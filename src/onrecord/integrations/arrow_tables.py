"""Many pages → Arrow tables in memory, for pandas, polars, DuckDB and whatever else takes Arrow.

The tables are those of `onrecord.formats.arrow`. Rows become Arrow in groups, so that what a run holds besides its
result does not grow with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from os import PathLike
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from onrecord.formats.arrow import articles_schema, pyarrow_or_error, statements_schema
from onrecord.formats.parquet import ParquetWriter
from onrecord.intake import Source, pages_of
from onrecord.pipeline import read_pages
from onrecord.schema import Engine, Failure, Page

if TYPE_CHECKING:
    import pyarrow

_SHOWN = 100


class Tables(Struct, frozen=True):
    """What many pages say. Given to something that takes Arrow, it stands for its statements."""

    statements: pyarrow.Table
    """A row a statement; `article` is the id of its article."""
    articles: pyarrow.Table
    """A row an article, with the text that the offsets count in and what was odd about the page."""
    failures: pyarrow.Table
    """A row an input that gave no article: the `source` it came from, counted from 0, its `input`, and the `error`."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """The statements by Arrow's PyCapsule protocol."""
        return self.statements.__arrow_c_stream__(requested_schema)


def tables_of(sources: Source | Iterable[Source], engine: Engine = "model") -> Tables:
    """The tables of all that the sources hold; raises `UsageError` without pyarrow."""
    articles, statements = _Collected(articles_schema()), _Collected(statements_schema())
    writer = ParquetWriter(articles, statements)
    failures = []
    given: Iterable[Source] = [sources] if isinstance(sources, str | bytes | PathLike | Page) else sources
    for number, source in enumerate(given):
        for result in read_pages(_pages(source), engine):
            if isinstance(result, Failure):
                failures.append({"source": number, "input": _sound(result.input), "error": _sound(result.error)})
            else:
                writer.send(result)
    writer.close()
    arrow = pyarrow_or_error()
    columns = arrow.schema([("source", arrow.int64()), ("input", arrow.string()), ("error", arrow.string())])
    return Tables(statements.table(), articles.table(), arrow.Table.from_pylist(failures, schema=columns))


class _Collected:
    """Takes tables as one of pyarrow's writers does, and keeps them."""

    def __init__(self, schema: pyarrow.Schema) -> None:
        self.schema = schema
        self._tables: list[Any] = []

    def write_table(self, table: pyarrow.Table) -> None:
        self._tables.append(table)

    def table(self) -> pyarrow.Table:
        return pyarrow_or_error().concat_tables([self.schema.empty_table(), *self._tables])


def _pages(source: Source) -> Iterator[Page | Failure]:
    """The pages of a source; what is none at all, such as a missing value in a column, is a failure too."""
    if isinstance(source, str | bytes | bytearray | PathLike | Page):
        yield from pages_of(source)
    else:
        shown = repr(source)[:_SHOWN]
        yield Failure(shown, f"{shown} is neither a page nor the text or the location of one")


def _sound(text: str) -> str:
    """The text as Arrow takes it: a file's name can hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode("utf-8")

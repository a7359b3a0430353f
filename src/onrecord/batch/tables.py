"""The Parquet files of a run: their columns, and writing one for each month as rows come."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from onrecord.batch.places import Folder
from onrecord.batch.records import Trouble
from onrecord.formats.arrow import (
    article_row,
    articles_schema,
    pyarrow_or_error,
    statement_rows,
    statements_schema,
)
from onrecord.formats.wire import Json
from onrecord.schema import Article

if TYPE_CHECKING:
    import pyarrow

UNDATED = "unknown"
_GROUP_CHARACTERS = 4_000_000
_MONTH = len("2021-01")


def apart_schema() -> pyarrow.Schema:
    """What is kept of a page between the two phases."""
    arrow = pyarrow_or_error()
    return arrow.schema(
        [
            arrow.field("shard", arrow.int32(), nullable=False),
            arrow.field("number", arrow.int32(), nullable=False),
            arrow.field("id", arrow.string(), nullable=False),
            arrow.field("place", arrow.string(), nullable=False),
            arrow.field("fetched", arrow.string(), nullable=False),
            arrow.field("address", arrow.string(), nullable=False),
            arrow.field("digest", arrow.string(), nullable=False),
            arrow.field("scale", arrow.int64(), nullable=False),
            arrow.field("hashes", arrow.list_(arrow.int64()), nullable=False),
            arrow.field("article", arrow.binary(), nullable=False),
        ]
    )


def problems_schema() -> pyarrow.Schema:
    """The columns of `problems`: a row for each page that gave no article or was odd."""
    arrow = pyarrow_or_error()
    return arrow.schema([arrow.field(name, arrow.string(), nullable=False) for name in Trouble.__struct_fields__])


def clusters_schema() -> pyarrow.Schema:
    """The columns of `clusters`."""
    arrow = pyarrow_or_error()
    return arrow.schema([arrow.field(name, arrow.string()) for name in ("cluster", "article", "statement")])


def batch_articles_schema() -> pyarrow.Schema:
    """The columns of `articles`: those of `onrecord.formats.arrow`, and what a crawl adds."""
    arrow = pyarrow_or_error()
    added = [
        arrow.field("fetched", arrow.string()),
        arrow.field("duplicate_of", arrow.string()),
        arrow.field("duplicate_share", arrow.float64()),
    ]
    known = articles_schema()
    return arrow.schema([*known, *added], metadata=known.metadata)


def month_of(article: Article) -> str:
    """The month of publication, by which the files are parted; `unknown` without a date."""
    day = article.published.date if article.published else ""
    return day[:_MONTH] if len(day) >= _MONTH else UNDATED


class Dated:
    """Writes articles and their statements into `articles/date=MONTH/NAME.parquet` and `statements/…`."""

    def __init__(self, folder: Folder, name: str, files: ExitStack) -> None:
        self._folder, self._name, self._files = folder, name, files
        self._schemas = {"articles": batch_articles_schema(), "statements": statements_schema()}
        self._writers: dict[tuple[str, str], Any] = {}
        self._rows: dict[tuple[str, str], list[Json]] = {}
        self._characters = 0

    def send(self, article: Article, **added: Any) -> None:
        """Take an article, with the columns that a crawl adds."""
        month = month_of(article)
        self._rows.setdefault(("articles", month), []).append(article_row(article) | added)
        self._rows.setdefault(("statements", month), []).extend(statement_rows(article))
        self._characters += len(article.text)
        if self._characters >= _GROUP_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Write what was taken."""
        from pyarrow import Table

        for (table, month), rows in self._rows.items():
            schema = self._schemas[table]
            self._writer(table, month).write_table(Table.from_pylist(rows, schema=schema))
        self._rows.clear()
        self._characters = 0

    def _writer(self, table: str, month: str) -> Any:
        if (table, month) not in self._writers:
            path = self._files.enter_context(self._folder.writing(f"{table}/date={month}/{self._name}.parquet"))
            self._writers[table, month] = self._files.enter_context(_writer(path, self._schemas[table]))
        return self._writers[table, month]


@contextmanager
def dated(folder: Folder, name: str) -> Iterator[Dated]:
    """A writer of a shard's articles and statements; its files are there once the block has ended."""
    with ExitStack() as files:
        writer = Dated(folder, name, files)
        yield writer
        writer.flush()


class Rows:
    """Writes rows of one table as they come."""

    def __init__(self, writer: Any, schema: Any, group: int) -> None:
        self._writer, self._schema, self._group = writer, schema, group
        self._rows: list[Json] = []

    def send(self, row: Json) -> None:
        """Take a row."""
        self._rows.append(row)
        if len(self._rows) >= self._group:
            self.flush()

    def flush(self) -> None:
        """Write what was taken."""
        from pyarrow import Table

        if self._rows:
            self._writer.write_table(Table.from_pylist(self._rows, schema=self._schema))
            self._rows.clear()


def write_empty(folder: Folder) -> None:
    """Give each table that has no file one without rows, so that whoever asks the table gets an answer."""
    from pyarrow import parquet

    undated = f"date={UNDATED}"
    schemas = {f"articles/{undated}": batch_articles_schema(), f"statements/{undated}": statements_schema()}
    for place, schema in {**schemas, "clusters": clusters_schema()}.items():
        if not folder.names(place.partition("/")[0], ".parquet"):
            with folder.writing(f"{place}/empty.parquet") as path:
                parquet.write_table(schema.empty_table(), path)


@contextmanager
def rows(folder: Folder, name: str, schema: pyarrow.Schema, group: int = 128) -> Iterator[Rows]:
    """A writer of one file, which is there once the block has ended."""
    with folder.writing(name) as path, _writer(path, schema) as writer:
        taken = Rows(writer, schema, group)
        yield taken
        taken.flush()


def _writer(path: Path, schema: pyarrow.Schema) -> Any:
    from pyarrow import parquet

    # Without dictionaries 44 articles of 17 months take a sixth less time and a twelfth less space, 3,300 of one month
    # the same: a shard has a file for each month, and every column of each would compress a page more.
    return parquet.ParquetWriter(path, schema, compression="zstd", use_dictionary=False)

"""Articles as two Parquet files in a folder, in the schema of `onrecord.formats.arrow`, and back.

Written and read in groups of rows: the memory taken depends on one group, not on how many articles there are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

from onrecord.errors import InputError
from onrecord.formats.arrow import (
    article_row,
    articles_schema,
    pyarrow_or_error,
    statement_rows,
    statements_schema,
    wire_object,
)
from onrecord.formats.wire import Json, article_from
from onrecord.schema import Article

ARTICLES = "articles.parquet"
STATEMENTS = "statements.parquet"
_BATCH = Path(ARTICLES).stem
"""The folder in which a batch run keeps the parts of its table of articles."""
_GROUP_CHARACTERS = 8_000_000
"""Of text in a group of rows; a group ends with the article that reaches this, or one of the next two."""
_GROUP_ARTICLES = 5_000
_GROUP_STATEMENTS = 50_000
_READ_ROWS = 64
_READ_BYTES = 1_000_000_000
"""What the rows taken at once may come to, were each as large as all of its column: a column can say one long text many
times in no space at all."""


class ParquetWriter:
    """Puts articles into groups of rows of the two tables."""

    def __init__(self, articles: Any, statements: Any) -> None:
        """Takes two of pyarrow's writers, with the schemas of `onrecord.formats.arrow`."""
        self._articles = _Table(articles)
        self._statements = _Table(statements)
        self._characters = 0

    def send(self, article: Article) -> None:
        """Take one article; written once its group is full."""
        self._articles.rows.append(article_row(article))
        self._statements.rows.extend(statement_rows(article))
        self._characters += len(article.text)
        full = self._characters >= _GROUP_CHARACTERS or len(self._articles.rows) >= _GROUP_ARTICLES
        if full or len(self._statements.rows) >= _GROUP_STATEMENTS:
            self.close()

    def close(self) -> None:
        """Write what has been taken."""
        self._articles.flush()
        self._statements.flush()
        self._characters = 0


class _Table:
    """The rows of a table that are still to be written."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.rows: list[Json] = []

    def flush(self) -> None:
        if self.rows:
            self._file.write_table(pyarrow_or_error().Table.from_pylist(self.rows, schema=self._file.schema))
            self.rows.clear()


@contextmanager
def parquet_folder(folder: Path) -> Iterator[ParquetWriter]:
    """A writer of `articles.parquet` and `statements.parquet` in `folder`, which take their names once complete.

    Raises `UsageError` without pyarrow, and `OSError` where the folder cannot be written to.
    """
    schemas = {ARTICLES: articles_schema(), STATEMENTS: statements_schema()}
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    partial = {name: folder / f".{name}.partial" for name in schemas}
    try:
        with ExitStack() as files:
            writers = [
                files.enter_context(parquet.ParquetWriter(partial[name], schema, compression="zstd"))
                for name, schema in schemas.items()
            ]
            writer = ParquetWriter(*writers)
            yield writer
            writer.close()
        for name, path in partial.items():
            path.replace(folder / name)
    finally:
        for path in partial.values():
            path.unlink(missing_ok=True)


def articles_from_parquet(folder: Path) -> Iterator[Article]:
    """The articles that `parquet_folder` or a run of `onrecord batch` wrote, in order, as they are asked for.

    They are equal to what was written. Columns that a later version added are passed over. Raises `UsageError` without
    pyarrow, and `InputError` for files that are missing or damaged, lack a column, or do not belong together.
    """
    for articles, statements in tables_in(folder):
        yield from articles_in(articles, statements)


def holds_batch(folder: Path) -> bool:
    """Whether a folder is one that `onrecord batch` wrote its tables to."""
    return (folder / _BATCH).is_dir()


def tables_in(folder: Path) -> list[tuple[Path, Path]]:
    """The files of articles in a folder, each with the one that has their statements."""
    if not holds_batch(folder):
        return [(folder / ARTICLES, folder / STATEMENTS)]
    found = (path for path in sorted((folder / _BATCH).glob("*/*.parquet")) if not path.name.startswith("."))
    return [(path, folder / Path(STATEMENTS).stem / path.relative_to(folder / _BATCH)) for path in found]


def rows_in(table: Path, columns: Sequence[str]) -> Iterator[Json]:
    """The rows of a file, of these columns alone, as they are asked for; raises `InputError` as below."""
    with ExitStack() as files, _readable(table):
        yield from _rows(files, table, columns)


def articles_in(
    of_articles: Path, of_statements: Path, wanted: Callable[[int], bool] = lambda row: True
) -> Iterator[Article]:
    """The articles of a file whose rows, counted from 0, are wanted, with their statements from the other file.

    Raises `InputError` for files that are missing or damaged, lack a column, or do not belong together.
    """
    with _readable(of_articles), ExitStack() as files:
        articles = _rows(files, of_articles, articles_schema().names)
        statements = _rows(files, of_statements, statements_schema().names)
        for number, row in enumerate(articles):
            own = _own(row, statements)
            if wanted(number):
                yield _article(row, own)
        if next(statements, None) is not None:
            raise InputError(f"{of_statements}: holds statements of articles that {of_articles.name} does not have")


@contextmanager
def _readable(table: Path) -> Iterator[None]:
    """Raise `InputError` for what a damaged file makes pyarrow raise."""
    try:
        yield
    except (OSError, ValueError, pyarrow_or_error().ArrowException) as error:
        words = " ".join(str(error).split())[:200]
        raise InputError(f"{table.parent}: cannot be read as Parquet ({words})") from error


def _own(row: Json, statements: Iterator[Json]) -> list[Json]:
    """The statements of an article, which are the next ones."""
    count = row.get("statement_count")
    own = list(islice(statements, count if isinstance(count, int) and count > 0 else 0))
    if len(own) != count or any(statement["article"] != row["id"] for statement in own):
        raise InputError(f"article {row['id']!r}: its {count} statements are not the next ones in {STATEMENTS}")
    return own


def _article(row: Json, own: list[Json]) -> Article:
    try:
        return article_from(wire_object(row, own))
    except InputError as error:
        raise InputError(f"article {row['id']!r}: {error}") from error


def _rows(files: ExitStack, path: Path, names: Sequence[str]) -> Iterator[Json]:
    """The rows of a file as they are asked for, the columns of these names alone."""
    from pyarrow import parquet

    file = files.enter_context(parquet.ParquetFile(path))
    found = set(file.schema_arrow.names)
    missing = [name for name in names if name not in found]
    if missing:
        raise InputError(f"{path}: has no column {missing[0]!r}")
    return _taken(file, names)


def _taken(file: Any, names: Sequence[str]) -> Iterator[Json]:
    rows = max(1, min(_READ_ROWS, _READ_BYTES // max(1, _largest(file.metadata))))
    for batch in file.iter_batches(batch_size=rows, columns=list(names)):
        yield from batch.to_pylist()


def _largest(metadata: Any) -> int:
    """The bytes of the largest column in a group of rows, unpacked."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    sizes = (group.column(number).total_uncompressed_size for group in groups for number in range(group.num_columns))
    return max(sizes, default=0)

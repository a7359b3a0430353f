"""A shard → its pages, in order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from onrecord.batch.places import opened
from onrecord.batch.records import Shard, Trouble
from onrecord.batch.warc import warc_pages
from onrecord.errors import InputError
from onrecord.intake.files import unpacking
from onrecord.intake.jsonl import line_pages
from onrecord.intake.limits import PAGE_BYTES, read_page, unpacked
from onrecord.schema import Failure, MediaKind, Page

_HTML = (".html", ".htm", ".xhtml", ".shtml")
_CONTENT: tuple[tuple[str, MediaKind], ...] = (("html", "html"), ("text", "text"))
_COLUMNS = {
    "id": ("id",),
    "url": ("url", "uri"),
    "lang": ("lang", "language"),
    "published": ("date", "published", "published_date"),
    "fetched": ("fetched", "crawl_date", "timestamp"),
}
"""What the columns of a Parquet file may be called; the first that is there is taken."""
_BATCH_ROWS = 32


def shard_pages(shard: Shard) -> Iterator[Page | Trouble]:
    """The pages of a shard; a row of problems for what gives none, the file as a whole if it cannot be read."""
    for location in shard.locations:
        try:
            with opened(location) as stream:
                yield from _pages(stream, location, shard)
        except (InputError, OSError, ValueError, ImportError) as error:
            words = " ".join(str(error).split()).removeprefix(f"{location}: ") or type(error).__name__
            stage = "record" if shard.kind == "files" else "file"
            yield Trouble(location, stage, "failed", f"cannot be read ({words[:300]})")


def _pages(stream: BinaryIO, location: str, shard: Shard) -> Iterator[Page | Trouble]:
    if shard.kind == "warc":
        yield from warc_pages(stream, location, shard.start, shard.stop)
    elif shard.kind == "parquet":
        yield from _rows(stream, location, shard)
    elif shard.kind == "jsonl":
        for page in _lines(stream, location, shard):
            yield _trouble(page) if isinstance(page, Failure) else page
    else:
        media: MediaKind | None = "html" if location.lower().removesuffix(".gz").endswith(_HTML) else None
        yield Page(unpacked(read_page(stream, location), location), location, media=media)


def _trouble(failure: Failure) -> Trouble:
    return Trouble(failure.input, "record", "failed", failure.error.removeprefix(f"{failure.input}: "))


def _lines(stream: BinaryIO, location: str, shard: Shard) -> Iterator[Page | Failure]:
    if shard.start == 0 and shard.stop is None:
        yield from line_pages(unpacking(stream), location)
        return
    name = f"{location}@{shard.start}"
    yield from line_pages(cast(BinaryIO, _LinesFrom(stream, shard.start, shard.stop)), name)


class _LinesFrom:
    """The lines of a stream that begin from one byte on and before another."""

    def __init__(self, stream: BinaryIO, start: int, stop: int | None) -> None:
        self._stream, self._stop = stream, stop
        self._fresh = True
        stream.seek(max(0, start - 1))
        self._at = max(0, start - 1)
        if start:
            # The line that the byte before stands in belongs to the shard before, also if it ends with that byte.
            while (part := stream.readline(PAGE_BYTES)) and not part.endswith(b"\n"):
                self._at += len(part)
            self._at += len(part)

    def readline(self, size: int) -> bytes:
        """As of a file."""
        if self._fresh and self._stop is not None and self._at >= self._stop:
            return b""
        part = self._stream.readline(size)
        self._at += len(part)
        self._fresh = part.endswith(b"\n")
        return part


def _rows(stream: BinaryIO, location: str, shard: Shard) -> Iterator[Page | Trouble]:
    from pyarrow import ArrowException, parquet

    try:
        file = parquet.ParquetFile(stream)
        names = {name.lower(): name for name in file.schema_arrow.names}
        content = next(((names[name], media) for name, media in _CONTENT if name in names), None)
        if content is None:
            raise InputError(f'no column "html" or "text"; there are: {", ".join(names)[:200]}')
        told = {field: next((names[name] for name in some if name in names), None) for field, some in _COLUMNS.items()}
        columns = [content[0], *dict.fromkeys(filter(None, told.values()))]
        groups = list(range(shard.start, min(shard.stop or file.num_row_groups, file.num_row_groups)))
        number = sum(file.metadata.row_group(group).num_rows for group in range(shard.start))
        for batch in file.iter_batches(batch_size=_BATCH_ROWS, row_groups=groups, columns=columns):
            for row in batch.to_pylist():
                yield _row_page(row, content, told, f"{location}#{number}")
                number += 1
    except ArrowException as error:
        raise InputError(f"damaged Parquet: {error}") from error


def _row_page(row: dict[str, Any], content: tuple[str, MediaKind], told: dict[str, str | None], place: str) -> Any:
    column, media = content
    given = row[column]
    if not isinstance(given, str | bytes):
        return Trouble(place, "record", "failed", f"the column {column} is empty")
    if len(given) > PAGE_BYTES:
        return Trouble(place, "record", "failed", f"larger than {PAGE_BYTES // 1_000_000} MB, the limit for one page")
    fields = {name: _worded(row[column]) for name, column in told.items() if column}
    return Page(given, place, media=media, **fields)


def _worded(value: Any) -> str:
    """A value as a string; days and moments as in ISO 8601."""
    if value is None:
        return ""
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

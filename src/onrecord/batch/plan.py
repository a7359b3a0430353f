"""Inputs → shards, the same for the same inputs wherever and whenever they are made."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec.structs import replace

from onrecord.batch.places import file_system, opened
from onrecord.batch.records import Shard, ShardKind
from onrecord.errors import InputError, OnrecordError
from onrecord.schema import Failure

SHARD_BYTES = 32_000_000
"""Of a packed WARC file, some 1,000 pages: two minutes of one core with the model."""
_UNPACKED = 5
"""What is not packed is so many times as large."""
_SHARD_FILES = (20, 500)
"""At least and at most; between them as many as make `_SHARDS` shards of a folder."""
_SHARDS = 64
_SHARD_ROWS = 1_000
_WARC = (".warc.gz", ".warc", ".wet.gz")
_JSONL = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_PARQUET = (".parquet",)
_PAGES = tuple(name + gz for name in (".html", ".htm", ".xhtml", ".shtml", ".txt") for gz in ("", ".gz"))
_ALL = (*_WARC, *_JSONL, *_PARQUET, *_PAGES)


def planned(inputs: Iterable[str], shard_bytes: int = SHARD_BYTES) -> Iterator[Shard | Failure]:
    """The shards of all inputs, numbered from 0, and a failure for each input that gives none.

    An input is a file, a folder (with those below it) or a glob pattern, local or at any address that fsspec takes.
    `shard_bytes` is roughly how much of a packed file makes a shard.
    """
    number = 0
    for given in inputs:
        try:
            for shard in _shards(given, shard_bytes):
                yield replace(shard, number=number)
                number += 1
        except OnrecordError as error:
            yield Failure(given, str(error))
        except (OSError, ValueError, ImportError) as error:
            yield Failure(given, f"{given}: cannot be read ({' '.join(str(error).split()) or type(error).__name__})")


def _shards(given: str, shard_bytes: int) -> Iterator[Shard]:
    system, path = file_system(given)
    found = _found(system, path, given)
    if not found:
        raise InputError(f"{given}: nothing to read; looked for {', '.join(_ALL)}")
    pages: list[str] = []
    for file in found:
        location = str(system.unstrip_protocol(file)) if "://" in given else file
        if file.lower().endswith(_PAGES) and len(found) > 1:
            pages.append(location)
            continue
        size = system.size(file) or 0
        yield from _of_file(location, size, shard_bytes)
    least, most = _SHARD_FILES
    step = min(most, max(least, len(pages) // _SHARDS))
    for first in range(0, len(pages), step):
        yield Shard(0, "files", tuple(pages[first : first + step]))


def _found(system: Any, path: str, given: str) -> list[str]:
    if glob.has_magic(path) and not system.exists(path):
        some = sorted(file for file in system.glob(path) if not system.isdir(file))
        return [str(file) for file in some if str(file).lower().endswith(_ALL)]
    if system.isdir(path):
        return sorted(str(file) for file in system.find(path) if _is_input(str(file), path))
    if not system.exists(path):
        raise InputError(f"{given}: no such file or folder; check the path")
    return [path]


def _is_input(file: str, root: str) -> bool:
    hidden = any(part.startswith(".") for part in file[len(root) :].split("/"))
    return file.lower().endswith(_ALL) and not hidden


def _of_file(location: str, size: int, shard_bytes: int) -> Iterator[Shard]:
    name = location.lower().partition("?")[0]
    if name.endswith(_WARC):
        # One that is not packed has no marks by which to find a record in its middle.
        yield from _ranges("warc", location, size, shard_bytes if name.endswith(".gz") else size)
    elif name.endswith(_JSONL):
        yield from _ranges("jsonl", location, size, size if name.endswith(".gz") else shard_bytes * _UNPACKED)
    elif name.endswith(_PARQUET):
        yield from _row_groups(location)
    else:
        yield Shard(0, "files", (location,), size=size)


def _ranges(kind: ShardKind, location: str, size: int, step: int) -> Iterator[Shard]:
    """Shards of a file by bytes, of the same size but for the last."""
    count = max(1, round(size / step)) if size and step else 1
    ends = [size * part // count for part in range(count)]
    for start, stop in zip(ends, [*ends[1:], None], strict=True):
        yield Shard(0, kind, (location,), start, stop, (size if stop is None else stop) - start)


def _row_groups(location: str) -> Iterator[Shard]:
    from pyarrow import parquet

    with opened(location) as stream:
        metadata = parquet.ParquetFile(stream).metadata
    first = rows = size = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        rows += group.num_rows
        size += group.total_byte_size
        if rows >= _SHARD_ROWS or number == metadata.num_row_groups - 1:
            yield Shard(0, "parquet", (location,), first, number + 1, size)
            first, rows, size = number + 1, 0, 0

"""Inputs → shards, the same for the same inputs wherever and whenever they are made."""

from __future__ import annotations

import glob
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

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
"""At least and at most; between them as many as make `_SHARDS` shards of all."""
_SHARDS = 64
"""So that few pages too keep all cores busy to the end, and progress is seen; no more, as each shard has its files."""
_LEAST_BYTES = 500_000
"""Of a packed WARC file, some 15 pages: a second or two of one core."""
_SHARD_ROWS = 1_000
_WARC = (".warc.gz", ".warc", ".wet.gz")
_JSONL = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_PARQUET = (".parquet",)
_PAGES = tuple(name + gz for name in (".html", ".htm", ".xhtml", ".shtml", ".txt") for gz in ("", ".gz"))
_CHANGED = ("ETag", "etag", "md5", "checksum", "mtime", "LastModified", "last_modified", "updated")
"""What file systems call what tells a changed file from what it was; the first that one has is taken."""
_ALL = (*_WARC, *_JSONL, *_PARQUET, *_PAGES)


class InputFile(NamedTuple):
    """A file that an input stands for."""

    location: str
    """As it is opened again, and named in `place`."""
    size: int
    stamp: str
    """Its size and when it was changed, or the digest that its store gives: another one is another content."""


def listed(inputs: Iterable[str]) -> Iterator[InputFile | Failure]:
    """The files that inputs stand for, and a failure for each input and file that there is nothing in.

    An input is a file, a folder (with those below it) or a glob pattern, local or at any address that fsspec takes.
    """
    for given in inputs:
        try:
            yield from _files(given)
        except OnrecordError as error:
            yield Failure(given, str(error))
        except (OSError, ValueError, ImportError) as error:
            yield _unreadable(given, error)


def planned(files: Iterable[InputFile], shard_bytes: int = SHARD_BYTES) -> Iterator[Shard | Failure]:
    """The shards of files, numbered from 0, and a failure for each file that cannot be read.

    `shard_bytes` is roughly how much of a packed file makes a shard at most; it is less where there is little to read.
    """
    all_files = tuple(files)
    least = max(_LEAST_BYTES, sum(file.size for file in all_files) // _SHARDS)
    number = 0
    for shard in _shards(all_files, min(shard_bytes, least)):
        if isinstance(shard, Failure):
            yield shard
            continue
        yield replace(shard, number=number)
        number += 1


def _shards(files: Iterable[InputFile], shard_bytes: int) -> Iterator[Shard | Failure]:
    pages: list[InputFile] = []
    for file in files:
        if file.location.lower().endswith(_PAGES):
            pages.append(file)
            continue
        try:
            yield from _of_file(file.location, file.size, shard_bytes)
        except (OnrecordError, OSError, ValueError, ImportError) as error:
            yield _unreadable(file.location, error)
    least, most = _SHARD_FILES
    step = min(most, max(least, len(pages) // _SHARDS))
    for first in range(0, len(pages), step):
        some = pages[first : first + step]
        yield Shard(0, "files", tuple(one.location for one in some), size=sum(one.size for one in some))


def _unreadable(location: str, error: Exception) -> Failure:
    return Failure(location, f"{location}: cannot be read ({' '.join(str(error).split()) or type(error).__name__})")


def _files(given: str) -> Iterator[InputFile | Failure]:
    system, path = file_system(given)
    found = _found(system, path, given)
    if not found:
        raise InputError(f"{given}: nothing to read; looked for {', '.join(_ALL)}")
    for file, info in found.items():
        location = str(system.unstrip_protocol(file)) if "://" in given else file
        size = info.get("size")
        # A page without a content is a page, and has a row of its own in `problems`.
        if size == 0 and not file.lower().endswith(_PAGES):
            yield Failure(location, f"{location}: is empty")
            continue
        changed = next((str(info[name]) for name in _CHANGED if info.get(name)), "")
        yield InputFile(location, size or 0, f"{size} {changed}")


def _found(system: Any, path: str, given: str) -> dict[str, dict[str, Any]]:
    """The files and what is told of each, in order."""
    if glob.has_magic(path) and not system.exists(path):
        some = system.glob(path, detail=True).items()
        found = {str(file): info for file, info in some if info.get("type") != "directory"}
        return {file: found[file] for file in sorted(found) if file.lower().endswith(_ALL)}
    if system.isdir(path):
        found = {str(file): info for file, info in system.find(path, detail=True).items()}
        return {file: found[file] for file in sorted(found) if _is_input(file, path)}
    if not system.exists(path):
        raise InputError(f"{given}: no such file or folder; check the path")
    return {path: system.info(path)}


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

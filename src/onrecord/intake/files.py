"""Files and standard input → pages."""

from __future__ import annotations

import gzip
import io
import os
import stat
import sys
from collections.abc import Iterator
from typing import BinaryIO, Literal, cast

from onrecord.errors import FetchError, InputError
from onrecord.intake.jsonl import line_pages
from onrecord.intake.limits import GZIP_MAGIC, PAGE_BYTES, read_page, refuse_crawl, too_large, unpacked
from onrecord.schema import Failure, Page

Media = Literal["html", "text", "jsonl"]

_HTML_SUFFIXES = (".html", ".htm", ".xhtml", ".shtml")
_HEAD = 512
"""Bytes that tell what a file is, packed or not."""
_JSONL_SUFFIXES = (".jsonl", ".ndjson")
_SPECIAL = (
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def readable(error: OSError) -> str:
    """What an operating system error means, in words a reader can act on."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder; check the path"
    if isinstance(error, PermissionError):
        return "permission denied; make it readable for this user"
    return (error.strerror or str(error) or type(error).__name__).lower()


def file_pages(path: str, media: Media | None) -> Iterator[Page | Failure]:
    """The page in the file at `path`, or its pages if it is JSONL; a `Failure` if it cannot be read."""
    name = path.lower().removesuffix(".gz")
    if media is None and name.endswith(_JSONL_SUFFIXES):
        media = "jsonl"
    elif media is None and name.endswith(_HTML_SUFFIXES):
        media = "html"
    try:
        _refuse_special(path)
        with open(path, "rb") as stream:
            if media == "jsonl":
                yield from line_pages(unpacking(stream), path)
            else:
                if media is None:
                    refuse_crawl(_head(stream), path)
                yield Page(_content(stream, path), input=path, media=media)
    except (OSError, InputError) as error:
        yield _failure(path, error)


def stdin_pages(media: Media | None) -> Iterator[Page | Failure]:
    """The page on standard input, or its pages if it is JSONL; a `Failure` if it cannot be read."""
    stream = sys.stdin.buffer
    try:
        if media == "jsonl":
            yield from line_pages(unpacking(stream), "-")
        else:
            if media is None:
                refuse_crawl(_head(stream), "standard input")
            content = read_page(stream, "standard input")
            yield Page(unpacked(content, "standard input"), input="-", media=media)
    except (OSError, InputError) as error:
        yield _failure("-", error)


def _failure(given: str, error: OSError | InputError) -> Failure:
    reason = readable(error) if isinstance(error, OSError) else str(error)
    where = "standard input" if given == "-" else given
    return Failure(given, reason if where in reason else f"{where}: {reason}")


def _refuse_special(path: str) -> None:
    """Raise `FetchError` for what would block or never end when read."""
    mode = os.stat(path).st_mode
    for is_kind, kind in _SPECIAL:
        if is_kind(mode):
            raise FetchError(f"{path} is {kind}, not a file; use - to read standard input")


def _head(stream: BinaryIO) -> bytes:
    """What a stream begins with, which stays in it; nothing if it cannot tell."""
    return cast(io.BufferedReader, stream).peek(_HEAD) if hasattr(stream, "peek") else b""


def _content(stream: BinaryIO, path: str) -> bytes:
    # The size tells at once; reading is bounded all the same, for files that grow and for /proc.
    if os.fstat(stream.fileno()).st_size > PAGE_BYTES:
        raise too_large(path)
    return unpacked(read_page(stream, path), path)


def unpacking(stream: BinaryIO) -> BinaryIO:
    """`stream` as it is, or what it holds if that is gzipped, unpacked as it is read."""
    buffered = stream if hasattr(stream, "peek") else io.BufferedReader(cast(io.RawIOBase, stream))
    if cast(io.BufferedReader, buffered).peek(2)[:2] == GZIP_MAGIC:
        return cast(BinaryIO, gzip.GzipFile(fileobj=buffered))
    return buffered

"""JSONL → pages, one a line."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from onrecord.errors import InputError
from onrecord.intake.limits import PAGE_BYTES, SKIP_BYTES
from onrecord.schema import Failure, Page

_CHUNK = 1 << 20
_SHAPE = 'give {"text": "…"} or {"html": "…"}, with "id", "url", "lang" and "date" as you have them'


class _Line(msgspec.Struct):
    id: str | int | None = None
    text: str | None = None
    html: str | None = None
    url: str | None = None
    lang: str | None = None
    date: str | None = None
    fetched: str | None = None


_decoder = msgspec.json.Decoder(_Line)


def line_pages(stream: BinaryIO, name: str) -> Iterator[Page | Failure]:
    """A page for each line of `stream`; a `Failure` named `name:LINE` for each line that gives none.

    Blank lines are passed over. A line over the limit for a page is skipped; if it does not end soon, the rest of the
    stream is given up, so that a decompression bomb ends too.
    """
    number = 0
    try:
        while line := stream.readline(PAGE_BYTES + 1):
            number += 1
            where = f"{name}:{number}"
            if len(line) > PAGE_BYTES:
                yield Failure(where, f"{where}: the line is longer than {PAGE_BYTES // 1_000_000} MB; split it")
                if not line.endswith(b"\n") and not _skip_line(stream):
                    yield Failure(where, f"{where}: the line does not end; the rest of the file was not read")
                    return
            elif line.strip():
                yield _page(line, where)
    except (zlib.error, EOFError, OSError) as error:
        where = f"{name}:{number + 1}"
        yield Failure(where, f"{where}: cannot be read on ({error}); the rest of the file was not read")


def _skip_line(stream: BinaryIO) -> bool:
    """Read to the end of a line; False if it does not come within the limit."""
    skipped = 0
    while skipped <= SKIP_BYTES:
        part = stream.readline(_CHUNK)
        if not part or part.endswith(b"\n"):
            return True
        skipped += len(part)
    return False


def _page(line: bytes, where: str) -> Page | Failure:
    try:
        fields = _decoder.decode(line.removeprefix(b"\xef\xbb\xbf"))
        return _of_fields(fields, where)
    except UnicodeDecodeError:
        return Failure(where, f"{where}: not UTF-8, as JSON must be; convert the file")
    except (msgspec.DecodeError, RecursionError) as error:
        return Failure(where, f"{where}: no page in this line ({error}); {_SHAPE}")
    except InputError as error:
        return Failure(where, f"{where}: {error}")


def _of_fields(fields: _Line, where: str) -> Page:
    content = fields.html if fields.html is not None else fields.text
    if content is None:
        raise InputError(f'neither "text" nor "html"; {_SHAPE}')
    return Page(
        content,
        input=where,
        id="" if fields.id is None else str(fields.id),
        url=fields.url or "",
        media="html" if fields.html is not None else "text",
        lang=fields.lang or "",
        fetched=fields.fetched or "",
        published=fields.date or "",
    )

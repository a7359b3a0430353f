"""A stream of bytes → its lines, each within the limit for a page and with a name to complain about it by."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from onrecord.intake.limits import PAGE_BYTES, SKIP_BYTES
from onrecord.schema import Failure

_CHUNK = 1 << 20
_BOM = b"\xef\xbb\xbf"


class Line(NamedTuple):
    """A line that is not blank."""

    where: str
    """`NAME:LINE`"""
    content: bytes


def numbered(stream: BinaryIO, name: str) -> Iterator[Line | Failure]:
    """The lines of `stream`, blank ones passed over; a `Failure` for each that cannot be read.

    A line over the limit for a page is skipped; if it does not end soon, the rest of the stream is given up, so that a
    decompression bomb ends too.
    """
    number = 0
    try:
        while content := stream.readline(PAGE_BYTES + 1):
            number += 1
            where = f"{name}:{number}"
            if len(content) > PAGE_BYTES:
                yield Failure(where, f"{where}: the line is longer than {PAGE_BYTES // 1_000_000} MB; split it")
                if not content.endswith(b"\n") and not _skip(stream):
                    yield Failure(where, f"{where}: the line does not end; the rest of the file was not read")
                    return
            elif content.strip():
                yield Line(where, content.removeprefix(_BOM))
    except (zlib.error, EOFError, OSError) as error:
        where = f"{name}:{number + 1}"
        yield Failure(where, f"{where}: cannot be read on ({error}); the rest of the file was not read")


def _skip(stream: BinaryIO) -> bool:
    """Read to the end of a line; False if it does not come within the limit."""
    skipped = 0
    while skipped <= SKIP_BYTES:
        part = stream.readline(_CHUNK)
        if not part or part.endswith(b"\n"):
            return True
        skipped += len(part)
    return False

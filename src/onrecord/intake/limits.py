"""The limits on what comes in, and reading within them."""

from __future__ import annotations

import zlib
from typing import BinaryIO

from onrecord.errors import FetchError, LimitError

PAGE_BYTES = 25_000_000
"""The largest page; ten times the largest of 220 crawled news pages (2.2 MB)."""
SKIP_BYTES = 200_000_000
"""How far to look for the end of a JSONL line that is too long before giving the file up."""
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
FETCH_SECONDS = 60.0
REDIRECTS = 5

GZIP_MAGIC = b"\x1f\x8b"
_CHUNK = 1 << 16
_WARC = b"WARC/"


def too_large(what: str) -> LimitError:
    """The error for a page over the limit."""
    return LimitError(f"{what} is larger than {PAGE_BYTES // 1_000_000} MB, the limit for one page; split or trim it")


def refuse_crawl(head: bytes, what: str) -> None:
    """Raise `FetchError` if what begins so, gzipped or not, is a WARC file: many pages, and no page itself."""
    if head.startswith(GZIP_MAGIC):
        try:
            head = zlib.decompressobj(wbits=31).decompress(head, len(_WARC))
        except zlib.error:
            return
    if head.startswith(_WARC):
        raise FetchError(f"{what} is a crawl (WARC), not a page; read it with onrecord batch, then add what that wrote")


def read_page(stream: BinaryIO, what: str) -> bytes:
    """All that `stream` holds, if that is within the limit for a page; raises `LimitError` after that many bytes."""
    parts: list[bytes] = []
    room = PAGE_BYTES + 1
    while room > 0 and (part := stream.read(min(_CHUNK, room))):
        parts.append(part)
        room -= len(part)
    if room <= 0:
        raise too_large(what)
    return b"".join(parts)


def unpacked(content: bytes, what: str) -> bytes:
    """`content` as it is, or what it holds if it is gzipped; never unpacks more than the limit for a page.

    Raises `LimitError` for more and `FetchError` for damaged data.
    """
    if not content.startswith(GZIP_MAGIC):
        return content
    try:
        return _gunzip(content, what)
    except (zlib.error, EOFError) as error:
        raise FetchError(f"{what} looks gzipped but is damaged ({error}); fetch it again") from error


def _gunzip(packed: bytes, what: str) -> bytes:
    """All the members of `packed`."""
    parts: list[bytes] = []
    room = PAGE_BYTES + 1
    while packed:
        member = zlib.decompressobj(wbits=31)
        parts.append(member.decompress(packed, room))
        room -= len(parts[-1])
        if room <= 0:
            raise too_large(f"{what}, unpacked,")
        if not member.eof:
            raise EOFError("the compressed data stops short")
        packed = member.unused_data.lstrip(b"\0")
    return b"".join(parts)

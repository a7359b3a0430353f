"""A WARC file → the bytes of each record, whatever is wrong with the others.

fastwarc ends a record where its Content-Length says, or ends the file at the first byte that is out of place. A crawl
of millions of pages has records that are cut short or lie about their length. So where records begin and end is told
here, by the gzip members they are packed in or by the lines they begin with, and fastwarc is given one at a time.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import BinaryIO, NamedTuple, cast

from onrecord.intake.limits import GZIP_MAGIC, PAGE_BYTES, SKIP_BYTES

_CHUNK = 1 << 20
_FEED = 1 << 16
_HEADER_BYTES = 1 << 16
_HEAD_STEP = 64
_HEADED_BYTES = PAGE_BYTES + _HEADER_BYTES
"""The largest record: a page with its headers."""
_MEMBER = GZIP_MAGIC + b"\x08"
_BEGIN = b"WARC/"
_NEXT = re.compile(rb"\n\r?\nWARC/1\.\d\r?\n")
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,18})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
NO_RECORD = "no record begins where the one before it ends"
_MOST_EMPTY = 1_000
_MOST_FAULTS = 1_000
"""A file with more faults is given up: looking for the next record costs up to a page's bytes each time."""


class Record(NamedTuple):
    """A record as it stands in its file, or why there is none."""

    at: int
    """The byte of the file, or of what it unpacks to if it is packed as a whole, where it begins."""
    content: bytes
    """All of it; with a fault what can be read of its header, or nothing."""
    fault: str = ""


def records(stream: BinaryIO, start: int = 0, stop: int | None = None) -> Iterator[Record]:
    """The records of a WARC file that begin at byte `start` or later and before `stop`; `stream` can seek.

    A file whose records are not packed one by one has to be read from its beginning, and is read to its end.
    """
    stream.seek(start)
    packed = _Packed(stream, start)
    if start == 0 and not packed.begins_member():
        stream.seek(0)
        yield from _at_most(_lines(stream))
        return
    if start == 0 and packed.is_one_member():
        stream.seek(0)
        yield from _at_most(_lines(cast(BinaryIO, gzip.GzipFile(fileobj=stream))))
        return
    yield from _at_most(_members(packed, bool(start), stop))


def _at_most(found: Iterator[Record]) -> Iterator[Record]:
    faults = 0
    for record in found:
        faults += bool(record.fault)
        yield record
        if faults >= _MOST_FAULTS:
            yield Record(record.at, b"", f"{faults:,} damaged records so far; the rest was not read")
            return


def _members(packed: _Packed, seek: bool, stop: int | None) -> Iterator[Record]:
    if seek and not packed.to_next_record():
        return
    while True:
        begins = packed.begins_member()
        at = packed.at
        if packed.at_end() or (stop is not None and at >= stop):
            return
        if not begins:
            yield Record(at, b"", NO_RECORD)
            found = packed.to_next_record()
        else:
            content, fault = packed.member()
            yield from _of_member(at, content, fault)
            found = not fault or packed.to_next_record()
        if not found:
            return


def _of_member(at: int, content: bytes, fault: str) -> Iterator[Record]:
    if fault:
        yield Record(at, content[:_HEADER_BYTES], fault)
        return
    inside = list(_lines(io.BytesIO(content)))
    for record in inside:
        yield Record(at, record.content, record.fault)
    if not inside:
        yield Record(at, b"", "an empty gzip member, no record")


class _Packed:
    """The gzip members of a stream, one after the other; holds what was read since the present one began."""

    def __init__(self, stream: BinaryIO, at: int) -> None:
        self._stream = stream
        self._held = bytearray()
        self._first = at
        """The offset of the first byte held."""
        self._place = 0

    @property
    def at(self) -> int:
        """Where the next byte stands in the file."""
        return self._first + self._place

    def begins_member(self) -> bool:
        """Whether a gzip member begins here; bytes of zero, which tapes are padded with, are passed over."""
        while self._has(1) and self._held[self._place] == 0:
            self._place += 1
            self._forget()
        return self._has(len(_MEMBER)) and self._held.startswith(_MEMBER, self._place)

    def at_end(self) -> bool:
        """Whether nothing is left."""
        return not self._has(1)

    def is_one_member(self) -> bool:
        """Whether the member here holds more than one record: then the file was packed as a whole."""
        self._has(_FEED)
        try:
            head = zlib.decompressobj(wbits=31).decompress(bytes(self._held[self._place :]), _HEADED_BYTES)
        except zlib.error:
            return False
        first = next(_lines(io.BytesIO(head)), None)
        return first is not None and not first.fault and _BEGIN in head[len(first.content) :][:16]

    def to_next_record(self) -> bool:
        """Go on to the next member in which a record begins; False if there is none."""
        while True:
            found = self._held.find(_MEMBER, self._place)
            if found < 0:
                self._place = max(self._place, len(self._held) - len(_MEMBER) + 1)
                self._forget()
                if not self._more():
                    return False
                continue
            self._place = found
            self._forget()
            if self._begins_record():
                return True
            self._place += 1

    def member(self) -> tuple[bytes, str]:
        """What the member here holds, and what is wrong with it; behind it then, or just behind its first byte."""
        self._forget()
        begin = self.at
        unpacker = zlib.decompressobj(wbits=31)
        parts: list[bytes] = []
        room = _HEADED_BYTES
        fed = b""
        try:
            while not unpacker.eof:
                if not fed:
                    if not self._has(1):
                        return self._back(begin, parts, "cut short: the gzip member does not end")
                    fed = bytes(self._held[self._place : self._place + _FEED])
                    self._place += len(fed)
                parts.append(unpacker.decompress(fed, room + 1))
                room -= len(parts[-1])
                if room < 0:
                    self._place -= len(unpacker.unconsumed_tail)
                    return parts[0], f"larger than {PAGE_BYTES // 1_000_000} MB, the limit for one page"
                fed = unpacker.unconsumed_tail
        except zlib.error as error:
            parts = parts or [_unpacked_head(fed)]
            return self._back(begin, parts, f"damaged: the gzip member cannot be unpacked ({error})")
        self._place -= len(unpacker.unused_data)
        return b"".join(parts), ""

    def _back(self, begin: int, parts: list[bytes], fault: str) -> tuple[bytes, str]:
        self._place = begin + 1 - self._first
        return parts[0] if parts else b"", fault

    def _begins_record(self) -> bool:
        self._has(1024)
        try:
            head = bytes(self._held[self._place : self._place + 1024])
            return zlib.decompressobj(wbits=31).decompress(head, len(_BEGIN)) == _BEGIN
        except zlib.error:
            return False

    def _has(self, count: int) -> bool:
        while len(self._held) - self._place < count:
            if not self._more():
                return False
        return True

    def _more(self) -> bool:
        part = self._stream.read(_CHUNK)
        self._held += part
        return bool(part)

    def _forget(self) -> None:
        """Let go of what lies behind, once it is much."""
        if self._place >= _CHUNK:
            del self._held[: self._place]
            self._first += self._place
            self._place = 0


def _unpacked_head(packed: bytes) -> bytes:
    """What the beginning of a damaged gzip member unpacks to before the damage."""
    unpacker = zlib.decompressobj(wbits=31)
    head = b""
    with suppress(zlib.error):
        while len(head) < _HEADER_BYTES and (part := unpacker.decompress(packed, _HEAD_STEP)):
            head += part
            packed = unpacker.unconsumed_tail
    return head


def _lines(stream: BinaryIO) -> Iterator[Record]:
    """The records of a stream that is not packed, or no longer."""
    source = _Source(stream)
    while True:
        first = source.line_behind_empty_ones()
        if not first:
            return
        at = source.at - len(first)
        header, length, fault = _header(source, first)
        if not fault and length > PAGE_BYTES:
            skipped = source.skip(length)
            yield Record(at, header, f"larger than {PAGE_BYTES // 1_000_000} MB, the limit for one page")
            if not skipped:
                return
            continue
        body = b"" if fault else source.read(length)
        if not fault and len(body) < length:
            fault = f"Content-Length says {length:,} bytes, and {len(body.rstrip()):,} are left"
        elif not fault and not source.between():
            fault = f"Content-Length says {length:,} bytes, and the record does not end there"
        if not fault:
            yield Record(at, header + body)
            continue
        yield Record(at, header, fault)
        source.back(body)
        if not source.to_next():
            return


def _header(source: _Source, first: bytes) -> tuple[bytes, int, str]:
    """The header that begins with the line `first`, the length it declares, and what is wrong with it."""
    if not first.startswith(_BEGIN):
        return b"", 0, NO_RECORD
    lines = [first]
    size = len(first)
    while lines[-1].strip():
        lines.append(source.line())
        size += len(lines[-1])
        if not lines[-1] or size > _HEADER_BYTES:
            return b"".join(lines), 0, "the record's header does not end"
    header = b"".join(lines)
    told = _LENGTH.search(header)
    return (header, int(told[1]), "") if told else (header, 0, "the record declares no Content-Length")


class _Source:
    """A stream from which bytes can be taken back, and that knows where it is."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._taken_back = b""
        self.at = 0

    def read(self, count: int) -> bytes:
        """So many bytes, or what is left."""
        head, self._taken_back = self._taken_back[:count], self._taken_back[count:]
        with suppress(zlib.error, EOFError, OSError):
            head += self._stream.read(count - len(head)) if count > len(head) else b""
        self.at += len(head)
        return head

    def line(self) -> bytes:
        """The next line with its end, of at most `_HEADER_BYTES`."""
        held = self._taken_back
        end = held.find(b"\n") + 1
        if end:
            line, self._taken_back = held[:end], held[end:]
        else:
            self._taken_back = b""
            try:
                line = held + self._stream.readline(_HEADER_BYTES)
            except (zlib.error, EOFError, OSError):
                line = held
        self.at += len(line)
        return line

    def line_behind_empty_ones(self) -> bytes:
        """The next line that is not empty, but no more than `_MOST_EMPTY` lines on; nothing at the end."""
        line = self.line()
        for _ in range(_MOST_EMPTY):
            if not line or line.strip():
                break
            line = self.line()
        return line

    def back(self, content: bytes) -> None:
        """Take these bytes back, the last that were read."""
        self._taken_back = content + self._taken_back
        self.at -= len(content)

    def skip(self, count: int) -> bool:
        """Pass over so many bytes; False if they are too many to go on behind them, or there are not so many."""
        if count > SKIP_BYTES:
            return False
        while count and (part := self.read(min(count, _CHUNK))):
            count -= len(part)
        return not count

    def between(self) -> bool:
        """Whether the two empty lines come that end a record, or the end of the file."""
        tail = self.read(4)
        if tail in (b"\r\n\r\n", b"") or not tail.strip():
            self.back(tail.lstrip(b"\r\n"))
            return True
        if tail.startswith((b"\n\nWA", b"\r\nWA", b"WARC")):
            self.back(tail.lstrip(b"\r\n"))
            return True
        self.back(tail)
        return False

    def to_next(self) -> bool:
        """Go on to the next line on which a record seems to begin, behind an empty one; False if none is near."""
        held = self.read(_CHUNK)
        for _ in range(SKIP_BYTES // _CHUNK):
            found = _NEXT.search(held)
            if found:
                self.back(held[found.start() + found[0].index(_BEGIN) :])
                return True
            part = self.read(_CHUNK)
            if not part:
                break
            held = held[-32:] + part
        return False

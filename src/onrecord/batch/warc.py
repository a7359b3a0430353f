"""The records of a WARC file → pages, and a word about each record that should be one and is none."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from onrecord.batch.members import NO_RECORD, Record, records
from onrecord.batch.records import Trouble
from onrecord.errors import InputError, UsageError
from onrecord.intake.limits import unpacked
from onrecord.schema import MediaKind, Page

_HTML = ("text/html", "application/xhtml+xml")
_UNSAID = ("", "text/plain", "application/octet-stream", "unk", "unknown/unknown")
"""What servers say of whatever they do not know; the content tells better."""
_HEADER = 1 << 14
_TARGET = re.compile(rb"^WARC-Target-URI:[ \t]*([^\r\n]{1,4000})\r?\n", re.IGNORECASE | re.MULTILINE)
_GZIP = ("gzip", "x-gzip")


def warc_pages(stream: BinaryIO, name: str, start: int = 0, stop: int | None = None) -> Iterator[Page | Trouble]:
    """The pages of the records that begin from byte `start` on and before `stop`, in their order.

    Records that hold no page by their kind (requests, metadata) are passed over. Raises `UsageError` without fastwarc.
    """
    fastwarc = _fastwarc()
    for record in records(stream, start, stop):
        place = f"{name}@{record.at}"
        if record.fault:
            yield _fault(record, name, place)
            continue
        try:
            # The record can be read only as long as the iterator stands at it.
            found = fastwarc.ArchiveIterator(io.BytesIO(record.content), parse_http=True, auto_decode="none")
            one = next(found, None)
            page = _page(one, place, fastwarc.WarcRecordType) if one is not None else None
        except (OSError, ValueError, InputError) as error:
            words = " ".join(str(error).split()) or type(error).__name__
            page = Trouble(place, "record", "failed", words, _url_of(record.content))
        if page is not None:
            yield page


def _fault(record: Record, name: str, place: str) -> Trouble:
    if record.at == 0 and record.fault == NO_RECORD:
        fault = "this is no WARC file, or its beginning is lost: it does not begin with WARC/"
        return Trouble(name, "file", "failed", fault)
    return Trouble(place, "record", "failed", record.fault, _url_of(record.content))


def _url_of(content: bytes) -> str:
    """The address that a record names in its header, also if not all of it can be read; nothing without one."""
    found = _TARGET.search(content, 0, content.find(b"\r\n\r\n") + 1 or _HEADER)
    return found[1].decode("utf-8", "replace").strip("<> ") if found else ""


def _fastwarc() -> Any:
    try:
        from fastwarc import warc
    except ImportError as error:
        raise UsageError("WARC files need fastwarc; install it with: pip install 'onrecord[batch]'") from error
    return warc


def _page(record: Any, place: str, kinds: Any) -> Page | Trouble | None:
    """The page in a record; None if it is of another kind."""
    url = record.headers.get("WARC-Target-URI", "").strip("<>")
    fetched = record.record_date.isoformat() if record.record_date else ""
    if record.record_type == kinds.conversion:
        return Page(record.reader.read(), place, url=url, charset="utf-8", media="text", fetched=fetched)
    if record.record_type == kinds.resource:
        kind, charset = _told(record.headers.get("Content-Type", ""))
    elif record.record_type == kinds.response and record.http_headers is not None:
        answer = record.http_headers.status_code
        if answer != 200:
            return Trouble(place, "record", "left_out", f"the server answered {answer or 'no status'}", url)
        kind, charset = record.http_content_type or "", record.http_charset or ""
    elif record.record_type == kinds.response:
        return Trouble(place, "record", "failed", "a response without an HTTP header", url)
    else:
        return None
    media: MediaKind | None = "html" if kind in _HTML else None
    if media is None and kind not in _UNSAID:
        return Trouble(place, "record", "left_out", f"is {kind[:100]}, not HTML or text", url)
    content = _decoded(record, url or place)
    return Page(content, place, url=url, charset=charset, media=media, fetched=fetched)


def _told(content_type: str) -> tuple[str, str]:
    """The media type and charset that a header of a record tells."""
    kind, _, parameters = content_type.partition(";")
    _, _, charset = parameters.partition("charset=")
    return kind.strip().lower(), charset.strip(' "')


def _decoded(record: Any, what: str) -> bytes:
    """What the server sent, with the encodings of its transfer undone; raises `InputError` if that cannot be."""
    content = record.reader.read()
    headers = {name.lower(): value.strip().lower() for name, value in (record.http_headers or {}).items()}
    if headers.get("transfer-encoding") == "chunked":
        content = _unchunked(content)
    encoding = headers.get("content-encoding", "")
    if encoding in _GZIP:
        # Crawlers often leave the header and store the content unpacked; `unpacked` looks at the content.
        return unpacked(content, what)
    if encoding not in ("", "identity", "utf-8") and not content.lstrip()[:1] == b"<":
        raise InputError(f"is packed with {encoding[:20]}, which is not supported")
    return bytes(content)


def _unchunked(content: bytes) -> bytes:
    """The content of a chunked transfer; the content itself where crawlers have left but the header."""
    parts: list[bytes] = []
    place = 0
    while (end := content.find(b"\r\n", place, place + 32)) >= 0:
        try:
            size = int(content[place:end].partition(b";")[0], 16)
        except ValueError:
            break
        parts.append(content[end + 2 : end + 2 + size])
        place = end + 2 + size + 2
        if not size:
            break
    return b"".join(parts) if parts else content

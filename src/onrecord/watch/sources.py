"""What the user watches: a list of addresses, or OPML as every reader of feeds exports it → addresses of feeds."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from onrecord.errors import UsageError
from onrecord.intake.limits import PAGE_BYTES
from onrecord.watch.feeds import parsed

_MOST_FEEDS = 10_000


def feeds_of(given: str) -> tuple[str, ...]:
    """The addresses that a file lists, each once: OPML, or one a line with # for comments; an address is itself one.

    Raises `UsageError` for a file that cannot be read or names no feed, and for a line that is no address.
    """
    if _is_address(given):
        return (given,)
    try:
        with Path(given).open("rb") as file:
            content = file.read(PAGE_BYTES + 1)
    except OSError as error:
        raise UsageError(f"{given}: cannot be read ({error.strerror or error}); give OPML or a list of URLs") from error
    if len(content) > PAGE_BYTES:
        raise UsageError(f"{given}: larger than {PAGE_BYTES // 1_000_000} MB; this is no list of feeds")
    listed = _opml(content) if content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _lines(content, given)
    found = tuple(dict.fromkeys(listed))
    if not found:
        raise UsageError(f"{given}: names no feed; give OPML with xmlUrl, or one address a line")
    if len(found) > _MOST_FEEDS:
        raise UsageError(f"{given}: more than {_MOST_FEEDS:,} feeds; split it among several archives")
    return found


def _opml(content: bytes) -> list[str]:
    root = parsed(content)
    outlines = root.iter("outline", "{*}outline") if root is not None else ()
    urls = (next((v for k, v in one.attrib.items() if str(k).lower() == "xmlurl"), "") for one in outlines)
    return [url.strip() for url in map(str, urls) if _is_address(url.strip())]


def _lines(content: bytes, given: str) -> list[str]:
    found = []
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), 1):
        url = line.split(" #")[0].strip()
        if not url or url.startswith("#"):
            continue
        if not _is_address(url):
            raise UsageError(f"{given}:{number}: {url[:80]!r} is no http(s) address")
        found.append(url)
    return found


def _is_address(given: str) -> bool:
    try:
        parts = urlsplit(given)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)

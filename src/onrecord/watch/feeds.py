"""RSS, Atom and sitemaps → the articles they name. One reader for all: what is wanted of each is an address and a date.

lxml reads them, not feedparser: of 10,000 items it takes 0.02 s where feedparser takes 1.9, and 3.7 if the XML is
malformed; it goes on past mistakes, expands no entities and asks no network.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal
from urllib.parse import urljoin, urlsplit

from lxml import etree
from msgspec import Struct

from onrecord.watch.times import read_date

MOST_ENTRIES = 50_000
"""What is named beyond these is passed over; a sitemap may not hold more."""
_LONGEST_URL = 4_000
_FEEDBURNER = "{http://rssnamespace.org/feedburner/ext/1.0}origLink"
_DATES = ("pubDate", "date", "published", "issued", "publication_date")

Kind = Literal["feed", "sitemap", "index", ""]


class Entry(Struct, frozen=True):
    """An article that a feed names, or a sitemap that an index names."""

    url: str
    published: str = ""
    """ISO 8601 time of publication; of a sitemap, of its last change. Empty if the feed does not say."""


class Feed(Struct, frozen=True):
    """What was understood of a feed."""

    kind: Kind
    """`index` is one of sitemaps; empty if it is none of these."""
    entries: tuple[Entry, ...] = ()
    problem: str = ""
    """What is wrong with it, if anything is: then some entries may be missing."""


def parsed(content: bytes, base: str = "") -> etree._Element | None:
    """The root of XML, however malformed; None if there is nothing of it. No entity is expanded, nothing fetched."""
    return _parsed(content, base)[0]


def _parsed(content: bytes, base: str) -> tuple[etree._Element | None, str]:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content.lstrip(b" \t\r\n"), parser, base_url=base)
    except (etree.XMLSyntaxError, ValueError) as error:
        return None, " ".join(str(error).split())[:200]
    first = next((entry for entry in parser.error_log if entry.level >= etree.ErrorLevels.FATAL), None)
    return root, f"line {first.line}: {first.message.strip()}"[:200] if first else ""


def read_feed(content: bytes, url: str) -> Feed:
    """The articles that RSS, Atom or a sitemap names, in its order, each once; `url` is where it was fetched."""
    root, problem = _parsed(content, url)
    if root is None:
        return Feed("", problem=f"no XML ({problem})" if problem else "empty")
    kind = _kind(root)
    if not kind:
        return Feed("", problem=f"<{_name(root)[:40]}> is no RSS, Atom or sitemap")
    entries: dict[str, Entry] = {}
    for found in _entries(root, kind):
        address = absolute(found.url, url)
        if not address:
            continue
        if len(entries) >= MOST_ENTRIES and address not in entries:
            problem = problem or f"more than {MOST_ENTRIES:,} entries; the rest was passed over"
            break
        entries.setdefault(address, Entry(address, found.published))
    return Feed(kind, tuple(entries.values()), f"malformed ({problem})" if problem else "")


def _kind(root: etree._Element) -> Kind:
    match _name(root).lower():
        case "rss" | "rdf" | "feed" | "channel":
            return "feed"
        case "urlset":
            return "sitemap"
        case "sitemapindex":
            return "index"
    return ""


def _entries(root: etree._Element, kind: Kind) -> Iterator[Entry]:
    wanted = {"feed": ("item", "entry"), "sitemap": ("url",), "index": ("sitemap",)}[kind or "feed"]
    for one in root.iter(*(f"{{*}}{name}" for name in wanted)):
        if kind == "feed":
            yield Entry(_link(one), _date(one))
        else:
            changed = _text(one, "lastmod") if kind == "index" else ""
            yield Entry(_text(one, "loc"), _iso(changed) or _date(one))


def _link(item: etree._Element) -> str:
    """Where the article stands: as written before FeedBurner counted it, else linked, else its id if that is one."""
    chosen = {"burner": "", "page": "", "text": "", "other": "", "id": ""}
    for child in item:
        name = _name(child)
        if child.tag == _FEEDBURNER:
            chosen["burner"] = _said(child)
        elif name == "link" and child.get("href"):
            href = absolute(child.get("href", "").strip(), child.base or "")
            if child.get("rel", "alternate") == "alternate":
                html = child.get("type", "text/html") in ("text/html", "application/xhtml+xml")
                slot = "page" if html else "other"
                chosen[slot] = chosen[slot] or href
        elif name == "link":
            chosen["text"] = chosen["text"] or _said(child)
        elif name in ("guid", "id") and child.get("isPermaLink", "true").lower() != "false":
            chosen["id"] = chosen["id"] or _said(child)
    if not chosen["id"].lower().startswith(("http://", "https://")):
        chosen["id"] = ""
    return next(filter(None, chosen.values()), "")


def _date(item: etree._Element) -> str:
    """When the article was published; a news sitemap tells it one floor down."""
    children = [child for child in item.iter() if _name(child) in _DATES]
    return next(filter(None, (_iso(_said(child)) for child in children)), "")


def _iso(said: str) -> str:
    found = read_date(said)
    if found is None:
        return ""
    return found.date().isoformat() if len(said.strip()) == len("2024-03-01") else found.isoformat(timespec="seconds")


def _text(item: etree._Element, name: str) -> str:
    return next((_said(child) for child in item if _name(child) == name), "")


def _said(element: etree._Element) -> str:
    return (element.text or "").strip()


def _name(element: etree._Element) -> str:
    """The name without its namespace; nothing for what is no element."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def absolute(url: str, base: str) -> str:
    """An address in full; nothing if it is no http(s) address of bearable length, or one with a password.

    >>> absolute("/a", "https://news.example/feed"), absolute("file:///etc/passwd", "https://news.example/feed")
    ('https://news.example/a', '')
    """
    if not url or len(url) > _LONGEST_URL:
        return ""
    try:
        full = urljoin(base, url)
        parts = urlsplit(full)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
            return ""
        _ = parts.port
    except ValueError:
        return ""
    return "".join(full.split()) if full.isprintable() else ""

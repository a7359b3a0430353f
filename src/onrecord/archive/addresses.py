"""What makes two pages the same page, and two readings of it the same reading."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from onrecord.schema import Article, Page

_STORY = frozenset({"headline", "standfirst", "byline", "dateline", "body", "caption"})
_NO_PART = re.compile(r"^(www|m|mobile|amp)\.")
_FOLLOWED = re.compile(
    r"^(utm_|at_(medium|campaign)|ns_|mc_[ce]id$|(fb|gc|dc|msc|yc)lid$|cmpid$|igshid$|_ga$)",
)
_PORTS = {"http": 80, "https": 443}


def address_of(article: Article) -> str:
    """What identifies the page of an article: where it stands on the web, else its own id and where it was read.

    A canonical address counts if it is on the page's own host and more than its front page: many sites give the
    front page as that of every page.
    """
    if article.url or article.canonical or article.input not in ("", "-"):
        return address_from(article.url, article.canonical, article.input)
    return f"text:{digest_of(article)}"


def address_from(url: str, canonical: str, given: str) -> str:
    """As `address_of`, of an article that says where it stands or was read from a place of its own, `given`."""
    if canonical and (not url or _host(canonical) == _host(url)) and urlsplit(canonical).path.strip("/"):
        return plain_url(canonical)
    return plain_url(url) if url else f"file:{given}"


def plain_url(url: str) -> str:
    """A web address without what makes no other page of it: the fragment, the port, marks of who followed the link.

    >>> plain_url("http://WWW.Example.org:80/news/a/?utm_source=x&id=7#top")
    'https://example.org/news/a?id=7'
    """
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = None
    if parts.scheme not in _PORTS or not parts.hostname:
        return url
    at = f":{port}" if port and port != _PORTS[parts.scheme] else ""
    kept = [(name, value) for name, value in parse_qsl(parts.query, True) if not _FOLLOWED.match(name.lower())]
    query = f"?{urlencode(kept)}" if kept else ""
    return f"https://{_host(url)}{at}{parts.path.rstrip('/')}{query}"


def _host(url: str) -> str:
    return _NO_PART.sub("", (urlsplit(url).hostname or "").lower())


def digest_of(article: Article) -> str:
    """What identifies the story of an article: its headline and its blocks, not what stands around it."""
    parts = (article.text[block.start : block.end] for block in article.blocks if block.kind in _STORY)
    return _sha(" ".join("\n".join((article.headline, *parts)).split()).encode("utf-8", "surrogatepass"))


def page_digest_of(page: Page) -> str:
    """What identifies a page before it is read: its bytes, and all that it was fetched with."""
    content = page.content.encode("utf-8", "surrogatepass") if isinstance(page.content, str) else page.content
    told = (page.input, page.id, page.url, page.charset, page.media or "", page.lang, page.published)
    return _sha("\0".join(told).encode("utf-8", "surrogatepass") + b"\0\0" + content)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:32]

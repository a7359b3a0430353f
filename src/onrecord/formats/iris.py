"""Names for articles and what they hold, as linked data wants them: IRIs."""

from __future__ import annotations

import re
import uuid
from urllib.parse import quote

from onrecord.schema import Article

_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]", re.IGNORECASE)
_BARRED = re.compile(r"""[\x00-\x20"<>\\^`{|}\x7f-\xa0\u2000-\u200f\u2028-\u202f\u2060-\u206f\ud800-\udfff]""")
"""What RFC 3987 bars from an IRI, and what turns the direction of writing or cannot be seen."""
_OURS = uuid.UUID("7f0a6e0e-5a5c-5b0e-9d0c-6f6e72656372")
_WIKIDATA = "http://www.wikidata.org/entity/"


def web_address(given: str) -> str:
    """An http(s) address with what may not stand in an IRI percent-encoded; empty if it is no such address.

    >>> web_address("https://example.org/a b"), web_address("javascript:alert(1)")
    ('https://example.org/a%20b', '')
    """
    given = given.strip()
    if not _WEB_ADDRESS.match(given):
        return ""
    return _BARRED.sub(lambda found: quote(found[0], errors="replace"), given)


def address_of(article: Article) -> str:
    """The article's own address on the web: where it was read, else what the page declares; empty without either."""
    return web_address(article.url) or web_address(article.canonical)


def article_iri(article: Article) -> str:
    """What the article is called in linked data: its address, or a UUID that depends on its id alone."""
    return address_of(article) or name_of(article)


def name_of(article: Article, *parts: str) -> str:
    """A UUID (RFC 9562, version 5) for a part of what was found in the article: the same parts, the same UUID."""
    return uuid.uuid5(_OURS, "\n".join((article.id, address_of(article), *parts))).urn


def wikidata_iri(number: str | None) -> str:
    """The IRI of a Wikidata entity; empty for none."""
    return _WIKIDATA + number if number and re.fullmatch(r"Q[1-9]\d*", number) else ""

"""A search as a feed: Atom (RFC 4287) for readers of news, JSON for programs; the address is that of the page."""

from __future__ import annotations

import re
from urllib.parse import urlencode
from xml.etree import ElementTree

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onrecord.archive.search import Hit, Results
from onrecord.formats.found import results_object
from onrecord.web.asking import SearchAsked, StrictQuery
from onrecord.web.dependencies import OpenArchive
from onrecord.web.discretion import public_results

router = APIRouter(include_in_schema=False)
_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = "1970-01-01T00:00:00Z"
_MOST_TITLE = 160
_UNSOUND = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@router.get("/search.json")
def as_json(asked: StrictQuery, archive: OpenArchive) -> Response:
    """The results of a search as `/api/v1/search` gives them."""
    return Response(
        msgspec.json.encode(results_object(public_results(asked.search(archive)))), media_type="application/json"
    )


@router.get("/search.atom")
def as_atom(request: Request, asked: StrictQuery, archive: OpenArchive) -> Response:
    """The newest results of a search as a feed: an entry a statement."""
    newest = asked.model_copy(update={"sort": "newest", "after": "", "facets": False})
    feed = _feed(str(request.base_url), asked, newest.search(archive))
    body = ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)
    return Response(body, media_type="application/atom+xml")


def _feed(base: str, asked: SearchAsked, results: Results) -> ElementTree.Element:
    address = f"search?{urlencode(asked.pairs(after='', sort=''))}"
    feed = ElementTree.Element("feed", xmlns=_ATOM)
    words = " · ".join(value for name, value in asked.pairs(after="", sort="", limit="", facets=""))
    _add(feed, "title", f"onrecord: {words or 'everything'}")
    _add(feed, "id", f"{base}{address}")
    _add(feed, "updated", max((_moment(hit) for hit in results.hits), default=_NEVER))
    ElementTree.SubElement(feed, "link", rel="alternate", type="text/html", href=f"{base}{address}")
    atom = f"{base}{address.replace('search?', 'search.atom?', 1)}"
    ElementTree.SubElement(feed, "link", rel="self", type="application/atom+xml", href=atom)
    for hit in results.hits:
        feed.append(_entry(base, hit))
    return feed


def _entry(base: str, hit: Hit) -> ElementTree.Element:
    entry = ElementTree.Element("entry")
    statement = hit.statement
    who = (statement.speaker and statement.speaker.name) or statement.source.text or "nobody named"
    said = statement.content_text
    _add(entry, "title", f"{who}: {said if len(said) <= _MOST_TITLE else said[: _MOST_TITLE - 1] + '…'}")
    _add(entry, "id", f"{base}statement/{hit.id}")
    _add(entry, "updated", _moment(hit))
    _add(entry, "published", _moment(hit))
    _add(ElementTree.SubElement(entry, "author"), "name", hit.article.outlet or "unknown")
    ElementTree.SubElement(entry, "link", rel="alternate", type="text/html", href=f"{base}statement/{hit.id}")
    if hit.article.url.startswith(("http://", "https://")):
        ElementTree.SubElement(entry, "link", rel="via", href=_sound(hit.article.url))
    _add(entry, "summary", f"{said}\n\n{hit.article.headline} ({hit.article.outlet or hit.article.url})")
    return entry


def _moment(hit: Hit) -> str:
    """When it was published as RFC 3339 wants it; midnight UTC where only the day is known."""
    published = hit.article.published or _NEVER
    day, _, time = published.partition("T")
    day = (day + "-01-01")[:10]
    if not time:
        return f"{day}T00:00:00Z"
    zone = next((time[at:] for at in range(len(time)) if time[at] in "+-Z"), "")
    clock = time.removesuffix(zone) if zone else time
    return f"{day}T{clock}{':00' * (clock.count(':') == 1)}{zone or 'Z'}"


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _sound(text)


def _sound(text: str) -> str:
    """The text without what XML cannot hold: control characters, halves of surrogate pairs."""
    return _UNSOUND.sub("\ufffd", text)

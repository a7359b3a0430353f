"""A search as a feed: Atom (RFC 4287) for readers of news, JSON for programs; the address is that of the page."""

from __future__ import annotations

from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onrecord.archive.search import Hit
from onrecord.formats.atom import Item, atom
from onrecord.formats.found import results_object
from onrecord.web.asking import StrictQuery
from onrecord.web.dependencies import OpenArchive
from onrecord.web.discretion import public_results

router = APIRouter(include_in_schema=False)
_NEVER = "1970-01-01T00:00:00Z"


@router.get("/search.json")
def as_json(asked: StrictQuery, archive: OpenArchive) -> Response:
    """The results of a search as `/api/v1/search` gives them."""
    return Response(
        msgspec.json.encode(results_object(public_results(asked.search(archive)))), media_type="application/json"
    )


@router.get("/search.atom")
def as_atom(request: Request, asked: StrictQuery, archive: OpenArchive) -> Response:
    """The newest results of a search as a feed: an entry a statement."""
    found = asked.model_copy(update={"sort": "newest", "after": "", "facets": False}).search(archive)
    base = str(request.base_url)
    query = urlencode(asked.pairs(after="", sort=""))
    words = " · ".join(value for _, value in asked.pairs(after="", sort="", limit="", facets=""))
    page = f"{base}search?{query}"
    places = [(hit, f"{base}statement/{hit.id}") for hit in found.hits]
    items = [Item(place, hit, _moment(hit), place) for hit, place in places]
    body = atom(f"onrecord: {words or 'everything'}", page, items, page, f"{base}search.atom?{query}")
    return Response(body, media_type="application/atom+xml")


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

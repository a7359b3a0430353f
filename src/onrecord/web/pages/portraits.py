"""The pages of those who speak: people, bodies, countries."""

from __future__ import annotations

from itertools import groupby
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from onrecord.archive.asking import Asked, country_of
from onrecord.archive.portraits import Counted, Portrait
from onrecord.archive.search import Hit
from onrecord.errors import UsageError
from onrecord.formats.iris import wikidata_iri
from onrecord.web.dependencies import OpenArchive
from onrecord.web.templating import page
from onrecord.web.words import name_page, search_page

router = APIRouter()
_A_PAGE = 12
_MOST_SIDES = 4


@router.get("/actor/{name:path}")
def actor(request: Request, name: str, archive: OpenArchive, country: str = "", after: str = "") -> Response:
    """Whoever bears a name."""
    found = archive.portrait(name[:300], country[:3] or None)
    if found is None:
        detail = f"Nobody of the name {name[:300]} speaks in the archive."
        suggestions = archive.names_like(name[:300])
        return page(request, "error.html", 404, title="Nobody found", detail=detail, suggestions=suggestions)
    asked = Asked(speaker=(found.name,), country=(country[:3],) if country else ())
    return _shown(request, archive, found, asked, after, country)


@router.get("/country/{code}")
def country(request: Request, code: str, archive: OpenArchive, after: str = "") -> Response:
    """All who speak for a country."""
    known = country_of(code[:100]) or country_of(code[:100].upper())
    if known is None:
        raise HTTPException(404, f"no country {code[:100]!r}; give its code of three letters, such as DEU")
    return _shown(request, archive, archive.country_portrait(known), Asked(country=(known,)), after)


def _shown(
    request: Request, archive: OpenArchive, who: Portrait, asked: Asked, after: str, chosen: str = ""
) -> Response:
    """A portrait, and their statements in the order of time, the newest first."""
    try:
        results = archive.search("", asked, limit=_A_PAGE, after=after[:200])
    except UsageError as error:
        raise HTTPException(400, str(error)) from error
    further = {"after": results.next} | ({"country": chosen} if chosen else {})
    return page(
        request,
        "portrait.html",
        title=who.name,
        who=who,
        chosen=chosen,
        wikidata=wikidata_iri(who.wikidata),
        all=search_page(country=asked.country, speaker=asked.speaker),
        sides=_sides(who),
        timeline=[(month, list(hits)) for month, hits in groupby(results.hits, key=_month)],
        next=f"?{urlencode(further)}" if results.next else "",
        actor=lambda one: name_page(one.name, one.country, one.is_country),
        doing=lambda one: _search(asked, act=one),
        addressing=lambda one: _search(asked, to=one),
        talking=lambda one: _search(asked, about=one),
        told=lambda one: _search(asked, outlet=one),
    )


def _sides(who: Portrait) -> list[str]:
    """The other countries that they speak to or about most."""
    others = (one for one in (*who.addressees, *who.abouts) if one.is_country and one.country != who.country)
    return list(dict.fromkeys(one.name for one in others))[:_MOST_SIDES]


def _search(asked: Asked, **narrowed: Counted) -> str:
    values = {name: one.name for name, one in narrowed.items()}
    return search_page(speaker=asked.speaker, country=asked.country, **values)


def _month(hit: Hit) -> str:
    return (hit.article.published or "")[:7]

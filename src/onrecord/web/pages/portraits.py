"""The pages of those who speak: people, bodies, countries."""

from __future__ import annotations

from itertools import groupby
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from onrecord.archive.asking import Asked, country_of
from onrecord.archive.portraits import MOST, Counted, Portrait
from onrecord.archive.search import Hit
from onrecord.formats.iris import wikidata_iri
from onrecord.web.dependencies import OpenArchive
from onrecord.web.templating import page
from onrecord.web.words import name_page, search_page

router = APIRouter()
_A_PAGE = 12
_MOST_SIDES = 4
Skip = Annotated[int, Query(ge=0, le=MOST)]
"""How many of the newest statements to pass over."""


@router.get("/actor/{name:path}")
def actor(request: Request, name: str, archive: OpenArchive, country: str = "", skip: Skip = 0) -> Response:
    """Whoever bears a name."""
    found = archive.portrait(name[:300], country[:3] or None)
    if found is None:
        detail = f"Nobody of the name {name[:300]} speaks in the archive."
        suggestions = archive.names_like(name[:300])
        return page(request, "error.html", 404, title="Nobody found", detail=detail, suggestions=suggestions)
    asked = Asked(speaker=(found.name,), country=(country[:3],) if country else ())
    return _shown(request, archive, found, asked, skip, country[:3])


@router.get("/country/{code}")
def country(request: Request, code: str, archive: OpenArchive, skip: Skip = 0) -> Response:
    """All who speak for a country."""
    known = country_of(code[:100]) or country_of(code[:100].upper())
    if known is None:
        raise HTTPException(404, f"no country {code[:100]!r}; give its code of three letters, such as DEU")
    return _shown(request, archive, archive.country_portrait(known), Asked(country=(known,)), skip)


def _shown(
    request: Request, archive: OpenArchive, who: Portrait, asked: Asked, skip: int, chosen: str = ""
) -> Response:
    """A portrait and the statements counted in it, the newest first; `asked` searches for the same speaker."""
    shown = archive.statements(who.statements[skip : skip + _A_PAGE])
    further = {"skip": skip + _A_PAGE} | ({"country": chosen} if chosen else {})
    return page(
        request,
        "portrait.html",
        title=who.name,
        who=who,
        chosen=chosen,
        wikidata=wikidata_iri(who.wikidata),
        all=search_page(country=asked.country, speaker=asked.speaker),
        sides=_sides(who),
        timeline=[(month, list(hits)) for month, hits in groupby(shown, key=_month)],
        next=f"?{urlencode(further)}" if skip + _A_PAGE < len(who.statements) else "",
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

"""Searching the archive."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onrecord.archive.search import Results
from onrecord.errors import UsageError
from onrecord.web.asking import SearchAsked, TypedQuery
from onrecord.web.dependencies import OpenArchive
from onrecord.web.templating import page

router = APIRouter()
_FIELDS = (
    ("speaker", "Speaker", "Moscow, Песков, Quispe"),
    ("role", "Office", "foreign minister"),
    ("country", "Speaker’s country", "Chile"),
    ("to", "Said to", "Peru"),
    ("about", "About", "Washington"),
    ("outlet", "Outlet", "wire.example"),
    ("lang", "Language", "en"),
    ("since", "Published from", "2024-03"),
    ("until", "until", "2024-12-31"),
    ("said_since", "Said from", "2024"),
    ("said_until", "until", "2024"),
)
_MOST_OF_A_NAME = 4
_NO_FILTERS = ("q", "sort", "limit", "after", "facets")


@router.get("/search")
def search(request: Request, typed: TypedQuery, archive: OpenArchive) -> Response:
    """What is found, with counts of it and the ways to narrow it down."""
    asked = typed.asked.model_copy(update={"facets": not typed.asked.after})
    problem, results = "; ".join(typed.mistakes), None
    try:
        results = None if problem else asked.search(archive)
    except UsageError as error:
        problem = str(error)

    def narrowed(**changed: str) -> str:
        return f"/search?{urlencode(asked.pairs(facets='', **({'after': ''} | changed)))}"

    pairs = urlencode(asked.pairs(facets="", after=""))
    return page(
        request,
        "search.html",
        400 if problem else 200,
        title="Search",
        asked=_typed(asked) | typed.wrong,
        passed_over=typed.passed_over,
        further=_further(asked),
        filtered=any(name not in _NO_FILTERS for name in (*dict(asked.pairs()), *typed.wrong)),
        results=results,
        problem=problem,
        suggestions=_alike(archive, asked, results),
        said_by=_said_by(archive, asked, results),
        narrowed=narrowed,
        atom=f"/search.atom?{pairs}",
        json=f"/search.json?{pairs}",
        fields=_FIELDS,
    )


def _typed(asked: SearchAsked) -> dict[str, Any]:
    """What the fields of the form hold; of several values the form shows the first."""
    given = asked.model_dump()
    given = {name: (value[0] if value else "") if isinstance(value, list) else value for name, value in given.items()}
    return given | {"min_confidence": asked.min_confidence or "", "sort": asked.sort or ""}


def _further(asked: SearchAsked) -> list[tuple[str, str]]:
    """The values beyond those that the form shows, which it carries along unseen."""
    given = asked.model_dump()
    return [(name, one) for name, value in given.items() if isinstance(value, list) for one in value[1:]]


def _alike(archive: OpenArchive, asked: SearchAsked, results: Results | None) -> list[str]:
    """Names like a speaker of whom nothing was found."""
    if results is None or results.total or not asked.speaker:
        return []
    return archive.names_like(asked.speaker[0])


def _said_by(archive: OpenArchive, asked: SearchAsked, results: Results | None) -> Results | None:
    """What somebody said whose name was typed as words: those are sought in what was said, not in who said it."""
    typed = asked.q.strip()
    plain = typed and all(letter.isalpha() or letter in " .-'’" for letter in typed)
    if results is None or asked.speaker or asked.after or not plain or len(typed.split()) > _MOST_OF_A_NAME:
        return None
    found = asked.model_copy(update={"q": "", "speaker": [typed], "limit": 1, "facets": False}).search(archive)
    return found if found.total else None

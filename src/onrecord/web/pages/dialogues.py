"""Two actors side by side."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from onrecord.archive.dialogue import Dialogue
from onrecord.errors import UsageError
from onrecord.formats.ledger import sections
from onrecord.positions.knowledge import topics
from onrecord.web.asking import MOST_OF_A_SIDE
from onrecord.web.dependencies import OpenArchive
from onrecord.web.lanes import Slow
from onrecord.web.templating import page

router = APIRouter()
_MOST_SHOWN = 200
"""Moves on the page, the newest: more would weigh more than a page may."""
_LONGEST = 200


@router.get("/dialogue", dependencies=[Slow])
def dialogue(
    request: Request,
    archive: OpenArchive,
    a: str = "",
    b: str = "",
    since: str = "",
    until: str = "",
    topic: str = "",
) -> Response:
    """The ledger of two actors, or the form that asks for them."""
    problem, found = "", None
    if max(map(len, (a, b, since, until, topic))) > _LONGEST:
        problem = f"a name has {_LONGEST} characters at most"
        a, b, since, until, topic = (value[:_LONGEST] for value in (a, b, since, until, topic))
    elif a.strip() and b.strip():
        try:
            found = archive.dialogue(a, b, since, until, topic, MOST_OF_A_SIDE)
        except UsageError as error:
            problem = str(error)
    elif a.strip() or b.strip():
        problem = "a dialogue has two sides: give the other one as well"
    return page(
        request,
        "dialogue.html",
        400 if problem else 200,
        title="Dialogue",
        asked={"a": a, "b": b, "since": since, "until": until, "topic": topic},
        found=found,
        problem=problem,
        most=MOST_OF_A_SIDE,
        shown=found.moves[-_MOST_SHOWN:] if found else (),
        sections=list(sections(found)) if found else (),
        months=_months(found) if found else (),
        trend=_trend(found) if found else {},
        topics=topics(),
    )


def _trend(found: Dialogue) -> dict[str, dict[str, dict[str, int]]]:
    """The counts by side and month."""
    return {side: {one.month: one.counts for one in found.trend if one.side == side} for side in ("first", "second")}


def _months(found: Dialogue) -> list[str]:
    """The months from the first to the last in which somebody moved, with those between."""
    known = sorted({one.month for one in found.trend})
    if not known:
        return []
    first, last = ((int(month[:4]) * 12 + int(month[5:7]) - 1) for month in (known[0], known[-1]))
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in range(first, last + 1)]

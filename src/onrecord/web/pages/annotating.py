"""Looking articles through, one after the other, and the gold standard that comes of it."""

from __future__ import annotations

import io
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from onrecord.archive import looked
from onrecord.formats.examples import CorpusWriter
from onrecord.web.dependencies import MOST_NUMBER, Number, OpenArchive
from onrecord.web.signing import Member, OwnForm
from onrecord.web.templating import page

router = APIRouter()
_A_PAGE = 100


@router.get("/annotate")
def worklist(
    request: Request, archive: OpenArchive, _: Member, after: Annotated[int, Query(ge=0, le=MOST_NUMBER)] = 0
) -> Response:
    """Every article, and whether somebody has looked it through."""
    with archive.to_read() as connection:
        found = looked.tasks(connection, after, _A_PAGE + 1)
        progress = looked.progress(connection)
        upcoming = looked.next_task(connection, 0)
    return page(
        request,
        "annotate.html",
        title="Articles to look through",
        tasks=found[:_A_PAGE],
        progress=progress,
        upcoming=upcoming,
        first=not after,
        further=found[_A_PAGE - 1].number if len(found) > _A_PAGE else 0,
    )


@router.get("/annotate/gold.jsonl")
def gold(archive: OpenArchive, _: Member) -> Response:
    """The articles that were looked through, as a corpus that `onrecord evaluate` and training read."""
    out = io.StringIO()
    writer = CorpusWriter(out)
    with archive.to_read() as connection:
        for article in looked.looked_through(connection):
            writer.send(article)
    headers = {"Content-Disposition": 'attachment; filename="gold.jsonl"', "Cache-Control": "no-store"}
    return Response(out.getvalue().encode("utf-8"), headers=headers, media_type="application/jsonl")


@router.post("/article/{number}/looked")
def look(number: Number, archive: OpenArchive, account: Member, form: OwnForm) -> Response:
    """Mark an article as looked through and lead to the next one that is not, or take the mark back."""
    done = form.get("done") == "1"
    with archive.to_write() as connection:
        looked.mark(connection, number, account.name, done)
        upcoming = looked.next_task(connection, number) if done else number
    return RedirectResponse("/annotate" if upcoming is None else f"/article/{upcoming}", 303)

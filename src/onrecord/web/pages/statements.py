"""One statement with its proof, and one utterance in all its reports."""

from __future__ import annotations

from fastapi import APIRouter
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from onrecord.archive.clusters import Piece
from onrecord.archive.search import Hit
from onrecord.formats.marked import escaped, excerpt
from onrecord.schema import Article
from onrecord.web.dependencies import Number, OpenArchive
from onrecord.web.templating import page

router = APIRouter()


@router.get("/statement/{number}")
def statement(request: Request, number: Number, archive: OpenArchive) -> Response:
    """A statement of the archive."""
    hit, article = found(archive, number)
    return page(
        request,
        "statement.html",
        title="Statement",
        hit=hit,
        one=hit.statement,
        article=article,
        dropped=all(one.id != hit.statement.id for one in article.statements),
        text=Markup(excerpt(article, hit.statement)),
        corrections=archive.corrections(number, undone=True)[::-1],
    )


def found(archive: OpenArchive, number: int) -> tuple[Hit, Article]:
    """A statement and its article; raises an `HTTPException` 404 if there is no such statement."""
    hit = archive.statement(number)
    article = archive.article(hit.article.id) if hit else None
    if hit is None or article is None:
        raise HTTPException(404, f"no statement {number} in the archive")
    return hit, article


@router.get("/quote/{number}")
def quote(request: Request, number: Number, archive: OpenArchive) -> Response:
    """All reports of the utterance that a statement is one of."""
    found(archive, number)
    reports = archive.reports(number)
    first = reports[0].hit.statement.content_text
    return page(request, "quote.html", title="Reports", reports=reports, first=first, piece_html=_piece)


def _piece(piece: Piece, first: str, here: str) -> Markup:
    """What the first report has and this one has not, as left out; what it has instead, as put in."""
    before, after = first[piece.first.start : piece.first.end], here[piece.second.start : piece.second.end]
    if piece.kind == "same":
        return Markup(escaped(after))
    changed = ("del", before), ("ins", after)
    return Markup(" ".join(f" <{tag}>{escaped(text.strip())}</{tag}>" for tag, text in changed if text.strip()) + " ")

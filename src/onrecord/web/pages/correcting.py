"""Putting statements right: a form in words, not in offsets; the history, and undoing."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from markupsafe import Markup
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from onrecord.archive.corrections import Correction
from onrecord.archive.search import Hit
from onrecord.errors import UsageError
from onrecord.formats.marked import excerpt, marked_text
from onrecord.positions.knowledge import codes, modes
from onrecord.schema import Article
from onrecord.web.dependencies import Number, OpenArchive
from onrecord.web.pages import amends
from onrecord.web.pages.statements import found
from onrecord.web.signing import Member, OwnForm
from onrecord.web.templating import page

router = APIRouter()
_A_PAGE = 30
Then = Annotated[str, Query(max_length=20)]
"""Where to go once it is stored: `article` leads back to the article, so that who looks it through can go on."""


@router.get("/statement/{number}/correct")
def form(request: Request, number: Number, archive: OpenArchive, _: Member, then: Then = "") -> Response:
    """The form that puts a statement right."""
    hit, article = found(archive, number)
    return _form(request, article, amends.of_statement(article, hit.statement), hit, then=then)


@router.post("/statement/{number}/correct")
def correct(
    request: Request, number: Number, archive: OpenArchive, account: Member, sent: OwnForm, then: Then = ""
) -> Response:
    """Store what differs from what stands, each field a correction of its own; nothing if any of it makes no sense."""
    hit, article = found(archive, number)
    given = amends.given(sent)
    try:
        changes = amends.changes(article, hit.statement, given)
        if not changes:
            raise UsageError("nothing differs from what stands there")
        for field, value in changes:
            archive.correct(number, field, value, account.name, given.note)
    except UsageError as error:
        return _form(request, article, given, hit, str(error), then=then)
    if then == "article":
        return RedirectResponse(f"/article/{hit.article.id}#{hit.statement.id}", 303)
    return RedirectResponse(f"/statement/{number}#history", 303)


@router.get("/article/{number}/missed")
def missed_form(request: Request, number: Number, archive: OpenArchive, _: Member) -> Response:
    """The form that adds a statement."""
    return _form(request, _article(archive, number), amends.Given(), number=number)


@router.post("/article/{number}/missed")
def add_missed(
    request: Request, number: Number, archive: OpenArchive, account: Member, sent: OwnForm, then: Then = ""
) -> Response:
    """Add a statement that the machine did not find."""
    article = _article(archive, number)
    given = amends.given(sent)
    try:
        value = amends.missed_statement(article, given, account.name)
        made = archive.add_missed(number, value, account.name, given.note)
    except UsageError as error:
        return _form(request, article, given, problem=str(error), number=number)
    if then == "article":
        return RedirectResponse(f"/article/{number}#{made.machine.id}", 303)
    return RedirectResponse(f"/statement/{made.statement}", 303)


def _article(archive: OpenArchive, number: int) -> Article:
    article = archive.article(number)
    if article is None:
        raise HTTPException(404, f"no article {number} in the archive")
    return article


def _form(
    request: Request,
    article: Article,
    given: amends.Given,
    hit: Hit | None = None,
    problem: str = "",
    number: int = 0,
    then: str = "article",
) -> Response:
    return page(
        request,
        "correct.html",
        400 if problem else 200,
        title="Correct",
        heading="Put it right" if hit else "Add a statement that was missed",
        hit=hit,
        article=article,
        article_number=number,
        text=Markup(excerpt(article, hit.statement) if hit else marked_text(article)),
        given=given,
        problem=problem,
        acts=[(code, sorted(modes()[code])) for code in codes()],
        back=f"/statement/{hit.id}" if hit and then != "article" else f"/article/{hit.article.id if hit else number}",
    )


@router.get("/corrections")
def history(request: Request, archive: OpenArchive, before: Annotated[int, Query(ge=0)] = 0) -> Response:
    """All corrections, the last made first."""
    made = archive.latest_corrections(before, _A_PAGE + 1)
    shown = [(one, None if one.statement is None else archive.statement(one.statement)) for one in made[:_A_PAGE]]
    return page(
        request,
        "corrections.html",
        title="Corrections",
        found=shown,
        older=made[_A_PAGE - 1].id if len(made) > _A_PAGE else 0,
    )


@router.post("/corrections/{number}/undo")
def undo(number: Number, archive: OpenArchive, account: Member, _: OwnForm) -> Response:
    """Take a correction back."""
    taken: Correction = archive.undo(number, account.name)
    return RedirectResponse("/corrections" if taken.statement is None else f"/statement/{taken.statement}#history", 303)

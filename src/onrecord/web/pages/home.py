"""The first page, and reading what is pasted, dropped or linked to."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Annotated

from fastapi import APIRouter, File, Form, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from onrecord import __version__
from onrecord.archive.readings import MOST
from onrecord.errors import InputError
from onrecord.schema import Article, Page
from onrecord.web import reading
from onrecord.web.dependencies import Known, OpenArchive
from onrecord.web.lanes import Slow
from onrecord.web.limits import Rate, client_of
from onrecord.web.pages.articles import exported, shown
from onrecord.web.settings import Settings
from onrecord.web.signing import Member, OwnForm
from onrecord.web.templating import page

router = APIRouter()
_LATEST = 4
_ADDRESS = ("http://", "https://")


@router.get("/")
def home(request: Request, archive: OpenArchive, settings: Known, example: bool = False) -> Response:
    """What can be done here, and the newest statements of the archive; with an invented story to try, if asked."""
    return _form(request, archive, settings, _example() if example else "")


@cache
def _example() -> str:
    return resources.files("onrecord.web").joinpath("example.txt").read_text(encoding="utf-8")


def _form(request: Request, archive: OpenArchive, settings: Known, text: str = "", problem: str = "") -> Response:
    found = archive.search(limit=_LATEST)
    return page(
        request, "home.html", 422 if problem else 200, title="Read", text=text, problem=problem, fetch=settings.fetch,
        latest=found.hits, total=found.total, more=found.more, kept=MOST,
    )  # fmt: skip


@router.post("/read", dependencies=[Slow])
def read(
    request: Request,
    archive: OpenArchive,
    settings: Known,
    text: Annotated[str, Form()] = "",
    file: Annotated[UploadFile | None, File()] = None,
) -> Response:
    """Read what was sent, keep it under a link of its own, and lead there."""
    rate: Rate = request.app.state.readings
    rate.demand(client_of(request))
    try:
        article = reading.read(settings, _page(settings, text, file))
    except InputError as error:
        return _form(request, archive, settings, text, str(error))
    return RedirectResponse(f"/reading/{archive.keep_reading(article)}", 303)


def _page(settings: Settings, text: str, file: UploadFile | None) -> Page:
    """What was sent as a page: a file before the text, and what is nothing but a link as what stands there.

    Raises `InputError` if there is nothing, or the link cannot or may not be followed.
    """
    if file is not None and file.filename and (content := file.file.read()):
        return reading.page_given(content)
    typed = text.strip()
    if not typed.lower().startswith(_ADDRESS) or any(mark.isspace() for mark in typed):
        return reading.page_given(text)
    if not settings.fetch:
        raise InputError("this server does not follow links: open the story there, and paste its text or its HTML")
    return reading.page_linked(settings, typed)


@router.get("/reading/{key}")
def made(request: Request, key: str, archive: OpenArchive) -> Response:
    """What was read under a link."""
    answer = shown(request, _kept(archive, key), f"/reading/{key}")
    # Who has the link may see it; nobody who follows a link from it, and no search engine, should come to have it.
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


@router.get("/reading/{key}/export")
def export(key: str, archive: OpenArchive, form: str = "json") -> Response:
    """The reading as a file."""
    return exported(_kept(archive, key), form, f"reading-{key[:8]}")


@router.post("/reading/{key}/keep")
def keep(key: str, archive: OpenArchive, settings: Known, _: Member, __: OwnForm) -> Response:
    """Add the reading to the archive, where everybody finds it; for members."""
    added = archive.add(_kept(archive, key), reader=f"onrecord {__version__}, {settings.engine}")
    return RedirectResponse(f"/article/{added.article}?kept={added.outcome}", 303)


def _kept(archive: OpenArchive, key: str) -> Article:
    found = archive.reading(key[:100])
    if found is None:
        raise HTTPException(404, f"no reading under this link; only the newest {MOST} are kept")
    return found

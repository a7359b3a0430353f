"""The calls of the API that take something in: pages to read, articles to keep, corrections."""

from __future__ import annotations

from email.message import Message
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import APIRouter, Depends, Query
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from onrecord import __version__
from onrecord.archive.addresses import page_digest_of
from onrecord.archive.amending import missed
from onrecord.archive.archive import Archive
from onrecord.archive.store import Added
from onrecord.errors import UsageError
from onrecord.formats.wire import article_object
from onrecord.schema import MediaKind, Page
from onrecord.web.api.answers import WRITE_PROBLEMS, answered, correction_object, described, found_or_404
from onrecord.web.api.schemas import (
    ArticleAnswer,
    CorrectionAnswer,
    CorrectionAsked,
    MissedAsked,
    ReadAsked,
    reference,
)
from onrecord.web.dependencies import Known, Number, OpenArchive
from onrecord.web.discretion import public_place
from onrecord.web.lanes import SlowLane
from onrecord.web.limits import Rate, client_of
from onrecord.web.reading import page_given, page_linked, read
from onrecord.web.settings import Settings
from onrecord.web.signing import Holder

router = APIRouter(responses=WRITE_PROBLEMS)
Asked = TypeVar("Asked")
_MOST_NOTE = 2_000
_RAW = ("text/html", "application/xhtml+xml", "text/plain", "application/octet-stream")


def _body(kind: type, *raw: str) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": reference(kind)}}
    content |= {media: {"schema": {"type": "string", "format": "binary"}} for media in raw}
    return {"requestBody": {"required": True, "content": content}}


async def _decoded(request: Request, kind: type[Asked]) -> Asked:
    """The body as a record; an `HTTPException` 415 or 422 if it is none."""
    if _media(request) != "application/json":
        raise HTTPException(415, "send JSON, with Content-Type: application/json")
    body = await request.body()
    try:
        found = msgspec.json.decode(body, type=kind)
        # Half of a surrogate pair, or a null, which \\u can write, no database stores.
        if b"\\u0000" in msgspec.json.encode(found):
            raise ValueError("a null character (\\u0000) stands in it")
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise HTTPException(422, f"the body: {error}") from error
    return found


def _media(request: Request) -> str:
    header = Message()
    header["Content-Type"] = request.headers.get("content-type", "")
    return header.get_content_type() if request.headers.get("content-type") else ""


async def _given(
    request: Request,
    settings: Known,
    url: Annotated[str, Query(max_length=2_000, description="Where a page sent as bytes stands.")] = "",
    lang: Annotated[str, Query(max_length=10, description="The language of a page sent as bytes.")] = "",
) -> Page:
    """The page that a request holds, as JSON or as its bare bytes, or leads to."""
    rate: Rate = request.app.state.readings
    rate.demand(client_of(request))
    media = _media(request)
    if media in _RAW:
        header = Message()
        header["Content-Type"] = request.headers["content-type"]
        told: MediaKind | None = "html" if media in _RAW[:2] else None
        return page_given(await request.body(), told, url, lang, header.get_content_charset("") or "")
    asked = await _decoded(request, ReadAsked)
    if asked.html:
        return page_given(asked.html, "html", asked.url, asked.lang)
    if asked.text or not asked.url:
        return page_given(asked.text, "text", asked.url, asked.lang)
    return await run_in_threadpool(page_linked, settings, asked.url, asked.lang)


Given = Annotated[Page, Depends(_given)]
"""Stands before the slow lane in a signature: who sends slowly must not hold that up."""


@router.post(
    "/read",
    tags=["read"],
    summary="Read a page",
    responses=described(ArticleAnswer),
    openapi_extra=_body(ReadAsked, *_RAW),
)
def read_it(page: Given, settings: Known, _: SlowLane) -> Response:
    """Who said what on a page; nothing is stored.

    Send JSON with the `text`, the `html` or (where the server reads links) the `url` of an article, or the page itself.
    """
    return answered(article_object(read(settings, page)))


@router.post(
    "/articles",
    tags=["articles"],
    summary="Add an article",
    status_code=201,
    responses={**described(Added, 201, "Stored"), **described(Added, 200, "It was there already")},
    openapi_extra=_body(ReadAsked, *_RAW),
)
def add(_: Holder, page: Given, settings: Known, archive: OpenArchive, __: SlowLane) -> Response:
    """Read a page and keep it; one that is there already stays as it is, one that has changed becomes a new version."""
    digest = page_digest_of(page)
    added = archive.page(digest) or _stored(settings, archive, page, digest)
    added = msgspec.structs.replace(added, address=public_place(added.address))
    return answered(msgspec.to_builtins(added), 200 if added.outcome == "same" else 201)


def _stored(settings: Settings, archive: Archive, page: Page, digest: str) -> Added:
    return archive.add(read(settings, page), digest, f"onrecord {__version__}, {settings.engine}")


async def _correction(request: Request) -> CorrectionAsked:
    asked = await _decoded(request, CorrectionAsked)
    _check_note(asked.note)
    return asked


async def _missed(request: Request) -> MissedAsked:
    asked = await _decoded(request, MissedAsked)
    _check_note(asked.note)
    return asked


def _check_note(note: str) -> None:
    if len(note) > _MOST_NOTE:
        raise HTTPException(422, f"a note has {_MOST_NOTE:,} characters at most")


@router.post(
    "/statements/{number}/corrections",
    tags=["corrections"],
    summary="Put a statement right",
    status_code=201,
    responses=described(CorrectionAnswer, 201, "It counts from now on"),
    openapi_extra=_body(CorrectionAsked),
)
def correct(
    number: Number, account: Holder, asked: Annotated[CorrectionAsked, Depends(_correction)], archive: OpenArchive
) -> Response:
    """Put one field of a statement right; the machine's answer is kept beside it and comes back with an undo."""
    found_or_404(archive.statement(number), f"no statement {number} in the archive")
    made = archive.correct(number, asked.field, asked.value, account.name, asked.note)
    return answered(correction_object(made), 201)


@router.post(
    "/articles/{number}/statements",
    tags=["corrections"],
    summary="Add a statement that was missed",
    status_code=201,
    responses=described(CorrectionAnswer, 201, "It counts from now on"),
    openapi_extra=_body(MissedAsked),
)
def add_missed(
    number: Number, account: Holder, asked: Annotated[MissedAsked, Depends(_missed)], archive: OpenArchive
) -> Response:
    """Add a statement that the machine did not find: where its words stand, who speaks."""
    article = found_or_404(archive.article(number), f"no article {number} in the archive")
    value = missed(article, msgspec.to_builtins(asked.statement), account.name)
    made = archive.add_missed(number, msgspec.to_builtins(value), account.name, asked.note)
    return answered(correction_object(made), 201)


@router.delete(
    "/corrections/{number}",
    tags=["corrections"],
    summary="Take a correction back",
    responses=described(CorrectionAnswer, 200, "It no longer counts"),
)
def undo(number: Number, archive: OpenArchive, account: Holder) -> Response:
    """Take a correction back; what stood without it counts again. The history keeps it."""
    try:
        return answered(correction_object(archive.undo(number, account.name)))
    except UsageError as error:
        raise HTTPException(404, str(error)) from error

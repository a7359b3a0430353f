"""What a visitor is told when something fails: a page, or `application/problem+json` (RFC 9457) for programs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from onrecord.archive.readings import MOST
from onrecord.errors import ArchiveError, InputError, LimitError, OnrecordError, UsageError
from onrecord.web.security import HEADERS
from onrecord.web.signing import NotSignedInError, login_address
from onrecord.web.templating import page

MEDIA = "application/problem+json"
_MACHINES = (".json", ".atom")
_log = logging.getLogger("onrecord.web")


def problem(status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> Response:
    """A failure for programs: `type`, `title`, `status`, `detail`, and what `more` is known."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return Response(msgspec.json.encode(told), status, dict(headers or {}), MEDIA)


def answer(
    request: Request, status: int, detail: str, headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """A failure as a page where a person asked, with the form to try again if that is what failed; else as a problem.

    A file that is too large is refused before it has arrived, so that no route sees it.
    """
    path = request.url.path
    if path.startswith("/api/") or path.endswith(_MACHINES):
        return problem(status, detail, headers, **more)
    again = {"fetch": request.app.state.settings.fetch, "kept": MOST} if path == "/read" else {}
    shown = page(request, "error.html", status, title=HTTPStatus(status).phrase, detail=detail, **again)
    shown.headers.update(headers or {})
    return shown


class Told:
    """Answers for the middleware within it: what that raises, no handler of the application sees."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except HTTPException as error:
            await _refused(Request(scope), error)(scope, receive, send)


def tell_problems(app: FastAPI) -> None:
    """Let every failure of the application be told."""
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(NotSignedInError, _not_signed_in)
    app.add_exception_handler(OnrecordError, _foreseen)
    app.add_exception_handler(Exception, _unforeseen)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return answer(request, error.status_code, str(error.detail), error.headers)


def _invalid(request: Request, error: Exception) -> Response:
    """Which parts of the request make no sense; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)
    errors = [
        {"where": ".".join(str(part) for part in one["loc"]), "message": str(one["msg"])} for one in error.errors()
    ]
    detail = "; ".join(f"{one['where']}: {one['message']}" for one in errors[:3])
    return answer(request, 422, detail, errors=errors[:20])


def _not_signed_in(request: Request, _: Exception) -> Response:
    return RedirectResponse(login_address(request), 303)


def _foreseen(request: Request, error: Exception) -> Response:
    if isinstance(error, ArchiveError):
        # Its words name files and hosts of the server, which is nobody else's business.
        _log.error("%s", error)
        return answer(request, 503, "the archive cannot be used at present; try again later", {"Retry-After": "10"})
    if isinstance(error, LimitError):
        return answer(request, 413, str(error))
    return answer(request, _STATUS.get(type(error), 422 if isinstance(error, InputError) else 400), str(error))


_STATUS: dict[type[Exception], int] = {UsageError: 400}


def _unforeseen(request: Request, _: Exception) -> Response:
    """The last net; Starlette logs the error itself. It stands outside all else, so it brings the headers along."""
    detail = "something failed here that should not have; it has been noted"
    if request.url.path.startswith("/api/"):
        return problem(500, detail, HEADERS)
    return Response(f"500: {detail}\n", 500, dict(HEADERS), "text/plain")

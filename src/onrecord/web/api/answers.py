"""What the calls of the API share: how they answer, and how their answers are described."""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec
from starlette.exceptions import HTTPException
from starlette.responses import Response

from onrecord.archive.corrections import Correction
from onrecord.formats.wire import statement_object
from onrecord.web.api.schemas import ProblemAnswer, reference
from onrecord.web.discretion import public_place
from onrecord.web.problems import MEDIA

Some = TypeVar("Some")


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA: {"schema": reference(ProblemAnswer)}}}


PROBLEMS: dict[int | str, dict[str, Any]] = {
    400: _problem("What is asked makes no sense"),
    404: _problem("There is no such thing"),
    422: _problem("A part of the request is missing or of the wrong kind"),
    429: _problem("Too many requests; `Retry-After` says when to try again"),
    503: _problem("The archive cannot be used at present"),
}
"""What any call may answer instead."""
WRITE_PROBLEMS: dict[int | str, dict[str, Any]] = {
    401: _problem("No token, or one that does not count"),
    403: _problem("What this server does not do, such as reading links"),
    408: _problem("The request took too long to arrive"),
    413: _problem("The request is too large"),
    415: _problem("The request is of a kind that is not read here"),
}
"""What a call with a body may answer besides."""


def described(kind: type, status: int = 200, description: str = "What was asked for") -> dict[int | str, Any]:
    """The description of an answer that is one record as JSON."""
    return {status: {"description": description, "content": {"application/json": {"schema": reference(kind)}}}}


def answered(plain: object, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(msgspec.json.encode(plain), status, media_type="application/json")


def found_or_404(found: Some | None, otherwise: str) -> Some:
    """What was found; an `HTTPException` 404 if nothing was."""
    if found is None:
        raise HTTPException(404, otherwise)
    return found


def correction_object(one: Correction) -> dict[str, Any]:
    """A correction as plain lists and dictionaries."""
    told = {"address": public_place(one.address), "machine": statement_object(one.machine)}
    return {**msgspec.structs.asdict(one), **told}

"""Style sheets, scripts and the icon: read once, held in memory compressed, served under names that change with them.

No part of a request becomes a path: what is asked for is looked up among what was read.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from fastapi import APIRouter
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from onrecord.formats.webpage import style

_MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
_FOR_EVER = "public, max-age=31536000, immutable"

router = APIRouter(include_in_schema=False)


class Asset(Struct, frozen=True):
    """A file as it is served."""

    content: bytes
    packed: bytes
    """Compressed by gzip."""
    media: str
    address: str


@router.get("/static/{digest}/{name}")
def asset(request: Request, digest: str, name: str) -> Response:
    """A file that pages need; what was there under another digest is gone."""
    found = _all().get(name)
    if found is None or found.address != f"/static/{digest}/{name}":
        return PlainTextResponse("not found", 404)
    packed = "gzip" in request.headers.get("accept-encoding", "")
    headers = {"Cache-Control": _FOR_EVER, "Vary": "Accept-Encoding"} | ({"Content-Encoding": "gzip"} if packed else {})
    return Response(found.packed if packed else found.content, headers=headers, media_type=found.media)


def address_of(name: str) -> str:
    """Where a file is served; raises `KeyError` for one that does not exist."""
    return _all()[name].address


@cache
def _all() -> dict[str, Asset]:
    return {name: _made(name, content) for name, content in _read()}


def _read() -> Iterator[tuple[str, bytes]]:
    yield "article.css", style().encode("utf-8")
    static = resources.files("onrecord.web").joinpath("static")
    for folder in (static, static.joinpath("vendor")):
        for one in folder.iterdir():
            if one.name.rpartition(".")[2] in _MEDIA:
                yield one.name, one.read_bytes()


def _made(name: str, content: bytes) -> Asset:
    digest = hashlib.sha256(content).hexdigest()[:12]
    packed = gzip.compress(content, 9, mtime=0)
    return Asset(content, packed, _MEDIA[name.rpartition(".")[2]], f"/static/{digest}/{name}")

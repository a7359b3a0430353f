"""For whoever runs the server: is it well, and what does it do (Prometheus' text format)."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onrecord import __version__
from onrecord.errors import ArchiveError
from onrecord.web.dependencies import OpenArchive

router = APIRouter(include_in_schema=False)
_BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_METHODS = frozenset(("GET", "HEAD", "POST", "DELETE", "OPTIONS"))


class Figures:
    """What this process has answered since it started, by route: never by address, of which there is no end."""

    def __init__(self) -> None:
        self._answers: Counter[tuple[str, str, int]] = Counter()
        self._times: dict[str, list[int]] = {}
        self._seconds: Counter[str] = Counter()
        self.now = 0

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count an answer."""
        self._answers[method, route, status] += 1
        self._times.setdefault(route, [0] * (len(_BOUNDS) + 1))[bisect_left(_BOUNDS, seconds)] += 1
        self._seconds[route] += seconds  # type: ignore[assignment]

    def text(self) -> str:
        """All of it as Prometheus reads it."""
        lines = ["# TYPE onrecord_info gauge", f'onrecord_info{{version="{__version__}"}} 1']
        lines += ["# TYPE onrecord_requests_now gauge", f"onrecord_requests_now {self.now}"]
        lines += ["# TYPE onrecord_requests_total counter"]
        lines += [
            f'onrecord_requests_total{{method="{method}",route="{route}",status="{status}"}} {count}'
            for (method, route, status), count in sorted(self._answers.items())
        ]
        lines += ["# TYPE onrecord_request_seconds histogram"]
        for route, counts in sorted(self._times.items()):
            total = 0
            for bound, count in zip((*map(str, _BOUNDS), "+Inf"), counts, strict=True):
                total += count
                lines.append(f'onrecord_request_seconds_bucket{{route="{route}",le="{bound}"}} {total}')
            lines.append(f'onrecord_request_seconds_sum{{route="{route}"}} {self._seconds[route]:.6f}')
            lines.append(f'onrecord_request_seconds_count{{route="{route}"}} {total}')
        return "\n".join(lines) + "\n"


class Measured:
    """Notes every answer in the figures."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app, self._figures = app, figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 500, time.perf_counter()

        async def noted(message: Message) -> None:
            nonlocal status
            status = message["status"] if message["type"] == "http.response.start" else status
            await send(message)

        self._figures.now += 1
        try:
            await self._app(scope, receive, noted)
        finally:
            self._figures.now -= 1
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._figures.note(method, route, status, time.perf_counter() - began)


class Heads:
    """Answers HEAD wherever GET is answered: the same without the body, as monitors ask."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "HEAD":
            await self._app(scope, receive, send)
            return

        async def bare(message: Message) -> None:
            await send({**message, "body": b""} if message["type"] == "http.response.body" else message)

        inner = {**scope, "method": "GET"}
        await self._app(inner, receive, bare)
        if "route" in inner:
            scope["route"] = inner["route"]


@router.get("/health")
def health(archive: OpenArchive) -> Response:
    """Whether the archive answers: 200, or 503."""
    try:
        archive.check()
    except ArchiveError:
        return JSONResponse({"status": "the archive does not answer"}, 503)
    return JSONResponse({"status": "ok"})


@router.get("/metrics")
async def metrics(request: Request) -> Response:
    """The figures of this process."""
    figures: Figures = request.app.state.figures
    return PlainTextResponse(figures.text(), media_type="text/plain; version=0.0.4")

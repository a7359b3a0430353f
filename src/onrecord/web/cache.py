"""Pages that were just made, for the next who asks for the same: half a minute old at most.

Only what is the same for everybody is kept: answers to a GET without cookie or token that set no cookie. Whoever has
signed in gets everything fresh, and a change made through this process empties the store. Those who ask for one page at
the same time wait for one answer instead of having it made for each.
"""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST_BYTES = 32_000_000
_MOST_PAGE = 1_000_000
_NEVER = ("/static/", "/health", "/metrics", "/reading/", "/login", "/account")
_TELLING = ("host", "accept-encoding", "hx-request")
"""The headers that an answer may depend on."""

_Key = tuple[str, ...]


class _Kept(NamedTuple):
    start: Message
    body: bytes
    until: float
    route: Any


class PageCache:
    """Answers from what was answered a moment ago."""

    def __init__(self, app: ASGIApp, seconds: float) -> None:
        self._app, self._seconds = app, seconds
        self._kept: OrderedDict[_Key, _Kept] = OrderedDict()
        self._made: dict[_Key, asyncio.Event] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self._seconds:
            await self._app(scope, receive, send)
        elif scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            self._forget_all()
        elif (key := _key_of(scope)) is None:
            await self._app(scope, receive, send)
        else:
            await self._answer(key, scope, receive, send)

    async def _answer(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> None:
        if making := self._made.get(key):
            await making.wait()
        if kept := self._fresh(key):
            scope["route"] = kept.route
            await send(kept.start)
            await send({"type": "http.response.body", "body": kept.body})
            return
        made = self._made.setdefault(key, asyncio.Event())
        try:
            await self._make(key, scope, receive, send)
        finally:
            made.set()
            self._made.pop(key, None)

    async def _make(self, key: _Key, scope: Scope, receive: Receive, send: Send) -> None:
        started: Message = {}
        parts: list[bytes] = []

        async def noted(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = message
            elif message["type"] == "http.response.body" and sum(map(len, parts)) <= _MOST_PAGE:
                parts.append(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, noted)
        body = b"".join(parts)
        if started and started["status"] == 200 and len(body) <= _MOST_PAGE and _is_for_all(started):
            self._keep(key, _Kept(started, body, time.monotonic() + self._seconds, scope.get("route")))

    def _fresh(self, key: _Key) -> _Kept | None:
        kept = self._kept.get(key)
        return kept if kept and kept.until > time.monotonic() else None

    def _keep(self, key: _Key, kept: _Kept) -> None:
        if before := self._kept.pop(key, None):
            self._bytes -= len(before.body)
        self._kept[key] = kept
        self._bytes += len(kept.body)
        while self._bytes > MOST_BYTES:
            self._bytes -= len(self._kept.popitem(last=False)[1].body)

    def _forget_all(self) -> None:
        self._kept.clear()
        self._bytes = 0


def _key_of(scope: Scope) -> _Key | None:
    """What tells one answer from another; None where it is for one visitor alone."""
    headers = Headers(scope=scope)
    if scope["method"] != "GET" or scope["path"].startswith(_NEVER):
        return None
    if "authorization" in headers or "onrecord_" in headers.get("cookie", ""):
        return None
    query = scope["query_string"].decode("latin-1")
    return (scope["scheme"], scope["path"], query, *(headers.get(name, "") for name in _TELLING))


def _is_for_all(start: Message) -> bool:
    headers = Headers(raw=start["headers"])
    return "set-cookie" not in headers and "no-store" not in headers.get("cache-control", "")

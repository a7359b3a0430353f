"""Limits on what strangers may send: how much, for how long, how often."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_SECONDS = 60.0
"""How long a request may take to arrive."""
_MOST_KEYS = 20_000
_UNLIMITED = ("/static/", "/health", "/metrics")


class Rate:
    """So many a minute for each key, all at once or spread: a token bucket (Turner, 1986)."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._clock = float(a_minute), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one; 0 if there was one left, else after how many seconds there will be."""
        if not self._most:
            return 0.0
        now = self._clock()
        left, since = self._left.pop(key, (self._most, now))
        left = min(self._most, left + (now - since) * self._most / 60)
        taken = left >= 1
        self._left[key] = (left - 1 if taken else left), now
        while len(self._left) > _MOST_KEYS:
            self._left.popitem(last=False)
        return 0.0 if taken else (1 - left) * 60 / self._most

    def demand(self, key: str) -> None:
        """Take one; raises an `HTTPException` 429 if none is left."""
        if wait := self.wait(key):
            raise too_many(wait)


def too_many(wait: float) -> HTTPException:
    """The error for a request too many: when to try again."""
    seconds = max(1, round(wait + 0.5))
    return HTTPException(429, f"too many requests; try again in {seconds} s", {"Retry-After": str(seconds)})


def client_of(connection: HTTPConnection) -> str:
    """Whom a limit counts: an IPv4 address, or the network that one user has in IPv6."""
    host = connection.client.host if connection.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


class RequestLimit:
    """Refuses what one address asks for beyond its number of requests a minute."""

    def __init__(self, app: ASGIApp, a_minute: int) -> None:
        self._app, self._rate = app, Rate(a_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(_UNLIMITED):
            self._rate.demand(client_of(HTTPConnection(scope)))
        await self._app(scope, receive, send)


class BodyLimit:
    """Refuses a request that is larger or slower than it may be, before or while it arrives."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app, self._most = app, most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = HTTPConnection(scope).headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared[:20]) > self._most:
            raise self._too_large()
        started, size = time.monotonic(), 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:
                raise self._too_large()
            if message.get("more_body") and time.monotonic() - started > BODY_SECONDS:
                raise HTTPException(408, "the request took too long to arrive")
            return message

        await self._app(scope, counted, send)

    def _too_large(self) -> HTTPException:
        return HTTPException(413, f"a request may have {self._most // 1_000:,} kB at most; send less")

"""A news site on this machine for the tests of watching, with a log of what it was asked, and a clock set by hand."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from typing import NamedTuple

START = datetime(2024, 3, 4, 9, tzinfo=UTC)


class HandClock:
    """A clock that goes on only when somebody sleeps."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class Reply(NamedTuple):
    content: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = {}
    kind: str = "text/html; charset=utf-8"


class Request(NamedTuple):
    seconds: float
    """Since `START`, by the clock set by hand."""
    path: str
    headers: Mapping[str, str]


Route = Reply | Callable[[Mapping[str, str]], Reply]


class Site:
    """What a server has to offer, by path, and what it was asked."""

    def __init__(self, clock: HandClock, port: int) -> None:
        self.clock, self.url = clock, f"http://127.0.0.1:{port}"
        self.routes: dict[str, Route] = {}
        self.log: list[Request] = []

    def story(self, path: str, said: str = "The bridge at the old mill is safe") -> str:
        self.routes[path] = Reply(
            f"<html><head><title>News {path}</title></head><body><article><h1>News of {path}</h1><p>“{said},” "
            f"Mayor Anna Roe said on Monday after a long inspection of the works at {path}.</p></article></body></html>"
            .encode()
        )  # fmt: skip
        return self.url + path

    def feed(self, path: str, links: Iterable[str], **headers: str) -> str:
        self.routes[path] = Reply(rss(links), 200, headers, "application/rss+xml")
        return self.url + path

    def asked(self, path: str) -> int:
        return sum(one.path == path for one in self.log)

    def paths(self) -> list[str]:
        return [one.path for one in self.log]

    def gaps(self) -> list[float]:
        """The seconds between each request and the next."""
        times = [one.seconds for one in self.log]
        return [after - before for before, after in pairwise(times)]

    def reply(self, path: str, headers: Mapping[str, str]) -> Reply:
        self.log.append(Request((self.clock.now() - START).total_seconds(), path, headers))
        route = self.routes.get(path, Reply(b"nothing here", 404))
        return route if isinstance(route, Reply) else route(headers)


def rss(links: Iterable[str], day: datetime = START) -> bytes:
    items = "".join(
        f"<item><title>A &amp; B</title><link>{link}</link><pubDate>{format_datetime(day)}</pubDate></item>"
        for link in links
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


def unless_known(content: bytes, etag: str) -> Callable[[Mapping[str, str]], Reply]:
    """A feed that answers 304 to whoever has it."""

    def reply(headers: Mapping[str, str]) -> Reply:
        if headers.get("If-None-Match") == etag:
            return Reply(b"", 304, {"ETag": etag})
        return Reply(content, 200, {"ETag": etag}, "application/rss+xml")

    return reply


@contextmanager
def serving(clock: HandClock) -> Iterator[Site]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            reply = site.reply(self.path.partition("?")[0], dict(self.headers.items()))
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.kind)
            self.send_header("Content-Length", str(len(reply.content)))
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site = Site(clock, server.server_port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()

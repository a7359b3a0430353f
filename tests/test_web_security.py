"""What strangers may not do: too much, too often, from elsewhere, to where they should not reach."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from onrecord.errors import FetchError
from onrecord.intake import public, web
from onrecord.web.limits import Rate, client_of
from web_archive import filled, served


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    app, _ = served(str(tmp_path_factory.mktemp("web") / "news.db"), engine="rules", body_bytes=50_000, cache_seconds=0)
    with TestClient(app, base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/search?q=border", "/api/v1/search", "/nothing", "/health", "/login", "/static/no"]
)
def test_every_answer_tells_the_browser_to_do_nothing_else(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(one.strip().split(" ", 1) for one in headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["style-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["form-action"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/", "/search?q=border", "/article/1", "/login", "/corrections", "/nothing"])
def test_no_page_has_script_or_style_of_its_own(client: TestClient, path: str) -> None:
    page = client.get(path).text
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>|<style|\bstyle=|\bon\w+=|javascript:", page)
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//(?!localhost)[^\"]*\.(?:js|css|woff)", page)


def test_a_name_that_is_not_ours_is_refused(client: TestClient) -> None:
    for host in ("evil.example", "localhost.evil.example", "[::2]", "", "127.0.0.2:80"):
        answer = client.get("/api/v1/search", headers={"Host": host})
        assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
        assert "content-security-policy" in answer.headers
    for host in ("localhost:9999", "127.0.0.1", "[::1]:80", "LOCALHOST"):
        assert client.get("/health", headers={"Host": host}).status_code == 200


def test_too_much_is_refused_before_or_while_it_arrives(client: TestClient) -> None:
    story = {"Content-Type": "text/plain"}
    answer = client.post("/api/v1/read", content=b"x" * 50_001, headers=story)
    assert (answer.status_code, answer.json()["status"]) == (413, 413)

    def trickle() -> Iterator[bytes]:
        for _ in range(60):
            yield b"x" * 1_000

    assert client.post("/api/v1/read", content=trickle(), headers=story).status_code == 413
    files = {"file": ("page.html", b"x" * 50_001, "text/html")}
    assert client.post("/read", files=files).status_code == 413
    many = "&".join(f"f{n}=1" for n in range(2_000))
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    assert client.post("/login", content=many, headers=form).status_code == 400
    assert client.post("/api/v1/read", content=b"x", headers={**story, "Content-Length": "-1"}).status_code in (
        400,
        413,
    )


def test_a_zip_bomb_is_not_unpacked(client: TestClient) -> None:
    import gzip

    packed = gzip.compress(b"a" * 30_000_000)
    assert len(packed) < 50_000
    answer = client.post("/api/v1/read", content=packed, headers={"Content-Type": "application/octet-stream"})
    assert answer.status_code in (413, 422)


def test_too_often_is_refused_until_time_has_passed(tmp_path: Path) -> None:
    app, _ = served(str(tmp_path / "news.db"), requests_a_minute=5, readings_a_minute=2, engine="rules")
    with TestClient(app, base_url="http://localhost") as client:
        answers = [client.get("/api/v1/articles") for _ in range(7)]
        assert [one.status_code for one in answers] == [200] * 5 + [429] * 2
        assert answers[-1].headers["content-type"] == "application/problem+json"
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert client.get("/health").status_code == 200, "whoever watches the server is not counted"
    app, _ = served(str(tmp_path / "other.db"), requests_a_minute=0, readings_a_minute=2, engine="rules")
    with TestClient(app, base_url="http://localhost") as client:
        read = [client.post("/api/v1/read", json={"text": "It rains, he said."}).status_code for _ in range(3)]
        assert read == [200, 200, 429]


def test_a_bucket_fills_again_and_forgets_whom_it_has_not_seen() -> None:
    now = [0.0]
    rate = Rate(60, lambda: now[0])
    assert [rate.wait("a") for _ in range(60)] == [0.0] * 60
    assert rate.wait("a") == pytest.approx(1.0)
    assert rate.wait("b") == 0.0
    now[0] += 1.5
    assert rate.wait("a") == 0.0
    for number in range(30_000):
        rate.wait(f"c{number}")
    assert len(rate._left) <= 20_000


def test_one_user_of_the_newer_internet_is_one_network() -> None:
    def seen(host: str) -> str:
        return client_of(httpx_connection(host))

    assert seen("2a00:1:2:3::1") == seen("2a00:1:2:3:ffff::9") != seen("2a00:1:2:4::1")
    assert seen("192.0.2.1") == "192.0.2.1"


def httpx_connection(host: str) -> Any:
    from starlette.requests import HTTPConnection

    return HTTPConnection({"type": "http", "client": (host, 1), "headers": []})


def test_links_are_read_only_where_that_is_switched_on(client: TestClient) -> None:
    answer = client.post("/api/v1/read", json={"url": "https://example.org/story"})
    assert (answer.status_code, "reads no links" in answer.json()["detail"]) == (403, True)


def test_no_link_leads_into_the_network_of_the_server(tmp_path: Path, site: int) -> None:
    app, _ = served(str(tmp_path / "news.db"), fetch=True, readings_a_minute=0)
    with TestClient(app, base_url="http://localhost") as client:
        for url in (f"http://127.0.0.1:{site}/", "http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://2130706433/",
                    "http://0x7f.1/", "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://0.0.0.0/",
                    "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://user:pass@9.9.9.9/",
                    "http://9.9.9.9:22/", "https://9.9.9.9:8443/"):  # fmt: skip
            answer = client.post("/api/v1/read", json={"url": url})
            assert answer.status_code == 422, url
            assert "secret" not in answer.text


@pytest.fixture
def site() -> Iterator[int]:
    """A page on this machine that nobody may reach through the server."""
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"the secret of the house, she said")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


class Internet(httpx.AsyncBaseTransport):
    """What answers in place of the internet; notes where it was asked, and under which name."""

    def __init__(self, answers: dict[str, httpx.Response]) -> None:
        self.answers, self.asked = answers, []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        name = request.headers["host"]
        self.asked.append((request.url.host, name, request.extensions["sni_hostname"]))
        return self.answers[name + request.url.path]


def fetched(monkeypatch: pytest.MonkeyPatch, names: dict[str, list[str]], answers: dict[str, httpx.Response]) -> Any:
    internet = Internet(answers)

    async def resolved(_: Any, host: str, port: int, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in names[host]]

    monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", resolved)
    monkeypatch.setattr(web, "PublicTransport", lambda: public.PublicTransport(internet))
    return internet


def test_the_connection_goes_to_the_address_that_was_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    page = httpx.Response(200, headers={"content-type": "text/html"}, content=b"<p>Rain, she said.</p>")
    internet = fetched(monkeypatch, {"news.example": ["9.9.9.9"]}, {"news.example/story": page})
    found = web.fetch("https://news.example/story", public_only=True)
    assert (found.content, found.url) == (b"<p>Rain, she said.</p>", "https://news.example/story")
    assert internet.asked == [("9.9.9.9", "news.example", "news.example")]


@pytest.mark.parametrize(
    "inner", [["10.0.0.1"], ["9.9.9.9", "127.0.0.1"], ["169.254.169.254"], ["::1"], ["fd00::1"], []]
)
def test_no_redirect_and_no_answer_of_the_dns_leads_inside(monkeypatch: pytest.MonkeyPatch, inner: list[str]) -> None:
    away = httpx.Response(302, headers={"location": "http://inner.example/"})
    internet = fetched(monkeypatch, {"news.example": ["9.9.9.9"], "inner.example": inner}, {"news.example/story": away})
    for url in ("http://news.example/story", "http://inner.example/"):
        with pytest.raises(FetchError, match="public address"):
            web.fetch(url, public_only=True)
    assert {address for address, *_ in internet.asked} == {"9.9.9.9"}


def test_a_failure_inside_tells_nothing_of_the_inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "news.db"
    app, _ = served(str(path))
    client = TestClient(app, base_url="http://localhost", raise_server_exceptions=False)

    def broken(*_: object, **__: object) -> None:
        raise RuntimeError(f"{path} broke")

    monkeypatch.setattr(type(app.state.archive), "search", broken)
    for address in ("/api/v1/search", "/search?q=x"):
        answer = client.get(address)
        assert answer.status_code == 500
        assert str(path) not in answer.text
        assert "RuntimeError" not in answer.text
        assert "content-security-policy" in answer.headers
    monkeypatch.undo()
    path.write_bytes(b"no archive" * 1_000)
    app.state.archive.close()
    answer = client.get("/api/v1/articles")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert str(path) not in answer.text
    assert client.get("/health").status_code == 503


def test_pages_are_kept_for_a_moment_for_strangers_alone(tmp_path: Path) -> None:
    app, token = served(str(tmp_path / "news.db"), engine="rules")
    with TestClient(app, base_url="http://localhost") as client:
        before = client.get("/api/v1/search", params={"q": "bridge"})
        app.state.archive.add(_story())
        assert client.get("/api/v1/search", params={"q": "bridge"}).text == before.text
        assert (
            client.get("/api/v1/search", params={"q": "bridge"}, headers={"Cookie": "onrecord_session=x"}).json()[
                "total"
            ]
            == 1
        )
        answer = client.post(
            "/api/v1/articles", json={"text": "It rained, he said."}, headers={"Authorization": f"Bearer {token}"}
        )
        assert answer.status_code == 201
        assert client.get("/api/v1/search", params={"q": "bridge"}).json()["total"] == 1, "a change empties the store"
        assert client.get("/login").text != client.get("/login").text, "a page with a form is for one visitor"


def _story() -> Any:
    import onrecord

    return onrecord.read("The bridge is safe, Mayor Anna Roe said.", engine="rules")


def test_the_server_stops_gracefully(tmp_path: Path) -> None:
    filled(str(tmp_path / "news.db"))
    command = [
        sys.executable,
        "-c",
        "from onrecord.cli import main; main()",
        "serve",
        "--port",
        "0",
        "--archive",
        "news.db",
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, cwd=tmp_path, text=True, env={**os.environ}) as server:
        assert server.stderr
        told = server.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/", told)
        assert found, told
        for _ in range(100):
            try:
                assert httpx.get(f"{found[0]}health", timeout=10).json() == {"status": "ok"}
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        with httpx.stream("GET", f"{found[0]}api/v1/search") as answer:
            server.send_signal(signal.SIGTERM)
            assert answer.read()
        assert server.wait(20) in (0, -signal.SIGTERM, 128 + signal.SIGTERM)
        assert "Traceback" not in server.stderr.read()


def test_without_the_extra_it_says_what_to_install(tmp_path: Path) -> None:
    code = "import sys; sys.modules['fastapi'] = None; from onrecord.cli import main; main()"
    for arguments in (["serve"], ["account", "add", "ada"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], capture_output=True, text=True, cwd=tmp_path, timeout=60
        )
        assert done.returncode == 1
        assert "pip install 'onrecord[web]'" in done.stderr
        assert "Traceback" not in done.stderr


def test_the_core_imports_nothing_of_the_web() -> None:
    code = (
        "import sys, onrecord.cli, onrecord.archive.archive; "
        "print([one for one in ('fastapi', 'starlette', 'jinja2', 'uvicorn', 'argon2') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]"

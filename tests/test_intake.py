"""Every kind of location gives pages; every kind of trouble gives one clear failure, and the rest goes on."""

import gzip
import io
import json
import os
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from onrecord.errors import FetchError, LimitError
from onrecord.intake import fetch, limits, pages
from onrecord.schema import Failure, Page

TEXT = "PORTVILLE, March 3 (Reuters) - The mayor said no."


def only(*inputs, **named):
    (found,) = pages(inputs, **named)
    return found


def assert_failure(found, *words):
    assert isinstance(found, Failure)
    assert "\n" not in found.error
    for word in words:
        assert word in found.error
    return found


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "b.html.gz").write_bytes(gzip.compress(b"<p>Hello</p>"))
    (tmp_path / "deep" / "c.jsonl").write_text('{"id": "one", "text": "First."}\n\n{"html": "<p>Second.</p>"}\n')
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden.txt").write_text("no")
    return tmp_path


def test_a_file_is_a_page_of_bytes(folder):
    path = str(folder / "a.txt")
    assert only(path) == Page(TEXT.encode(), input=path)


def test_a_folder_is_read_recursively_in_order(folder):
    found = list(pages([str(folder)]))
    deep = folder / "deep"
    assert [page.input for page in found] == [
        str(folder / "a.txt"), str(deep / "b.html.gz"), f"{deep / 'c.jsonl'}:1", f"{deep / 'c.jsonl'}:3",
    ]  # fmt: skip
    assert [page.content for page in found[1:]] == [b"<p>Hello</p>", "First.", "<p>Second.</p>"]
    assert [page.media for page in found] == [None, "html", "text", "html"]


def test_glob_patterns(folder):
    assert [page.input for page in pages([str(folder / "**" / "*.txt")])] == [str(folder / "a.txt")]
    assert only(str(folder / "d*" / "b*")).content == b"<p>Hello</p>"
    assert_failure(only(str(folder / "*.nothing")), "no file matches")


def test_deep_patterns_do_not_follow_links_in_circles(tmp_path):
    for depth in ("a", "a/b"):
        (tmp_path / depth).mkdir()
        (tmp_path / depth / "page.txt").write_text(TEXT)
        for name in ("up", "up-too"):
            (tmp_path / depth / name).symlink_to("..")
    expected = [str(tmp_path / "a" / "b" / "page.txt"), str(tmp_path / "a" / "page.txt")]
    for pattern in ("**", "**/*", "**/*.txt", "a/**/page.txt", "*/**/**/p*"):
        assert [page.input for page in pages([str(tmp_path / pattern)])] == expected
    assert_failure(only(str(tmp_path / "**" / "*.pdf")), "no file matches")


def test_deep_patterns_here(tmp_path, monkeypatch):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "page.txt").write_text(TEXT)
    (tmp_path / "page.txt").write_text(TEXT)
    monkeypatch.chdir(tmp_path)
    assert [page.input for page in pages(["**/*.txt"])] == ["a/page.txt", "page.txt"]


def test_a_file_whose_name_looks_like_a_pattern(tmp_path):
    path = tmp_path / "notes [draft]?.txt"
    path.write_text(TEXT)
    assert only(str(path)).content == TEXT.encode()


def test_pages_come_one_by_one():
    def endless():
        while True:
            yield "/nowhere"

    lazy = pages(endless())
    assert_failure(next(lazy), "/nowhere", "no such file")
    assert_failure(next(lazy), "/nowhere")


def test_jsonl_lines_carry_their_fields(tmp_path):
    line = {"id": 7, "text": "Hi.", "url": "http://x.test/a", "lang": "en", "date": "2021-01-24", "more": 1}
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(json.dumps(line).encode()))
    assert only(str(path)) == Page(
        "Hi.", input=f"{path}:1", id="7", url="http://x.test/a", media="text", lang="en", published="2021-01-24"
    )


def test_bad_jsonl_lines_are_named_and_passed(tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_bytes(
        b'{"text": "One."}\n{"text": \n[1]\n{"id": "x"}\n{"text": 3}\n\xff\n' + b"[" * 5000 + b'\n{"text": "Two."}'
    )
    found = list(pages([str(path)]))
    assert [getattr(one, "content", None) for one in found] == ["One.", *[None] * 6, "Two."]
    for number, failure in enumerate(found[1:-1], 2):
        assert_failure(failure, f"{path}:{number}")
    assert_failure(found[3], '"text"')


def test_half_an_emoji_in_a_line_costs_the_half_only(tmp_path):
    path = tmp_path / "cut.jsonl"
    path.write_text('{"text": "She said no \\ud83d"}\n{"text": 5, "url": "\\ud83d"}\n')
    page, failure = pages([str(path)])
    assert page.content == "She said no \ud83d"
    assert_failure(failure, "no page in this line")


def test_standard_input(monkeypatch):
    def give(content):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    give(TEXT.encode())
    assert only("-") == Page(TEXT.encode(), input="-")
    give(gzip.compress(b'{"text": "a"}\n{"text": "b"}\n'))
    assert [page.input for page in pages(["-"], media="jsonl")] == ["-:1", "-:2"]
    give(b"x" * (limits.PAGE_BYTES + 1))
    assert_failure(only("-"), "standard input", "25 MB")


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_crawl_is_no_page_whatever_its_size(pack, tmp_path, monkeypatch):
    """Four invented records of two stories each; made large enough to be over the limit for a page."""
    head = b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 10\r\n\r\n<p>Hm.</p>\r\n\r\n"
    crawl = tmp_path / "crawl.warc"
    crawl.write_bytes(pack(head) + bytes(limits.PAGE_BYTES))
    (failure,) = pages([str(crawl)])
    assert isinstance(failure, Failure)
    assert "onrecord batch" in failure.error
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(pack(head)))))
    (failure,) = pages(["-"])
    assert "onrecord batch" in failure.error
    (tmp_path / "told.txt").write_text("WARC is how crawls are kept.", encoding="utf-8")
    assert isinstance(next(pages([str(tmp_path / "told.txt")])), Page)


def test_what_is_no_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert_failure(only(str(pipe)), "named pipe")
    assert_failure(only("/dev/zero"), "device")
    (tmp_path / "empty").mkdir()
    assert_failure(only(str(tmp_path / "empty")), "no file to read")
    (tmp_path / "dangling").symlink_to(tmp_path / "gone")
    assert_failure(only(str(tmp_path / "dangling")), "no such file")
    assert_failure(only("a\0b"), "no location")
    assert_failure(only("ftp://x.test/a"), "ftp", "http")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_permission_denied(folder):
    (folder / "a.txt").chmod(0)
    assert_failure(only(str(folder / "a.txt")), "permission denied")


def test_a_failure_does_not_end_the_run(folder):
    found = list(pages(["/nowhere", str(folder / "a.txt")]))
    assert [type(one) for one in found] == [Failure, Page]


def test_200_megabytes_in_one_line_are_refused(tmp_path):
    for name in ("big.txt", "big.jsonl"):
        with open(tmp_path / name, "wb") as file:
            file.truncate(200_000_000)
    assert_failure(only(str(tmp_path / "big.txt")), "25 MB")
    assert_failure(only(str(tmp_path / "big.jsonl")), "big.jsonl:1", "25 MB")


def test_gzip_bombs_are_bounded(tmp_path, monkeypatch):
    bomb = gzip.compress(bytes(30_000_000))
    (tmp_path / "bomb.html.gz").write_bytes(bomb)
    assert_failure(only(str(tmp_path / "bomb.html.gz")), "unpacked", "25 MB")
    monkeypatch.setattr("onrecord.intake.lines.SKIP_BYTES", 2_000_000)
    (tmp_path / "bomb.jsonl.gz").write_bytes(bomb)
    first, second = pages([str(tmp_path / "bomb.jsonl.gz")])
    assert_failure(first, "25 MB")
    assert_failure(second, "not read")


def test_damaged_gzip(tmp_path):
    whole = gzip.compress(TEXT.encode() * 100)
    (tmp_path / "cut.txt.gz").write_bytes(whole[: len(whole) // 2])
    assert_failure(only(str(tmp_path / "cut.txt.gz")), "damaged")
    (tmp_path / "cut.jsonl.gz").write_bytes(whole[: len(whole) // 2])
    assert_failure(only(str(tmp_path / "cut.jsonl.gz")), "cannot be read on")


class Site(BaseHTTPRequestHandler):
    """A news site with every kind of trouble."""

    def do_GET(self):
        answer = getattr(self, "do_" + self.path.strip("/").split("/")[0], None)
        answer() if answer else self.send_error(404)

    def reply(self, content, kind="text/html; charset=windows-1251", **headers):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def do_page(self):
        self.reply("<p>Привет</p>".encode("cp1251"))

    def do_agent(self):
        self.reply(self.headers["User-Agent"].encode(), "text/plain")

    def do_image(self):
        self.reply(b"\x89PNG", "image/png")

    def do_gz(self):
        self.reply(gzip.compress(b"<p>x</p>"), "application/gzip")

    def do_moved(self):
        self.redirect("/page")

    def do_loop(self):
        self.redirect("/loop")

    def do_elsewhere(self):
        self.redirect("file:///etc/passwd")

    def redirect(self, where):
        self.send_response(302)
        self.send_header("Location", where)
        self.end_headers()

    def do_endless(self):
        self.reply(b"")
        try:
            while True:
                self.wfile.write(b"x" * 100_000)
        except OSError:
            pass

    def do_bomb(self):
        self.reply(gzip.compress(bytes(30_000_000)), "text/html", Content_Encoding="gzip")

    def do_rows(self):
        self.reply(b'{"text": "a"}\n{"text": "b"}\n', "application/x-ndjson")

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_a_url_brings_its_charset_and_type(site):
    page = only(f"{site}/page")
    assert (page.content, page.charset, page.media) == ("<p>Привет</p>".encode("cp1251"), "windows-1251", "html")
    assert page.input == page.url == f"{site}/page"
    assert page.fetched
    moved = fetch(f"{site}/moved")
    assert (moved.input, moved.url) == (f"{site}/moved", f"{site}/page")
    assert fetch(f"{site}/gz").content == b"<p>x</p>"
    assert b"onrecord/" in fetch(f"{site}/agent").content


def test_jsonl_from_a_url(site):
    assert [page.content for page in pages([f"{site}/rows"], media="jsonl")] == ["a", "b"]


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("missing", "404"),
        ("image", "image/png"),
        ("loop", "redirects"),
        ("elsewhere", "not http"),
        ("endless", "25 MB"),
        ("bomb", "25 MB"),
    ],
)
def test_trouble_with_a_url_is_one_failure(site, path, word):
    assert_failure(only(f"{site}/{path}"), f"{site}/{path}", word)


@pytest.mark.parametrize("url", ["http://", "http://[::1", "http://x.test:99999/", "http://127.0.0.1:9/"])
def test_addresses_that_lead_nowhere(url):
    assert_failure(only(url), url)


def trickling_server(send):
    """A server that accepts and then does what `send` does, without ever finishing an answer."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        try:
            connection, _ = listener.accept()
            with connection:
                send(connection)
        except OSError:
            pass

    threading.Thread(target=serve, daemon=True).start()
    return listener, f"http://127.0.0.1:{listener.getsockname()[1]}/"


def test_a_silent_server_times_out(monkeypatch):
    monkeypatch.setattr(limits, "READ_SECONDS", 0.2)
    listener, url = trickling_server(lambda connection: connection.recv(10**6) and threading.Event().wait(5))
    with listener, pytest.raises(FetchError, match="did not answer in time"):
        fetch(url)


def test_a_trickling_server_runs_into_the_total_limit(monkeypatch):
    monkeypatch.setattr(limits, "FETCH_SECONDS", 0.5)

    def trickle(connection):
        while True:
            connection.sendall(b"H")
            threading.Event().wait(0.05)

    listener, url = trickling_server(trickle)
    with listener, pytest.raises(FetchError, match=r"0\.5 seconds"):
        fetch(url)


def test_too_large_is_its_own_error():
    assert issubclass(LimitError, Exception)
    with pytest.raises(LimitError):
        limits.read_page(io.BytesIO(bytes(limits.PAGE_BYTES + 1)), "it")
    assert len(limits.read_page(io.BytesIO(bytes(limits.PAGE_BYTES)), "it")) == limits.PAGE_BYTES

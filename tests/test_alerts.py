"""Alerts: each new statement that matches is told once on every channel, whatever fails in between."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import signal
import socketserver
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree

import pytest

from onrecord import read
from onrecord.archive.archive import Archive, open_archive
from onrecord.archive.asking import Asked
from onrecord.errors import ArchiveError, UsageError
from onrecord.schema import Page
from onrecord.watch import alerts, telling
from onrecord.watch.telling import Told
from watch_site import START, HandClock

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


class Hook:
    """A webhook that answers as it is told to, and what it received."""

    def __init__(self) -> None:
        self.received: list[tuple[Mapping[str, str], bytes]] = []
        self.answer: Callable[[], tuple[int, Mapping[str, str]]] = lambda: (204, {})
        self.url = ""

    def said(self) -> list[str]:
        return [json.loads(body)["data"]["content"] for _, body in self.received]


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, headers = made.answer()
            if status < 300:
                made.received.append((dict(self.headers.items()), body))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_port}/hook"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def letters() -> Iterator[tuple[Mapping[str, str], list[str]]]:
    """The settings of an SMTP server, and the letters that it has taken."""
    taken: list[str] = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line.split()[0].upper()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                    taken.append(letter.decode())
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 fine\r\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        settings = {
            "ONRECORD_SMTP_HOST": "127.0.0.1", "ONRECORD_SMTP_PORT": str(server.server_address[1]),
            "ONRECORD_SMTP_SECURITY": "none", "ONRECORD_SMTP_FROM": "onrecord@me.example",
        }  # fmt: skip
        yield settings, taken
        server.shutdown()


def store(archive: Archive, *said: str, site: str = "https://news.example", speaker: str = "Mayor Anna Roe") -> None:
    for n, one in enumerate(said):
        name = hashlib.sha256(one.encode("utf-8", "surrogatepass")).hexdigest()[:6]
        text = f"“{one},” {speaker} said on Monday, number {n}."
        archive.add(read(Page(text, url=f"{site}/{name}", published="2024-03-04"), engine="rules"))


def turn(archive: Archive, clock: HandClock, settings: Mapping[str, str] = {}) -> list[Told]:
    assert alerts.find(archive, clock.now()) == []
    return list(telling.tell(archive, clock, settings))


def save(
    archive: Archive,
    *channels: tuple[alerts.Kind, str],
    name: str = "bridges",
    typed: str = "bridge",
    **filters: tuple[str, ...],
) -> None:
    alerts.add(archive, name, typed, Asked(**filters), channels, START)  # type: ignore[arg-type]


def test_what_is_new_and_matches_is_told_once(archive: Archive, hook: Hook, clock: HandClock) -> None:
    store(archive, "The old bridge was here before")
    save(archive, ("webhook", hook.url))
    assert turn(archive, clock) == []
    store(archive, "The bridges are safe", "The pier is closed", "A bridge is built")
    assert [one.notices for one in turn(archive, clock)] == [2]
    assert turn(archive, clock) == []
    assert sorted(hook.said()) == ["“A bridge is built,”", "“The bridges are safe,”"]


def test_filters_count_as_in_a_search(archive: Archive, hook: Hook, clock: HandClock) -> None:
    save(archive, ("webhook", hook.url), typed="", speaker=("Quispe",))
    store(archive, "We will not close the road")
    store(archive, "The road stays open", speaker="Minister Carla Quispe")
    turn(archive, clock)
    assert hook.said() == ["“The road stays open,”"]


def test_a_changed_page_tells_only_what_is_new_in_it(archive: Archive, hook: Hook, clock: HandClock) -> None:
    save(archive, ("webhook", hook.url))
    first = "“The bridge is safe,” Mayor Anna Roe said on Monday."
    more = first + "\n\n“The bridge will be painted,” Mayor Anna Roe said on Tuesday."
    for text in (first, more):
        archive.add(read(Page(text, url="https://news.example/a"), engine="rules"))
        turn(archive, clock)
    assert hook.said() == ["“The bridge is safe,”", "“The bridge will be painted,”"]


def test_a_webhook_s_message_is_signed_and_keeps_its_id(archive: Archive, hook: Hook, clock: HandClock) -> None:
    key = b"a secret of twenty-four b"
    secret = "whsec_" + base64.b64encode(key).decode()
    save(archive, ("webhook", hook.url))
    store(archive, "The bridge is safe")
    answers = iter([(500, {}), (204, {})])
    seen: list[str] = []
    hook.answer = lambda: next(answers)
    turn(archive, clock, {"ONRECORD_WEBHOOK_SECRET": secret})
    clock.sleep(61)
    turn(archive, clock, {"ONRECORD_WEBHOOK_SECRET": secret})
    ((headers, body),) = hook.received
    seen.append(headers["webhook-id"])
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    data = json.loads(body)["data"]
    assert (data["alert"], data["article"]["url"]) == ("bridges", "https://news.example/" + data["article"]["url"][-6:])
    assert data["statement"]["speaker"]["name"] == "Anna Roe"


def test_a_failing_channel_is_tried_again_later_and_holds_up_no_other(
    archive: Archive, hook: Hook, clock: HandClock, tmp_path: Path
) -> None:
    feed = tmp_path / "bridges.xml"
    save(archive, ("webhook", hook.url), ("atom", str(feed)))
    store(archive, "The bridge is safe", "The bridge is old")
    hook.answer = lambda: (500, {})
    told = turn(archive, clock)
    assert [(one.kind, one.notices, bool(one.error)) for one in told] == [("webhook", 0, True), ("atom", 2, False)]
    assert turn(archive, clock) == [], "it waits"
    clock.sleep(61)
    assert [one.kind for one in turn(archive, clock)] == ["webhook"]
    clock.sleep(61)
    assert turn(archive, clock) == [], "twice as long now"
    with archive.to_read() as connection:
        (standing,) = alerts.overview(connection)
    assert (standing.channels[0].fails, standing.channels[0].waiting) == (2, 2)
    hook.answer = lambda: (200, {})
    clock.sleep(61)
    assert [one.notices for one in turn(archive, clock)] == [2]
    assert len(hook.received) == 2
    with archive.to_read() as connection:
        (standing,) = alerts.overview(connection)
    assert (standing.channels[0].fails, standing.channels[0].error) == (0, "")


def test_a_webhook_that_asks_for_time_gets_it(archive: Archive, hook: Hook, clock: HandClock) -> None:
    save(archive, ("webhook", hook.url))
    store(archive, "The bridge is safe")
    hook.answer = lambda: (429, {"Retry-After": "1000"})
    turn(archive, clock)
    hook.answer = lambda: (200, {})
    clock.sleep(900)
    assert turn(archive, clock) == []
    clock.sleep(101)
    assert [one.notices for one in turn(archive, clock)] == [1]


def test_what_was_told_before_a_failure_is_not_told_again(archive: Archive, hook: Hook, clock: HandClock) -> None:
    save(archive, ("webhook", hook.url))
    store(archive, "The bridge is safe", "The bridge is old", "The bridge is long")
    answers = iter([200, 500, 200, 200])
    hook.answer = lambda: (next(answers), {})
    assert [(one.notices, bool(one.error)) for one in turn(archive, clock)] == [(1, True)]
    clock.sleep(61)
    assert [one.notices for one in turn(archive, clock)] == [2]
    assert len(set(hook.said())) == 3


def test_a_process_killed_while_it_tells_loses_nothing(tmp_path: Path, hook: Hook, clock: HandClock) -> None:
    path = str(tmp_path / "killed.db")
    with open_archive(path) as archive:
        save(archive, ("webhook", hook.url))
        store(archive, *(f"The bridge has {n} arches" for n in range(6)))
    child = 0

    def kill_at_third() -> tuple[int, Mapping[str, str]]:
        if len(hook.received) == 2 and child:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        return 200, {}

    hook.answer = kill_at_third
    child = os.fork()
    if child == 0:
        time.sleep(0.2)
        with open_archive(path) as archive:
            turn(archive, clock)
        os._exit(0)
    deadline = time.monotonic() + 60
    while len(hook.received) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    child = 0
    with open_archive(path) as archive:
        turn(archive, clock)
    names = [headers["webhook-id"] for headers, _ in hook.received]
    assert len(set(names)) == 6
    assert len(names) == 7
    assert names[2] == names[3], "what was told and could not be noted comes again under its own id"


def test_many_are_told_in_turns(
    archive: Archive, hook: Hook, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "MOST_A_TURN", 2)
    save(archive, ("webhook", hook.url))
    store(archive, *(f"The bridge has {n} arches" for n in range(5)))
    assert [[one.notices for one in turn(archive, clock)] for _ in range(4)] == [[2], [2], [1], []]
    assert len(set(hook.said())) == 5


def test_e_mail(archive: Archive, clock: HandClock, letters: tuple[Mapping[str, str], list[str]]) -> None:
    settings, taken = letters
    save(archive, ("email", "me@me.example"))
    store(archive, "The bridge is safe", "The Brücke bridge \ud83d is old")
    assert [one.notices for one in turn(archive, clock, settings)] == [2]
    assert turn(archive, clock, settings) == []
    (letter,) = taken
    assert "Subject: onrecord: bridges: 2 new statements" in letter
    assert "To: me@me.example" in letter
    assert "Message-ID: <" in letter


def test_e_mail_that_cannot_be_sent_waits(
    archive: Archive, clock: HandClock, letters: tuple[Mapping[str, str], list[str]]
) -> None:
    settings, taken = letters
    save(archive, ("email", "me@me.example"))
    store(archive, "The bridge is safe")
    (told,) = turn(archive, clock, {})
    assert "ONRECORD_SMTP_FROM" in told.error
    clock.sleep(61)
    (told,) = turn(archive, clock, {**settings, "ONRECORD_SMTP_PORT": "9"})
    assert "did not take" in told.error
    clock.sleep(121)
    (told,) = turn(archive, clock, {**settings, "ONRECORD_SMTP_SECURITY": "starttls"})
    assert told.error, "a server without TLS gets no password and no letter"
    clock.sleep(241)
    assert [one.notices for one in turn(archive, clock, settings)] == [1]
    assert len(taken) == 1


def test_an_atom_file_holds_the_newest_first(archive: Archive, clock: HandClock, tmp_path: Path) -> None:
    path = tmp_path / "bridges.xml"
    save(archive, ("atom", str(path)))
    turn(archive, clock)
    assert ElementTree.parse(path).findall(f"{ATOM}entry") == [], "there from the beginning, for readers to subscribe"
    store(archive, "The bridge is safe")
    turn(archive, clock)
    clock.sleep(60)
    store(archive, "The bridge is \x01 <old> & \ud83d narrow")
    turn(archive, clock)
    feed = ElementTree.parse(path).getroot()
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert titles[1] == "Anna Roe: “The bridge is safe,”"
    assert len(titles) == len({entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}) == 2
    assert feed.findtext(f"{ATOM}updated") == "2024-03-04T09:01:00.000+00:00"
    for field in ("title", "id", "updated"):
        assert all(entry.findtext(f"{ATOM}{field}") for entry in (feed, *feed.iter(f"{ATOM}entry")))


def test_an_atom_file_that_cannot_be_written_is_told(archive: Archive, clock: HandClock, tmp_path: Path) -> None:
    save(archive, ("atom", str(tmp_path / "missing" / "bridges.xml")))
    (told,) = turn(archive, clock)
    assert "cannot be written" in told.error


def test_names_and_filters_are_checked(archive: Archive, clock: HandClock) -> None:
    save(archive, ("atom", "/tmp/x.xml"))
    with pytest.raises(UsageError, match="already"):
        save(archive, ("atom", "/tmp/x.xml"))
    with pytest.raises(UsageError, match="no country"):
        save(archive, ("atom", "/tmp/x.xml"), name="other", country=("Atlantis",))
    with pytest.raises(UsageError, match="--webhook"):
        save(archive, name="other")
    with pytest.raises(UsageError, match="no name"):
        save(archive, ("atom", "/tmp/x.xml"), name="two\nlines")
    alerts.remove(archive, "bridges")
    with pytest.raises(UsageError, match="no alert"):
        alerts.remove(archive, "bridges")
    save(archive, ("atom", "/tmp/x.xml"))


def test_an_alert_with_notices_can_be_removed(archive: Archive, hook: Hook, clock: HandClock) -> None:
    save(archive, ("webhook", hook.url))
    store(archive, "The bridge is safe")
    turn(archive, clock)
    alerts.remove(archive, "bridges")
    assert turn(archive, clock) == []


def test_two_processes_do_not_tell_at_once(address: str) -> None:
    with open_archive(address) as one, open_archive(address) as two:
        with one.alone("watch"), pytest.raises(ArchiveError, match="another process"), two.alone("watch"):
            pass
        with two.alone("watch"):
            pass


def test_an_older_archive_gets_the_tables(address: str, clock: HandClock) -> None:
    from sqlalchemy import create_engine, text

    from onrecord.archive import connect, tables_watch

    with open_archive(address) as archive:
        store(archive, "The bridge is safe")
    engine = create_engine(connect.address_of(address))
    with engine.begin() as connection:
        for table in reversed(tables_watch.ALL):
            table.drop(connection)
        connection.execute(text("UPDATE archive SET value = '4' WHERE key = 'schema version'"))
    engine.dispose()
    with open_archive(address) as archive:
        save(archive, ("atom", "/tmp/x.xml"))
        assert alerts.find(archive, clock.now()) == []

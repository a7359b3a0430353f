"""The archive under faults: writers killed at random, a full disk, no rights, locks, a database that goes away."""

from __future__ import annotations

import multiprocessing
import os
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, text

from conftest import Postgres
from onrecord.archive import connect
from onrecord.archive.archive import Archive, open_archive, open_to_read
from onrecord.archive.query import parse
from onrecord.archive.reading import added, persistently
from onrecord.archive.search import Filters, matching
from onrecord.errors import ArchiveError, ArchiveGoneError
from onrecord.schema import Page
from stories import said

WRITERS = 4
KILLS = 50
_FORK = multiprocessing.get_context("fork")  # a fresh interpreter would take longer to start than it lives


def write(address: str, numbers: list[int], report: Path) -> None:
    """Add articles by number, and note of each that it is stored."""
    with open_archive(address) as archive, report.open("wb", buffering=0) as out:
        for n in numbers:
            archive.add(said(f"We will stay in place number {n}", n=n, day=f"2021-05-{n % 28 + 1:02}"))
            out.write(b"%d\n" % n)
            time.sleep(0.005)  # or there would be ten thousand to be read back


class Writer:
    """A process that adds articles by number and notes of each that it is stored; killed, it goes on where it was."""

    def __init__(self, address: str, report: Path, numbers: range) -> None:
        self._address, self._report, self._left = address, report, list(numbers)
        self.stored: set[int] = set()
        self.start()

    def start(self) -> None:
        self._report.write_bytes(b"")
        self._process = _FORK.Process(target=write, args=(self._address, self._left, self._report))
        self._process.start()

    def wait_for_first(self) -> None:
        """Wait until it has stored something since it was started."""
        deadline = time.monotonic() + 60
        while not self._report.stat().st_size:
            assert self._process.is_alive(), "the writer has ended"
            assert time.monotonic() < deadline, "the writer stores nothing"
            time.sleep(0.002)

    def kill(self) -> None:
        self._process.kill()
        self._process.join(60)
        lines = self._report.read_bytes().split(b"\n")[:-1]  # a line cut off was not said
        self.stored |= {int(line) for line in lines}
        self._left = [n for n in self._left if n not in self.stored]


def test_killed_writers_lose_and_double_nothing_that_was_stored(address: str, tmp_path: Path) -> None:
    chance = random.Random(7)
    with open_archive(address) as archive:
        each = 4_000
        writers = [Writer(address, tmp_path / f"writer{n}", range(n * each, (n + 1) * each)) for n in range(WRITERS)]
        for _ in range(KILLS):
            victim = chance.choice(writers)
            victim.wait_for_first()
            time.sleep(chance.uniform(0.0, 0.05))
            victim.kill()
            victim.start()
        for writer in writers:
            writer.kill()
        stored = set().union(*(writer.stored for writer in writers))
        assert len(stored) >= KILLS
        ids = [article.id for article in archive.articles()]
        assert len(ids) == len(set(ids)), "an article is there twice"
        missing = {f"article{n}" for n in stored} - set(ids)
        assert not missing, f"{len(missing)} articles that were said to be stored are not there"
        assert_sound(archive, address, len(ids))


def assert_sound(archive: Archive, address: str, articles: int) -> None:
    """Every article has its statement, and every statement its place in the index, once."""
    assert archive.counts()["statements"] == articles
    for words in (parse("stay"), None):
        with connect.reading(archive._engine) as connection:
            found = connection.scalars(matching(connection, words, Filters())).all()
        assert len(found) == len(set(found)) == articles
    if "://" not in address:
        with sqlite3.connect(address) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert raw.execute("PRAGMA foreign_key_check").fetchall() == []
            raw.execute("INSERT INTO statement_index(statement_index) VALUES ('integrity-check')")


def test_a_full_disk_is_told_and_what_was_stored_is_safe(tmp_path: Path) -> None:
    path = str(tmp_path / "news.db")
    with open_archive(path) as archive:
        event.listen(archive._engine, "begin", lambda c: c.exec_driver_sql("PRAGMA max_page_count = 120"))
        stored, complaint = 0, ""
        while not complaint and stored < 5_000:
            try:
                archive.add(said("We will stay " * 20, n=stored))
                stored += 1
            except ArchiveError as error:
                complaint = str(error)
        assert "the disk is full" in complaint
        assert stored > 1
    with open_archive(path) as archive:
        assert archive.counts()["articles"] == stored
        assert archive.add(said("We will stay", n=stored)).outcome == "new"
        assert_sound(archive, path, stored + 1)


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """The rights of nobody: root may write everywhere."""
    if os.geteuid():
        yield
        return
    os.seteuid(65534)
    yield
    os.seteuid(0)


def test_a_folder_that_may_not_be_written_to_can_be_read(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = tmp_path / "shelf" / "news.db"
    path.parent.mkdir()
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o011)
    with open_archive(str(path)) as archive:
        archive.add(said("We will stay"))
    path.chmod(0o444)
    path.parent.chmod(0o555)
    request.getfixturevalue("unprivileged")
    with open_to_read(str(path)) as archive:
        assert archive.search("stay").total == 1
        with pytest.raises(ArchiveError, match="may not be written to"):
            archive.add(said("We will not stay", n=2))
    with pytest.raises(ArchiveError, match="cannot be opened"):
        open_archive(str(path.parent / "other.db"))


def test_a_lock_that_is_not_let_go_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "PATIENCE", 0.2)
    path = str(tmp_path / "news.db")
    with open_archive(path) as archive:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(ArchiveError, match="another program has been writing"):
            archive.add(said("We will stay"))
        assert archive.search("stay").total == 0, "reading goes on"
        other.execute("ROLLBACK")
        other.close()
        assert archive.add(said("We will stay")).outcome == "new"


def test_a_database_that_goes_and_returns_loses_nothing(postgres: Postgres) -> None:
    address = postgres.database()
    page = Page("The bridge is safe, Mayor Anna Roe said on Monday after a long inspection.", url="http://a.example/1")
    with open_archive(address) as archive:
        archive.add(said("We will stay"))
        postgres.stop()
        with pytest.raises(ArchiveGoneError, match="cannot be reached"):
            archive.add(said("They will stay", n=2))
        child = os.fork()
        if child == 0:
            time.sleep(1.0)
            postgres.start()
            os._exit(0)
        outcomes = list(added(archive, [page], engine="rules"))
        os.waitpid(child, 0)
        assert [one.outcome for one in outcomes] == ["new"]  # type: ignore[union-attr]
        assert archive.counts()["articles"] == 2
        assert archive.search("stay").total == 1


def test_a_lost_connection_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onrecord.archive.reading._WAITS", (0.0, 0.0))
    tries = iter([ArchiveGoneError("gone"), ArchiveGoneError("gone"), None])

    def call() -> str:
        if error := next(tries):
            raise error
        return "stored"

    assert persistently(call) == "stored"


def test_an_archive_of_a_newer_version_is_not_touched(address: str) -> None:
    with open_archive(address) as archive:
        archive.add(said("We will stay"))
    engine = create_engine(connect.address_of(address))
    with engine.begin() as connection:
        connection.execute(text("UPDATE archive SET value = '99' WHERE key = 'schema version'"))
    engine.dispose()
    for opened in (open_archive, open_to_read):
        with pytest.raises(ArchiveError, match="newer"):
            opened(address)


def test_a_damaged_archive_is_told(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with open_archive(str(path)) as archive:
        for n in range(50):
            archive.add(said("We will stay " * 30, n=n))
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 40] = os.urandom(4096 * 37)
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"damaged|another kind of file"):
        read_all(str(path))


def read_all(path: str) -> None:
    with open_archive(path) as archive:
        archive.search("stay", facets=True)
        for n in range(50):
            archive.article(n)

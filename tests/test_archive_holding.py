"""Keys come to their place a few at a time; whoever asks sees them as if they were there at once. On both databases."""

from __future__ import annotations

import json
import random
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from onrecord.archive import holding, tables
from onrecord.archive.archive import Archive, open_archive
from onrecord.archive.connect import address_of, engine_of, reading, writing
from onrecord.archive.holding import Entry, Keys
from onrecord.errors import ArchiveError
from onrecord.schema import Article
from stories import found, said

KEYS = Keys(tables.cluster_key, tables.cluster_key_fresh)
NUMBERS = [(value << 58) + random.Random(value).getrandbits(58) for value in range(-32, 32)]
"""Keys of all slices, few enough to be met again."""


@pytest.fixture(autouse=True)
def few_slices(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that keys come to their place within a few articles."""
    monkeypatch.setattr(holding, "SLICES", 8)
    monkeypatch.setattr(holding, "_SHIFT", 64 - 3)


@pytest.fixture
def engines(address: str) -> Iterator[list[object]]:
    """Two writers, as two programs that have one archive open."""
    open_archive(address).close()
    both = [engine_of(address_of(address)) for _ in range(2)]
    yield both
    for engine in both:
        engine.dispose()


class _GivenUpError(Exception):
    pass


def _some(chance: random.Random) -> list[Entry]:
    """A few keys that somebody comes to hold, or lets go of."""
    return [
        (chance.choice(NUMBERS), chance.randrange(6), chance.choice((0, 3, 5))) for _ in range(chance.randrange(1, 6))
    ]


@pytest.mark.parametrize("seed", range(4))
def test_who_holds_a_key_is_known_whoever_wrote_it_and_wherever_it_is(engines: list[object], seed: int) -> None:
    chance = random.Random(seed)
    expected: dict[int, dict[int, int]] = {}
    for _ in range(60):
        entries, fails = _some(chance), chance.random() < 0.2
        try:
            with writing(chance.choice(engines)) as connection:  # type: ignore[arg-type]
                held = KEYS.holders(connection, NUMBERS)
                assert {key: dict(those) for key, those in held.items() if those} == expected
                KEYS.hold(connection, entries[:2])
                KEYS.hold(connection, entries[2:])
                if fails:
                    raise _GivenUpError
        except _GivenUpError:
            continue
        for key, holder, count in entries:
            expected.setdefault(key, {})[holder] = count
        expected = {key: kept for key, those in expected.items() if (kept := {one: n for one, n in those.items() if n})}
    with reading(engines[0]) as connection:  # type: ignore[arg-type]
        fresh = connection.scalar(select(func.count()).select_from(tables.cluster_key_fresh))
        placed = connection.scalar(select(func.count()).select_from(tables.cluster_key))
    assert fresh == holding.SLICES
    assert placed


def test_a_writer_that_was_away_for_long_reads_anew(engines: list[object]) -> None:
    first, second = engines
    with writing(first) as connection:  # type: ignore[arg-type]
        KEYS.hold(connection, [(NUMBERS[0], 1, 3)])
    for number in range(2, 30):
        with writing(second) as connection:  # type: ignore[arg-type]
            KEYS.hold(connection, [(NUMBERS[number], number, 3)])
    with writing(first) as connection:  # type: ignore[arg-type]
        held = KEYS.holders(connection, NUMBERS[:30])
    assert held == {NUMBERS[0]: [(1, 3)]} | {NUMBERS[number]: [(number, 3)] for number in range(2, 30)}


def _variants(count: int) -> Iterator[Article]:
    for n in range(count):
        yield said(
            f"Tariffs on northern timber hurt {n} of every hundred sawmills badly", n=n, url=f"https://a.example/{n}"
        )


def test_clusters_are_the_same_however_many_articles_lie_between(archive: Archive) -> None:
    oath = "We will never hand over the northern harbour, whatever it costs"
    archive.add(said(oath, url="https://first.example/1"))
    for article in _variants(20):
        archive.add(article)
    archive.add(said(oath, url="https://second.example/1"))
    assert archive.counts()["clusters"] == 1
    changed = archive.add(said("We have nothing to add to that", url="https://first.example/1"))
    assert changed.outcome == "version"
    assert archive.counts()["clusters"] == 0
    archive.add(said(oath, url="https://third.example/1"))
    assert archive.counts()["clusters"] == 1, "what is left of a cluster is found by its keys"


def _as_version_1(path: str) -> None:
    """Take an archive back to what the first version of the schema was."""
    with open_archive(path) as archive, writing(archive._engine) as connection:
        run = connection.exec_driver_sql
        run("CREATE TABLE held AS SELECT * FROM cluster_key")
        keys = [
            (key, holder, held)
            for (packed,) in run("SELECT keys FROM cluster_key_fresh")
            for key, holder, held in struct.iter_unpack("<qqh", packed)
        ]
        blob = {row.article_id: row for row in connection.execute(select(tables.body))}
        bodies = [
            (one.article_id, one.scale, json.dumps([n for (n,) in struct.iter_unpack("<q", one.hashes)]))
            for one in blob.values()
        ]
        for name in ("held", "cluster_key", "cluster_key_fresh", "body_key", "body_key_fresh", "body"):
            run(f"DROP TABLE {name}")
        run("""CREATE TABLE cluster_key (key BIGINT, statement_id BIGINT REFERENCES statement (id),
            held SMALLINT NOT NULL, PRIMARY KEY (key, statement_id))""")
        run(
            """CREATE TABLE body_key (key BIGINT, article_id BIGINT REFERENCES article (id),
            PRIMARY KEY (key, article_id))"""
        )
        run("CREATE TABLE body (article_id BIGINT PRIMARY KEY REFERENCES article (id), scale INTEGER, hashes TEXT)")
        for row in keys:
            run(f"INSERT INTO cluster_key VALUES ({row[0]}, {row[1]}, {row[2]})")
        for article, scale, hashes in bodies:
            run(f"INSERT INTO body VALUES ({article}, {scale}, '{hashes}')")
            for number in json.loads(hashes)[:12]:
                run(f"INSERT INTO body_key VALUES ({number}, {article})")
        run("UPDATE archive SET value = '1' WHERE key = 'schema version'")


def test_an_archive_of_the_first_version_is_brought_up_to_date(address: str) -> None:
    speech = " ".join(
        f"The {word} of the northern harbour stays with us."
        for word in ("gate", "quay", "crane", "wharf", "pier", "mole")
    )
    with open_archive(address) as archive:
        archive.add(said(speech, url="https://first.example/1"))
    _as_version_1(address)
    with open_archive(address) as archive:
        archive.add(said(speech, url="https://second.example/1"))
        assert archive.counts()["clusters"] == 1
        with reading(archive._engine) as connection:
            assert connection.scalar(select(func.count()).select_from(tables.reprint)) == 1
        assert len(found(archive, "crane")) == 2


def test_a_failure_below_sqlalchemy_is_told_as_any_other(tmp_path: Path) -> None:
    path = tmp_path / "news.db"
    with open_archive(str(path)) as archive:
        with writing(archive._engine) as connection:
            connection.exec_driver_sql("DROP TABLE cluster_key_fresh")
        with pytest.raises(ArchiveError, match="no archive of onrecord"):
            archive.add(said("We will stay in the northern harbour"))
        assert archive.counts()["articles"] == 0

"""WARC files: every record that can be read is, and every other one is named."""

from __future__ import annotations

import gzip
import io
import time
from pathlib import Path

import pytest

from made_crawl import address, hostile, record, response, strange, write_warc, zip_bomb
from onrecord.batch.members import records
from onrecord.batch.records import Trouble
from onrecord.batch.warc import warc_pages
from onrecord.schema import Page

Found = list[Page | Trouble]


def read(content: bytes, start: int = 0, stop: int | None = None) -> Found:
    return list(warc_pages(io.BytesIO(content), "made.warc.gz", start, stop))


def urls(found: Found) -> list[str]:
    return [one.url for one in found if isinstance(one, Page)]


def crawl(count: int, pack: bool = True) -> bytes:
    packed = gzip.compress if pack else bytes
    info = record("", b"software: made by hand\r\n", "warcinfo")
    asked = record(address(0), b"GET / HTTP/1.1\r\n\r\n", "request")
    return b"".join(map(packed, [info, asked, *map(response, range(count))]))


@pytest.mark.parametrize("pack", [True, False], ids=["packed", "plain"])
def test_pages_of_a_file(pack: bool) -> None:
    found = read(crawl(5, pack))
    assert urls(found) == [address(number) for number in range(5)]
    first = found[0]
    assert isinstance(first, Page)
    assert (first.media, first.charset, first.fetched) == ("html", "utf-8", "2021-03-05T10:00:00+00:00")
    assert first.input.startswith("made.warc.gz@")
    assert len(found) == 5


def test_a_file_packed_as_a_whole() -> None:
    assert urls(read(gzip.compress(crawl(5, pack=False)))) == [address(number) for number in range(5)]


@pytest.mark.parametrize("size", [1, 100, 777, 4_000, 10**6])
def test_ranges_of_bytes_have_each_record_once(size: int) -> None:
    content = crawl(8) + hostile()["cut short"] + gzip.compress(response(8)) + bytes(100) + gzip.compress(response(9))
    whole = read(content)
    assert len(whole) == 11
    ranges = [read(content, start, min(start + size, len(content))) for start in range(0, len(content), size)]
    assert [one for some in ranges for one in some] == whole


@pytest.mark.parametrize("name", hostile())
def test_a_hostile_record_is_named_and_the_others_are_read(name: str) -> None:
    content = b"".join(
        one if one[:2] == b"\x1f\x8b" else gzip.compress(one) for one in (response(1), hostile()[name], response(2))
    )
    found = read(content)
    kept = [url for url in urls(found) if "outlet" in url]
    assert kept == [address(1), address(2)]
    odd = [one for one in found if isinstance(one, Trouble) or "bad.example" in one.url]
    assert odd, "nothing tells of it"
    if name not in ("binary", "empty"):  # these are pages as far as the file goes; the page stage refuses them
        assert all(isinstance(one, Trouble) and one.stage == "record" and one.message for one in odd)


@pytest.mark.parametrize("name", strange())
def test_a_strange_record_is_read(name: str) -> None:
    (found,) = read(gzip.compress(strange()[name]))
    assert isinstance(found, Page)
    assert b"crowns aside" in found.content.encode() if isinstance(found.content, str) else b"crowns" in found.content


def test_lengths_that_lie_in_a_plain_file() -> None:
    names = ("too long a Content-Length", "too short a Content-Length", "no header")
    lying = [hostile()[name] for name in names]
    content = b"".join([response(1), lying[0], response(2), lying[1], response(3), lying[2], response(4)])
    found = read(content)
    assert urls(found) == [address(number) for number in (1, 2, 3, 4)]
    assert sum(isinstance(one, Trouble) for one in found) == 3


def test_a_bomb_costs_little() -> None:
    began = time.process_time()
    faults = [one.fault for one in records(io.BytesIO(zip_bomb("https://bad.example/bomb") * 5))]
    assert len(faults) == 5
    assert all("larger than 25 MB" in fault for fault in faults)
    assert time.process_time() - began < 10


def test_a_file_of_nothing_but_faults_is_given_up() -> None:
    lies = b"".join(gzip.compress(record("https://bad.example/", b"x", length=10**6)) for _ in range(1_500))
    found = list(records(io.BytesIO(lies)))
    assert len(found) == 1_001
    assert "the rest was not read" in found[-1].fault


@pytest.mark.parametrize(
    "content", [b"", b"\x1f\x8b", b"\x1f\x8b\x08", b"WARC/1.0\r\n", b"\n" * 5_000, b"\x00" * 5_000]
)
def test_stumps(content: bytes) -> None:
    assert not urls(read(content))


def test_wet_and_resource_records(tmp_path: Path) -> None:
    text = record("https://plain.example/", b"Ada Quill said it would rain.", "conversion")
    html = record("https://html.example/", b"<p>rain</p>", "resource").replace(b"application/http", b"text/html")
    found = read(write_warc(tmp_path / "a.warc.gz", [text, html]).read_bytes())
    assert [(one.url, one.media) for one in found if isinstance(one, Page)] == [
        ("https://plain.example/", "text"),
        ("https://html.example/", "html"),
    ]


@pytest.mark.parametrize("name", sorted({*hostile()} - {"damaged", "no WARC", "binary", "empty"}))
def test_a_record_that_cannot_be_read_is_named_by_the_address_in_its_header(name: str) -> None:
    one = hostile()[name]
    found = read(crawl(1) + (one if one[:2] == b"\x1f\x8b" else gzip.compress(one)))
    assert {bad.url.rpartition("/")[0] for bad in found if isinstance(bad, Trouble)} <= {"https://bad.example"}
    assert [bad for bad in found if isinstance(bad, Trouble)]


def test_what_is_unpacked_before_the_damage_tells_the_address() -> None:
    good = gzip.compress(response(5))
    damaged = good[:250] + bytes(60) + good[310:]
    (_, bad) = read(crawl(1) + damaged)
    assert isinstance(bad, Trouble)
    assert (bad.outcome, bad.url) == ("failed", address(5))


@pytest.mark.parametrize("content", [b"notes", b"hello world\n" * 900, gzip.compress(b"hello world\n" * 900)])
def test_what_is_no_warc_file_is_said_to_be_none(content: bytes) -> None:
    (found,) = read(content)
    assert isinstance(found, Trouble)
    assert (found.place, found.stage) == ("made.warc.gz", "file")
    assert found.message.startswith("this is no WARC file")

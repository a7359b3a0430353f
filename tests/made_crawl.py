"""Crawls made by hand: invented stories as pages, WARC files of them, and records that no crawl should have."""

from __future__ import annotations

import gzip
import random
import zlib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

_PEOPLE = ("Ada Quill", "Jonas Reed", "Mara Holt", "Piet Vance", "Nora Lisk", "Tom Averly")
_ROLES = ("mayor", "minister", "governor", "harbour master", "chairman", "police chief")
_PLACES = ("Port Reyne", "Salt Ferry", "Holm", "Lower Marsh", "Eastbrook", "Kings Weir")
_THINGS = ("ferry", "bridge", "dam", "lighthouse", "market hall", "tram", "school", "grain store", "harbour wall")
_DOINGS = ("closed for repairs", "opened to everybody", "sold to a buyer", "moved to the north bank", "built again")
_REASONS = ("the winter", "the storm", "the vote", "the talks with the guild", "the flood", "the strike")


def story(number: int) -> tuple[str, str]:
    """An invented story: its headline and its text, paragraphs apart by an empty line; no two are alike."""
    rng = random.Random(number)
    person, role, place = rng.choice(_PEOPLE), rng.choice(_ROLES), rng.choice(_PLACES)
    thing, doing, reason = rng.choice(_THINGS), rng.choice(_DOINGS), rng.choice(_REASONS)
    cost = rng.randint(100, 99_000)
    paragraphs = [
        f"The {thing} of {place} will be {doing} after {reason}, the {role}'s office said in its notice {number}.",
        f"“We have put {cost} crowns aside for the {thing}, and the {thing} will be {doing},” said {person}, the "
        f"{role}.",
        f"Residents had asked for a decision since {reason}. {person} told reporters that the council would meet "
        f"{rng.randint(2, 40)} times before anything was signed.",
        f"“Nobody in {place} should have to wait {rng.randint(2, 90)} weeks for a {rng.choice(_THINGS)},” she added.",
    ]
    return f"{place}: the {thing} to be {doing}", "\n\n".join(paragraphs)


def page(number: int, text: str | None = None, day: str = "2021-03-04") -> bytes:
    """A page with the story of that number, or another text, amid what stands around stories."""
    headline, own = story(number)
    body = "".join(f"<p>{paragraph}</p>" for paragraph in (text or own).split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{headline}</title>'
        f'<meta property="article:published_time" content="{day}T08:00:00Z"></head><body>'
        f"<nav><a href='/'>Home</a> <a href='/sport'>Sport</a></nav><article><h1>{headline}</h1>{body}</article>"
        f"<footer>Imprint</footer></body></html>"
    ).encode()


def http(content: bytes, media: str = "text/html; charset=utf-8", status: str = "200 OK", more: str = "") -> bytes:
    """An answer of a server."""
    return f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n{more}\r\n".encode() + content


def record(url: str, block: bytes, kind: str = "response", length: int | None = None) -> bytes:
    """A WARC record; `length` is what it says of its own, if not the truth."""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2021-03-05T10:00:00Z\r\n"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{zlib.crc32(url.encode()):012x}>\r\n"
        f"Content-Type: application/http; msgtype={kind}\r\n"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def address(number: int) -> str:
    """Where a story stands: a few outlets share them."""
    return f"https://www.outlet{number % 5}.example/news/{number}"


def response(number: int, **made: str) -> bytes:
    """The record of a story."""
    return record(address(number), http(page(number, **made)))


def write_warc(path: Path, records: Iterable[bytes], pack: Callable[[bytes], bytes] = gzip.compress) -> Path:
    """A WARC file of these records, each packed by itself; bytes that begin with gzip's mark are taken as they are."""
    with path.open("wb") as out:
        for one in records:
            out.write(one if one[:2] == b"\x1f\x8b" else pack(one))
    return path


def zip_bomb(url: str) -> bytes:
    """A member of 40 KB that unpacks to 40 MB."""
    block = http(b"")
    head = record(url, block, length=len(block) + 40_000_000)[:-4]
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    zeros = bytes(1_000_000)
    return packer.compress(head) + b"".join(packer.compress(zeros) for _ in range(40)) + packer.flush()


@cache
def hostile() -> dict[str, bytes]:
    """Records that cannot be read, by what is wrong with them."""
    good = gzip.compress(record("https://bad.example/cut", http(page(9_001))))
    return {
        "cut short": good[: len(good) // 2],
        "damaged": good[:60] + bytes(20) + good[80:],
        "too long a Content-Length": record("https://bad.example/long", http(page(9_002)), length=1_000_000),
        "too short a Content-Length": record("https://bad.example/short", http(page(9_003)), length=300),
        "gigantic": record("https://bad.example/huge", http(b"<p>It is raining again.</p>" * 1_000_000)),
        "bomb": zip_bomb("https://bad.example/bomb"),
        "packed bomb": record(
            "https://bad.example/inner", http(gzip.compress(bytes(60_000_000)), more="Content-Encoding: gzip\r\n")
        ),
        "binary": record("https://bad.example/photo", http(b"\x89PNG\r\n\x1a\n" + random.Random(2).randbytes(50_000))),
        "mislabelled": record("https://bad.example/film", http(bytes(1000), "video/mp4")),
        "no header": record("https://bad.example/none", b"nothing that a server says"),
        "missing": record("https://bad.example/gone", http(b"<p>gone</p>", status="404 Not Found")),
        "no WARC": gzip.compress(b"this is no record at all\r\n\r\n"),
        "empty": record("https://bad.example/empty", http(b"")),
    }


def strange() -> dict[str, bytes]:
    """Records that can be read all the same."""
    nested = b"<div>" * 200_000 + b"<p>" + story(9_101)[1].encode() + b"</p>"
    windows = page(9_102).replace("“".encode(), b"\x93").replace("”".encode(), b"\x94").replace(b"utf-8", b"utf-16")
    return {
        "endless markup": record("https://odd.example/nested", http(nested)),
        "wrong charset": record("https://odd.example/charset", http(windows, "text/html; charset=utf-16")),
        "chunked": record(
            "https://odd.example/chunked",
            http(b"%x\r\n%b\r\n0\r\n\r\n" % (len(page(9_103)), page(9_103)), more="Transfer-Encoding: chunked\r\n"),
        ),
        "packed": record(
            "https://odd.example/packed", http(gzip.compress(page(9_104)), more="Content-Encoding: gzip\r\n")
        ),
    }

"""Measure the web face under load: `python bench/serve.py ARCHIVE [--readers 50] [--seconds 60] [--pause 1]`.

A copy of ARCHIVE (one that `bench/archive.py --keep ARCHIVE` made) is served by `onrecord serve`, in `--processes`
processes. Readers, each with a connection of its own, look at pages one after the other: searches, articles,
statements, quotations, speakers, countries, dialogues, and some by the API, each time with other words and numbers, so
that nothing can answer from a cache that life would not fill. Between two pages a reader pauses as long as `--pause`
says on average (seconds, exponentially distributed; 0 for readers that never pause). Meanwhile a writer adds `--adds`
articles a second to the same archive.

Printed: pages a second, errors, and for each kind of page the median, 95th and 99th percentile in milliseconds from
asking to the last byte; then what the writer did and how much memory the server took. Exit code 1 if there was an error
or the 95th percentile of all is over `--most` milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import multiprocessing
import os
import random
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import httpx
import msgspec

from invented_archive import Invented
from onrecord.archive.archive import open_archive

_COUNTRIES = ("USA", "RUS", "CHN", "DEU", "FRA", "GBR", "UKR", "IND", "BRA", "JPN")
_PATIENCE = 30.0


class Known:
    """What readers ask for: words, names, and numbers that the archive has."""

    def __init__(self, path: Path) -> None:
        self.invented = Invented()
        with sqlite3.connect(path) as database:
            newest = database.execute("SELECT id, article_id FROM statement ORDER BY id DESC LIMIT 200000").fetchall()
            shared = database.execute("SELECT first_id FROM cluster WHERE size > 1 ORDER BY id DESC LIMIT 20000")
            self.quotes = [number for (number,) in shared]
        self.statements = [number for number, _ in newest]
        self.articles = list({article for _, article in newest})

    def word(self, chance: random.Random, first: int, last: int) -> str:
        return self.invented.words[chance.randrange(first, min(last, len(self.invented.words)))]

    def name(self, chance: random.Random) -> str:
        return str(chance.choice(self.invented.speakers[:2_000]).name)


def _search(**asked: object) -> str:
    return f"/search?{urlencode(asked)}"


Kind = Callable[[random.Random, Known], str]
PAGES: dict[str, tuple[int, Kind]] = {
    "first page": (2, lambda c, k: "/"),
    "search, rare word": (4, lambda c, k: _search(q=k.word(c, 2_000, 50_000))),
    "search, common word": (3, lambda c, k: _search(q=k.word(c, 20, 200))),
    "search, two words": (3, lambda c, k: _search(q=f"{k.word(c, 20, 500)} {k.word(c, 20, 500)}")),
    "search, word and speaker": (3, lambda c, k: _search(q=k.word(c, 0, 60), speaker=k.name(c))),
    "search, country and year": (
        3,
        lambda c, k: _search(country=c.choice(_COUNTRIES), since=(y := c.randrange(2016, 2025)), until=y),
    ),
    "article": (8, lambda c, k: f"/article/{c.choice(k.articles)}"),
    "statement": (5, lambda c, k: f"/statement/{c.choice(k.statements)}"),
    "quotation": (3, lambda c, k: f"/quote/{c.choice(k.quotes)}"),
    "speaker": (4, lambda c, k: f"/actor/{quote(k.name(c))}"),
    "country": (1, lambda c, k: f"/country/{c.choice(_COUNTRIES)}"),
    "dialogue": (1, lambda c, k: f"/dialogue?{urlencode(dict(zip('ab', c.sample(_COUNTRIES, 2), strict=True)))}"),
    "API, search": (3, lambda c, k: "/api/v1" + _search(q=k.word(c, 200, 5_000), facets="true")),
    "API, article": (2, lambda c, k: f"/api/v1/articles/{c.choice(k.articles)}"),
    "feed": (1, lambda c, k: f"/search.atom?{urlencode({'q': k.word(c, 200, 5_000)})}"),
}


class Reader:
    """Somebody with a browser: one connection, one page after the other."""

    def __init__(self, port: int, known: Known, seed: int) -> None:
        self._port, self._known, self._chance = port, known, random.Random(seed)
        self.times: dict[str, list[float]] = defaultdict(list)
        self.sizes: dict[str, int] = defaultdict(int)
        self.errors: list[str] = []

    async def read(self, until: float, pause: float) -> None:
        names = list(PAGES)
        weights = [PAGES[name][0] for name in names]
        connection = None
        await asyncio.sleep(self._chance.random() * pause)
        while time.monotonic() < until:
            name = self._chance.choices(names, weights)[0]
            path = PAGES[name][1](self._chance, self._known)
            began = time.perf_counter()
            try:
                # As a browser does: a connection that the server has closed meanwhile is opened anew.
                if connection is None or connection[0].at_eof():
                    connection = await asyncio.open_connection("127.0.0.1", self._port)
                status, size = await asyncio.wait_for(self._get(*connection, path), _PATIENCE)
                self.times[name].append(1000 * (time.perf_counter() - began))
                self.sizes[name] = max(self.sizes[name], size)
                if status != 200:
                    self.errors.append(f"{status} {path}")
            except (OSError, EOFError, TimeoutError, ValueError) as error:
                self.errors.append(f"{type(error).__name__} {path}")
                connection = None
            if pause:
                await asyncio.sleep(self._chance.expovariate(1 / pause))

    async def _get(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, path: str) -> tuple[int, int]:
        """The status and the compressed size of a page."""
        sink.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n".encode())
        head = (await source.readuntil(b"\r\n\r\n")).decode("latin-1").lower().split("\r\n")
        fields = dict(line.split(": ", 1) for line in head[1:] if ": " in line)
        if "content-length" in fields:
            body = await source.readexactly(int(fields["content-length"]))
        else:
            parts = []
            while length := int(await source.readuntil(b"\r\n"), 16):
                parts.append((await source.readexactly(length + 2))[:-2])
            await source.readuntil(b"\r\n")
            body = b"".join(parts)
        if fields.get("content-encoding") == "gzip" and not gzip.decompress(body):
            raise ValueError("an empty page")
        return int(head[0].split()[1]), len(body)


def write(path: str, adds: float, stop: Event, told: Any) -> None:
    """Add invented articles, so many a second, until told to stop; tells how many, and the times in milliseconds."""
    times = []
    with open_archive(path) as archive:
        due = time.monotonic()
        for article in Invented(seed=2).articles(10_000_000):
            if stop.wait(max(0.0, due - time.monotonic())):
                break
            due += 1 / adds
            began = time.perf_counter()
            archive.add(msgspec.structs.replace(article, url=article.url.replace("/story/", "/late/")))
            times.append(1000 * (time.perf_counter() - began))
    told.put(times)


def _percentile(times: Sequence[float], hundredth: int) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[hundredth - 1] if len(times) > 1 else sum(times)


def _report(readers: Sequence[Reader], seconds: float) -> float:
    """Print what the readers saw; gives the 95th percentile of all in milliseconds."""
    everything = [one for reader in readers for times in reader.times.values() for one in times]
    print(f"{'milliseconds':<28}{'pages':>8}{'median':>9}{'p95':>9}{'p99':>9}{'kB':>8}")
    for name in PAGES:
        times = [one for reader in readers for one in reader.times.get(name, ())]
        size = max((reader.sizes.get(name, 0) for reader in readers), default=0)
        figures = (statistics.median(times), _percentile(times, 95), _percentile(times, 99)) if times else (0, 0, 0)
        print(f"{name:<28}{len(times):>8,}" + "".join(f"{one:>9.1f}" for one in figures) + f"{size / 1000:>8.1f}")
    worst = _percentile(everything, 95)
    print(
        f"{'all':<28}{len(everything):>8,}{statistics.median(everything):>9.1f}{worst:>9.1f}"
        f"{_percentile(everything, 99):>9.1f}\n{len(everything) / seconds:,.1f} pages a second"
    )
    return worst


def _held(root: int) -> tuple[float, float]:
    """Megabytes that a process and its children hold (their proportional share), and seconds of CPU they have taken."""
    memory = busy = 0.0
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            if root in (int(folder.name), int(fields[1])):
                memory += int((folder / "smaps_rollup").read_text().split("Pss:")[1].split()[0]) / 1000
                busy += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        except (OSError, IndexError):
            continue
    return memory, busy


async def _all_read(readers: Sequence[Reader], seconds: float, pause: float) -> None:
    until = time.monotonic() + seconds
    await asyncio.gather(*(reader.read(until, pause) for reader in readers))


def _served(path: Path, processes: int) -> tuple[subprocess.Popen[bytes], int]:
    """The server and its port, once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from onrecord.cli import main; main()", "serve", "--archive", str(path)]
    server = subprocess.Popen([*command, "--port", str(port), "--rate", "0", "--processes", str(processes)])
    for _ in range(300):
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", timeout=5).raise_for_status()
            return server, port
        except httpx.HTTPError:
            if server.poll() is not None:
                break
            time.sleep(0.2)
    server.kill()
    sys.exit("the server did not come up")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds between two pages of a reader, on average")
    parser.add_argument("--adds", type=float, default=1.0, help="articles that the writer adds a second")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--most", type=float, default=300, help="milliseconds that 95 in 100 pages may take")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=options.archive.parent) as folder:
        path = Path(folder) / "archive.db"
        with sqlite3.connect(options.archive) as given, sqlite3.connect(path) as copy:
            given.backup(copy)
        os.sync()  # else the disk is still busy with the copy while the server is asked
        known = Known(path)
        server, port = _served(path, options.processes)
        stop, told = multiprocessing.Event(), multiprocessing.Queue()
        writer = multiprocessing.Process(target=write, args=(str(path), options.adds, stop, told))
        try:
            # What the first page of each kind loads is loaded before.
            asyncio.run(_all_read([Reader(port, known, 1_000 + n) for n in range(4)], 5, 0))
            writer.start()
            _, before = _held(server.pid)
            readers = [Reader(port, known, n) for n in range(options.readers)]
            asyncio.run(_all_read(readers, options.seconds, options.pause))
            memory, busy = _held(server.pid)
            stop.set()
            added = told.get(timeout=60)
            writer.join()
        finally:
            server.terminate()
            server.wait(30)
    print(
        f"{options.readers} readers for {options.seconds:g} s, {options.pause:g} s between two pages, "
        f"{options.processes} processes, {len(added):,} articles added meanwhile"
    )
    worst = _report(readers, options.seconds)
    errors = [error for reader in readers for error in reader.errors]
    print(f"{len(errors):,} errors" + "".join(f"\n  {error}" for error in errors[:10]))
    print(f"the writer took {statistics.median(added):.0f} ms an article, {_percentile(added, 99):.0f} at p99")
    pages = sum(len(times) for reader in readers for times in reader.times.values())
    print(f"the server took {1000 * (busy - before) / pages:.1f} ms of CPU a page, all together {busy - before:,.1f} s")
    print(f"it held {memory:,.0f} MB and ended with exit code {server.returncode}")
    return 1 if errors or worst > options.most else 0


if __name__ == "__main__":
    sys.exit(main())

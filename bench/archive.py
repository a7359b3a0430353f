"""Measure the archive: `python bench/archive.py [STATEMENTS] [--shuffled] [--postgres URL] [--keep PATH]`.

An archive of STATEMENTS invented ones (1,000,000 unless told; `bench/invented_archive.py`) is filled, one transaction
an article, on one core, in the order of their publication (as crawls and feeds bring them; with `--shuffled` in none,
which takes longer), and then asked in ten shapes, each 60 times with other words, after one search that loads what
searches need. Printed: statements a second (CPU and wall time), the size on disk, the peak of memory, and for each
shape the median and the 99th percentile, of CPU and by the clock; the floor is under the CPU's, which what else runs
on the machine disturbs least.
The same on PostgreSQL if the URL of an empty database is given. `--keep` leaves the SQLite archive at a path, where the
next run finds it. Figures that sink under `bench/floors.json` end the run with exit code 1.
"""

from __future__ import annotations

import argparse
import gc
import math
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from itertools import islice
from pathlib import Path

from msgspec.structs import replace

from floors import check
from invented_archive import Invented
from onrecord.archive.archive import Archive, open_archive
from onrecord.archive.asking import Asked
from onrecord.archive.reading import seldom_collected
from onrecord.archive.search import Results
from onrecord.schema import Article

TIMES = 60
Shape = Callable[[Archive, random.Random, Invented], Results]


def _word(chance: random.Random, invented: Invented, first: int, last: int) -> str:
    return invented.words[chance.randrange(first, min(last, len(invented.words)))]


SHAPES: dict[str, Shape] = {
    "one rare word": lambda a, c, i: a.search(_word(c, i, 5_000, 50_000)),
    "one common word": lambda a, c, i: a.search(_word(c, i, 20, 100)),
    "the most common word": lambda a, c, i: a.search(_word(c, i, 0, 5)),
    "two common words": lambda a, c, i: a.search(f"{_word(c, i, 20, 200)} {_word(c, i, 20, 200)}"),
    "phrase of common words": lambda a, c, i: a.search(f'"{_word(c, i, 0, 30)} {_word(c, i, 0, 30)}"'),
    "beginning of a word": lambda a, c, i: a.search(f"{_word(c, i, 200, 50_000)[:4]}*"),
    "or, not": lambda a, c, i: a.search(f"({_word(c, i, 50, 500)} OR {_word(c, i, 50, 500)}) -{_word(c, i, 20, 100)}"),
    "word, speaker": lambda a, c, i: a.search(
        _word(c, i, 0, 60), Asked(speaker=(str(c.choice(i.speakers[:500]).name),))
    ),
    "word, country, about, year": lambda a, c, i: a.search(
        _word(c, i, 0, 60),
        Asked(country=("RUS",), about=("USA",), since=str(y := c.randrange(2016, 2025)), until=str(y)),
    ),
    "all of a country, with facets": lambda a, c, i: a.search(
        "", Asked(country=("DEU",), act=("ACCUSE",)), facets=True
    ),
}


def fill(archive: Archive, articles: Iterable[Article]) -> tuple[float, float]:
    """Add that many statements; seconds of CPU and of the clock that adding took, making them up left out."""
    busy = waited = 0.0
    done = 0
    for article in articles:
        cpu, wall = time.process_time(), time.perf_counter()
        archive.add(article)
        busy += time.process_time() - cpu
        waited += time.perf_counter() - wall
        done += len(article.statements)
        if done // 100_000 > (done - len(article.statements)) // 100_000:
            print(
                f"  {done:>9,} added, {done / busy:,.0f} a second of CPU, {done / waited:,.0f} by the clock", flush=True
            )
    return busy, waited


def change(archive: Archive, invented: Invented) -> float:
    """Read some of the first pages anew, with one statement less; milliseconds of CPU for each."""
    pages = [replace(one, statements=one.statements[1:]) for one in islice(invented.articles(700), 50)]
    cpu = time.process_time()
    for page in pages:
        assert archive.add(page, again=True).outcome != "new"
    return 1000 * (time.process_time() - cpu) / len(pages)


def ask(archive: Archive, invented: Invented) -> dict[str, float]:
    """The 99th percentile of each shape in milliseconds of CPU; printed with the median, and both by the clock."""
    figures = {}
    archive.search("first", Asked(speaker=("Moscow",)))
    gc.collect()
    gc.freeze()  # what filling has left in memory, a program that only asks does not have
    for name, shape in SHAPES.items():
        chance = random.Random(name)
        busy, waited = [], []
        for _ in range(TIMES):
            cpu, wall = time.process_time(), time.perf_counter()
            shape(archive, chance, invented)
            busy.append(1000 * (time.process_time() - cpu))
            waited.append(1000 * (time.perf_counter() - wall))
        figures[name] = statistics.quantiles(busy, n=100)[98]
        shown = (
            part for one in (busy, waited) for part in (statistics.median(one), statistics.quantiles(one, n=100)[98])
        )
        print(f"  {name:<32}" + "".join(f"{part:>9.1f}" for part in shown), flush=True)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("statements", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--shuffled", action="store_true")
    parser.add_argument("--postgres", metavar="URL")
    parser.add_argument("--keep", metavar="PATH", type=Path)
    options = parser.parse_args()
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        path = options.keep or Path(folder) / "archive.db"
        print(f"SQLite, {options.statements:,} statements")
        for given in (str(path), *([options.postgres] if options.postgres else [])):
            if given != str(path):
                print("PostgreSQL")
            invented = Invented()
            with open_archive(given) as archive:
                if not archive.counts()["articles"]:
                    with seldom_collected():
                        busy, waited = fill(archive, invented.articles(options.statements, options.shuffled))
                    print(f"  added {options.statements / busy:,.0f} statements a second of CPU, ", end="")
                    print(f"{options.statements / waited:,.0f} by the clock")
                    if given == str(path):
                        figures["statements a second"] = options.statements / busy
                print(f"  {change(archive, Invented()):,.0f} ms for a page that is there and changed")
                print(f"  {'milliseconds':<32}{'CPU':>9}{'p99':>9}{'clock':>9}{'p99':>9}")
                worst = max(ask(archive, invented).values())
                if given == str(path):
                    figures["ms left of 150 at the slowest p99"] = 150 - worst
                    size = sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*"))
                    print(f"  {size / 1e6:,.0f} MB on disk")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures["MB left of 500"] = 500 - peak
        print(f"  {peak:,.0f} MB of memory at the peak, what invents the articles included")
    # An archive that was there is not filled: nothing is known then of how fast that goes.
    figures.setdefault("statements a second", math.nan)
    return check("archive", figures)


if __name__ == "__main__":
    sys.exit(main())

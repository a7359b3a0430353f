"""What a batch run costs: `python bench/batch.py PAGES [--engine rules] [--pages N] [--only NAME ...]`.

PAGES is the folder of real pages (`../shared/data/pages`). They are wrapped into WARC files, as often as it takes to
make `--pages` of them; each time with another sentence in every paragraph, so that they are no duplicates.

Prints, for one worker: pages a second of processor time, by step; the memory of the worker with its reader. Then what
`--only` names, else all of: `scaling` (one and two workers, by the clock), `memory` (over the run, a line a shard),
`ray` (one, two and four simulated nodes), `alternative` (trafilatura and multiprocessing with the same pipeline),
`filter` (how many pages in English and German the guess before extraction leaves out wrongly). Fails if the filter's
figures are under their floors. `clusters`: the invented reports of bench/clusters.py through the clusters of a run.
"""

from __future__ import annotations

import argparse
import gzip
import json
import multiprocessing
import os
import resource
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import floors

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from made_crawl import http, record, write_warc
from onrecord.batch.filters import guessed
from onrecord.batch.records import Settings, Tally
from onrecord.batch.run import Summary, run
from onrecord.schema import Page

SHARD_BYTES = 2_000_000
"""Of a packed file; a sixteenth of the default, so that a small run has enough of them to share out."""
PARTS = ("scaling", "memory", "ray", "alternative", "filter", "clusters")


def pages_of(folder: Path) -> list[tuple[str, bytes]]:
    """The address and content of every page."""
    lines = (folder / "pages.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    return [(row["url"], gzip.decompress((folder / row["html"]).read_bytes())) for row in rows]


def wrapped(pages: list[tuple[str, bytes]], count: int, path: Path) -> Path:
    """A WARC file of so many pages."""

    def records() -> Iterator[bytes]:
        for number in range(count):
            url, content = pages[number % len(pages)]
            lap = number // len(pages)
            if lap:
                content = content.replace(b"</p>", f" Copy number {lap} of this one.</p>".encode())
            yield record(f"{url}?{lap}", http(content, "text/html"))

    return write_warc(path, records())


class Watch:
    """The memory of the processes that this one has started and of those that they have, looked at twice a second."""

    def __init__(self) -> None:
        self.most: dict[int, int] = {}
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._end.wait(0.5):
            for process, size in tree(os.getpid()).items():
                self.most[process] = max(self.most.get(process, 0), size)

    def worker(self) -> float:
        """The most that a worker and its reader took together, in MB: the two largest, for one worker."""
        return sum(sorted(self.most.values())[-2:]) / 1e6


def tree(root: int) -> dict[int, int]:
    """The bytes of memory of each process below one."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                stat = (entry / "stat").read_text().rpartition(")")[2].split()
                sizes[int(entry.name)] = int((entry / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
            except (OSError, IndexError):
                continue
            parents[int(entry.name)] = int(stat[1])
    below = {root}
    while more := {process for process, parent in parents.items() if parent in below} - below:
        below |= more
    return {process: sizes[process] for process in below - {root}}


def ran(source: Path, engine: str, workers: int, ray: str = "") -> tuple[Summary, float]:
    """A run into a folder that is thrown away, and how many seconds it took by the clock."""
    with tempfile.TemporaryDirectory() as name:
        began = time.monotonic()
        done = run(
            [str(source)], f"{name}/out", Settings(engine=engine), workers=workers, shard_bytes=SHARD_BYTES,
            ray_address=ray,
        )  # fmt: skip
        return done, time.monotonic() - began


def steps(summary: Summary) -> dict[str, float]:
    """The processor seconds of each step."""
    both = Tally()
    both.add(summary.apart)
    both.add(summary.statements)
    return both.seconds


def one_worker(source: Path, engine: str) -> None:
    """Print what one worker does: pages a second of its processor time, by step, and its memory."""
    with Watch() as watch:
        summary, clock = ran(source, engine, 1)
    pages = summary.apart.pages
    spent = steps(summary)
    print(f"{engine}: {pages:,} pages of {source.stat().st_size / pages / 1000:,.0f} kB packed, one worker")
    for step, seconds in spent.items():
        print(f"  {step:<22} {1000 * seconds / pages:7.2f} ms a page")
    rate = pages / sum(spent.values())
    print(f"  {'all':<22} {1000 / rate:7.2f} ms a page: {rate:.1f} pages/s a core, {pages / clock:.1f} by the clock")
    print(f"  memory: {watch.worker():,.0f} MB at most, worker and reader; {len(watch.most)} processes in all")


def scaling(source: Path, engine: str) -> None:
    """Print how much faster two workers are than one, starting, some seconds, included."""
    times = []
    for workers in (1, 2):
        summary, clock = ran(source, engine, workers)
        times.append(clock)
        print(f"  {workers} worker{'s' * (workers > 1)}: {clock:.1f} s, {summary.apart.pages / clock:.1f} pages/s")
    print(f"  two are {times[0] / times[1]:.2f} times as fast as one")


def memory(source: Path, engine: str) -> None:
    """Print the memory of worker and reader as the run goes on."""
    with tempfile.TemporaryDirectory() as name:
        seen: list[tuple[int, float]] = []

        def tell(news: object) -> None:
            sizes = sorted(tree(os.getpid()).values())[-2:]
            total = news.total.pages  # type: ignore[attr-defined]
            seen.append((total, sum(sizes) / 1e6))

        run([str(source)], f"{name}/out", Settings(engine=engine), workers=1, shard_bytes=SHARD_BYTES, tell=tell)
    for number in range(0, len(seen), max(1, len(seen) // 20)):
        print(f"  after {seen[number][0]:>8,} pages of the phase: {seen[number][1]:,.0f} MB")


def ray_nodes(source: Path, engine: str) -> None:
    """Print the time on one, two and four simulated nodes of a core each; they share this machine's cores."""
    import subprocess

    for nodes in (1, 2, 4):
        code = (
            "import sys, time\nfrom ray.cluster_utils import Cluster\n"
            "small = {'num_cpus': 1, 'object_store_memory': 200 * 2**20}\n"
            "c = Cluster(initialize_head=True, head_node_args={**small, 'include_dashboard': False})\n"
            "[c.add_node(**small) for _ in range(int(sys.argv[1]) - 1)]; c.wait_for_nodes()\n"
            f"sys.path.insert(0, {str(Path(__file__).parent)!r}); import batch; from pathlib import Path\n"
            "s, t = batch.ran(Path(sys.argv[2]), sys.argv[3], int(sys.argv[1]), c.address)\n"
            "print(f'  {sys.argv[1]} nodes: {t:.1f} s, {s.apart.pages / t:.1f} pages/s', file=sys.stderr)\n"
        )
        subprocess.run(
            [sys.executable, "-c", code, str(nodes), str(source), engine], check=True, stdout=subprocess.DEVNULL
        )


def alternative(source: Path, engine: str) -> None:
    """Print what trafilatura with a pool of processes does with the same pages and the same finding of statements."""
    try:
        import trafilatura  # noqa: F401
    except ImportError:
        print("  trafilatura is not installed: pip install --group bench")
        return
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    os.environ["ONRECORD_BENCH_ENGINE"] = engine
    for workers in (1, 2):
        began = time.monotonic()
        pool = multiprocessing.get_context("spawn").Pool(workers, _loaded, (engine,))
        with source.open("rb") as stream, pool:
            records = ArchiveIterator(stream, record_types=WarcRecordType.response)
            contents = (one.reader.read() for one in records)
            found = list(pool.imap_unordered(_by_trafilatura, contents, chunksize=8))
        clock = time.monotonic() - began
        spent = sum(seconds for _, seconds in found)
        print(
            f"  {workers} process{'es' * (workers > 1)}: {clock:.1f} s, {len(found) / clock:.1f} pages/s; "
            f"{len(found) / spent:.1f} pages/s a core; {sum(count for count, _ in found):,} statements"
        )


def _loaded(engine: str) -> None:
    """Load what reading takes, whose time is not the pages'; the readers of a run do so too."""
    import trafilatura  # noqa: F401

    from onrecord.pipeline import attribute

    attribute("The ferry will sail on Monday, Mayor Anna Roe said.", "en", engine)  # type: ignore[arg-type]


def _by_trafilatura(content: bytes) -> tuple[int, float]:
    import trafilatura

    from onrecord.pipeline import read_page

    began = time.process_time()
    text = trafilatura.extract(content)
    engine = os.environ["ONRECORD_BENCH_ENGINE"]
    count = len(read_page(Page(text, media="text"), engine).statements) if text else 0  # type: ignore[arg-type]
    return count, time.process_time() - began


def filtered(folder: Path) -> dict[str, float]:
    """Print how the guess of the language fares before pages are taken apart; the share of pages it rightly keeps."""
    rows = [json.loads(line) for line in (folder / "pages.jsonl").read_text(encoding="utf-8").split("\n") if line]
    kept = {}
    began = time.process_time()
    guesses = [
        (row["lang"], guessed(Page(gzip.decompress((folder / row["html"]).read_bytes()), media="html"))) for row in rows
    ]
    spent = time.process_time() - began
    for lang in ("en", "de"):
        own = [guess for told, guess in guesses if told == lang]
        others = [guess for told, guess in guesses if told != lang]
        kept[f"kept {lang}"] = sum(guess in (lang, "") for guess in own) / len(own)
        out = sum(guess not in (lang, "") for guess in others) / len(others)
        print(
            f"  {lang}: {kept[f'kept {lang}']:.3f} of its {len(own)} pages kept, {out:.3f} of {len(others)} others out"
        )
    print(f"  {1000 * spent / len(rows):.2f} ms a page, unpacking included")
    return kept


def clustered(size: int = 100_000) -> None:
    """Print how well reports of invented utterances are put together, as bench/clusters.py does of the archive."""
    import pyarrow
    from pyarrow import parquet

    import clusters
    from onrecord.batch.clusters import find_clusters
    from onrecord.batch.engine import start
    from onrecord.batch.places import Folder

    reported, _ = clusters.made(size, None)
    rows = [
        {
            "article": f"{number}", "id": "s1", "content_text": one.text, "lang": one.lang, "kind": one.kind,
            "speaker_actor": one.speaker, "speaker_how": "name", "said_on": None,
            "published_date": (date(2025, 1, 1) + timedelta(one.day)).isoformat(),
        }
        for number, one in enumerate(reported)
    ]  # fmt: skip
    schema = pyarrow.schema([(name, pyarrow.string()) for name in rows[0]])
    groups: dict[str, list[int]] = {}
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "statements/date=2025-01").mkdir(parents=True)
        table = pyarrow.Table.from_pylist(rows, schema=schema)
        parquet.write_table(table, f"{name}/statements/date=2025-01/000000.parquet")
        start(1)
        before = most_memory()
        began = time.process_time()
        find_clusters(Folder(name))
        spent = time.process_time() - began
        grown = most_memory() - before
        for path in (Path(name) / "clusters").glob("*.parquet"):
            for row in parquet.read_table(path).to_pylist():
                groups.setdefault(row["cluster"], []).append(int(row["article"]))
    found, true, _ = clusters.judged(reported, groups.values())
    right = len(found & true)
    print(
        f"  precision {right / len(found):.3f}, recall {right / len(true):.3f}; {1000 * spent / size:.2f} ms a report, "
        f"{grown:,.0f} MB more than before"
    )


def most_memory() -> float:
    """The most that this process has taken so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def main() -> int:
    """Print everything; how many figures are under their floors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--engine", choices=("model", "rules"), default="model")
    parser.add_argument("--pages", dest="count", type=int, default=440)
    parser.add_argument("--only", nargs="*", choices=PARTS, default=PARTS)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="onrecord-bench-"))
    try:
        source = wrapped(pages_of(given.pages), given.count, folder / "crawl.warc.gz")
        figures: dict[str, float] = {}
        one_worker(source, given.engine)
        for part in given.only:
            print(f"{part}:")
            if part == "scaling":
                scaling(source, given.engine)
            elif part == "memory":
                memory(source, given.engine)
            elif part == "ray":
                ray_nodes(source, given.engine)
            elif part == "clusters":
                clustered()
            elif part == "alternative":
                alternative(source, given.engine)
            else:
                figures |= filtered(given.pages)
        print(f"this process took {most_memory():,.0f} MB at most")
        return floors.check("batch", figures) if "filter" in given.only else 0
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())

"""The command `batch`: crawls into Parquet, with progress and a summary."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from onrecord.cli_common import EXIT_SOME_FAILED, OWN_ACTORS, By, complain, gazetteer, known_language, many

if TYPE_CHECKING:
    from onrecord.batch.records import Tally
    from onrecord.batch.run import News, Summary

app = typer.Typer()
_MOST_FAILURES = 10
_MOST_REASONS = 5
_LINE_SECONDS = 30.0
"""How often a line tells of progress where standard error is no terminal."""


@app.command(
    epilog="Example: onrecord batch CC-NEWS-*.warc.gz -o january/ --lang en   ·   "
    "onrecord batch s3://bucket/crawl/ -o s3://bucket/out --ray auto",
)
def batch(
    inputs: Annotated[
        list[str],
        typer.Argument(
            metavar="INPUT...",
            help="WARC, JSONL, Parquet or HTML files, folders, globs; paths, or s3://, hf://, https://.",
        ),
    ],
    output: Annotated[str, typer.Option("--output", "-o", metavar="FOLDER", help="Where the tables go, or went on.")],
    engine: Annotated[By, typer.Option("--engine", help="The trained tagger, or the faster rules.")] = By.MODEL,
    langs: Annotated[
        list[str] | None, typer.Option("--lang", help="Only pages in it, such as en or en,de; repeatable.")
    ] = None,
    domains: Annotated[
        list[str] | None,
        typer.Option("--domain", help="Only pages of this host and those below it; repeatable, or with commas."),
    ] = None,
    workers: Annotated[
        int | None, typer.Option("--workers", "-w", min=1, help="Shards read at a time; else one for each core.")
    ] = None,
    ray: Annotated[str, typer.Option("--ray", metavar="ADDRESS", help="A Ray cluster to run on, such as auto.")] = "",
    seconds: Annotated[int, typer.Option("--page-seconds", min=1, help="Processor time that a page may take.")] = 60,
    memory: Annotated[
        int, typer.Option("--page-memory", min=400, help="MB that the reading of a page may take.")
    ] = 750,
    shard: Annotated[
        int, typer.Option("--shard-mb", min=1, help="MB of a packed WARC file read at a time, at most.")
    ] = 32,
    actors_file: Annotated[Path | None, typer.Option("--actors", help=OWN_ACTORS)] = None,
    verbose: Annotated[bool, typer.Option("--verbose", help="Also the processor time of each step.")] = False,
) -> None:
    """Read crawls of any size into Parquet tables; run again, it goes on where it was broken off."""
    gazetteer(actors_file)  # so that a file that cannot be read is told at once
    with _told() as tell:
        # Not before: numpy, which comes with it, starts threads that would take the signals.
        from onrecord.batch.filters import asked_host
        from onrecord.batch.records import Settings
        from onrecord.batch.run import run

        settings = Settings(
            engine=engine.value,
            languages=_languages(langs or ()),
            domains=tuple(sorted({asked_host(domain) for domain in _split(domains or ())})),
            actors=str(actors_file.resolve()) if actors_file else "",
            page_seconds=seconds,
            memory_mb=memory,
        )
        summary = run(
            inputs, output, settings, workers=workers, ray_address=ray, shard_bytes=shard * 1_000_000, tell=tell
        )
    for failure in summary.failures[:_MOST_FAILURES]:
        complain(failure.error)
    if len(summary.failures) > _MOST_FAILURES:
        complain(f"{len(summary.failures) - _MOST_FAILURES:,} more inputs that are not read")
    for line in [*_lines(summary), *[_spent(summary.apart, summary.statements)] * verbose]:
        complain(line)
    failed = any(name.endswith(" failed") for name in _troubles(summary))
    raise typer.Exit(EXIT_SOME_FAILED if failed or summary.failures or not summary.apart.pages else 0)


def _split(given: Iterable[str]) -> list[str]:
    """The values of an option that may be repeated or hold several with commas between."""
    return [part.strip() for one in given for part in one.split(",") if part.strip()]


def _languages(given: Iterable[str]) -> tuple[str, ...]:
    asked = sorted({lang.lower() for lang in _split(given)})
    for lang in asked:
        known_language(lang)
    return tuple(asked)


@contextmanager
def _told() -> Iterator[Callable[[News], None]]:
    """What shows how far a run is: a bar on a terminal, else a line every half minute."""
    from onrecord.batch.stopping import stoppable

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    progress = Progress(*columns, console=console, disable=not console.is_terminal)

    def stopped() -> None:
        progress.stop()
        complain("stopped; the same command goes on")

    with stoppable(stopped), progress:
        bars: dict[str, _Bar] = {}

        def tell(news: News) -> None:
            name = news.step.value
            if name not in bars:
                for bar in bars.values():
                    progress.update(bar.task, total=1, completed=1)
                bars[name] = _Bar(progress.add_task(name, total=None, state=""), news.total.pages)
            bar = bars[name]
            state = bar.state(news)
            progress.update(bar.task, total=news.shards, completed=news.total.shards, state=state)
            if not console.is_terminal and bar.due():
                print(f"onrecord: {name}: {state}", file=sys.stderr, flush=True)

        yield tell


class _Bar:
    """One step's bar, and since when."""

    def __init__(self, task: TaskID, pages: int) -> None:
        self.task = task
        self._pages = pages
        self._began = self._last = time.monotonic()

    def due(self) -> bool:
        """Whether a line should be printed again."""
        if time.monotonic() - self._last < _LINE_SECONDS:
            return False
        self._last = time.monotonic()
        return True

    def state(self, news: News) -> str:
        """The rate, what is left of time, and the problems so far."""
        total = news.total
        seconds = time.monotonic() - self._began
        pages = total.pages - self._pages
        if not pages or not seconds:
            return f"{many(news.shards, 'shard')}"
        rate = pages / seconds
        left = (news.shards - total.shards) * total.pages / max(1, total.shards)
        failed = sum(count for name, count in total.troubles.items() if name.endswith(" failed"))
        return (
            f"{total.shards:,} of {many(news.shards, 'shard')}, {many(total.pages, 'page')}, {rate:,.1f} pages/s, "
            f"{_span(left / rate)} left, {many(failed, 'problem')}"
        )


def _span(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _troubles(summary: Summary) -> dict[str, int]:
    found: dict[str, int] = {}
    for tally in (summary.apart, summary.statements):
        for name, count in tally.troubles.items():
            found[name] = found.get(name, 0) + count
    return found


def _lines(summary: Summary) -> list[str]:
    """What a run came to."""
    apart, statements = summary.apart, summary.statements
    lines = [
        f"{many(apart.pages, 'page')} seen, {many(statements.articles, 'article')} kept, "
        f"{many(statements.statements, 'statement')} found"
        if apart.pages
        else "no page in what was given"
    ]
    if summary.duplicates:
        one = summary.duplicates == 1
        lines.append(
            f"{many(summary.duplicates, 'page')} {'repeats' if one else 'repeat'} an earlier one, and "
            f"{'was' if one else 'were'} not read for {'its' if one else 'their'} own statements"
        )
    if summary.clusters:
        lines.append(f"{many(summary.clustered, 'statement')} in {many(summary.clusters, 'cluster')}")
    words = {"failed": "could not be read", "left_out": "left out", "noted": "noted"}
    for name, count in sorted(_troubles(summary).items()):
        stage, outcome = name.split()
        lines.append(f"{stage}: {count:,} {words[outcome]}; see problems")
    return [*lines, *_reasons(apart, statements)]


def _reasons(*tallies: Tally) -> list[str]:
    """The commonest of the first reasons why pages could not be read, with a place where each was met."""
    found = sorted((one for tally in tallies for one in tally.reasons.values()), key=lambda one: -one.count)
    lines = [
        f"  {one.place}: {one.message}" + (f" (and {one.count - 1:,} more like it)" if one.count > 1 else "")
        for one in found[:_MOST_REASONS]
    ]
    return [*lines, *["  and other reasons"] * (len(found) > _MOST_REASONS)]


def _spent(*tallies: Tally) -> str:
    spent: dict[str, float] = {}
    for tally in tallies:
        for step, seconds in tally.seconds.items():
            spent[step] = spent.get(step, 0.0) + seconds
    parts = ", ".join(f"{step} {seconds:,.1f}" for step, seconds in spent.items())
    return f"processor seconds: {parts}"

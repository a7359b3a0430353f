"""Pages → the archive: each is read, unless it is there, and stored before the next is asked for."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TypeVar

from onrecord import __version__
from onrecord.actors.gazetteer import Gazetteer
from onrecord.archive.addresses import page_digest_of
from onrecord.archive.archive import Archive
from onrecord.archive.store import Added
from onrecord.errors import ArchiveGoneError
from onrecord.pipeline import read_pages
from onrecord.schema import Article, Engine, Failure, Page

Result = TypeVar("Result")

_WAITS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Seconds between the attempts to reach a database that is gone: it may be starting anew."""


def added(
    archive: Archive,
    pages: Iterable[Page | Failure],
    engine: Engine = "model",
    actors: Gazetteer | None = None,
    again: bool = False,
) -> Iterator[Added | Failure]:
    """What became of each page, once it is stored; those that cannot be read give failures, and the rest goes on.

    A page that is stored is not read again, unless `again` asks for it. Raises `ArchiveError` if the archive can no
    longer be written to: what was yielded is stored.
    """
    reader = f"onrecord {__version__}, {engine}"
    for page in pages:
        if isinstance(page, Failure):
            yield page
            continue
        digest = page_digest_of(page)
        there = None if again else persistently(partial(archive.page, digest))
        if there:
            yield there
            continue
        for article in read_pages([page], engine, actors):
            if isinstance(article, Failure):
                yield article
            else:
                yield persistently(partial(archive.add, article, digest, reader, again))


def stored(archive: Archive, articles: Iterable[Article | Failure], again: bool = False) -> Iterator[Added | Failure]:
    """What became of each article that was read before, once it is stored.

    One that tells an earlier version's story changes nothing: old files may be added in any order, and again.
    """
    with seldom_collected():
        for article in articles:
            if isinstance(article, Failure):
                yield article
            else:
                yield persistently(partial(archive.add, article, reader="read before", again=again, past=True))


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for cycles of objects ten times less often: the small objects of an article have none.

    Looking for them takes a seventh of the time of adding (6.4 and 5.4 ms an article of 14 statements).
    """
    before = gc.get_threshold()
    gc.set_threshold(10_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def persistently(call: Callable[[], Result]) -> Result:
    """What a call to the archive gives; while the database cannot be reached, it is called again for half a minute.

    Adding is safe to repeat: an article that was stored before the answer was lost is there already.
    """
    for wait in _WAITS:
        try:
            return call()
        except ArchiveGoneError:
            time.sleep(wait)
    return call()

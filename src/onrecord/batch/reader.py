"""The process that reads pages, one at a time, for `onrecord.batch.keeper`, which may kill it at any moment.

Run as `python -m onrecord.batch.reader SETTINGS`. It keeps itself within limits that no page can get around: the kernel
ends it when a page has had its time, and gives it no more memory than twice what it may have.
"""

from __future__ import annotations

import gc
import hashlib
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import BinaryIO, cast

import msgspec

from onrecord.batch.messages import (
    Answer,
    FindStatements,
    Found,
    Ready,
    Refused,
    Request,
    TakeApart,
    Taken,
    article_bytes,
    packed,
    request_from,
)
from onrecord.batch.records import Settings

WALL = 10
"""A page may take so many times its processor time by the clock: the machine may be busy."""
_LEAST_WORDS = 200
"""Characters of a body below which two pages are not taken for one because they have the same."""
_COLLECTED_AFTER = 20_000
"""More objects made than freed before the collector looks at the young ones."""
_WARM_UP = "The ferry will sail on Monday, Mayor Anna Roe said.\n\nIt will not, she added."


def main() -> None:
    """Answer requests from standard input until it ends."""
    settings = msgspec.json.decode(sys.argv[1], type=Settings)
    # Whatever a library prints must not get between the answers.
    answers = cast(BinaryIO, os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)
    handle = _handler(settings)
    _limit_memory(2 * settings.memory_mb)
    _answer(answers, Ready())
    while (request := request_from(sys.stdin.buffer)) is not None:
        _limit_time(settings.page_seconds)
        answer = handle(request)
        _limit_time(0)
        _answer(answers, answer)


def _answer(answers: BinaryIO, answer: Answer) -> None:
    answers.write(packed(answer))
    answers.flush()


def _limit_memory(megabytes: int) -> None:
    size = megabytes * 1_000_000
    resource.setrlimit(resource.RLIMIT_DATA, (size, size))


def _limit_time(seconds: int) -> None:
    """Let the kernel end this process after so much processor time, or `WALL` times as much by the clock."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.setitimer(signal.ITIMER_REAL, seconds * WALL)


def _handler(settings: Settings) -> Callable[[Request], Answer]:
    """What turns a request into an answer, everything that it needs loaded."""
    from onrecord.actors.own import with_own
    from onrecord.pipeline import described, read_page, with_statements
    from onrecord.schema import Page

    actors = with_own(Path(settings.actors)) if settings.actors else None
    find = partial(with_statements, engine=settings.engine, actors=actors)
    read_page(Page(_WARM_UP, lang="en", media="text"), settings.engine, actors)
    # What is loaded by now stays, and records hold no cycles: looking for them all the time takes 2 % and finds none.
    gc.freeze()
    gc.set_threshold(_COLLECTED_AFTER)

    def handle(request: Request) -> Answer:
        began = time.process_time()
        try:
            if isinstance(request, FindStatements):
                return Found(find(request.article), time.process_time() - began)
            return _taken(request, began)
        except Exception as bug:  # the last net, as in the pipeline
            return Refused(f"failed ({described(bug)}); please report the page")

    return handle


def _taken(request: TakeApart, began: float) -> Taken | Refused:
    from onrecord.archive.addresses import address_of
    from onrecord.archive.clusters import body_signature
    from onrecord.errors import OnrecordError
    from onrecord.pipeline import without_statements

    try:
        article = without_statements(request.page)
    except OnrecordError as error:
        return Refused(str(error).removeprefix(f"{request.page.input}: "))
    words = "\n".join(article.text[block.start : block.end] for block in article.blocks if block.kind == "body")
    signature = body_signature(words)
    told = " ".join(words.split())
    digest = hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32] if len(told) >= _LEAST_WORDS else ""
    return Taken(
        article_bytes(article),
        article.id,
        article.lang,
        article.url,
        address_of(article),
        article.problems,
        digest,
        signature.scale,
        signature.hashes,
        time.process_time() - began,
    )


if __name__ == "__main__":
    main()

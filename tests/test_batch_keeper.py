"""The process that reads pages: it is asked, and replaced when a page is too much for it."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest

from made_crawl import page, story
from onrecord.batch.keeper import Keeper, Lost
from onrecord.batch.messages import FindStatements, Found, Refused, TakeApart, Taken, article_in
from onrecord.batch.records import Settings
from onrecord.errors import OnrecordError
from onrecord.pipeline import read_page
from onrecord.schema import Page

LONG = "\n\n".join(story(number)[1] for number in range(4_000))


def test_answers_are_what_the_pipeline_finds() -> None:
    asked = Page(page(1), "here", url="https://a.example/1")
    with Keeper(Settings(engine="rules")) as keeper:
        taken = keeper.ask(TakeApart.of(asked))
        assert isinstance(taken, Taken)
        found = keeper.ask(FindStatements(article_in(taken.article)))
        assert isinstance(found, Found)
        assert found.article == read_page(asked, "rules")
        assert isinstance(keeper.ask(TakeApart.of(Page(b"\x89PNG\r\n\x1a\n" + bytes(100)))), Refused)
        assert isinstance(keeper.ask(TakeApart.of(Page("half a pair \ud83d", media="text"))), Taken)


def test_a_page_that_eats_memory() -> None:
    hungry = Page(b"<p>It is raining in town again and again.</p>" * 500_000, media="html")
    with Keeper(Settings(engine="rules", memory_mb=300)) as keeper:
        lost = keeper.ask(TakeApart.of(hungry))
        assert isinstance(lost, Lost), lost
        assert lost.stage == "memory"
        assert isinstance(keeper.ask(TakeApart.of(Page(page(1)))), Taken)


def test_a_reader_that_is_killed_is_asked_once_more() -> None:
    with Keeper(Settings(engine="rules")) as keeper:
        keeper.ask(TakeApart.of(Page(page(1))))

        def kill() -> None:
            time.sleep(0.2)
            assert keeper._process is not None
            os.kill(keeper._process.pid, signal.SIGKILL)

        threading.Thread(target=kill).start()
        assert isinstance(keeper.ask(TakeApart.of(Page(LONG, media="text"))), Taken)


def test_readers_that_are_lost_over_page_after_page_end_the_shard() -> None:
    keeper = Keeper(Settings(engine="rules"))
    keeper._ask = lambda request: Lost("died", "ended")  # type: ignore[method-assign]
    request = TakeApart.of(Page(page(1)))
    for _ in range(19):
        keeper.ask(request)
    with pytest.raises(OnrecordError, match="20 pages in a row"):
        keeper.ask(request)

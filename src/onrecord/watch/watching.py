"""Watching: feeds are polled, what they newly name is fetched, read and added, one wave of requests after the other.

Nothing is lost and nothing doubled, whenever the process is killed. Each answer is noted in one transaction: that a
feed was read together with all that it names. An article is noted as stored only after the archive has it; killed in
between, it is fetched again and found to be there. A redirect is followed as a request of its own, with its own
server's delay and robots.txt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from onrecord import __version__
from onrecord.actors.gazetteer import Gazetteer
from onrecord.archive.archive import Archive
from onrecord.archive.reading import added
from onrecord.archive.store import Added
from onrecord.errors import InputError
from onrecord.intake.limits import unpacked
from onrecord.intake.web import Answer, Question, ask_all, page_of
from onrecord.schema import Engine, Failure
from onrecord.watch import asking, hosts, memory
from onrecord.watch.asking import Asked, Refused, Robots, Task
from onrecord.watch.feeds import Entry, Feed, read_feed
from onrecord.watch.hosts import Host, host_of
from onrecord.watch.memory import WatchedFeed, WatchedLink
from onrecord.watch.times import Clock, WallClock, asked_to_wait, iso, read_date

MOST_SITEMAPS = 50
"""Of an index, so many sitemaps are watched, those changed last; the others hold what is old."""
_LONGEST_SLEEP = 60.0
"""Seconds: what another process has added is to raise its alerts in time."""
_SHORTEST_SLEEP = 0.05
_FORBIDDEN = "robots.txt does not allow it"

Ask = Callable[[Sequence[Question]], list[Answer | InputError]]


class Manner(Struct, frozen=True):
    """How to watch."""

    every: float = 900.0
    """Seconds between two polls of a feed."""
    delay: float = 2.0
    """Seconds between two requests to one server; its robots.txt may ask for more."""
    once: bool = False
    """Whether to end when everything has been polled and read that can be by now."""
    most_pages: int | None = None
    """How many pages to fetch before ending; the others wait."""
    since: str = ""
    """Pass over what a feed dates before this ISO date."""
    contact: str = ""
    """Where a site's owner can complain: an address of the web or of e-mail, told in `User-Agent`."""
    private: bool = False
    """Whether addresses that are not of the public internet, and other ports than the web's, may be asked."""
    engine: Engine = "model"


class Event(Struct, frozen=True):
    """Something that happened."""

    what: Literal["feed", "page", "failed", "refused", "later"]
    """A feed was read; a page was stored; something has failed, is forbidden, or is tried again later."""
    where: str
    detail: str = ""
    fresh: int = 0
    """How many articles the feed has newly named."""
    added: Added | None = None


def watch(
    archive: Archive,
    addresses: Sequence[str],
    manner: Manner,
    clock: Clock | None = None,
    actors: Gazetteer | None = None,
    between: Callable[[], None] = lambda: None,
    ask: Ask | None = None,
) -> Iterator[Event]:
    """Watch feeds; what happens, as it happens. Ends only as `manner` says.

    `between` is called after each wave, and at least once a minute. Raises `ArchiveError` if the archive can no longer
    be written to: what was told as stored is stored.
    """
    clock = clock or WallClock()
    watcher = _Watcher(archive, manner, clock, actors)
    ask = ask or (lambda questions: ask_all(questions, public_only=not manner.private))
    with archive.to_write() as connection:
        memory.register(connection, addresses, clock.now())
    queue: list[Task] = []
    polled: set[str] = set()
    while True:
        queue += watcher.due_feeds(addresses, queue, polled)
        room = asking.AT_ONCE if manner.most_pages is None else manner.most_pages - watcher.pages
        with archive.to_read() as connection:
            wave = asking.next_wave(connection, queue, clock.now(), room)
        if wave:
            queue = [task for task in queue if all(one.task != task for one in wave)]
            refused = [one.task for one in wave if isinstance(one, Refused)]
            questions = [one for one in wave if isinstance(one, Asked)]
            for task in refused:
                yield watcher.refuse(task)
            answers = ask([asking.question(one.task, watcher.agent) for one in questions])
            for one, answer in zip(questions, answers, strict=True):
                yield from watcher.take(one.task, one.host, answer, queue)
        between()
        if not wave and not watcher.rest(addresses, queue, links=room > 0):
            return


class _Watcher:
    """What a run of `watch` carries along."""

    def __init__(self, archive: Archive, manner: Manner, clock: Clock, actors: Gazetteer | None) -> None:
        self._archive, self._manner, self._clock, self._actors = archive, manner, clock, actors
        contact = "".join(c for c in manner.contact if c.isprintable() and c.isascii())
        self.agent = f"onrecord/{__version__} (reads news feeds; robots.txt: onrecord{'; ' * bool(contact)}{contact})"
        self.pages = 0
        """How many were fetched."""

    def due_feeds(self, addresses: Sequence[str], queue: Sequence[Task], polled: set[str]) -> list[Task]:
        """The feeds whose turn it is and that are not in the queue; each only once in a run that is to end."""
        now = iso(self._clock.now())
        inside = {task.of.address for task in queue if isinstance(task.of, WatchedFeed)}
        with self._archive.to_read() as connection:
            known = memory.feeds(connection, addresses)
        # A run that is to end is started by something that keeps its own time: only failures make it wait longer.
        due = [one for one in known if one.due <= now or (self._manner.once and not one.fails)]
        due = [one for one in due if one.address not in inside and not (self._manner.once and one.address in polled)]
        polled.update(one.address for one in due)
        return [Task(one, one.address) for one in due]

    def rest(self, addresses: Sequence[str], queue: Sequence[Task], links: bool) -> bool:
        """Sleep until something can be asked; False if a run that is to end has nothing more to wait for."""
        now = self._clock.now()
        ends = self._manner.once or not links
        inside = {task.of.address for task in queue if isinstance(task.of, WatchedFeed)}
        with self._archive.to_read() as connection:
            ready = asking.first_due(connection, queue, now, links, patient=not ends)
            polls = [one.due for one in memory.feeds(connection, addresses) if one.address not in inside]
        if ends and not ready:
            return False
        due = min(filter(None, [ready, *([] if ends else polls)]), default="")
        self._clock.sleep(min(max(_until(due, now), _SHORTEST_SLEEP), _LONGEST_SLEEP))
        return True

    def refuse(self, task: Task) -> Event:
        """Note that robots.txt forbids what was to be asked for."""
        with self._archive.to_write() as connection:
            if isinstance(task.of, WatchedLink):
                memory.settle(connection, task.of, "refused", _FORBIDDEN)
            elif isinstance(task.of, WatchedFeed):
                memory.feed_failed(connection, task.of, self._clock.now(), _FORBIDDEN, 86_400.0)
        return Event("refused", task.url, _FORBIDDEN)

    def take(self, task: Task, host: Host, answer: Answer | InputError, queue: list[Task]) -> Iterator[Event]:
        """Note what a server has answered; what has led elsewhere goes into the queue."""
        now = self._clock.now()
        wait = 0.0 if isinstance(answer, InputError) else asked_to_wait(answer.headers, now)
        with self._archive.to_write() as connection:
            if asking.may_pass(answer):
                hosts.failed(connection, host, now, self._manner.delay, wait)
            else:
                hosts.asked(connection, host, now, self._manner.delay)
        leads = asking.redirected(task, answer) if isinstance(answer, Answer) else None
        match task.of:
            case Robots(name):
                yield from self._take_robots(task, name, answer, leads, queue)
            case WatchedFeed() as feed:
                yield from self._take_feed(feed, answer, leads, queue, wait)
            case WatchedLink() as link:
                yield from self._take_page(link, answer, leads)

    def _take_robots(
        self, task: Task, name: str, answer: Answer | InputError, leads: Task | str | None, queue: list[Task]
    ) -> Iterator[Event]:
        if isinstance(leads, Task):
            queue.append(leads)
            return
        now = self._clock.now()
        with self._archive.to_write() as connection:
            host = hosts.known(connection, name)
            if not asking.may_pass(answer):
                # What is not there, is too large or leads in circles forbids nothing.
                hosts.with_robots(connection, host, now, answer.content if isinstance(answer, Answer) else b"")
                return
            # As long as a site cannot say what it allows, it allows nothing: it rests, and is asked for this first.
            if host.host != host_of(task.url):
                hosts.failed(connection, host, now, self._manner.delay)
        yield Event("later", task.url, asking.wrong(answer))

    def _take_feed(
        self, feed: WatchedFeed, answer: Answer | InputError, leads: Task | str | None, queue: list[Task], wait: float
    ) -> Iterator[Event]:
        now = self._clock.now()
        if isinstance(leads, Task):
            queue.append(leads)
            return
        if isinstance(answer, Answer) and answer.status == 304:
            with self._archive.to_write() as connection:
                memory.feed_read(connection, feed, now, self._manner.every, feed.etag, feed.modified)
            yield Event("feed", feed.address, "not changed")
            return
        found = leads or _feed_in(answer)
        if isinstance(found, str):
            with self._archive.to_write() as connection:
                memory.feed_failed(connection, feed, now, found, max(self._manner.every, wait))
            yield Event("failed", feed.address, found)
            return
        assert isinstance(answer, Answer)
        # What came in pieces is to be asked for anew, not only if it has changed.
        etag, modified = ("", "") if found.problem else asking.validators(answer.headers)
        with self._archive.to_write() as connection:
            fresh = 0
            if found.kind == "index":
                memory.register(connection, self._sitemaps(feed, found), now, feed.address)
            else:
                fresh = memory.note_links(connection, feed.address, self._wanted(found.entries), now)
            memory.feed_read(connection, feed, now, self._manner.every, etag, modified)
        yield Event("feed", feed.address, found.problem, fresh)

    def _sitemaps(self, feed: WatchedFeed, found: Feed) -> list[str]:
        """The sitemaps of an index that changed last; an index within an index is passed over."""
        if feed.parent:
            return []
        latest = sorted(found.entries, key=lambda one: _moment(one.published), reverse=True)
        return [one.url for one in latest[:MOST_SITEMAPS]]

    def _wanted(self, entries: Sequence[Entry]) -> list[Entry]:
        since = self._manner.since
        return [one for one in entries if not (since and one.published and one.published[: len(since)] < since)]

    def _take_page(self, link: WatchedLink, answer: Answer | InputError, leads: Task | str | None) -> Iterator[Event]:
        now = self._clock.now()
        if isinstance(leads, Task):
            with self._archive.to_write() as connection:
                memory.moved(connection, link, leads.url)
            return
        error = leads or asking.wrong(answer)
        if asking.may_pass(answer):
            with self._archive.to_write() as connection:
                again = memory.postpone(connection, link, now, error, counts=not asking.wants_less(answer))
            yield Event("later" if again else "failed", link.url, error)
        elif error or isinstance(answer, InputError):
            yield self._give_up(link, error)
        else:
            yield from self._read(link, answer, now)

    def _read(self, link: WatchedLink, answer: Answer, now: datetime) -> Iterator[Event]:
        """Read and store a page."""
        self.pages += 1
        with self._archive.to_write() as connection:
            # One that kills the process is not the first thing that the next one does, and is given up at last.
            memory.postpone(connection, link, now, "reading it was broken off")
        try:
            page = page_of(answer, link.url, now.isoformat(timespec="seconds"), link.published)
        except InputError as error:
            yield self._give_up(link, str(error))
            return
        for result in added(self._archive, [page], self._manner.engine, self._actors):
            if isinstance(result, Failure):
                yield self._give_up(link, result.error)
                continue
            with self._archive.to_write() as connection:
                memory.settle(connection, link, "stored")
            yield Event("page", link.url, result.outcome, added=result)

    def _give_up(self, link: WatchedLink, error: str) -> Event:
        with self._archive.to_write() as connection:
            memory.settle(connection, link, "failed", error)
        return Event("failed", link.url, error)


def _feed_in(answer: Answer | InputError) -> Feed | str:
    """The feed that was answered with, or what is wrong."""
    if isinstance(answer, InputError) or asking.wrong(answer):
        return asking.wrong(answer)
    try:
        found = read_feed(unpacked(answer.content, answer.url), answer.url)
    except InputError as error:
        return str(error)
    return found if found.kind and (found.entries or not found.problem) else found.problem


def _moment(said: str) -> float:
    found = read_date(said)
    return found.timestamp() if found else 0.0


def _until(due: str, now: datetime) -> float:
    return (datetime.fromisoformat(due) - now).total_seconds() if due else _LONGEST_SLEEP

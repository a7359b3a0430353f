"""What is asked of servers, one wave after the other: at most one request at a time of each, robots.txt first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from onrecord.errors import InputError, LimitError
from onrecord.intake import limits
from onrecord.intake.web import Answer, Question
from onrecord.watch import hosts, memory, robots
from onrecord.watch.feeds import absolute
from onrecord.watch.hosts import Host, host_of
from onrecord.watch.memory import WatchedFeed, WatchedLink
from onrecord.watch.times import iso

AT_ONCE = 8
"""Servers asked in one wave."""
MOST_HOPS = limits.REDIRECTS
_FEED_TYPES = "application/atom+xml,application/rss+xml,application/xml;q=0.9,text/xml;q=0.9,*/*;q=0.1"
_PAGE_TYPES = "text/html,application/xhtml+xml,text/plain;q=0.9,*/*;q=0.1"
_REDIRECTS = (301, 302, 303, 307, 308)
_WANTS_LESS = (429, 503)
_PASSING = (408, 425)


class Robots(Struct, frozen=True):
    """What a server allows is to be asked for."""

    host: str


class Task(Struct, frozen=True):
    """Something to ask for, and where it has led so far."""

    of: WatchedFeed | WatchedLink | Robots
    url: str
    hops: int = 0


class Asked(Struct, frozen=True):
    """A task whose turn it is, and the server it goes to."""

    task: Task
    host: Host


class Refused(Struct, frozen=True):
    """A task that robots.txt forbids."""

    task: Task


def next_wave(connection: Connection, queue: Sequence[Task], now: datetime, room: int) -> list[Asked | Refused]:
    """What is to be asked now, of each server one thing: what is in the queue first, then so many articles that wait.

    Where a server's robots.txt is not known, that comes first.
    """
    wave: dict[str, Asked | Refused] = {}
    busy = {task.of.host for task in queue if isinstance(task.of, Robots)}
    for task in _tasks(connection, queue, now, room):
        name = host_of(task.url)
        if name in wave or len(wave) >= AT_ONCE:
            continue
        host = hosts.known(connection, name)
        if not hosts.may_ask(host, now):
            continue
        if isinstance(task.of, Robots):
            wave[name] = Asked(task, host)
        elif name in busy:
            continue
        elif not hosts.knows_robots(host, now):
            wave[name] = Asked(Task(Robots(name), f"{name}/robots.txt"), host)
        elif robots.allowed(host.robots, task.url):
            wave[name] = Asked(task, host)
        else:
            wave[name] = Refused(task)
    return list(wave.values())


def _tasks(connection: Connection, queue: Sequence[Task], now: datetime, room: int) -> Iterator[Task]:
    yield from queue
    taken = {host_of(task.url) for task in queue}
    for one in memory.waiting(connection) if room > 0 else ():
        if one.host in taken or max(one.due, one.free) > iso(now):
            continue
        if room > 0 and (link := memory.next_link(connection, one.host, now)):
            room -= 1
            yield Task(link, link.url, link.hops)


def first_due(connection: Connection, queue: Sequence[Task], now: datetime, links: bool, patient: bool) -> str:
    """When the next thing can be asked; empty if nothing waits.

    Without patience, what has failed before is not waited for, only that a server's delay is over.
    """
    known = [hosts.known(connection, host_of(task.url)) for task in queue]
    dues = [(host.free, host.fails) for host in known]
    for one in memory.waiting(connection) if links else ():
        failed = one.fails or one.due > iso(now)
        dues.append((max(one.due, one.free), int(failed)))
    return min((due or iso(now) for due, failed in dues if patient or not failed), default="")


def question(task: Task, agent: str) -> Question:
    """The request for a task; a feed is asked for only if it has changed."""
    headers = {"User-Agent": agent, "Accept": _PAGE_TYPES}
    if isinstance(task.of, WatchedFeed):
        headers["Accept"] = _FEED_TYPES
        if task.of.etag:
            headers["If-None-Match"] = task.of.etag
        if task.of.modified:
            headers["If-Modified-Since"] = task.of.modified
    elif isinstance(task.of, Robots):
        headers["Accept"] = "text/plain,*/*;q=0.1"
    return Question(task.url, headers)


def redirected(task: Task, answer: Answer) -> Task | str | None:
    """The task with the address that an answer leads to; what is wrong with that; None if it leads nowhere else."""
    target = answer.headers.get("location", "")
    if answer.status not in _REDIRECTS or not target:
        return None
    url = absolute(target, answer.url).partition("#")[0]
    if not url:
        return "redirected to an address that is not http(s)"
    if task.hops >= MOST_HOPS:
        return f"more than {MOST_HOPS} redirects"
    return msgspec.structs.replace(task, url=url, hops=task.hops + 1)


def wants_less(answer: Answer | InputError) -> bool:
    """Whether the server asks to be left alone for a while."""
    return isinstance(answer, Answer) and answer.status in _WANTS_LESS


def may_pass(answer: Answer | InputError) -> bool:
    """Whether the same request may succeed later; what is too large stays so."""
    if isinstance(answer, InputError):
        return not isinstance(answer, LimitError)
    return answer.status >= 500 or answer.status in (*_PASSING, *_WANTS_LESS)


def wrong(answer: Answer | InputError) -> str:
    """What is wrong with an answer, in words; nothing if it is a success."""
    if isinstance(answer, InputError):
        return str(answer)
    if 200 <= answer.status < 300:
        return ""
    return f"the server answered {answer.status} {answer.reason}".rstrip()


def validators(headers: Mapping[str, str]) -> tuple[str, str]:
    """What to ask for a feed with next time: the values of `ETag` and `Last-Modified`, if they are bearable."""
    return tuple(  # type: ignore[return-value]
        value if len(value) <= 1_000 and value.isprintable() and value.isascii() else ""
        for value in (headers.get("etag", ""), headers.get("last-modified", ""))
    )

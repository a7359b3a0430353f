"""The commands that go on by themselves: watch feeds, and tell what saved searches newly find."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_common import EXIT_SOME_FAILED, HERE, OWN_ACTORS, By, Where, complain, gazetteer, many
from onrecord.cli_filters import (
    Abouts,
    ActsDone,
    Addressees,
    Conditional,
    Countries,
    Kinds,
    Langs,
    Outlets,
    Roles,
    Speakers,
    Sure,
)
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.archive.archive import Archive
    from onrecord.watch.alerts import Kind, Standing
    from onrecord.watch.telling import Told
    from onrecord.watch.times import Clock
    from onrecord.watch.watching import Event

app = typer.Typer()
alerts_app = typer.Typer(no_args_is_help=True, help="Saved searches that tell what they newly find.")
app.add_typer(alerts_app, name="alerts")


class ListFormat(StrEnum):
    """What `alerts list` can print."""

    TEXT = "text"
    JSON = "json"


@app.command(epilog="Example: onrecord watch feeds.opml --archive news.db   ·   onrecord watch urls.txt --once")
def watch(
    source: Annotated[
        str, typer.Argument(metavar="FEEDS", help="OPML, or a file with one feed or sitemap a line, or an address.")
    ],
    archive: Where = HERE,
    once: Annotated[bool, typer.Option("--once", help="Poll every feed once, read what is new, and end.")] = False,
    every: Annotated[float, typer.Option(metavar="MINUTES", min=1, help="Between two polls of a feed.")] = 15.0,
    delay: Annotated[
        float, typer.Option(metavar="SECONDS", min=0.5, help="Between two requests to one server, at least.")
    ] = 2.0,
    pages: Annotated[int | None, typer.Option(min=1, help="Fetch so many pages and end; the rest waits.")] = None,
    since: Annotated[str, typer.Option(metavar="DATE", help="Pass over what a feed dates before: 2024-03.")] = "",
    contact: Annotated[
        str,
        typer.Option(envvar="ONRECORD_CONTACT", help="Where site owners reach you; goes into User-Agent."),
    ] = "",
    private: Annotated[
        bool, typer.Option("--private", help="Allow addresses of your own network, and other ports than 80 and 443.")
    ] = False,
    tell: Annotated[bool, typer.Option("--alerts/--no-alerts", help="Tell what saved searches find.")] = True,
    engine: Annotated[By, typer.Option("--engine", help="The trained tagger, or the faster rules.")] = By.MODEL,
    actors_file: Annotated[Path | None, typer.Option("--actors", help=OWN_ACTORS)] = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Print a line for everything that happens.")] = False,
) -> None:
    """Poll feeds and news sitemaps politely, and add what they newly name to an archive; ends with Ctrl-C."""
    from onrecord.archive.archive import open_archive
    from onrecord.archive.order import is_day
    from onrecord.watch import watching
    from onrecord.watch.sources import feeds_of
    from onrecord.watch.times import WallClock

    if since and not is_day(since):
        raise typer.BadParameter(f"{since!r} is no date; write 2021, 2021-01 or 2021-01-20", param_hint="--since")
    addresses = feeds_of(source)
    manner = watching.Manner(every * 60, delay, once, pages, since, contact, private, engine.value)
    tally: Counter[str] = Counter()
    with open_archive(archive) as opened, opened.alone("watch"), _telling(opened, WallClock(), tell) as between:
        try:
            for event in watching.watch(opened, addresses, manner, actors=gazetteer(actors_file), between=between):
                _count(tally, event)
                _show(event, verbose)
        except KeyboardInterrupt:
            complain("stopped; run the same again to go on")
    print(f"onrecord: {_told(tally)}", file=sys.stderr)
    raise typer.Exit(EXIT_SOME_FAILED if tally["failed"] else 0)


def _count(tally: Counter[str], event: Event) -> None:
    tally[event.what] += 1
    tally["named"] += event.fresh
    tally["statements"] += event.added.statements if event.added else 0


def _show(event: Event, verbose: bool) -> None:
    """A line for an event; a failure goes to standard error in any case."""
    if event.what == "failed":
        complain(event.detail if event.where in event.detail else f"{event.where}: {event.detail}")
    elif verbose:
        count = event.added.statements if event.added else event.fresh
        fields = (event.what, str(count), event.where, event.detail)
        print("\t".join("".join(c if c.isprintable() else "\ufffd" for c in field) for field in fields), flush=True)


def _told(tally: Counter[str]) -> str:
    parts = [
        f"{many(tally['feed'], 'feed')} read, {many(tally['named'], 'new link')}",
        f"{many(tally['page'], 'page')} read, {many(tally['statements'], 'statement')}",
    ]
    parts += [f"{tally['refused']:,} forbidden by robots.txt"] * bool(tally["refused"])
    parts += [f"{tally['later']:,} put off"] * bool(tally["later"])
    parts += [f"{tally['failed']:,} failed"] * bool(tally["failed"])
    return "; ".join(parts)


@contextmanager
def _telling(archive: Archive, clock: Clock, wanted: bool) -> Iterator[Callable[[], None]]:
    """What tells alerts beside the watching: a webhook that does not answer keeps no page from being read."""
    if not wanted:
        yield lambda: None
        return
    running: list[Future[None]] = []

    def between() -> None:
        if not running or running[-1].done():
            running[:] = [pool.submit(_tell, archive, clock)]

    with ThreadPoolExecutor(1, thread_name_prefix="onrecord-alerts") as pool:
        yield between
        pool.submit(_tell, archive, clock)


def _tell(archive: Archive, clock: Clock) -> None:
    """Find and tell what is new; a trouble is told, and tried again with the next turn."""
    from onrecord.errors import OnrecordError
    from onrecord.pipeline import described

    try:
        for one in _found_and_told(archive, clock):
            if one.error:
                complain(f"alert {one.alert}, {one.kind} {one.target}: {one.error}")
    except OnrecordError as error:
        complain(f"alerts: {error}")
    except Exception as bug:  # the last net: in this thread nobody else would hear of it
        complain(f"alerts: failed ({described(bug)}); please report this")


def _found_and_told(archive: Archive, clock: Clock) -> Iterator[Told]:
    from onrecord.watch import alerts, telling

    for complaint in alerts.find(archive, clock.now()):
        complain(complaint)
    yield from telling.tell(archive, clock)


@alerts_app.command(
    "add",
    epilog="Example: onrecord alerts add peru 'border OR truck*' --speaker Peru --atom peru.xml --archive news.db",
)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="What to call it.")],
    query: Annotated[
        list[str] | None, typer.Argument(metavar="[QUERY]...", help="Words, as onrecord search takes them.")
    ] = None,
    webhook: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="Where to post JSON, signed if a secret is set.")
    ] = None,
    email: Annotated[list[str] | None, typer.Option(metavar="ADDRESS", help="Whom to write to, by SMTP.")] = None,
    atom: Annotated[list[Path] | None, typer.Option(metavar="PATH", help="A feed to keep in this file.")] = None,
    archive: Where = HERE,
    speaker: Speakers = None,
    country: Countries = None,
    role: Roles = None,
    addressee: Addressees = None,
    about: Abouts = None,
    kind: Kinds = None,
    act: ActsDone = None,
    conditional: Conditional = False,
    outlet: Outlets = None,
    lang: Langs = None,
    sure: Sure = 0.0,
) -> None:
    """Save a search; what is added from now on and matches is told, each statement once."""
    from onrecord.archive.archive import open_archive
    from onrecord.archive.asking import Asked
    from onrecord.watch import alerts
    from onrecord.watch.times import WallClock

    asked = Asked(
        speaker=tuple(speaker or ()),
        country=tuple(country or ()),
        role=tuple(role or ()),
        addressee=tuple(addressee or ()),
        about=tuple(about or ()),
        kind=tuple(kind or ()),
        act=tuple(act or ()),
        outlet=tuple(outlet or ()),
        lang=tuple(lang or ()),
        conditional=conditional,
        confidence=sure,
    )
    channels: list[tuple[Kind, str]] = [("webhook", _sound_url(one)) for one in webhook or ()]
    channels += [("email", _sound_address(one)) for one in email or ()]
    channels += [("atom", str(one.absolute())) for one in atom or ()]
    with open_archive(archive) as opened:
        alerts.add(opened, name, " ".join(query or ()), asked, channels, WallClock().now())
    print(f"alert {name}: told by {', '.join(f'{kind} {target}' for kind, target in channels)}")


def _sound_url(url: str) -> str:
    if not url.lower().startswith(("http://", "https://")):
        raise UsageError(f"{url}: no http(s) address to post to")
    return url


def _sound_address(address: str) -> str:
    if "@" not in address.strip("@") or not address.isprintable() or any(c in address for c in " ,;"):
        raise UsageError(f"{address}: no e-mail address")
    return address


@alerts_app.command("list", epilog="Example: onrecord alerts list --archive news.db")
def show(
    archive: Where = HERE,
    form: Annotated[ListFormat, typer.Option("--format", "-f", help="What to print.")] = ListFormat.TEXT,
) -> None:
    """Show the saved searches, where they are told, and what went wrong with that."""
    import msgspec

    from onrecord.archive.archive import open_to_read
    from onrecord.watch import alerts

    with open_to_read(archive) as opened, opened.to_read() as connection:
        listed = alerts.overview(connection)
    if form is ListFormat.JSON:
        print(msgspec.json.encode(listed).decode("utf-8"))
        return
    for alert in listed:
        print("\n".join(_alert_lines(alert)))


def _alert_lines(alert: Standing) -> Iterator[str]:
    filters = [
        f"{name} {', '.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for name, value in alert.filters.items()
    ]
    yield "  ·  ".join(filter(None, [alert.name, alert.query, *filters]))
    for one in alert.channels:
        wrong = f"  failed {one.fails}×: {one.error}" if one.error else ""
        waits = f"  {one.waiting:,} waiting" if one.waiting else ""
        yield f"    {one.kind} {one.target}{waits}{wrong}"


@alerts_app.command("remove", epilog="Example: onrecord alerts remove peru --archive news.db")
def remove(name: Annotated[str, typer.Argument(metavar="NAME", help="Its name.")], archive: Where = HERE) -> None:
    """Take a saved search away."""
    from onrecord.archive.archive import open_to_read
    from onrecord.watch import alerts

    with open_to_read(archive) as opened:
        alerts.remove(opened, name)
    print(f"alert {name} removed")


@alerts_app.command("send", epilog="Example: onrecord add pages/ && onrecord alerts send")
def send(archive: Where = HERE) -> None:
    """Tell what is new once, where pages are added without watch; exit code 1 if a channel failed."""
    from onrecord.archive.archive import open_to_read
    from onrecord.watch.times import WallClock

    failed = 0
    with open_to_read(archive) as opened, opened.alone("watch"):
        for one in _found_and_told(opened, WallClock()):
            print(f"{one.alert}\t{one.kind} {one.target}\t{many(one.notices, 'statement')}")
            if one.error:
                failed += 1
                complain(f"alert {one.alert}, {one.kind} {one.target}: {one.error}")
    raise typer.Exit(EXIT_SOME_FAILED if failed else 0)

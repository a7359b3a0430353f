"""Notices → webhooks, e-mail and Atom files. What cannot be told is tried again, later each time; nothing waits for it.

That a notice was told is stored as soon as it was. Only a process killed between the two tells one again: a webhook and
an e-mail then bear the same id as before, by which the receiver knows them; an Atom file is always written whole.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, Row, select, update

from onrecord.archive import tables_watch
from onrecord.archive.archive import Archive
from onrecord.archive.query import parse
from onrecord.archive.search import hits_of
from onrecord.errors import UsageError
from onrecord.formats.atom import Item, atom, urn_of
from onrecord.intake.web import Answer, ask_all
from onrecord.watch import alerts, mail, webhook
from onrecord.watch.alerts import Alert, Channel
from onrecord.watch.asking import wrong
from onrecord.watch.times import Clock, asked_to_wait, back_off, iso, later

MOST_A_TURN = 50
"""Notices told by one channel before the others have their turn; an e-mail holds as many."""
_MOST_IN_ATOM = 200
_LONGEST_ERROR = 300
_notice, _channel = tables_watch.notice.c, tables_watch.channel.c


class Told(Struct, frozen=True):
    """What became of a channel's turn."""

    alert: str
    kind: str
    target: str
    notices: int
    error: str = ""


class _TellingError(Exception):
    """A channel could not tell something; `wait` are the seconds that it asks for."""

    def __init__(self, error: str, wait: float = 0.0) -> None:
        super().__init__(error)
        self.wait = wait


def tell(archive: Archive, clock: Clock, settings: Mapping[str, str] = os.environ) -> Iterator[Told]:
    """Tell what has been found and not yet told, on every channel whose turn it is.

    `settings` are those of `mail.SETTINGS` and `webhook.SECRET`.
    """
    with archive.to_read() as connection:
        named = {one.id: one for one in alerts.alerts(connection)}
        due = [one for one in alerts.channels(connection) if one.due <= iso(clock.now())]
    for channel in due:
        alert = named[channel.alert_id]
        count, error, wait = 0, "", 0.0
        try:
            for notice in _TELLERS[channel.kind](archive, alert, channel, clock, settings):
                count += _sent(archive, channel, notice)
        except _TellingError as failed:
            error, wait = str(failed)[:_LONGEST_ERROR], failed.wait
        if error or (count and channel.fails):
            fails = channel.fails + 1 if error and not count else int(bool(error))
            due_again = later(clock.now(), max(wait, back_off(fails)) if error else 0.0)
            _note(archive, channel, fails=fails, error=error, due=due_again)
        if count or error:
            yield Told(alert.name, channel.kind, channel.target, count, error)


class _Notice(Struct, frozen=True):
    """A notice to be told."""

    id: int
    item: Item
    count: int = 1
    """How many notices were told with it, itself included."""


def _pending(connection: Connection, alert: Alert, channel: Channel) -> list[_Notice]:
    """The next notices that a channel has not told, the oldest first."""
    asked = select(tables_watch.notice).where(_notice.alert_id == alert.id, _notice.id > channel.sent)
    return _notices(connection, alert, connection.execute(asked.order_by(_notice.id).limit(MOST_A_TURN)).all())


def _notices(connection: Connection, alert: Alert, rows: Sequence[Row[Any]]) -> list[_Notice]:
    hits = {hit.id: hit for hit in hits_of(connection, [row.statement_id for row in rows], parse(alert.typed))}
    return [
        _Notice(row.id, Item(urn_of(f"{alert.made} {alert.name} {row.key}"), hits[row.statement_id], row.made))
        for row in rows if row.statement_id in hits
    ]  # fmt: skip


def _by_webhook(
    archive: Archive, alert: Alert, channel: Channel, clock: Clock, settings: Mapping[str, str]
) -> Iterator[_Notice]:
    """One request for each notice: each has an id of its own, and is told whole or not at all."""
    with archive.to_read() as connection:
        pending = _pending(connection, alert, channel)
    for one in pending:
        try:
            question = webhook.message(channel.target, alert.name, one.item, clock.now(), settings)
        except UsageError as error:
            raise _TellingError(str(error)) from error
        (answer,) = ask_all([question])
        if complaint := wrong(answer):
            wait = asked_to_wait(answer.headers, clock.now()) if isinstance(answer, Answer) else 0.0
            raise _TellingError(complaint, wait)
        yield one


def _by_mail(
    archive: Archive, alert: Alert, channel: Channel, clock: Clock, settings: Mapping[str, str]
) -> Iterator[_Notice]:
    with archive.to_read() as connection:
        pending = _pending(connection, alert, channel)
    if pending:
        try:
            mail.send(
                mail.message(channel.target, alert.name, [one.item for one in pending], clock.now(), settings), settings
            )
        except mail.MailError as error:
            raise _TellingError(str(error)) from error
        yield _last_of(pending)


def _by_atom(
    archive: Archive, alert: Alert, channel: Channel, clock: Clock, settings: Mapping[str, str]
) -> Iterator[_Notice]:
    path = Path(channel.target)
    with archive.to_read() as connection:
        pending = _pending(connection, alert, channel)
        if not pending and path.exists():
            return
        newest = select(tables_watch.notice).where(_notice.alert_id == alert.id).order_by(_notice.id.desc())
        shown = _notices(connection, alert, connection.execute(newest.limit(_MOST_IN_ATOM)).all())
    content = atom(f"onrecord: {alert.name}", urn_of(f"{alert.made} {alert.name}"), (one.item for one in shown))
    partial = path.with_name(f".{path.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(path)
    except OSError as error:
        raise _TellingError(f"{path}: cannot be written ({error.strerror or error})") from error
    if pending:
        yield _last_of(pending)


def _last_of(pending: list[_Notice]) -> _Notice:
    return _Notice(pending[-1].id, pending[-1].item, len(pending))


_Teller = Callable[[Archive, Alert, Channel, Clock, Mapping[str, str]], Iterator[_Notice]]
_TELLERS: Mapping[str, _Teller] = {"webhook": _by_webhook, "email": _by_mail, "atom": _by_atom}


def _sent(archive: Archive, channel: Channel, notice: _Notice) -> int:
    """Note that a channel has told everything up to a notice; how many that were."""
    _note(archive, channel, sent=notice.id)
    return notice.count


def _note(archive: Archive, channel: Channel, **values: object) -> None:
    with archive.to_write() as connection:
        connection.execute(update(tables_watch.channel).where(_channel.id == channel.id).values(**values))

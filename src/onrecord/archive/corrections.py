"""Corrections: what people put right, kept beside the machine's answer, and what counts from then on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, Row, delete, insert, select, update

from onrecord.archive import index, linking, rows, store, tables
from onrecord.archive.amending import Field, SpansValue, amended, check_new, checked, relocated, same_statement
from onrecord.archive.naming import cast_of
from onrecord.errors import UsageError
from onrecord.schema import Statement

_correction = tables.correction.c
_statement = tables.statement.c
_HANGING = (tables.span, tables.mention, tables.act)


class Correction(Struct, frozen=True):
    """What a person put right, and when."""

    id: int
    statement: int | None
    """The number of the statement to which it applies; None where the page no longer has it."""
    address: str
    field: Field
    value: Any
    """As plain lists and dictionaries."""
    machine: Statement
    """What the machine had answered."""
    note: str
    author: str
    made: str
    undone: str | None
    """When it was taken back, if it was."""
    undone_by: str = ""


def correct(
    connection: Connection, number: int, field: Field, value: object, author: str = "", note: str = ""
) -> Correction:
    """Put a field of a statement right; `connection` is in a writing transaction.

    A later correction of the same field goes before an earlier one. Raises `UsageError` if there is no such
    statement, or the value makes no sense.
    """
    at = _place(connection, number)
    if field == "added":
        raise UsageError("added: a statement that was missed is added to an article, not to a statement")
    if not at.current:
        raise UsageError(f"statement {number} is of an earlier version of its page; correct that of the current one")
    record = checked(field, value, at.text)
    check_new(record, note)
    earlier = _active(connection, number)
    machine = _machine(earlier[0]) if earlier else _as_stored(connection, at)
    made = _record(connection, at.address, number, field, record, machine, author, note)
    _renew(connection, at)
    return made


def add_missed(connection: Connection, article_id: int, value: object, author: str = "", note: str = "") -> Correction:
    """Add a statement that the machine did not find: source, cue and content as spans, and what else is known.

    Raises `UsageError` if there is no such article, or the value makes no sense.
    """
    article = connection.execute(select(tables.article).where(tables.article.c.id == article_id)).one_or_none()
    if article is None:
        raise UsageError(f"no article {article_id} in the archive")
    missed = cast(Statement, checked("added", value, article.text))
    check_new(missed, note)
    missed = msgspec.structs.replace(missed, because=f"added by {author}", confidence=1.0)
    number = store.add_statement(connection, article, missed)
    connection.execute(update(tables.statement).where(_statement.id == number).values(corrected=True))
    return _record(connection, article.address, number, "added", missed, missed, author, note)


def undo(connection: Connection, correction_id: int, author: str = "") -> Correction:
    """Take a correction back; what stands without it counts again. `author` is who does so.

    Raises `UsageError` if there is no such correction, or it was taken back before.
    """
    row = connection.execute(select(tables.correction).where(_correction.id == correction_id)).one_or_none()
    if row is None or row.undone:
        raise UsageError(f"no correction {correction_id} that counts")
    now = _now()
    connection.execute(
        update(tables.correction).where(_correction.id == correction_id).values(undone=now, undone_by=author)
    )
    if row.statement_id is not None:
        _renew(connection, _place(connection, row.statement_id), machine=_machine(row))
    return msgspec.structs.replace(_of_row(row), undone=now, undone_by=author)


def corrections(connection: Connection, statement: int | None = None, undone: bool = False) -> Iterator[Correction]:
    """The corrections that count, of one statement or of all, the first made first; with those taken back if asked."""
    asked = select(tables.correction).order_by(_correction.id)
    if statement is not None:
        asked = asked.where(_correction.statement_id == statement)
    if not undone:
        asked = asked.where(_correction.undone.is_(None))
    return map(_of_row, connection.execute(asked))


def latest_corrections(connection: Connection, before: int = 0, limit: int = 20) -> list[Correction]:
    """All corrections, those taken back too, the last made first; with a number, those made before that one."""
    asked = select(tables.correction).order_by(_correction.id.desc()).limit(limit)
    if before:
        asked = asked.where(_correction.id < before)
    return list(map(_of_row, connection.execute(asked)))


def carry_over(connection: Connection, address: str, article_id: int) -> None:
    """Apply the corrections of a page to a new reading of it: each to the statement that has the same words.

    Those whose statement the new reading does not have stay, without a statement.
    """
    asked = select(tables.correction).where(_correction.address == address, _correction.undone.is_(None))
    kept = connection.execute(asked.order_by(_correction.id)).all()
    if not kept:
        return
    article = connection.execute(select(tables.article).where(tables.article.c.id == article_id)).one()
    numbers = connection.scalars(select(_statement.id).where(_statement.article_id == article_id)).all()
    among = rows.statements_of(connection, numbers, {article_id: article.text})
    homes: dict[int | None, int | None] = {}
    for row in kept:
        if row.statement_id not in homes or row.statement_id is None:
            homes[row.statement_id] = same_statement(_machine(row), among) or _added_again(connection, article, row)
        number = homes[row.statement_id]
        machine = among.get(number, _machine(row)) if number is not None else _machine(row)
        values = {"statement_id": number, "machine": _text(machine)}
        if row.field == "spans" and number is not None:
            moved = relocated(msgspec.json.decode(row.value, type=SpansValue), article.text, machine.content.start)
            values |= {"value": _text(moved)} if moved else {"statement_id": None}
        connection.execute(update(tables.correction).where(_correction.id == row.id).values(values))
    for number in {number for number in homes.values() if number is not None}:
        _renew(connection, _place(connection, number), machine=among.get(number))


def _added_again(connection: Connection, article: Row[Any], row: Row[Any]) -> int | None:
    """The number of a statement that was added by hand, once it is added to a new reading; None if it is not there."""
    if row.field != "added":
        return None
    missed = _machine(row)
    quotes = {part: list(getattr(missed, part).parts) for part in ("source", "cue", "content")}
    moved = relocated(SpansValue(quotes=quotes), article.text, missed.content.start)
    if moved is None:
        return None
    again = amended(missed, "spans", moved, article.text, row.author)
    return store.add_statement(connection, article, again)


def _renew(connection: Connection, at: Row[Any], machine: Statement | None = None) -> None:
    """Let a statement stand as its corrections have it."""
    active = _active(connection, at.id)
    machine = _machine(active[0]) if active else machine or _as_stored(connection, at)
    effective, dropped = machine, False
    for row in active:
        value = checked(row.field, msgspec.json.decode(row.value), at.text)
        dropped = value if row.field == "dropped" else dropped
        effective = amended(effective, row.field, value, at.text, row.author or "hand")
    # An added statement exists by its correction alone: once that is taken back, it is none.
    dropped = dropped or (not active and machine.because.startswith("added by "))
    counts = at.current and not at.dropped
    if counts:
        index.of(connection).remove(connection, store.entries_of(connection, [at.id]))
        linking.unlink(connection, [at.id])
    cast = cast_of(connection, [effective])
    for table in _HANGING:
        connection.execute(delete(table).where(table.c.statement_id == at.id))
    values = rows.statement_row(effective, at.id, at.article_id, cast.speaker(effective), at.outlet)
    values |= {"corrected": bool(active), "dropped": dropped}
    connection.execute(update(tables.statement).where(_statement.id == at.id).values(values))
    store.add_parts(connection, [(at.id, effective)], cast)
    if at.current and not dropped:
        index.of(connection).put(connection, store.entries_of(connection, [at.id]))
        linking.link(connection, list(linking.stored(connection, [at.id])))


def _place(connection: Connection, number: int) -> Row[Any]:
    """The statement's number, article and outlet, and its article's address and text."""
    article = tables.article.c
    columns = (
        _statement.id, _statement.article_id, _statement.outlet, _statement.dropped, article.address, article.text,
        article.current,
    )  # fmt: skip
    joined = tables.statement.join(tables.article, article.id == _statement.article_id)
    found = connection.execute(select(*columns).select_from(joined).where(_statement.id == number)).one_or_none()
    if found is None:
        raise UsageError(f"no statement {number} in the archive")
    return cast("Row[Any]", found)


def _as_stored(connection: Connection, at: Row[Any]) -> Statement:
    return rows.statements_of(connection, [at.id], {at.article_id: at.text})[at.id]


def _active(connection: Connection, number: int) -> Sequence[Row[Any]]:
    asked = select(tables.correction).where(_correction.statement_id == number, _correction.undone.is_(None))
    return connection.execute(asked.order_by(_correction.id)).all()


def _record(
    connection: Connection,
    address: str,
    number: int,
    field: Field,
    value: Any,
    machine: Statement,
    author: str,
    note: str,
) -> Correction:
    values = {
        "address": address,
        "statement_id": number,
        "field": field,
        "value": _text(value),
        "machine": _text(machine),
        "note": note,
        "author": author,
        "made": _now(),
    }
    added = insert(tables.correction).values(values).returning(tables.correction)
    return _of_row(connection.execute(added).one())


def _of_row(row: Row[Any]) -> Correction:
    value = msgspec.json.decode(row.value)
    return Correction(
        row.id,
        row.statement_id,
        row.address,
        row.field,
        value,
        _machine(row),
        row.note,
        row.author,
        row.made,
        row.undone,
        row.undone_by or "",
    )


def _machine(row: Row[Any]) -> Statement:
    return msgspec.json.decode(row.machine, type=Statement)


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode("utf-8")


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")

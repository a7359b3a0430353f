"""Which statements of the archive are one utterance: the rules of `clusters`, over the archive's tables.

Only statements that stand alone or represent their cluster hold keys and are compared with, so the work for a new one
does not grow with how often an utterance was reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from onrecord.archive import order, tables
from onrecord.archive.clusters import (
    MOST_HOLDERS,
    MOST_REPRESENTATIVES,
    Holder,
    Joined,
    Linked,
    Report,
    Signature,
    candidates,
    compared,
    joins,
    signature,
    worded,
)
from onrecord.archive.inserting import insert_rows
from onrecord.archive.lists import rows_among

_statement = tables.statement.c
_cluster = tables.cluster.c
_key = tables.cluster_key.c
_MEMBERS = """SELECT id, cluster_id, content, lang, kind, actor_id, said_on FROM statement
    WHERE id {among} ORDER BY id"""
_HOLDERS = "SELECT key, statement_id, held FROM cluster_key WHERE key {among}"
_COUNTED = select(
    func.count(_statement.article_id.distinct()).label("size"),
    func.count().label("statements"),
    func.min(_statement.id).label("first_id"),
).where(_statement.cluster_id == bindparam("cluster"))
_ALONE = -1
"""The sign of a statement that has no cluster yet, where a cluster's number is asked for."""


class Member(Struct, frozen=True):
    """A statement as far as it matters to clusters."""

    id: int
    cluster: int | None
    report: Report
    keys: tuple[int, ...]


def link(connection: Connection, numbers: Sequence[int]) -> None:
    """Find the cluster of each of these statements, which are stored and have none."""
    members = list(_members(connection, numbers, with_keys=True))
    holders = _holders(connection, {key for member in members for key in member.keys})
    likely = {one.id: candidates(_of(one, holders), len(one.keys)) for one in members}
    known = {one.id: one for one in _members(connection, {n for found in likely.values() for n in found})}
    kept: list[dict[str, int]] = []
    fresh: set[int] = set()
    for one in members:
        found = likely[one.id]
        if not fresh.isdisjoint(one.keys):  # those of this article that came before it may be among them
            found = candidates(_of(one, holders), len(one.keys))
        joined = joins(_link(one, known[number]) for number in found if number in known)
        cluster, represents = _join(connection, one, joined, known)
        known[one.id] = Member(one.id, cluster, one.report, one.keys)
        if represents:
            kept += _keep(one, holders)
            fresh.update(one.keys)
    insert_rows(connection, tables.cluster_key, kept)


def _of(one: Member, holders: dict[int, list[Holder]]) -> dict[int, list[Holder]]:
    return {key: holders[key] for key in one.keys}


def _keep(one: Member, holders: dict[int, list[Holder]]) -> Iterator[dict[str, int]]:
    """The rows of the keys that a statement is found by; a key that too many have is not kept once more."""
    for key in one.keys:
        if len(holders[key]) <= MOST_HOLDERS:
            holders[key].append(Holder(one.id, len(one.keys)))
            yield {"key": key, "statement_id": one.id, "held": len(one.keys)}


def _link(one: Member, other: Member) -> Linked:
    cluster = other.cluster if other.cluster is not None else _ALONE * other.id
    return Linked(cluster, compared(one.report, other.report), other.report.speaker)


def _join(connection: Connection, one: Member, joined: Joined, known: dict[int, Member]) -> tuple[int | None, bool]:
    """Put a statement into the cluster that it joins, merging those that are one; the cluster, and if it represents."""
    if joined.cluster is None:
        return None, joined.represents
    together = (joined.cluster, *joined.merged)
    clusters = [cluster for cluster in together if cluster > 0]
    alone = [-cluster for cluster in together if cluster <= 0]
    home = min(clusters) if clusters else _new_cluster(connection, alone[0])
    others = [cluster for cluster in clusters if cluster != home]
    if others:
        connection.execute(update(tables.statement).where(_statement.cluster_id.in_(others)).values(cluster_id=home))
    connection.execute(update(tables.statement).where(_statement.id.in_([one.id, *alone])).values(cluster_id=home))
    represents = joined.represents and _representatives(connection, [home, *others]) < MOST_REPRESENTATIVES
    for other in others:
        connection.execute(delete(tables.cluster).where(_cluster.id == other))
    _count(connection, home, more=represents + len(alone))
    for number, member in known.items():
        if member.cluster in others or number in alone:
            known[number] = Member(number, home, member.report, member.keys)
    return home, represents


def _new_cluster(connection: Connection, first: int) -> int:
    values = {"size": 0, "statements": 0, "representatives": 0, "first_id": first}
    number: int | None = connection.scalar(insert(tables.cluster).values(values).returning(_cluster.id))
    assert number is not None
    return number


def _representatives(connection: Connection, clusters: Sequence[int]) -> int:
    asked = select(func.sum(_cluster.representatives)).where(_cluster.id.in_(clusters))
    return int(connection.scalar(asked) or 0)


def _count(connection: Connection, cluster: int, more: int = 0) -> None:
    """Note how many articles and statements a cluster has, and which statement is the first."""
    found = connection.execute(_COUNTED, {"cluster": cluster}).one()
    values = {
        "size": found.size,
        "statements": found.statements,
        "first_id": found.first_id,
        "representatives": _cluster.representatives + more,
    }
    connection.execute(update(tables.cluster).where(_cluster.id == cluster).values(values))


def unlink(connection: Connection, numbers: Sequence[int]) -> None:
    """Take statements out of their clusters; a cluster that one statement is left of is none."""
    asked = select(_statement.cluster_id).where(_statement.id.in_(numbers), _statement.cluster_id.is_not(None))
    clusters = connection.scalars(asked.distinct()).all()
    connection.execute(delete(tables.cluster_key).where(_key.statement_id.in_(numbers)))
    connection.execute(update(tables.statement).where(_statement.id.in_(numbers)).values(cluster_id=None))
    for cluster in clusters:
        _settle(connection, cluster)


def _settle(connection: Connection, cluster: int) -> None:
    """Count a cluster anew that has lost statements; one that a single statement is left of is dissolved."""
    left = connection.scalars(select(_statement.id).where(_statement.cluster_id == cluster)).all()
    holding = connection.scalars(select(_key.statement_id).where(_key.statement_id.in_(left)).distinct()).all()
    if left and not holding:
        (first,) = _members(connection, [min(left)], with_keys=True)
        holders = _holders(connection, set(first.keys))
        insert_rows(connection, tables.cluster_key, list(_keep(first, holders)))
        holding = [first.id]
    if len(left) > 1:
        connection.execute(update(tables.cluster).where(_cluster.id == cluster).values(representatives=len(holding)))
        _count(connection, cluster)
        return
    connection.execute(update(tables.statement).where(_statement.id.in_(left)).values(cluster_id=None))
    connection.execute(delete(tables.cluster).where(_cluster.id == cluster))


def _members(connection: Connection, numbers: Iterable[int], with_keys: bool = False) -> Iterator[Member]:
    """The statements with these numbers; their keys only where they are asked for, since these take time."""
    wanted = list(numbers)
    for row in rows_among(connection, _MEMBERS, wanted) if wanted else ():
        wording = worded(row.content, row.lang)
        speaker = None if row.actor_id is None else str(row.actor_id)
        report = Report(wording, row.kind, speaker, row.said_on or order.day_of(row.id))
        keys = signature(wording) if with_keys else Signature(())
        yield Member(row.id, row.cluster_id, report, keys.keys)


def _holders(connection: Connection, keys: set[int]) -> dict[int, list[Holder]]:
    """Which statements hold each of these keys."""
    found: dict[int, list[Holder]] = {key: [] for key in keys}
    if keys:
        for row in rows_among(connection, _HOLDERS, keys):
            found[row.key].append(Holder(row.statement_id, row.held))
    return found

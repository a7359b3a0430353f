"""Which statements of the archive are one utterance: the rules of `clusters`, over the archive's tables.

Only statements that stand alone or represent their cluster hold keys and are compared with, so the work for a new one
does not grow with how often an utterance was reported. What an article changes is gathered and written at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, delete, select, update

from onrecord.archive import order, tables
from onrecord.archive.clusters import (
    MOST_HOLDERS,
    MOST_REPRESENTATIVES,
    Joined,
    Linked,
    Report,
    candidates,
    compared,
    joins,
    may_be_same,
    signature,
    worded,
)
from onrecord.archive.holding import Entry, Held, Keys
from onrecord.archive.inserting import insert_rows, plain_each, plain_value
from onrecord.archive.lists import rows_among
from onrecord.schema import StatementKind

_statement = tables.statement.c
_cluster = tables.cluster.c
_keys = Keys(tables.cluster_key, tables.cluster_key_fresh)
_MEMBERS = """SELECT statement.id, cluster_id, content, lang, kind, actor_id, said_on, representatives
    FROM statement LEFT JOIN cluster ON cluster.id = statement.cluster_id WHERE statement.id {among}
    ORDER BY statement.id"""
_LAST_CLUSTER = "SELECT max(id) FROM cluster"
_TO_CLUSTER = "UPDATE statement SET cluster_id = ? WHERE id = ?"
_ALL_TO_CLUSTER = "UPDATE statement SET cluster_id = ? WHERE cluster_id = ?"
_WITHOUT = "DELETE FROM cluster WHERE id = ?"
_COUNT = """UPDATE cluster SET (size, statements, first_id) =
    (SELECT count(DISTINCT article_id), count(*), min(id) FROM statement WHERE cluster_id = cluster.id),
    representatives = ? WHERE id = ?"""


class Member(Struct, dict=True):
    """A statement as far as it matters to clusters; `cluster` changes as the statements of an article find theirs."""

    id: int
    cluster: int | None
    content: str
    lang: str
    kind: StatementKind
    speaker: str | None
    day: str

    @cached_property
    def report(self) -> Report:
        """With its words made alike, which takes longest: few of those that share keys need it."""
        return Report(worded(self.content, self.lang), self.kind, self.speaker, self.day)


def member(
    number: int,
    content: str,
    lang: str,
    kind: StatementKind,
    actor: int | None,
    said_on: str | None,
    cluster: int | None = None,
) -> Member:
    """A statement with what matters to clusters."""
    speaker = None if actor is None else str(actor)
    return Member(number, cluster, content, lang, kind, speaker, said_on or order.day_of(number))


class Changes(Struct):
    """What the statements of an article change in the clusters."""

    next_cluster: int
    to_cluster: dict[int, int] = msgspec.field(default_factory=dict)
    """Statements and the clusters that they go into."""
    merged: dict[int, int] = msgspec.field(default_factory=dict)
    """Clusters and those into which all their statements go."""
    new: set[int] = msgspec.field(default_factory=set)
    representatives: dict[int, int] = msgspec.field(default_factory=dict)
    """How many statements represent each cluster that is concerned."""


def link(connection: Connection, members: Sequence[Member]) -> None:
    """Find the cluster of each of these statements, which are stored and have none."""
    keys = {one.id: signature(one.report.wording).keys for one in members}
    holders = _keys.holders(connection, {key for held in keys.values() for key in held})
    likely = {one.id: _candidates(keys[one.id], holders) for one in members}
    changes = Changes((plain_value(connection, _LAST_CLUSTER) or 0) + 1)
    known = {one.id: one for one in stored(connection, {n for some in likely.values() for n in some}, changes)}
    kept: list[Entry] = []
    fresh: set[int] = set()
    for one in members:
        mine = keys[one.id]
        # Those of this article that came before it may be among them.
        found = likely[one.id] if fresh.isdisjoint(mine) else _candidates(mine, holders)
        joined = _joined(one, [known[number] for number in found if number in known])
        known[one.id] = one
        if _join(one, joined, known, changes):
            kept += _keep(one.id, mine, holders)
            fresh.update(mine)
    _write(connection, changes)
    _keys.hold(connection, kept)


def _candidates(keys: tuple[int, ...], holders: dict[int, list[Held]]) -> tuple[int, ...]:
    held = {key: found for key in keys if (found := holders.get(key))}
    return candidates(held, len(keys)) if held else ()


def _keep(number: int, keys: tuple[int, ...], holders: dict[int, list[Held]]) -> Iterator[Entry]:
    """The keys that a statement is found by; a key that too many have is not kept once more."""
    for key in keys:
        those = holders.setdefault(key, [])
        if len(those) <= MOST_HOLDERS:
            those.append((number, len(keys)))
            yield key, number, len(keys)


def _joined(one: Member, likely: Sequence[Member]) -> Joined:
    """What becomes of a statement. Only if one of the likely is the same utterance do the others matter too."""
    links = {other.id: _link(one, other) for other in likely if may_be_same(one.report, other.speaker, other.day)}
    if not any(link.match.verdict == "same" for link in links.values()):
        return Joined(None)
    return joins(links.get(other.id) or _link(one, other) for other in likely)


def _link(one: Member, other: Member) -> Linked:
    """How a new statement relates to another; what stands alone goes by its own number, as a negative one."""
    cluster = other.cluster if other.cluster is not None else -other.id
    return Linked(cluster, compared(one.report, other.report), other.speaker)


def _join(one: Member, joined: Joined, known: dict[int, Member], changes: Changes) -> bool:
    """Note the cluster that a statement joins, and those that are one by it; whether the statement represents it."""
    if joined.cluster is None:
        return joined.represents
    together = (joined.cluster, *joined.merged)
    clusters = sorted(cluster for cluster in together if cluster > 0)
    alone = [-cluster for cluster in together if cluster <= 0]
    if clusters:
        home = clusters[0]
    else:
        home = changes.next_cluster
        changes.next_cluster += 1
        changes.new.add(home)
    count = len(alone) + sum(changes.representatives.pop(cluster, 0) for cluster in clusters)
    represents = joined.represents and count < MOST_REPRESENTATIVES
    changes.representatives[home] = count + represents
    changes.merged |= dict.fromkeys(clusters[1:], home)
    changes.to_cluster |= dict.fromkeys((one.id, *alone), home)
    one.cluster = home
    for member in known.values():
        if member.cluster in clusters or member.id in alone:
            member.cluster = home
    return represents


def _write(connection: Connection, changes: Changes) -> None:
    """Write what was noted. A cluster that was merged may have been merged into one that was merged in turn."""

    def home(cluster: int) -> int:
        while cluster in changes.merged:
            cluster = changes.merged[cluster]
        return cluster

    if not changes.to_cluster:
        return
    insert_rows(
        connection,
        tables.cluster,
        [
            {"id": number, "size": 0, "statements": 0, "representatives": 0, "first_id": 0}
            for number in sorted(changes.new - changes.merged.keys())
        ],
    )
    old = [cluster for cluster in changes.merged if cluster not in changes.new]
    if old:
        plain_each(connection, _ALL_TO_CLUSTER, [(home(cluster), cluster) for cluster in old])
        plain_each(connection, _WITHOUT, [(cluster,) for cluster in old])
    moves = {number: home(cluster) for number, cluster in changes.to_cluster.items()}
    plain_each(connection, _TO_CLUSTER, [(to, number) for number, to in moves.items()])
    plain_each(connection, _COUNT, [(changes.representatives[one], one) for one in sorted(set(moves.values()))])


def unlink(connection: Connection, numbers: Sequence[int]) -> None:
    """Take statements out of their clusters; a cluster that one statement is left of is none."""
    asked = select(_statement.cluster_id).where(_statement.id.in_(numbers), _statement.cluster_id.is_not(None))
    clusters = [cluster for cluster in connection.scalars(asked.distinct()) if cluster is not None]
    _let_go(connection, numbers)
    connection.execute(update(tables.statement).where(_statement.id.in_(numbers)).values(cluster_id=None))
    for cluster in clusters:
        _settle(connection, cluster)


def _let_go(connection: Connection, numbers: Sequence[int]) -> None:
    """Let statements hold no keys."""
    _keys.hold(connection, [(key, number, 0) for key, number, _ in _held(connection, numbers)])


def _held(connection: Connection, numbers: Sequence[int]) -> list[Entry]:
    """The keys that statements hold."""
    could = {one.id: signature(one.report.wording).keys for one in stored(connection, numbers)}
    holders = _keys.holders(connection, {key for keys in could.values() for key in keys})
    return [(key, number, count) for key, those in holders.items() for number, count in those if number in could]


def _settle(connection: Connection, cluster: int) -> None:
    """Count a cluster anew that has lost statements; one that a single statement is left of is dissolved."""
    left = connection.scalars(select(_statement.id).where(_statement.cluster_id == cluster)).all()
    holding = {number for _, number, _ in _held(connection, left)}
    if left and not holding:
        (first,) = stored(connection, [min(left)])
        keys = signature(first.report.wording).keys
        _keys.hold(connection, _keep(first.id, keys, _keys.holders(connection, set(keys))))
        holding = {first.id}
    if len(left) > 1:
        plain_each(connection, _COUNT, [(len(holding), cluster)])
        return
    connection.execute(update(tables.statement).where(_statement.id.in_(left)).values(cluster_id=None))
    connection.execute(delete(tables.cluster).where(_cluster.id == cluster))


def stored(connection: Connection, numbers: Iterable[int], changes: Changes | None = None) -> Iterator[Member]:
    """The statements with these numbers as they are stored; `changes` notes how many represent their clusters."""
    wanted = list(numbers)
    for number, cluster, content, lang, kind, actor, said_on, representatives in (
        rows_among(connection, _MEMBERS, wanted) if wanted else ()
    ):
        if changes and cluster is not None:
            changes.representatives[cluster] = representatives
        yield member(number, content, lang, kind, actor, said_on, cluster)

"""Some statements that may be one utterance → which are, by the rules of `onrecord.archive.clusters`, in memory."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple, cast

from onrecord.archive.clusters import (
    MOST_HOLDERS,
    MOST_REPRESENTATIVES,
    Holder,
    Joined,
    Linked,
    Report,
    candidates,
    compared,
    joins,
    signature,
    worded,
)
from onrecord.schema import StatementKind


class Said(NamedTuple):
    """A statement as far as it matters to clusters."""

    content: str
    lang: str
    kind: str
    actor: str | None
    day: str

    @property
    def report(self) -> Report:
        """What is compared."""
        return Report(worded(self.content, self.lang), cast(StatementKind, self.kind), self.actor, self.day)


def together(statements: Iterable[Said]) -> list[int]:
    """For each statement the number of its cluster; that of the first in it, counted from 0.

    They are taken one by one, so the earliest should come first.
    """
    store = _Store()
    for said in statements:
        store.add(said.report)
    return store.cluster_of


class _Store:
    """What an archive's tables hold, in memory."""

    def __init__(self) -> None:
        self.cluster_of: list[int] = []
        self._reports: list[Report] = []
        self._members: dict[int, list[int]] = {}
        self._representatives: Counter[int] = Counter()
        self._holders: dict[int, list[Holder]] = defaultdict(list)

    def add(self, report: Report) -> None:
        """Put a statement into a cluster."""
        keys = signature(report.wording).keys
        others = candidates({key: self._holders[key][: MOST_HOLDERS + 1] for key in keys}, len(keys))
        joined = joins(self._link(report, other) for other in others)
        self._keep(report, keys, joined)

    def _link(self, report: Report, other: int) -> Linked:
        known = self._reports[other]
        return Linked(self.cluster_of[other], compared(report, known), known.speaker)

    def _keep(self, report: Report, keys: tuple[int, ...], joined: Joined) -> None:
        number = len(self._reports)
        cluster = number if joined.cluster is None else joined.cluster
        self._reports.append(report)
        self.cluster_of.append(cluster)
        self._members.setdefault(cluster, []).append(number)
        for other in joined.merged:
            for member in self._members.pop(other):
                self.cluster_of[member] = cluster
                self._members[cluster].append(member)
            self._representatives[cluster] += self._representatives.pop(other, 0)
        if joined.represents and self._representatives[cluster] < MOST_REPRESENTATIVES:
            self._representatives[cluster] += 1
            for key in keys:
                if len(self._holders[key]) <= MOST_HOLDERS:
                    self._holders[key].append(Holder(number, len(keys)))

"""Which cluster a new statement joins: a rule over its matches, for a store that adds one statement at a time.

A cluster is known by its *representatives*: its first statement, and those that brought words which the ones before had
not. Only they hold keys and are aligned with. So an utterance in a thousand outlets costs no more than one in ten, and
a chain of ever remoter variants has to pass through statements that were themselves found alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct

from onrecord.archive.clusters.matching import Match

MOST_REPRESENTATIVES = 24
"""Representatives of one cluster at most."""
_BRINGS_NEW = 0.95
"""A statement of which less than this is in its best representative becomes one itself."""
_MERGES = 0.8
"""Two clusters may merge if so much of the new statement is in each, or of each in the new statement."""
_MERGING_WEIGHT, _MERGING_PIECE = 2.0, 6.0
"""So much must be common to merge by; the second if the new statement is but a piece of both."""
_A_DAY = 0.2
"""A day between two reports weighs as much as a fifth of a common word less."""
_REPEATED = 3
"""Words are a formula if so many clusters have them that are other utterances."""
_FORMULA = 8.0
"""More words than this are no formula."""


class Linked(Struct, frozen=True):
    """How the new statement (the match's first) relates to a representative of a cluster (its second)."""

    cluster: int
    match: Match
    speaker: str | None = None
    """The representative's actor, if known."""


class Joined(Struct, frozen=True):
    """What becomes of a new statement."""

    cluster: int | None
    """The cluster that it joins; None for a cluster of its own."""
    merged: tuple[int, ...] = ()
    """Clusters that turn out to be the same utterance and go into `cluster`."""
    represents: bool = True
    """Whether it becomes a representative: its keys are stored and later statements aligned with it."""


def joins(links: Iterable[Linked]) -> Joined:
    """The cluster of a new statement.

    It joins the one with the best matching representative, by the weight of the common words times their score, among
    those where no representative that is more alike contradicts it, and no more contradict it than match. Words that
    several clusters have from others or other days are a formula ("Nobody is above the law"): few such words join only
    what the same actor said.

    Other clusters merge into that one only if the new statement holds most of a representative of each, or each holds
    most of it, so that two utterances that share a phrase stay two; and only if no two different speakers are known of
    them. The lowest id stays.
    """
    by_cluster: dict[int, list[Linked]] = defaultdict(list)
    for link in links:
        by_cluster[link.cluster].append(link)
    best = sorted(filter(None, map(_best, by_cluster.values())), key=_rank)
    if not best:
        return Joined(None)
    first = best[0]
    if first.match.speakers != "same" and first.match.matched < _FORMULA and _repeated(by_cluster) >= _REPEATED:
        return Joined(None)
    alike = [first]
    for link in best[1:]:
        if _merges(first, link) and len({one.speaker for one in [*alike, link]} - {None}) <= 1:
            alike.append(link)
    clusters = sorted(link.cluster for link in alike)
    represents = max(link.match.of_first for link in alike) < _BRINGS_NEW
    return Joined(clusters[0], tuple(clusters[1:]), represents)


def _rank(link: Linked) -> tuple[float, int]:
    match = link.match
    return _A_DAY * match.days - match.matched * match.score, link.cluster


def _best(links: list[Linked]) -> Linked | None:
    """The best match with a cluster; None if more, or more alike, of its representatives contradict than match."""
    same = [link for link in links if link.match.verdict == "same"]
    against = [link for link in links if link.match.verdict == "contradicting"]
    if not same or len(same) < len(against):
        return None
    best = min(same, key=_rank)
    return best if not against or _rank(best) <= min(map(_rank, against)) else None


def _repeated(by_cluster: dict[int, list[Linked]]) -> int:
    return sum(any(link.match.verdict == "repeated" for link in links) for links in by_cluster.values())


def _merges(one: Linked, other: Linked) -> bool:
    """Whether the new statement makes one cluster of two.

    It does if it holds a representative of either, or is held by one and holds the other. What is no more than a piece
    of both has to be a long one.
    """
    pairs = [(link.match.of_first, link.match.of_second, link.match.matched) for link in (one, other)]
    if any(max(new, old) < _MERGES or matched < _MERGING_WEIGHT for new, old, matched in pairs):
        return False
    return any(old >= _MERGES for _, old, _ in pairs) or all(matched >= _MERGING_PIECE for _, _, matched in pairs)

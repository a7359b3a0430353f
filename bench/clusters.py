"""How well one utterance is found in many wordings: `python bench/clusters.py [DATA] [--show N] [--size N] [--seed N]`.

Invented utterances (bench/utterances.py) are reported two to eight times each, edited as outlets edit. Among them stand
utterances that differ in a number, a name or a "not", that share a template, formulas that anybody says, and others
that nobody reports twice. With DATA (its folder `attribution`) contents of PolNeAR-dev, scu-sourcing-dev and
wikinews-de-dev are edited too; two of these count neither way when they fall together, for they may be the same.
Everything goes one by one, in random order, through what an archive does, with tables in memory: keys, candidates,
alignment, joining.

Prints pairwise precision and recall (of all pairs of reports put together those of one utterance; of all pairs of one
utterance those put together), recall by edit, what look-alikes were taken for the same, and the processor time a report
takes. `--show N` prints N wrong and N missed pairs. Fails if a figure is under its floor.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import combinations, count
from pathlib import Path

import floors
import utterances
from onrecord.archive import clusters
from onrecord.archive.clusters import Holder, Linked, Report
from utterances import Reported, Tongue

SEED = 20261124
SHARES = {"en": 0.5, "de": 0.25, "ru": 0.25}
PER_REPORTED = 0.09
"""Utterances that are reported several times, as a share of the size; with their reports they are some 40 % of it."""
LOOKALIKES = 0.5
"""How many of those another utterance looks like."""
FORMULAS = 0.02


class Store:
    """What the archive's tables hold, in memory, and the time that each step takes."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.cluster_of: list[int] = []
        self.members: dict[int, list[int]] = {}
        self.representatives: Counter[int] = Counter()
        self.holders: dict[int, list[Holder]] = defaultdict(list)
        self.spent: Counter[str] = Counter()
        self.aligned = 0
        self.most_aligned = 0
        self.slowest = 0.0

    def add(self, reported: Reported) -> None:
        """Put a report into a cluster."""
        began = time.process_time()
        report = Report(
            clusters.worded(reported.text, reported.lang), reported.kind, reported.speaker,
            (date(2025, 1, 1) + timedelta(reported.day)).isoformat())  # fmt: skip
        keys = clusters.signature(report.wording).keys
        signed = time.process_time()
        holders = {key: self.holders.get(key, [])[: clusters.MOST_HOLDERS + 1] for key in keys}
        others = clusters.candidates(holders, len(keys))
        looked = time.process_time()
        links = [
            Linked(self.cluster_of[other], clusters.compared(report, self.reports[other]), self.reports[other].speaker)
            for other in others
        ]
        joined = clusters.joins(links)
        ended = time.process_time()
        self.spent.update(signature=signed - began, lookup=looked - signed, alignment=ended - looked)
        self.aligned += len(others)
        self.most_aligned = max(self.most_aligned, len(others))
        self.slowest = max(self.slowest, ended - began)
        self._keep(report, keys, joined)

    def _keep(self, report: Report, keys: tuple[int, ...], joined: clusters.Joined) -> None:
        number = len(self.reports)
        cluster = number if joined.cluster is None else joined.cluster
        self.reports.append(report)
        self.cluster_of.append(cluster)
        self.members.setdefault(cluster, []).append(number)
        for other in joined.merged:
            for member in self.members.pop(other):
                self.cluster_of[member] = cluster
                self.members[cluster].append(member)
            self.representatives[cluster] += self.representatives.pop(other)
        if joined.represents and self.representatives[cluster] < clusters.MOST_REPRESENTATIVES:
            self.representatives[cluster] += 1
            for key in keys:
                if len(self.holders[key]) <= clusters.MOST_HOLDERS:
                    self.holders[key].append(Holder(number, len(keys)))


def made(size: int, data: Path | None, seed: int = SEED) -> tuple[list[Reported], dict[int, str]]:
    """The reports in the order in which they come in, and of each look-alike utterance what it looks like."""
    rng = random.Random(seed)
    reported: list[Reported] = []
    looks: dict[int, str] = {}
    numbers = count()
    for lang, share in SHARES.items():
        reported += in_language(Tongue(lang, rng), int(size * share), numbers, looks, data)
    rng.shuffle(reported)
    return reported, looks


def in_language(
    tongue: Tongue, size: int, numbers: Iterator[int], looks: dict[int, str], data: Path | None
) -> list[Reported]:
    """So many reports in one language; `looks` learns which utterances look like others."""
    reported: list[Reported] = []
    for _ in range(int(size * PER_REPORTED)):
        said = utterances.utterance(tongue)
        reported += utterances.reports(tongue, said, next(numbers))
        like = list(utterances.lookalikes(tongue, said))
        for how, other in tongue.rng.sample(like, min(len(like), tongue.rng.random() < LOOKALIKES)):
            reported.append(once(other, next(numbers), tongue.rng))
            looks[reported[-1].utterance] = how
    for said in utterances.formulas(tongue, int(size * FORMULAS)):
        reported.append(once(said, next(numbers), tongue.rng))
        looks[reported[-1].utterance] = "formula"
    for said in utterances.seeds(data, tongue) if data else ():
        reported += utterances.reports(tongue, said, next(numbers), free=True)
    while len(reported) < size:
        reported.append(once(utterances.utterance(tongue), next(numbers), tongue.rng))
    return reported


def once(said: utterances.Utterance, number: int, rng: random.Random) -> Reported:
    """The only report of an utterance, verbatim."""
    speaker = said.speaker if rng.random() < 0.8 else None
    return Reported(said.sentences[0], said.lang, "direct", speaker, said.day, number, ("verbatim",))


Pairs = set[tuple[int, int]]


def pairs_of(groups: Iterable[list[int]]) -> Pairs:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def judged(reported: list[Reported], groups: Iterable[list[int]]) -> tuple[Pairs, Pairs, Pairs]:
    """The pairs put together, those of one utterance, and of the former those that count neither way."""
    by_utterance: dict[int, list[int]] = defaultdict(list)
    for index, one in enumerate(reported):
        by_utterance[one.utterance].append(index)
    together, true = pairs_of(groups), pairs_of(by_utterance.values())
    unknown = {(a, b) for a, b in together - true if reported[a].free and reported[b].free}
    return together - unknown, true, unknown


def by_edit(reported: list[Reported], found: Pairs, true: Pairs) -> dict[str, tuple[float, int]]:
    """Of the pairs that a report with an edit is in, the part found; and how many pairs."""
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for pair in true:
        for edit in {edit for index in pair for edit in reported[index].edits}:
            seen[edit] += 1
            right[edit] += pair in found
    return {edit: (right[edit] / seen[edit], seen[edit]) for edit in sorted(seen)}


def mistaken(reported: list[Reported], looks: dict[int, str], wrong: Pairs) -> dict[str, tuple[int, int]]:
    """Of the look-alikes of each kind how many fell together with another utterance, and how many there are."""
    fell = {reported[index].utterance for pair in wrong for index in pair}
    there = Counter(looks.values())
    return {how: (sum(looks[number] == how for number in fell & looks.keys()), there[how]) for how in sorted(there)}


def shown(reported: list[Reported], title: str, pairs: Pairs, count: int) -> None:
    for a, b in random.Random(1).sample(sorted(pairs), min(count, len(pairs))):
        print(title)
        for one in (reported[a], reported[b]):
            print(f"    {one.speaker} day {one.day} {'+'.join(one.edits)}: {one.text}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--seed", type=int, default=SEED, help="the bounds were set with the default one")
    arguments = parser.parse_args()
    reported, looks = made(arguments.size, arguments.data, arguments.seed)
    store = Store()
    gc.disable()  # an archive does not hold a hundred thousand objects that are looked through again and again
    for one in reported:
        store.add(one)
    together, true, unknown = judged(reported, store.members.values())
    found = together & true
    figures = {"precision": len(found) / len(together), "recall": len(found) / len(true)}
    size = len(reported)
    print(f"{size:,} reports of {len({one.utterance for one in reported}):,} utterances, {len(true):,} true pairs")
    print(f"pairwise precision {figures['precision']:.4f}, recall {figures['recall']:.4f}; {len(unknown)} not judged\n")
    for lang in SHARES:
        here, right, all_ = (sum(reported[a].lang == lang for a, _ in pairs) for pairs in (together, found, true))
        figures |= {f"precision {lang}": right / here, f"recall {lang}": right / all_}
        print(f"{lang}: precision {right / here:.4f}, recall {right / all_:.4f} of {all_:,} pairs")
    free = {(a, b) for a, b in true if reported[a].free}
    if free:
        print(f"contents of real news: recall {len(found & free) / len(free):.4f} of {len(free):,} pairs")
    print("\nrecall of the pairs with a report that was edited so (most have other edits too)")
    for edit, (recall, pairs) in by_edit(reported, found, true).items():
        print(f"{edit:16} {recall:.4f} of {pairs:6,}")
    print("\nlook-alikes that fell together with another utterance")
    for how, (fell, there) in mistaken(reported, looks, together - true).items():
        print(f"{how:16} {fell:5,} of {there:6,}")
    told = ", ".join(f"{step} {spent / size * 1e6:.0f}" for step, spent in store.spent.items())
    kept = sum(map(len, store.holders.values()))
    print(
        f"\nµs a report: {told}, all {sum(store.spent.values()) / size * 1e6:.0f}; slowest {store.slowest * 1e3:.1f} ms"
    )
    print(f"aligned a report: {store.aligned / size:.2f}, {store.most_aligned} at most; keys kept {kept / size:.2f}")
    if arguments.show:
        shown(reported, "WRONG", together - true, arguments.show)
        shown(reported, "MISSED", true - found, arguments.show)
    return floors.check("clusters", figures)


if __name__ == "__main__":
    raise SystemExit(main())

"""Boosted decision trees, evaluated for all rows of a page at once.

Every question that some tree asks is asked of every row, each distinct one once: comparing long rows of numbers is so
fast that it takes less than half the time of following each row down its own way.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from onrecord.page.looks import Numbers

_AT_ONCE = 500
"""Rows that are worked on together: more news pages than not have fewer, and memory stays bounded."""
FIRST_TREES = 60
"""Trees that every row goes through; those they rule out go no further."""
RULED_OUT = -3.0
"""Log odds after the first trees below which a row is out; likely rows do not come so low."""


class Trees(NamedTuple):
    """Trees of one depth, each laid out level by level, so that node n has the children 2n + 1 and 2n + 2."""

    feature: Any
    """The column that each node looks at, trees × nodes."""
    threshold: Any
    """Values up to this one go left."""
    value: Any
    """What each leaf adds to the log odds, trees × leaves."""
    base: float

    def chances(self, rows: Numbers) -> Numbers:
        """The chance of each of `rows`, between 0 and 1."""
        return together([self]).chances(rows)[0]


class _Questions(NamedTuple):
    """Trees, with what they ask apart from who asks it."""

    feature: Any
    threshold: Any
    asked: Any
    """The place of each node's question, nodes × trees."""
    value: Any

    def leaves(self, columns: Numbers) -> Numbers:
        """What each tree adds for each row, trees × rows; `columns` has a row for each feature."""
        answers = (columns.take(self.feature, axis=0) > self.threshold[:, None]).view(np.uint8)
        nodes = answers.take(self.asked, axis=0)
        ways: list[Any] = []
        for level in range((len(nodes) + 1).bit_length() - 1):
            # Of the nodes of a level, the one that the answers further up lead to: of each half, then of each quarter …
            here = nodes[2**level - 1 : 2 ** (level + 1) - 1]
            for way in ways:
                left, right = here[: len(here) // 2], here[len(here) // 2 :]
                here = left ^ ((left ^ right) & way)
            ways.append(here[0])
        trees, leaves = self.value.shape
        leaf = np.zeros(ways[0].shape, np.intp) + (np.arange(trees) * leaves)[:, None]
        for level, way in enumerate(reversed(ways)):
            leaf += way.astype(np.intp) << level
        found: Numbers = self.value.take(leaf)
        return found


class Models(NamedTuple):
    """Several sets of trees over the same features."""

    bases: tuple[float, ...]
    first: _Questions
    """The first trees of all."""
    rest: tuple[_Questions, ...]
    """The others of each."""

    def chances(self, rows: Numbers) -> list[Numbers]:
        """For each set of trees the chance of each of `rows`, between 0 and 1."""
        parts = [self._odds(rows[start : start + _AT_ONCE].T) for start in range(0, len(rows), _AT_ONCE)]
        odds = np.concatenate(parts, axis=1) if parts else np.zeros((len(self.bases), 0), np.float32)
        return list(1 / (1 + np.exp(-odds)))

    def _odds(self, columns: Numbers) -> Numbers:
        columns = np.ascontiguousarray(columns)
        added = self.first.leaves(columns)
        odds: Numbers = added.reshape(len(self.bases), -1, added.shape[1]).sum(axis=1)
        for own, base, rest in zip(odds, self.bases, self.rest, strict=True):
            own += base
            left = np.flatnonzero(own > RULED_OUT)
            if len(left):
                own[left] += rest.leaves(columns[:, left]).sum(axis=0)
        return odds


def together(models: Sequence[Trees]) -> Models:
    """`models`, each of at least `FIRST_TREES` trees, ready to be asked at once."""
    head, tail = slice(FIRST_TREES), slice(FIRST_TREES, None)
    parts = [model[:3] for model in models]
    first = [np.concatenate([part[head] for part in same]) for same in zip(*parts, strict=True)]
    rest = tuple(_questions(*(part[tail] for part in own)) for own in parts)
    return Models(tuple(model.base for model in models), _questions(*first), rest)


def _questions(feature: Any, threshold: Any, value: Any) -> _Questions:
    pairs = np.stack([feature.T.ravel().astype(np.float32), threshold.T.ravel()], axis=1)
    distinct, asked = np.unique(pairs, axis=0, return_inverse=True)
    return _Questions(distinct[:, 0].astype(np.intp), distinct[:, 1], asked.reshape(feature.T.shape), value)


@cache
def load(*names: str) -> Models:
    """The trees in `blocks/<name>.npz` of this package, for each of `names`."""
    return together([_read(name) for name in names])


def _read(name: str) -> Trees:
    file = resources.files("onrecord.page").joinpath("blocks", f"{name}.npz")
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as saved:
        return Trees(
            saved["feature"].astype(np.intp),
            saved["threshold"].astype(np.float32),
            saved["value"].astype(np.float32),
            float(saved["base"]),
        )

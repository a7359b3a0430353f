"""Boosted decision trees, evaluated for all rows at once."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any, NamedTuple

import numpy as np

from onrecord.page.looks import Numbers

_AT_ONCE = 1_000
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
        parts = [self._odds(rows[start : start + _AT_ONCE]) for start in range(0, len(rows), _AT_ONCE)]
        odds = np.concatenate(parts) if parts else np.zeros(0, np.float32)
        found: Numbers = 1 / (1 + np.exp(-odds))
        return found

    def _odds(self, rows: Numbers) -> Numbers:
        odds = self.base + self._sum(rows, slice(FIRST_TREES))
        rest = np.flatnonzero(odds > RULED_OUT)
        odds[rest] += self._sum(rows[rest], slice(FIRST_TREES, None))
        return odds

    def _sum(self, rows: Numbers, trees: slice) -> Numbers:
        feature, threshold, value = self.feature[trees], self.threshold[trees], self.value[trees]
        count, nodes = feature.shape
        flat, first = rows.ravel(), (np.arange(len(rows)) * rows.shape[1])[:, None]
        root = np.arange(count) * nodes
        node = np.zeros((len(rows), count), np.intp)
        for _ in range((nodes + 1).bit_length() - 1):
            at = root + node
            node = 2 * node + 1 + (flat[first + feature.ravel()[at]] > threshold.ravel()[at])
        leaves: Numbers = value.ravel()[np.arange(count) * (nodes + 1) + node - nodes]
        total: Numbers = leaves.sum(axis=1)
        return total


@cache
def load(name: str) -> Trees:
    """The trees in `blocks/<name>.npz` of this package."""
    file = resources.files("onrecord.page").joinpath("blocks", f"{name}.npz")
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as saved:
        return Trees(
            saved["feature"].astype(np.intp),
            saved["threshold"].astype(np.float32),
            saved["value"].astype(np.float32),
            float(saved["base"]),
        )

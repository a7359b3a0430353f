"""How sure figures are, and whether two systems differ, by drawing documents anew.

Documents, not statements, are drawn: statements of one article are alike, and to take them for independent would make
every interval too narrow.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
LEVEL = 0.95
_AT_ONCE = 4_000_000
"""Numbers drawn at a time: 32 MB."""
_ALIKE = 1e-12


def figures(counts: Array) -> Array:
    """Precision, recall and F1 along a new last axis for the four counts; 0 where there is nothing to divide by.

    >>> figures(np.array([4.0, 2.0, 8.0, 2.0])).round(3).tolist()
    [0.25, 0.5, 0.333]
    """
    gold, found, given, right = np.moveaxis(counts, -1, 0)
    precision, recall = _divided(right, given), _divided(found, gold)
    return np.stack([precision, recall, _divided(2 * precision * recall, precision + recall)], axis=-1)


def _divided(above: Array, below: Array) -> Array:
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)


def bootstrapped(counts: Array, draws: int, rng: np.random.Generator) -> Array:
    """The counts of so many samples of as many documents as there are, drawn with replacement.

    The first axis of `counts` is that of the documents, that of the result that of the samples.
    """
    documents = len(counts)
    flat = counts.reshape(documents, -1)
    chances = np.full(documents, 1 / documents)
    sums = [rng.multinomial(documents, chances, size=some) @ flat for some in _portions(draws, documents)]
    return np.concatenate(sums).reshape(draws, *counts.shape[1:])


def interval(drawn: Array) -> Array:
    """The bounds within which 95 % of the values drawn lie, along a new last axis.

    The percentile method: B. Efron, R. Tibshirani (1993), An Introduction to the Bootstrap, ch. 13.
    """
    tail = (1 - LEVEL) / 2
    return np.moveaxis(np.quantile(drawn, [tail, 1 - tail], axis=0), 0, -1)


def chance_of_difference(first: Array, second: Array, draws: int, rng: np.random.Generator) -> Array:
    """For each measure the chance of a difference in F1 as large as found if the two systems were equally good.

    Paired approximate randomisation, two-sided: each document's two answers change sides with a chance of one half
    (E. Noreen 1989, Computer-Intensive Methods for Testing Hypotheses; A. Yeh 2000, More accurate tests for the
    statistical significance of result differences, COLING). The answer given counts as one draw, so that the least
    chance is 1 / (draws + 1).
    """
    documents = len(first)
    found = np.abs(_f1(first.sum(axis=0)) - _f1(second.sum(axis=0)))
    moved = (second - first).reshape(documents, -1)
    as_large = np.zeros_like(found)
    for some in _portions(draws, documents):
        swapped = (rng.integers(0, 2, size=(some, documents)) @ moved).reshape(some, *first.shape[1:])
        apart = np.abs(_f1(first.sum(axis=0) + swapped) - _f1(second.sum(axis=0) - swapped))
        as_large += (apart >= found - _ALIKE).sum(axis=0)
    return (as_large + 1) / (draws + 1)


def _f1(counts: Array) -> Array:
    return figures(counts)[..., 2]


def _portions(draws: int, documents: int) -> Iterator[int]:
    """How many samples to draw at a time, so that memory stays bounded."""
    most = max(1, _AT_ONCE // documents)
    for start in range(0, draws, most):
        yield min(most, draws - start)

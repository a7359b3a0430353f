"""How well what was found on pages fits their gold: the same figures in training and in bench/pages.py."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from training.pages import Gold, letters, score

_LONG_CAPTION = 20
"""Letters from which on a caption in the body is no accident."""


class Figures(NamedTuple):
    """How well a labelling of pages does."""

    precision: float
    recall: float
    leaking: float
    """The share of pages with a gold caption inside the body."""

    @property
    def f1(self) -> float:
        """Of the two means."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def body_figures(labelled: Sequence[tuple[Gold, str]]) -> Figures:
    """How well the bodies found on pages fit the gold."""
    pairs, leaking = [], 0
    for page, body in labelled:
        also = "\n".join([*page.part("title"), *page.part("summary")])
        pairs.append(score(body, page.gold["body"], also))
        leaking += leaks_caption(page, body)
    precision, recall = (float(np.mean(column)) for column in zip(*pairs, strict=True))
    return Figures(precision, recall, leaking / len(labelled))


def leaks_caption(page: Gold, body: str) -> bool:
    """Whether a caption that the gold has apart stands in `body`."""
    inside, gold = letters(body), letters(page.gold["body"])
    own = [letters(caption) for caption in page.part("captions")]
    return any(len(caption) >= _LONG_CAPTION and caption in inside and caption not in gold for caption in own)


def caption_counts(page: Gold, found: Sequence[str]) -> tuple[int, int, int]:
    """How many captions are right, found and wanted on a page whose gold has some."""
    wanted = [letters(caption) for caption in page.part("captions")]
    own = list(dict.fromkeys(filter(None, map(letters, found))))
    right = sum(any(_same(one, other) for one in own) for other in wanted)
    fitting = sum(any(one in other or other in one for other in wanted) for one in own)
    return right, len(own) - fitting + right, len(wanted)


def _same(one: str, other: str) -> bool:
    return (one in other or other in one) and min(len(one), len(other)) >= 0.4 * len(other)

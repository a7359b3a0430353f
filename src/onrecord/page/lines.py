"""The lines of a plain text, in numbers: their looks, what rules say, what stands around, where the prose is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from onrecord.page.looks import TEXT_FEATURES, Numbers, look, looks, words_at_start
from onrecord.page.sequence import best_stretch, near, since, smooth, until
from onrecord.schema import BlockKind

_PROSE_LENGTH = 80
_LONGEST = 400
"""Letters of a line from which on it says no more of where the story is."""
_COSTS = (30, 80)
"""Letters of prose that a line which is none has to be made up for by, within a stretch."""
_WORDS_READ = 60
_RARE_WORD = 5
"""Letters of words that tell what a text is about."""
_BESIDE = ("length", "ends", "ending", "digits", "capitals", "lower", "says_share")
_STEPS = (-3, -2, -1, 1, 2, 3)
_SPANS = (2, 5, 10)
_TOLD: tuple[BlockKind, ...] = (
    "headline", "standfirst", "byline", "caption", "credit", "notice", "navigation", "form", "teaser", "comment",
)  # fmt: skip
_ROWS = {kind: tuple(kind == one for one in _TOLD) for kind in _TOLD}
_NONE = (False,) * len(_TOLD)
_NEIGHBOURS: tuple[BlockKind, ...] = ("byline", "caption", "notice", "navigation", "form", "teaser", "comment")
_TOLD_STEPS = (-2, -1, 1, 2)
_MARKS: tuple[BlockKind, ...] = ("headline", "byline", "form", "teaser", "comment", "credit", "notice")
"""Kinds that it matters how far off one stands: a story begins under its byline and ends above the comments."""
_TOLD_SPANS = (3, 10)


def describe_lines(texts: Sequence[str], kinds: Sequence[BlockKind]) -> Numbers:
    """A row for each of `texts`, the paragraphs of a page in reading order, as `line_features` names them.

    `kinds` are what rules say of each.
    """
    if not texts:
        return np.zeros((0, len(line_features())), np.float32)
    said = words_at_start(texts)
    own = looks(texts, said)
    length, ends = look(own, "length"), look(own, "ends")
    prose = (length >= _PROSE_LENGTH) & (ends > 0)
    counted = np.minimum(length, _LONGEST)
    mass = np.where(prose, counted, 0)
    total = max(float(mass.sum()), 1.0)
    shown = np.array([*(look(own, name) for name in _BESIDE), prose], np.float32)
    places = np.arange(len(texts))
    before = np.cumsum(mass) - mass
    columns = [
        *(near(shown, step).T for step in _STEPS),
        *(smooth(part, span)[:, None] for span in _SPANS for part in (counted, mass)),
        np.stack([since(prose), until(prose), since(~prose), until(~prose)], axis=1),
        np.stack([places, len(texts) - places, before / total, mass / total, np.full(len(texts), total)], axis=1),
        *(_stretch(np.where(prose, counted, -cost), places) for cost in _COSTS),
        _company(texts, said, prose),
        *_told(kinds),
    ]
    rows: Numbers = np.concatenate([own.T, *columns], axis=1).astype(np.float32)
    return rows


def _stretch(gains: Numbers, places: Any) -> Numbers:
    """Where each line is to the stretch with most prose: in it, before or after it and how far."""
    first, end = best_stretch(gains)
    inside = (places >= first) & (places < end)
    off = np.where(places < first, places - first, np.where(places >= end, places - end + 1, 0))
    into = (places - first) / max(end - first, 1)
    return np.stack([inside, np.clip(off, -30, 60), np.clip(into, -3, 3), np.full(len(places), end - first)], axis=1)


def _company(texts: Sequence[str], said: Sequence[Sequence[str]], prose: Any) -> Numbers:
    """How many of a line's longer words the prose of the other lines has, how often the line is repeated."""
    words = [{word for word in own[:_WORDS_READ] if len(word) >= _RARE_WORD} for own in said]
    known = Counter(word for own, is_prose in zip(words, prose, strict=True) if is_prose for word in own)
    again = Counter(texts)
    shares = []
    for own, is_prose in zip(words, prose, strict=True):
        shared = sum(known[word] > is_prose for word in own)
        shares.append(shared / len(own) if own else -1.0)
    return np.array([(share, again[text]) for share, text in zip(shares, texts, strict=True)])


def _told(kinds: Sequence[BlockKind]) -> list[Numbers]:
    """What rules say of each line, of the lines beside it and of those further off."""
    told = np.array([_ROWS.get(kind, _NONE) for kind in kinds], np.float32)
    beside = told[:, [_TOLD.index(kind) for kind in _NEIGHBOURS]]
    marks = [told[:, _TOLD.index(kind)] > 0 for kind in _MARKS]
    known = told.sum(axis=1)
    return [
        told,
        *(near(beside, step) for step in _TOLD_STEPS),
        *(np.stack([since(mark), until(mark)], axis=1) for mark in marks),
        *(smooth(known, span)[:, None] for span in _TOLD_SPANS),
    ]


@cache
def line_features() -> tuple[str, ...]:
    """What each number of a row is."""
    return (
        *TEXT_FEATURES,
        *(f"{name}{step:+d}" for step in _STEPS for name in (*_BESIDE, "prose")),
        *(f"{name}_{span}" for span in _SPANS for name in ("letters", "mass")),
        "since_prose", "until_prose", "since_other", "until_other", "place", "places_left", "mass_before", "mass",
        "prose_total",
        *(f"{name}_{cost}" for cost in _COSTS for name in ("inside", "off", "into", "stretch")),
        "shared_words", "again",
        *(f"told_{kind}" for kind in _TOLD),
        *(f"told_{kind}{step:+d}" for step in _TOLD_STEPS for kind in _NEIGHBOURS),
        *(f"{side}_{kind}" for kind in _MARKS for side in ("since", "until")),
        *(f"told_{span}" for span in _TOLD_SPANS),
    )  # fmt: skip

"""A row of numbers for each paragraph, seen from its neighbours."""

from __future__ import annotations

from typing import Any

import numpy as np

from onrecord.page.looks import Numbers

FAR = 99
"""Places beyond which it does not matter how far off something is."""


def near(values: Numbers, step: int) -> Numbers:
    """`values`, the last axis of which are places, of the neighbour `step` further; zeros beyond the ends."""
    moved = np.zeros_like(values)
    if step > 0:
        moved[..., :-step] = values[..., step:]
    elif step < 0:
        moved[..., -step:] = values[..., :step]
    return moved


def since(flags: Any) -> Numbers:
    """How many places before each one the last flag stands, `FAR` where there is none."""
    places = np.arange(len(flags))
    last = np.maximum.accumulate(np.where(flags, places, -1))
    before = np.concatenate([[-1], last[:-1]])
    return np.where(before < 0, FAR, np.minimum(places - before, FAR)).astype(np.float32)


def until(flags: Any) -> Numbers:
    """How many places after each one the next flag stands, `FAR` where there is none."""
    return since(flags[::-1])[::-1]


def smooth(values: Numbers, span: int) -> Numbers:
    """The mean of each value and those up to `span` places off."""
    padded = np.concatenate([[0], np.cumsum(values)])
    places = np.arange(len(values))
    low, high = np.maximum(places - span, 0), np.minimum(places + span + 1, len(values))
    means: Numbers = (padded[high] - padded[low]) / (high - low)
    return means


def best_stretch(gains: Numbers) -> tuple[int, int]:
    """The first place and the one after the last of the stretch with the greatest sum (Kadane); 0, 0 if none gains."""
    best, first, end = 0.0, 0, 0
    total, start = 0.0, 0
    for place, gain in enumerate(gains.tolist()):
        if total <= 0:
            total, start = 0.0, place
        total += gain
        if total > best:
            best, first, end = total, start, place + 1
    return first, end

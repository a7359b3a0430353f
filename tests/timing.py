"""How long something takes, measured so that what ran before it in the same process does not count."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def seconds(work: Callable[[], object], runs: int = 3) -> float:
    """Seconds of CPU of the quickest of `runs` runs.

    The cycle collector is off meanwhile: late in a run of the whole suite one full collection takes a third of a
    second, more than most of what is measured here, and nothing says in whose time it falls.
    """
    was_on = gc.isenabled()
    gc.collect()
    gc.disable()
    try:
        return min(_once(work) for _ in range(runs))
    finally:
        if was_on:
            gc.enable()


def _once(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began

"""Two lanes for what takes the processor: many quick pages beside a few slow ones, which must not hold them up.

Python runs one thread at a time, and one that computes is asked to let another go on only after the switch interval. So
few threads answer at once, the slow ones among them are counted apart, and the interval is short.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from typing import Annotated

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

QUICK = 2
SLOW = 2
_SWITCH_SECONDS = 0.001
_PATIENCE = 30.0


def set_lanes() -> None:
    """Let so many threads answer; to be called in the running event loop."""
    current_default_thread_limiter().total_tokens = QUICK + SLOW
    sys.setswitchinterval(_SWITCH_SECONDS)


async def _slow(request: Request) -> AsyncIterator[None]:
    lane: asyncio.Semaphore = request.app.state.slow
    try:
        async with asyncio.timeout(_PATIENCE):
            await lane.acquire()
    except TimeoutError as error:
        raise HTTPException(503, "too many ask for this; try again in a moment", {"Retry-After": "30"}) from error
    try:
        yield
    finally:
        lane.release()


Slow = Depends(_slow)
"""For the dependencies of a route that takes more than a tenth of a second: it waits until the slow lane is free."""
SlowLane = Annotated[None, Slow]

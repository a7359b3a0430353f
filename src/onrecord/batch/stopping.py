"""Ctrl-C and the end that a scheduler asks for, told to a run without a crash of the engine.

Daft takes SIGINT for itself and aborts on it, with a process that dumps core. So both signals are blocked before it
starts, in every thread and process that it starts too, and one thread waits for them. It ends all processes of the run
at once: what they have not noted as done is done again, so that there is nothing to put in order.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from pathlib import Path
from threading import Event, Thread

_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_SIGNALLED = 128
"""A program that a signal ended has this much more as its exit code, as shells have it."""
_LOOK_SECONDS = 0.2


@contextmanager
def stoppable(say: Callable[[], None]) -> Iterator[None]:
    """Within the block, SIGINT or SIGTERM ends this process and all below it, with 130 or 143; `say` is called before.

    To be entered before any thread is started. `say` runs in a thread of its own, and only once.
    """
    # Whichever thread starts it, it lets that thread have both signals again; so it has to be there before.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
    over = Event()

    def wait() -> None:
        while not over.is_set():
            caught = signal.sigtimedwait(_SIGNALS, _LOOK_SECONDS)
            if caught is not None:
                _end(caught.si_signo, say)

    waiting = Thread(target=wait, daemon=True, name="stopping")
    waiting.start()
    try:
        yield
    finally:
        over.set()
        waiting.join()
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(number: int, say: Callable[[], None]) -> None:
    held: set[int] = set()
    try:
        # Held first, since one that runs may start another in the meantime, which nobody would find once it is alone.
        while fresh := _below(os.getpid()) - held:
            _send(fresh, signal.SIGSTOP)
            held |= fresh
        say()
    finally:
        # The engine would complain that it lost them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        _send(held, signal.SIGKILL)
        os._exit(_SIGNALLED + number)


def _send(processes: set[int], number: signal.Signals) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, number)


def _below(process: int) -> set[int]:
    """The processes that a process started, and those that they started; none without /proc."""
    children: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The name of the program is in brackets, and may hold some itself.
            parent = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
            children.setdefault(parent, []).append(int(status.parent.name))
    found = list(children.get(process, ()))
    for one in found:
        found.extend(children.get(one, ()))
    return set(found)

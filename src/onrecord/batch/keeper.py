"""The process that reads pages, seen from outside: asked, watched, replaced when a page was too much for it."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from types import TracebackType
from typing import NamedTuple

import msgspec

from onrecord.batch.messages import LENGTH_BYTES, Answer, Ready, Request, answer_in, packed
from onrecord.batch.reader import WALL
from onrecord.batch.records import Settings
from onrecord.errors import OnrecordError

_WATCH_SECONDS = 0.05
"""How often memory is looked at while a page is read; most pages are done before the first look."""
_START_SECONDS = 120.0
_RENEWED_AT = 0.7
"""The part of the memory allowed with which a process that has done its page is replaced, before a page is blamed."""
_MOST_LOST = 20
_TIMED_OUT = (signal.SIGPROF, signal.SIGALRM)


class Lost(NamedTuple):
    """A page that its reader did not survive."""

    stage: str
    """`time`, `memory` or `died`."""
    message: str


class Keeper:
    """A reader that is there whenever it is asked something. Only one thread may ask it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._lost_in_a_row = 0

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the reader."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def ask(self, request: Request) -> Answer | Lost:
        """The answer to a request, or how the reader was lost over it.

        One that merely died is asked once more: it may have been killed for what others did on the machine. Raises
        `OnrecordError` if no reader can be started at all, or if they are lost over page after page: then it is not
        the pages, and writing them all off would make a hole in the record.
        """
        answer = self._ask(request)
        if isinstance(answer, Lost) and answer.stage == "died":
            answer = self._ask(request)
        self._lost_in_a_row = self._lost_in_a_row + 1 if isinstance(answer, Lost) else 0
        if self._lost_in_a_row >= _MOST_LOST and isinstance(answer, Lost):
            raise OnrecordError(f"{_MOST_LOST} pages in a row were not survived, the last since it {answer.message}")
        return answer

    def _ask(self, request: Request) -> Answer | Lost:
        process = self._process or self._start()
        assert process.stdin is not None
        try:
            process.stdin.write(packed(request))
            process.stdin.flush()
        except BrokenPipeError:
            return self._lost("")
        seconds = float(self._settings.page_seconds * WALL)
        content, reason = self._listen(process, seconds + 5, self._settings.memory_mb * 1_000_000)
        if reason or not content:
            return self._lost(reason)
        answer = answer_in(content)
        if _memory(process.pid) > _RENEWED_AT * self._settings.memory_mb * 1_000_000:
            self.close()
        return answer

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "onrecord.batch.reader", msgspec.json.encode(self._settings).decode()]
        # glibc keeps an arena of freed memory for each thread otherwise, and gives little of it back.
        environment = {**os.environ, "MALLOC_ARENA_MAX": "1", "OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false"}
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        content, _ = self._listen(process, _START_SECONDS, sys.maxsize)
        if not content or not isinstance(answer_in(content), Ready):
            process.kill()
            process.communicate()
            raise OnrecordError("the process that reads pages does not start; its last words stand above")
        self._process = process
        return process

    def _listen(self, process: subprocess.Popen[bytes], seconds: float, memory: int) -> tuple[bytes, str]:
        """What the reader says next, or why it was killed; neither if it ended."""
        assert process.stdout is not None
        source = process.stdout.fileno()
        heard = bytearray()
        length = -1
        ends = time.monotonic() + seconds
        while length < 0 or len(heard) < length + LENGTH_BYTES:
            if not select.select([source], [], [], _WATCH_SECONDS)[0]:
                if _memory(process.pid) > memory:
                    return b"", "memory"
                if time.monotonic() > ends:
                    return b"", "time"
                continue
            part = os.read(source, 1 << 20)
            if not part:
                return b"", ""
            heard += part
            if length < 0 and len(heard) >= LENGTH_BYTES:
                length = int.from_bytes(heard[:LENGTH_BYTES], "little")
        return bytes(heard[LENGTH_BYTES:]), ""

    def _lost(self, reason: str) -> Lost:
        """Clear away a reader that ended or has to, and say why."""
        process, self._process = self._process, None
        assert process is not None
        if reason:
            process.kill()
        process.communicate()
        code = process.returncode
        seconds, megabytes = self._settings.page_seconds, self._settings.memory_mb
        if reason == "memory":
            return Lost("memory", f"took more than {megabytes:,} MB of memory and was given up")
        if reason == "time" or (code < 0 and -code in _TIMED_OUT):
            return Lost("time", f"took more than {seconds:,} seconds and was given up")
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        return Lost("died", f"the process that read it ended {how}, twice")


def _memory(process: int) -> int:
    """The bytes of memory that a process holds; 0 where that cannot be told."""
    try:
        with open(f"/proc/{process}/statm", "rb") as stream:
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return 0

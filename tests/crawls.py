"""What the tests of batch runs share: rows to compare, and runs in processes that can be killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

FEW_BYTES = 6_000
"""Of a shard: some ten of the invented pages."""


def rows(folder: Path, table: str) -> list[tuple[Any, ...]]:
    """The rows of a table, in an order that is always the same."""
    if not list((folder / table).rglob("*.parquet")):
        return []
    pattern = f"{folder}/{table}/**/*.parquet"
    found = duckdb.execute(f"SELECT * FROM read_parquet('{pattern}', hive_partitioning=true)").fetchall()
    return sorted(found, key=repr)


def tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of all tables."""
    return {name: rows(folder, name) for name in ("articles", "statements", "problems", "clusters")}


def driver(inputs: Path, output: Path, ray: str = "") -> subprocess.Popen[bytes]:
    """A run in a process of its own, which can be killed with all that it started."""
    code = (
        "import sys; from onrecord.batch.run import run; from onrecord.batch.records import Settings\n"
        f"run([sys.argv[1]], sys.argv[2], Settings(engine='rules'), workers=2, shard_bytes={FEW_BYTES},"
        " ray_address=sys.argv[3])"
    )
    command = [sys.executable, "-c", code, str(inputs), str(output), ray]
    return subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def command(inputs: Path, output: Path) -> subprocess.Popen[bytes]:
    """The command itself, as a shell starts it: the leader of a group that all its processes are in."""
    words = ["batch", str(inputs), "-o", str(output), "--engine", "rules", "-w", "2"]
    code = "from onrecord.cli import main; main()"
    return subprocess.Popen([sys.executable, "-c", code, *words], start_new_session=True, stderr=subprocess.PIPE)


def of_session(leader: int) -> list[int]:
    """The processes that are alive in the session of a process."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = status.read_text(errors="replace").rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(session) == leader and state != "Z":
            found.append(int(status.parent.name))
    return found


def done(output: Path) -> int:
    """How many shards are noted as done, over both phases."""
    return len(list((output / "_work").glob("*.done/*.json")))


def wait_for(process: subprocess.Popen[bytes], output: Path, count: int) -> None:
    """Wait until a run has done so many shards; fails if it ends before."""
    ends = time.monotonic() + 120
    while done(output) < count:
        assert process.poll() is None, f"the run ended too early: {process.communicate()[1][-2_000:].decode()}"
        assert time.monotonic() < ends, f"{done(output)} shards after two minutes"
        time.sleep(0.02)


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a run and all that it started."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()

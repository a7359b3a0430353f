"""Daft, set up for a run: on this machine, or on the Ray cluster at an address; and shards handed to its workers."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import msgspec
from msgspec import Struct

from onrecord.batch.keeper import Keeper
from onrecord.batch.places import Folder
from onrecord.batch.records import Phase, Settings, Shard, Tally
from onrecord.batch.work import find_statements, take_apart
from onrecord.errors import OnrecordError, UsageError

_WORK = {"apart": take_apart, "statements": find_statements}
_QUIET = {
    # Daft and Ray report their use to their makers unless they are told not to.
    "DO_NOT_TRACK": "true",
    "DAFT_ANALYTICS_ENABLED": "0",
    "RAY_USAGE_STATS_ENABLED": "0",
    "DAFT_PROGRESS_BAR": "0",
    "DAFT_SHOW_QUERY_ID": "0",
}


class Engine(Struct, frozen=True):
    """A running engine."""

    workers: int
    """How many shards are worked on at a time."""


class Done(Struct, frozen=True):
    """What became of a shard."""

    number: int
    tally: Tally | None = None
    error: str = ""


def start(workers: int | None = None, ray_address: str = "") -> Engine:
    """Set Daft up for this process, once and for all its life; `workers` defaults to the cores there are.

    Raises `UsageError` where Daft or Ray is missing, and `OnrecordError` where the cluster cannot be reached.
    """
    cores = _set_up(ray_address)
    # More than there are cores would wait for two minutes to be placed (Daft issue 7112).
    return Engine(min(workers, cores) if workers and ray_address else workers or cores)


@cache
def _set_up(ray_address: str) -> int:
    """Set Daft's runner; how many cores it has."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    daft = daft_or_error()
    if ray_address:
        cores = _join_cluster(daft, ray_address)
    else:
        daft.set_runner_native()
        cores = len(os.sched_getaffinity(0))
    # The default is 200 parts, and each takes its time: 38 seconds for the clusters of 120 pages on two nodes, 10 so.
    daft.set_execution_config(
        maintain_order=False,
        shuffle_aggregation_default_partitions=min(200, 2 * cores),
        enable_scan_task_split_and_merge=True,
    )
    return cores


def daft_or_error() -> Any:
    """The module daft; raises `UsageError` where it is not installed."""
    try:
        import daft
    except ImportError as error:
        raise UsageError("batch needs Daft; install it with: pip install 'onrecord[batch]'") from error
    return daft


def _join_cluster(daft: Any, address: str) -> int:
    """Let Daft use the cluster; how many cores it has."""
    try:
        import ray as module
    except ImportError as error:
        raise UsageError("--ray needs Ray; install it with: pip install ray") from error
    ray: Any = module
    try:
        ray.init(address, log_to_driver=False, logging_level=logging.ERROR, ignore_reinit_error=True)
        daft.set_runner_ray(address, noop_if_initialized=True)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise OnrecordError(
            f"{address}: no Ray cluster can be joined there ({' '.join(str(error).split())})"
        ) from error
    return max(1, int(ray.cluster_resources().get("CPU", 1)))


def worked(engine: Engine, phase: Phase, shards: Sequence[Shard], settings: Settings, folder: Folder) -> Iterator[Done]:
    """What became of each shard, in the order in which they are done.

    Raises `OnrecordError` if the engine gives up; what was yielded is done all the same.
    """
    daft = daft_or_error()
    workers = min(engine.workers, len(shards))
    worker = _worker(daft, workers)(folder.location, msgspec.json.encode(settings).decode(), phase)
    given = daft.from_pydict({"shard": [msgspec.json.encode(shard).decode() for shard in shards]})
    split = given.into_partitions(len(shards)) if daft.get_or_infer_runner_type() == "ray" else given.into_batches(1)
    try:
        for row in split.select(worker.run(split["shard"]).alias("done")).iter_rows(results_buffer_size=workers):
            yield msgspec.json.decode(row["done"], type=Done)
    except OnrecordError:
        raise
    except Exception as error:  # what an engine raises when its workers are lost is of no common kind
        raise OnrecordError(f"the engine gave up ({' '.join(str(error).split())[:500]})") from error


def _worker(daft: Any, workers: int) -> Any:
    """A Daft class of which each of so many processes has one instance."""

    @daft.cls(use_process=True, max_concurrency=workers, cpus=1)
    class Worker:
        def __init__(self, location: str, settings: str, phase: Phase) -> None:
            self.settings = msgspec.json.decode(settings, type=Settings)
            self.folder, self.phase = Folder(location), phase
            self.keeper = Keeper(self.settings)

        @daft.method.batch(return_dtype=daft.DataType.string(), batch_size=1)  # type: ignore[untyped-decorator]
        def run(self, shards: Any) -> list[str]:
            return [self.done(text) for text in shards.to_pylist()]

        def done(self, text: str) -> str:
            shard = msgspec.json.decode(text, type=Shard)
            try:
                made = Done(shard.number, _WORK[self.phase](shard, self.settings, self.folder, self.keeper))
            except Exception as error:  # the shard is left for another attempt; the others go on
                made = Done(shard.number, error=f"{type(error).__name__}: {' '.join(str(error).split())[:500]}")
            return msgspec.json.encode(made).decode()

    return Worker

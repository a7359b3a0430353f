"""A run from inputs to tables: plan, take apart, tell duplicates, find statements, make clusters. Each step is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from enum import Enum

from msgspec import Struct

from onrecord import __version__
from onrecord.batch import manifest
from onrecord.batch.again import changed_since, refuse_other
from onrecord.batch.clusters import find_clusters
from onrecord.batch.duplicates import find_duplicates
from onrecord.batch.engine import Engine, start, worked
from onrecord.batch.manifest import Plan
from onrecord.batch.places import Folder
from onrecord.batch.plan import SHARD_BYTES, InputFile, listed, planned
from onrecord.batch.records import Phase, Settings, Shard, Tally
from onrecord.batch.tables import write_empty
from onrecord.batch.work import APART
from onrecord.errors import OnrecordError, UsageError
from onrecord.schema import Failure

_ATTEMPTS = 3
"""How often shards are handed out that were not done when all others were, or when the engine gave up."""


class Step(Enum):
    """What a run is doing."""

    APART = "taking pages apart"
    DUPLICATES = "telling duplicates"
    STATEMENTS = "finding statements"
    CLUSTERS = "putting statements together"


class News(Struct, frozen=True):
    """How far a run is."""

    step: Step
    total: Tally
    """What the step has come to, with what was done before this run took it up."""
    shards: int
    """How many it has to do."""
    size: int
    """And how many bytes these have."""


class Summary(Struct, frozen=True):
    """What a run came to."""

    apart: Tally
    statements: Tally
    duplicates: int
    clusters: int
    clustered: int
    """Statements in clusters."""
    failures: tuple[Failure, ...]
    """Inputs that gave nothing."""


def run(
    inputs: Sequence[str],
    output: str,
    settings: Settings,
    *,
    workers: int | None = None,
    ray_address: str = "",
    shard_bytes: int = SHARD_BYTES,
    tell: Callable[[News], None] = lambda news: None,
) -> Summary:
    """Read all inputs into the Parquet tables of the folder `output`, or go on with a run that was broken off there.

    Raises `UsageError` if the folder holds a run with other inputs or settings, or other things, or if an input was
    changed that is half read; and `OnrecordError` if shards could not be done in several attempts, as when the disk is
    full; then calling it again goes on.
    """
    folder = Folder(output)
    plan, failures = _plan(folder, inputs, settings, shard_bytes)
    engine = start(workers, ray_address)
    _phase(engine, Step.APART, "apart", plan, folder, tell)
    _once(folder, Step.DUPLICATES, plan, tell, lambda: find_duplicates(folder))
    _phase(engine, Step.STATEMENTS, "statements", plan, folder, tell)
    _once(folder, Step.CLUSTERS, plan, tell, lambda: _clusters(folder))
    folder.remove(APART)
    return summary(folder, failures)


def summary(folder: Folder, failures: Iterable[Failure] = ()) -> Summary:
    """What the run in a folder has come to so far."""
    from onrecord.batch.clusters import counted

    apart, statements = manifest.noted(folder, "apart"), manifest.noted(folder, "statements")
    clusters, clustered = counted(folder)
    return Summary(apart, statements, statements.duplicates, clusters, clustered, tuple(failures))


def _plan(
    folder: Folder, inputs: Sequence[str], settings: Settings, shard_bytes: int
) -> tuple[Plan, tuple[Failure, ...]]:
    """The plan of the run in the folder, begun if there is none, and the inputs that are not in it."""
    kept = manifest.kept_plan(folder)
    if kept is not None:
        refuse_other(kept, inputs, settings, folder.location)
    found = list(listed(inputs))
    files = [one for one in found if isinstance(one, InputFile)]
    failures = [one for one in found if isinstance(one, Failure)]
    if kept is not None:
        return kept, (*failures, *changed_since(kept, files, manifest.done(folder, "apart")))
    shards: list[Shard] = []
    for one in planned(files, shard_bytes):
        if isinstance(one, Shard):
            shards.append(one)
        else:
            failures.append(one)
    if not shards:
        raise UsageError("; ".join(one.error for one in failures) or "nothing to read")
    stamps = {file.location: file.stamp for file in files}
    plan = Plan(tuple(inputs), settings, stamps, tuple(shards), __version__)
    manifest.keep_plan(folder, plan)
    return plan, tuple(failures)


def _phase(engine: Engine, step: Step, phase: Phase, plan: Plan, folder: Folder, tell: Callable[[News], None]) -> None:
    """Do the shards that a phase has not done."""
    size = sum(shard.size for shard in plan.shards)
    total = manifest.noted(folder, phase)
    error = ""
    for _ in range(_ATTEMPTS):
        there = manifest.done(folder, phase)
        left = [shard for shard in plan.shards if shard.number not in there]
        tell(News(step, total, len(plan.shards), size))
        if not left:
            return
        try:
            for done in worked(engine, phase, left, plan.settings, folder):
                if done.tally is None:
                    error = done.error
                    continue
                total.add(done.tally)
                tell(News(step, total, len(plan.shards), size))
        except OnrecordError as given_up:
            error = str(given_up)
        total = manifest.noted(folder, phase)
    left_over = len(plan.shards) - len(manifest.done(folder, phase))
    if left_over:
        raise OnrecordError(f"{left_over:,} shards could not be done ({error}); run the same command to go on")


def _clusters(folder: Folder) -> None:
    find_clusters(folder)
    write_empty(folder)


def _once(folder: Folder, step: Step, plan: Plan, tell: Callable[[News], None], make: Callable[[], object]) -> None:
    """Make what is made of the whole run, unless it is there."""
    name = step.name.lower()
    tell(News(step, Tally(), len(plan.shards), 0))
    if not manifest.finished(folder, name):
        make()
        manifest.finish(folder, name)

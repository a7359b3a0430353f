"""A run that is taken up again: what is asked for now, and what the inputs are now, against what it began with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from onrecord import __version__
from onrecord.batch.manifest import Plan
from onrecord.batch.plan import InputFile
from onrecord.batch.records import Settings
from onrecord.errors import UsageError
from onrecord.schema import Failure

_OPTIONS = {
    "engine": "--engine",
    "languages": "--lang",
    "domains": "--domain",
    "actors": "--actors",
    "page_seconds": "--page-seconds",
    "memory_mb": "--page-memory",
}
_MAY_CHANGE = "--workers, --ray and --shard-mb"
_MOST_NAMED = 5


def refuse_other(plan: Plan, inputs: Sequence[str], settings: Settings, location: str) -> None:
    """Raise `UsageError` if another run is asked for than the one with this plan, naming all that differs."""
    differ = [
        f"{option} was {_worded(getattr(plan.settings, name))} and is {_worded(getattr(settings, name))}"
        for name, option in _OPTIONS.items()
        if getattr(plan.settings, name) != getattr(settings, name)
    ]
    if plan.inputs != tuple(inputs):
        differ.insert(0, f"the inputs were {_worded(plan.inputs)} and are {_worded(tuple(inputs))}")
    if plan.version != __version__:
        differ.append(f"onrecord was {plan.version} and is {__version__}")
    if differ:
        raise UsageError(
            f"{location}: holds a run that differs: {'; '.join(differ)}. Ask for the same to go on with it (only "
            f"{_MAY_CHANGE} may change), or name another folder"
        )


def changed_since(plan: Plan, files: Sequence[InputFile], apart: AbstractSet[int]) -> Iterator[Failure]:
    """A failure for each file that came or was changed since the run began: what is new in it is not read.

    `apart` are the numbers of the shards that were read. Raises `UsageError` if files were changed, or are gone, of
    which a part is still to be read: half of the run would be of one content and half of another.
    """
    now = {file.location: file.stamp for file in files}
    parts = {place for shard in plan.shards for place in shard.locations}
    unread = {place for shard in plan.shards if shard.number not in apart for place in shard.locations}
    mixed = [place for place in plan.files if place in unread and now.get(place) != plan.files[place]]
    if mixed:
        more = f" and {len(mixed) - _MOST_NAMED:,} more" if len(mixed) > _MOST_NAMED else ""
        raise UsageError(
            f"{', '.join(mixed[:_MOST_NAMED])}{more}: changed or gone since the run began, and not read to the end; "
            "put back what was there, or begin again in another folder"
        )
    for place, stamp in now.items():
        if place not in plan.files:
            yield Failure(place, f"{place}: came after the run had begun and is not read; {_APART}")
        elif plan.files[place] != stamp:
            yield Failure(place, f"{place}: was changed after it was read, and is not read again; {_APART}")
        elif place not in parts:
            yield Failure(place, f"{place}: could not be read when the run began")


_APART = "give it a folder of its own, or begin again in another folder"


def _worded(value: object) -> str:
    if isinstance(value, tuple):
        some = ", ".join(map(str, value[:_MOST_NAMED]))
        return f"{some}, … ({len(value):,})" if len(value) > _MOST_NAMED else some or "not given"
    return str(value) or "not given"

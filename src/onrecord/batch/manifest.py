"""Which shards are done: one small file for each, written when all its rows are in place.

Files instead of one list, because workers on many machines write them and stores of objects know no appending. What a
shard writes has names and rows that depend on the shard alone, so one that is done twice is the same.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

from onrecord.batch.places import Folder
from onrecord.batch.records import Phase, Settings, Shard, Tally
from onrecord.errors import UsageError

WORK = "_work"
LAST_STEP = "clusters"
_PLAN = f"{WORK}/plan.json"


class Plan(Struct, frozen=True):
    """What a run is, kept in its folder from its beginning."""

    inputs: tuple[str, ...]
    settings: Settings
    files: dict[str, str]
    """The files that the inputs stood for when it began, by their locations, with the stamps they had."""
    shards: tuple[Shard, ...]
    version: str
    """Of onrecord: another one may find other statements."""


def kept_plan(folder: Folder) -> Plan | None:
    """The plan of the run that was begun in a folder; None if none was."""
    content = folder.read(_PLAN)
    if content is None:
        return None
    try:
        return msgspec.json.decode(content, type=Plan)
    except msgspec.DecodeError as error:
        raise UsageError(
            f"{folder.location}: holds a plan that cannot be read ({error}); name another folder"
        ) from error


def keep_plan(folder: Folder, plan: Plan) -> None:
    """Begin a run in a folder; raises `UsageError` where none can be begun."""
    others = [name for name in folder.top() if name != WORK]
    if others:
        raise UsageError(
            f"{folder.location}: holds other things ({', '.join(others[:3])}{', …' if others[3:] else ''}) and no run; "
            "name a new or an empty folder"
        )
    try:
        folder.write(_PLAN, msgspec.json.encode(plan))
    except OSError as error:
        raise UsageError(f"{folder.location}: cannot be written to ({error.strerror or error})") from error


def done(folder: Folder, phase: Phase) -> set[int]:
    """The numbers of the shards that a phase has done."""
    return {int(name.rpartition("/")[2].removesuffix(".json")) for name in folder.names(_notes(phase), ".json")}


def note(folder: Folder, phase: Phase, shard: Shard, tally: Tally) -> None:
    """Note that a shard is done, and what it came to; to be called when all its files are in place."""
    folder.write(f"{_notes(phase)}/{shard.name}.json", msgspec.json.encode(tally))


def noted(folder: Folder, phase: Phase) -> Tally:
    """What the shards that are done came to together."""
    total = Tally()
    for name in folder.names(_notes(phase), ".json"):
        content = folder.read(name)
        if content:
            total.add(msgspec.json.decode(content, type=Tally))
    return total


def finished(folder: Folder, step: str) -> bool:
    """Whether a step over the whole run is done."""
    return folder.read(_finished(step)) is not None


def finish(folder: Folder, step: str) -> None:
    """Note that a step over the whole run is done."""
    folder.write(_finished(step), b"")


def begun(folder: Path) -> bool:
    """Whether a run was begun in a folder on this machine."""
    return (folder / _PLAN).is_file()


def complete(folder: Path) -> bool:
    """Whether nothing is left to do for the run in a folder on this machine; also of tables without what runs note."""
    return not begun(folder) or (folder / _finished(LAST_STEP)).is_file()


def _finished(step: str) -> str:
    return f"{WORK}/{step}.done"


def _notes(phase: Phase) -> str:
    return f"{WORK}/{phase}.done"

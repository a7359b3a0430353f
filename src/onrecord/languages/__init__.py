"""What the stages know of a language, as data: one TOML file a language, one table a stage.

Each stage declares the shape of its own table as a `msgspec.Struct` and asks for it here, so that a file with a
misspelt key or a wrong type fails on loading, with the place named.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import msgspec

from onrecord.errors import UsageError

Shape = TypeVar("Shape")


@cache
def codes() -> tuple[str, ...]:
    """The ISO 639-1 codes of the languages there is a file for, sorted."""
    names = (entry.name for entry in files(__package__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def table(code: str, stage: str, shape: type[Shape]) -> Shape:
    """The table `stage` of the language `code`, checked against `shape`.

    Raises `UsageError` if there is no such language, or if its file says nothing to that stage.
    """
    tables = _read(code)
    if stage not in tables:
        raise UsageError(f"languages/{code}.toml has no table [{stage}]")
    try:
        return msgspec.convert(tables[stage], shape)
    except msgspec.ValidationError as wrong:
        raise UsageError(f"languages/{code}.toml, table [{stage}]: {wrong}") from wrong


@cache
def has_table(code: str, stage: str) -> bool:
    """Whether there is a language `code` whose file says something to `stage`."""
    return code in codes() and stage in _read(code)


@cache
def _read(code: str) -> dict[str, Any]:
    if code not in codes():
        raise UsageError(f"no language {code!r}; there are: {', '.join(codes())}")
    return tomllib.loads((files(__package__) / f"{code}.toml").read_text(encoding="utf-8"))

"""What a route may ask for in its signature: the archive, the settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, cast

from fastapi import Depends, Path
from fastapi.dependencies.models import Dependant
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import Request

from onrecord.archive.archive import Archive
from onrecord.web.settings import Settings


async def _archive(request: Request) -> Archive:
    return cast(Archive, request.app.state.archive)


async def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


async def known_only(request: Request) -> None:
    """Let a parameter that a call does not have be a mistake: an `HTTPException` 422.

    Passed over, a misspelt filter would pass for one that found everything.
    """
    known = set(_parameters(request.scope["route"].dependant)) if request.query_params else set()
    for name in request.query_params:
        if name not in known:
            there = f"there are: {', '.join(sorted(known))}" if known else "it takes none"
            raise HTTPException(422, f"this call has no parameter {name[:40]!r}; {there}")


def _parameters(of: Dependant) -> Iterator[str]:
    """The names that may stand in the query of a route, those of a record's fields one by one."""
    for field in of.query_params:
        kind: object = field.field_info.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from kind.model_fields
        else:
            yield field.alias
    for inner in of.dependencies:
        yield from _parameters(inner)


OpenArchive = Annotated[Archive, Depends(_archive)]
"""The archive that is served; open as long as the server runs. Its methods block: use it in a plain `def` route."""
Known = Annotated[Settings, Depends(_settings)]
"""What the server was told."""
MOST_NUMBER = 2**63 - 1
"""The greatest number that the databases know."""
Number = Annotated[int, Path(ge=0, le=MOST_NUMBER, description="Its number in the archive.")]
"""The number of an article, statement or correction in the path of a route: the first undated statement has 0."""

"""What a route may ask for in its signature: the archive, the settings."""

from __future__ import annotations

from typing import Annotated, cast

from fastapi import Depends, Path
from starlette.requests import Request

from onrecord.archive.archive import Archive
from onrecord.web.settings import Settings


async def _archive(request: Request) -> Archive:
    return cast(Archive, request.app.state.archive)


async def _settings(request: Request) -> Settings:
    return cast(Settings, request.app.state.settings)


OpenArchive = Annotated[Archive, Depends(_archive)]
"""The archive that is served; open as long as the server runs. Its methods block: use it in a plain `def` route."""
Known = Annotated[Settings, Depends(_settings)]
"""What the server was told."""
MOST_NUMBER = 2**63 - 1
"""The greatest number that the databases know."""
Number = Annotated[int, Path(ge=0, le=MOST_NUMBER, description="Its number in the archive.")]
"""The number of an article, statement or correction in the path of a route: the first undated statement has 0."""

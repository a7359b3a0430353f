"""What Datasette has to be told of an archive in SQLite: descriptions, facets, and queries ready to ask."""

from __future__ import annotations

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from onrecord.archive.archive import open_to_read
from onrecord.archive.connect import address_of
from onrecord.errors import UsageError


def metadata_of(archive: str) -> dict[str, Any]:
    """The metadata for `datasette ARCHIVE --metadata`, as plain dictionaries and lists.

    Raises `ArchiveError` if there is no archive, and `UsageError` for one in PostgreSQL, which Datasette does not read.
    """
    url = address_of(archive)
    if url.get_backend_name() != "sqlite":
        raise UsageError(
            f"Datasette reads SQLite alone; onrecord export --archive {archive} writes what is in this one"
        )
    open_to_read(archive).close()
    told = tomllib.loads(resources.files(__package__).joinpath("datasette.toml").read_text(encoding="utf-8"))
    shown = {name: told.pop(name) for name in ("tables", "queries")}
    return told | {"databases": {Path(str(url.database)).stem: shown}}

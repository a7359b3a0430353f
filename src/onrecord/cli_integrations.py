"""The commands for other people's tools: Datasette, and assistants that speak the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from onrecord.cli_common import HERE, Where, written

app = typer.Typer()


@app.command(epilog="Example: onrecord datasette --archive news.db -o metadata.json")
def datasette(
    archive: Where = HERE,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")] = None,
) -> None:
    """Write what Datasette should know of an archive, for datasette ARCHIVE --metadata FILE."""
    from onrecord.integrations.datasette_metadata import metadata_of

    told = msgspec.json.format(msgspec.json.encode(metadata_of(archive)), indent=2)
    with written(output) as out:
        out.write(told + b"\n")

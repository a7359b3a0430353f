"""The commands for other people's tools: Datasette, and assistants that speak the Model Context Protocol."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import typer

from onrecord.cli_common import HERE, Where, written
from onrecord.errors import UsageError

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


@app.command(epilog="Example: onrecord mcp --archive news.db")
def mcp(archive: Where = HERE) -> None:
    """Let an assistant search an archive and cite it: a server of the Model Context Protocol on standard input."""
    from onrecord.archive.archive import open_to_read

    try:
        from onrecord.integrations.mcp_server import server
    except ModuleNotFoundError as error:
        raise UsageError("the server needs the package mcp; install it with: pip install 'onrecord[mcp]'") from error
    with open_to_read(archive) as opened:
        server(opened).run()

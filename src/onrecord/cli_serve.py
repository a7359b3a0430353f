"""The command `serve`: the web face of an archive."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from onrecord.cli_common import HERE, By, Where
from onrecord.errors import UsageError

app = typer.Typer()


@app.command(
    epilog="Example: onrecord serve --archive news.db   ·   onrecord serve --host 0.0.0.0 --hosts news.example"
)
def serve(
    archive: Where = HERE,
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 for any.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 for a free one.")] = 8000,
    hosts: Annotated[
        list[str] | None,
        typer.Option("--name", help="A host name that visitors ask for, * for any; may be repeated."),
    ] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Let visitors read links: public addresses only.")] = False,
    https: Annotated[
        bool, typer.Option("--https", help="Visitors come by https, through a proxy before this.")
    ] = False,
    engine: Annotated[By, typer.Option("--engine", help="What finds the statements of what is pasted.")] = By.MODEL,
) -> None:
    """Serve an archive to browsers and programs until it is stopped (Ctrl-C)."""
    try:
        import uvicorn

        from onrecord.web.app import create_app
        from onrecord.web.settings import Settings
    except ModuleNotFoundError as error:
        raise UsageError(f"serve needs {error.name}; run: pip install 'onrecord[web]'") from error
    names = tuple(hosts) if hosts else (*Settings.hosts, host)
    served = create_app(Settings(archive=archive, engine=engine.value, fetch=fetch, hosts=names, https=https))
    print(f"onrecord: http://{host}:{port}/ serves {archive}; Ctrl-C stops it", file=sys.stderr)
    uvicorn.run(served, host=host, port=port, log_level="warning", server_header=False, timeout_graceful_shutdown=10)

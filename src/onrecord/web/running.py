"""Running the server: until it is told to stop, and then only after what was asked is answered."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import msgspec
import uvicorn
from fastapi import FastAPI

from onrecord.errors import UsageError
from onrecord.web.app import create_app
from onrecord.web.settings import Settings

_TOLD = "ONRECORD_SERVE"
_GRACE = 10
"""Seconds that requests have to end once the server is told to stop."""
_KEPT = 30
"""Seconds that the connection of a reader who reads is kept."""
_BACKLOG = 1024


def run(settings: Settings, host: str, port: int, processes: int, ready: Callable[[str], None]) -> None:
    """Serve until a signal says to stop; `ready` is told the address once it is taken.

    Raises `UsageError` if the address cannot be listened at, `ArchiveError` if the archive cannot be opened.
    """
    app = create_app(settings)
    taken = _listening(host, port)
    shown = f"[{host}]" if ":" in host else host
    ready(f"http://{shown}:{taken.getsockname()[1]}/")
    options: dict[str, Any] = {"log_level": "warning", "server_header": False, "timeout_graceful_shutdown": _GRACE}
    options["timeout_keep_alive"] = _KEPT
    if processes == 1:
        uvicorn.Server(uvicorn.Config(app, **options)).run(sockets=[taken])
        return
    app.state.archive.close()
    # Processes of their own make the application anew, from what the environment tells them.
    os.environ[_TOLD] = msgspec.json.encode(asdict(settings)).decode("utf-8")
    port = taken.getsockname()[1]
    taken.close()
    uvicorn.run(f"{__name__}:told", factory=True, workers=processes, host=host, port=port, **options)


def told() -> FastAPI:
    """The application of one of several processes."""
    return create_app(msgspec.json.decode(os.environ[_TOLD], type=Settings))


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except (OSError, OverflowError) as error:
        made.close()
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{host}:{port} cannot be listened at ({reason}); give another --port or --host") from error
    made.listen(_BACKLOG)
    return made

"""The web application: pages, API and what stands around them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path

from fastapi import FastAPI
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles

from onrecord import __version__
from onrecord.archive.archive import Archive, open_archive, open_to_read
from onrecord.archive.connect import address_of, missing
from onrecord.web import pages
from onrecord.web.security import SecurityHeaders
from onrecord.web.settings import Settings


def create_app(settings: Settings) -> FastAPI:
    """The application that serves an archive; it holds the archive open until the server stops.

    Raises `ArchiveError` if the archive cannot be opened, `UsageError` for an address that makes no sense.
    """
    archive = _opened(settings.archive)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        archive.close()

    app = FastAPI(title="onrecord", version=__version__, docs_url=None, redoc_url=None, openapi_url=None,
                  lifespan=lifespan)  # fmt: skip
    app.state.settings = settings
    app.state.archive = archive
    static = Path(str(resources.files("onrecord.web"))) / "static"
    app.mount("/static", StaticFiles(directory=static), name="static")
    app.include_router(pages.router)
    # The last one added is the outermost.
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts), www_redirect=False)
    app.add_middleware(SecurityHeaders, https=settings.https)
    return app


def _opened(given: str) -> Archive:
    """The archive at a path or URL; an SQLite archive that is missing is made."""
    return open_archive(given) if missing(address_of(given)) else open_to_read(given)

"""The web application: pages, API and what stands around them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from starlette.middleware.gzip import GZipMiddleware

from onrecord import __version__
from onrecord.archive.archive import Archive, open_archive, open_to_read
from onrecord.archive.connect import address_of, missing
from onrecord.web import account_pages, api, assets, feeds, operating, pages
from onrecord.web.api.openapi import description
from onrecord.web.cache import PageCache
from onrecord.web.lanes import SLOW, set_lanes
from onrecord.web.limits import BodyLimit, Rate, RequestLimit
from onrecord.web.operating import Figures, Heads, Measured
from onrecord.web.problems import Told, tell_problems
from onrecord.web.security import SecurityHeaders, SoundAddresses, TrustedHosts
from onrecord.web.settings import Settings
from onrecord.web.signing import visitor


def create_app(settings: Settings) -> FastAPI:
    """The application that serves an archive; it holds the archive open until the server stops.

    Raises `ArchiveError` if the archive cannot be opened, `UsageError` for an address that makes no sense.
    """
    archive = _opened(settings.archive)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        set_lanes()
        yield
        archive.close()

    app = FastAPI(title="onrecord", version=__version__, docs_url=None, redoc_url=None, openapi_url=None,
                  lifespan=lifespan)  # fmt: skip
    app.state.settings = settings
    app.state.archive = archive
    app.state.logins = Rate(settings.logins_a_minute)
    app.state.figures = figures = Figures()
    app.state.slow = asyncio.Semaphore(SLOW)
    app.state.readings = Rate(settings.readings_a_minute)
    app.include_router(assets.router)
    app.include_router(api.router)
    app.add_api_route("/api/v1/openapi.json", description, include_in_schema=False)
    app.include_router(operating.router)
    app.include_router(feeds.router)
    app.include_router(account_pages.router, dependencies=[Depends(visitor)])
    app.include_router(pages.router, dependencies=[Depends(visitor)])
    tell_problems(app)
    # The last one added is the outermost.
    app.add_middleware(BodyLimit, most=settings.body_bytes)
    app.add_middleware(GZipMiddleware, minimum_size=1_000, compresslevel=5)
    app.add_middleware(PageCache, seconds=settings.cache_seconds)
    app.add_middleware(RequestLimit, a_minute=settings.requests_a_minute)
    app.add_middleware(SoundAddresses)
    app.add_middleware(TrustedHosts, hosts=settings.hosts)
    app.add_middleware(Told)
    app.add_middleware(Heads)
    app.add_middleware(Measured, figures=figures)
    app.add_middleware(SecurityHeaders, https=settings.https)
    return app


def _opened(given: str) -> Archive:
    """The archive at a path or URL; an SQLite archive that is missing is made."""
    return open_archive(given) if missing(address_of(given)) else open_to_read(given)

"""The description of the API (OpenAPI 3.1), at `/api/v1/openapi.json`."""

from __future__ import annotations

from functools import cache
from typing import Any

from fastapi.openapi.utils import get_openapi

from onrecord import __version__
from onrecord.web.api.routes import router
from onrecord.web.api.schemas import components

_ABOUT = """\
Who said what, to whom, when, and where is the proof: the record that this server keeps of news.

- **Spans** are `[start, end]`, counted in Unicode code points of the article's `text`, end exclusive.
- **Paging**: where an answer has `next`, ask again with `after` set to it; null is the end. Nothing is skipped or
  doubled when articles are added meanwhile.
- **Errors** are `application/problem+json` (RFC 9457) with a `detail` that says what to do.
- **Writing** needs a token: `Authorization: Bearer onrecord_…`, made by `onrecord account token` or on the
  account's page.
- **Limits**: requests are counted by address; a 429 says in `Retry-After` when to try again.
"""
_TAGS = {
    "search": "Find statements by their words and by who, when, where.",
    "read": "Take a page apart without keeping it.",
    "articles": "What the archive holds.",
    "statements": "One statement, and all reports of one utterance.",
    "corrections": "What people put right, with its history.",
    "actors": "People, bodies and countries.",
    "dialogue": "Two sides against each other.",
}


@cache
def description() -> dict[str, Any]:
    """The API's description, made once."""
    plain = get_openapi(
        title="onrecord",
        version=__version__,
        openapi_version="3.1.0",
        summary="Who said what, and where is the proof",
        description=_ABOUT,
        routes=router.routes,
        tags=[{"name": name, "description": words} for name, words in _TAGS.items()],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    schemas = plain.setdefault("components", {}).setdefault("schemas", {})
    schemas |= components()
    return plain

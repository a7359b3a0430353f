"""Templates → pages. Everything that goes into one is escaped unless it is marked as safe by what made it."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from onrecord import __version__


@cache
def environment() -> Environment:
    """The environment of all templates: escaping always, a name that is not there is an error."""
    made = Environment(
        loader=PackageLoader("onrecord.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["version"] = __version__
    return made


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page made of a template, which also knows the `request`."""
    body = environment().get_template(template).render(request=request, **context)
    return HTMLResponse(body, status)

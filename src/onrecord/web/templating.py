"""Templates → pages. Everything that goes into one is escaped unless it is marked as safe by what made it."""

from __future__ import annotations

import hashlib
from functools import cache, partial
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from onrecord import __version__
from onrecord.web.signing import form_token, keep_form_secret


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
    made.globals |= {"version": __version__, "static": static}
    return made


@cache
def static(name: str) -> str:
    """The address of a file in `static/`, which changes with the file so that browsers may keep it for ever."""
    content = resources.files("onrecord.web").joinpath("static", name).read_bytes()
    return f"/static/{name}?{hashlib.sha256(content).hexdigest()[:12]}"


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """A page made of a template.

    It also knows the `request`; `account`, who has signed in, or None; `csrf()`, what a form's field `csrf` must hold.
    """
    account = getattr(request.state, "account", None)
    known = {"request": request, "account": account, "csrf": partial(form_token, request)}
    made = HTMLResponse(environment().get_template(template).render(known | context), status)
    keep_form_secret(request, made)
    if account is not None:
        made.headers["Cache-Control"] = "no-store"
    return made

"""Templates → pages. Everything that goes into one is escaped unless it is marked as safe by what made it."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from onrecord import __version__
from onrecord.formats.marked import escaped
from onrecord.web import assets, words
from onrecord.web.signing import form_token, keep_form_secret


@cache
def environment() -> Environment:
    """The environment of all templates: escaping always, a name that is not there is an error."""
    made = Environment(
        loader=PackageLoader("onrecord.web", "templates"),
        autoescape=True,
        finalize=_inert,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"version": __version__, "asset": assets.address_of} | words.GLOBALS
    made.filters |= words.FILTERS
    return made


def _inert(value: Any) -> Any:
    """What stands in a page: text without what HTML bars and what would turn the direction of writing."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return Markup(escaped(value))
    return value


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

"""Who visits: sessions of browsers, tokens of programs, and forms that only our own pages can send.

A form carries a random number and its HMAC under the secret of the visitor's cookie, which other sites cannot read
(a signed double submit, as OWASP describes it). It differs in every page, so that compression betrays nothing of it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Depends, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from onrecord.archive.accounts import Account
from onrecord.web.dependencies import Known, OpenArchive

_SESSION = "onrecord_session"
_FORM = "onrecord_form"
_MOST_FIELDS = 200
_NONCE = 16


class NotSignedInError(Exception):
    """The page is for people who have signed in."""


def _cookie(request: Request, name: str) -> str:
    return f"__Host-{name}" if request.app.state.settings.https else name


def session_of(request: Request) -> str:
    """The secret of the visitor's session; empty if the browser brought none."""
    return request.cookies.get(_cookie(request, _SESSION), "")[:200]


async def visitor(request: Request, archive: OpenArchive) -> Account | None:
    """Who has signed in, if anybody; kept in `request.state.account`, where templates find it."""
    secret, annotator = session_of(request), request.app.state.settings.annotator
    found = await run_in_threadpool(archive.accounts.whose, secret, "session") if secret else None
    if found is None and annotator:
        found = await run_in_threadpool(archive.accounts.named, annotator)
    request.state.account = found
    return found


Visitor = Annotated[Account | None, Depends(visitor)]
"""Who has signed in, if anybody."""


async def _member(account: Visitor) -> Account:
    if account is None:
        raise NotSignedInError
    return account


Member = Annotated[Account, Depends(_member)]
"""Who has signed in; others are sent to the page where they can."""

_bearer = HTTPBearer(
    auto_error=False, bearerFormat="onrecord_…", scheme_name="token", description="`onrecord account token NAME`"
)


async def _holder(
    archive: OpenArchive, shown: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Account:
    found = await run_in_threadpool(archive.accounts.whose, shown.credentials, "token") if shown else None
    if found is None:
        told = "unknown or expired token" if shown else "this needs a token: Authorization: Bearer …"
        raise HTTPException(401, told, {"WWW-Authenticate": 'Bearer realm="onrecord"'})
    return found


Holder = Annotated[Account, Depends(_holder)]
"""Whose token a program shows. Sessions do not count here, so that no other site can write through a browser."""


def sign_in(request: Request, response: Response, secret: str) -> None:
    """Let the browser keep the secret of a session."""
    hours = request.app.state.settings.session_hours
    _keep(request, response, _SESSION, secret, hours * 3600)


def sign_out(request: Request, response: Response) -> None:
    """Let the browser forget it."""
    response.delete_cookie(
        _cookie(request, _SESSION), secure=request.app.state.settings.https, httponly=True, samesite="lax"
    )


def _keep(request: Request, response: Response, name: str, secret: str, seconds: int | None) -> None:
    https = request.app.state.settings.https
    response.set_cookie(
        _cookie(request, name), secret, max_age=seconds, path="/", secure=https, httponly=True, samesite="lax"
    )


def login_address(request: Request) -> str:
    """Where to sign in, and come back from to the page that was asked for."""
    back = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"/login?next={quote(back)}" if request.method == "GET" else "/login"


def own_path(address: str) -> str:
    """A path of ours as it is, the first page for whatever leads elsewhere.

    >>> own_path("/search?q=x"), own_path("//evil.example/"), own_path("https://evil.example"), own_path("/\\\\evil")
    ('/search?q=x', '/', '/', '/')
    """
    parts = urlsplit(address)
    inner = address.startswith("/") and not address.startswith(("//", "/\\")) and not parts.netloc and not parts.scheme
    return address if inner and address.isprintable() else "/"


def form_token(request: Request) -> str:
    """What a form of ours carries in its field `csrf`; `{{ csrf() }}` in a template."""
    secret = session_of(request) or request.cookies.get(_cookie(request, _FORM), "")
    if not secret:
        if not getattr(request.state, "form_secret", ""):
            request.state.form_secret = secrets.token_urlsafe(32)
        secret = request.state.form_secret
    nonce = secrets.token_hex(_NONCE)
    return nonce + _signed(secret, nonce)


def keep_form_secret(request: Request, response: Response) -> None:
    """Give the browser the cookie to which the forms of a page belong, if it has none yet."""
    if secret := getattr(request.state, "form_secret", ""):
        _keep(request, response, _FORM, secret, None)


def _signed(secret: str, nonce: str) -> str:
    return hmac.new(secret.encode("utf-8", "surrogatepass"), f"form {nonce}".encode(), hashlib.sha256).hexdigest()


def _is_ours(request: Request, token: str) -> bool:
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    secret = session_of(request) or request.cookies.get(_cookie(request, _FORM), "")
    nonce, signature = token[: 2 * _NONCE], token[2 * _NONCE :]
    return bool(secret) and hmac.compare_digest(_signed(secret, nonce).encode(), signature.encode("utf-8", "replace"))


async def _form(request: Request, settings: Known) -> FormData:
    form = await request.form(max_files=1, max_fields=_MOST_FIELDS, max_part_size=settings.body_bytes)
    if any(isinstance(value, str) and "\0" in value for _, value in form.multi_items()):
        raise HTTPException(400, "a null character stands in it; leave it out")
    token = form.get("csrf")
    if not isinstance(token, str) or not _is_ours(request, token):
        raise HTTPException(403, "the form is too old or from elsewhere; go back, reload the page and send it again")
    return form


OwnForm = Annotated[FormData, Depends(_form)]
"""The fields of a form that a page of ours sent; anything else is refused."""

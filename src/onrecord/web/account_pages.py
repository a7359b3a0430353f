"""Signing in and out, and what somebody may do with their own account."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from onrecord.archive.accounts import Account
from onrecord.errors import UsageError
from onrecord.web.dependencies import Known, Number, OpenArchive
from onrecord.web.limits import Rate, client_of
from onrecord.web.passwords import hashed, is_right
from onrecord.web.signing import Member, OwnForm, own_path, session_of, sign_in, sign_out
from onrecord.web.templating import page

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
_MOST_LABEL = 100


def _field(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


def _login_page(request: Request, back: str, name: str = "", failed: bool = False) -> HTMLResponse:
    made = page(request, "login.html", 400 if failed else 200, title="Sign in", next=back, name=name, failed=failed)
    made.headers["Cache-Control"] = "no-store"
    return made


@router.get("/login")
async def login(request: Request, next: Annotated[str, Query()] = "/") -> HTMLResponse:
    """The form to sign in."""
    return _login_page(request, own_path(next))


@router.post("/login")
async def try_login(request: Request, form: OwnForm, archive: OpenArchive, settings: Known) -> Response:
    """Sign in, or show the form again; wrong name and wrong password look the same."""
    name, back = _field(form, "name").strip(), own_path(_field(form, "next"))
    rate: Rate = request.app.state.logins
    rate.demand(client_of(request))
    rate.demand(f"name {name[:100]}")
    account = await run_in_threadpool(archive.accounts.named, name)
    if not await run_in_threadpool(is_right, account, _field(form, "password")) or account is None:
        return _login_page(request, back, name, failed=True)
    if earlier := session_of(request):
        await run_in_threadpool(archive.accounts.forget, earlier)
    secret = await run_in_threadpool(archive.accounts.issue, account.id, "session", "", settings.session_hours)
    response = RedirectResponse(back, 303)
    sign_in(request, response, secret)
    return response


@router.post("/logout")
async def logout(request: Request, _: OwnForm, archive: OpenArchive) -> Response:
    """Sign out: the session ends here, whatever the browser keeps."""
    await run_in_threadpool(archive.accounts.forget, session_of(request))
    response = RedirectResponse("/", 303)
    sign_out(request, response)
    return response


def _account_page(
    request: Request, archive: OpenArchive, account: Account, secret: str = "", mistake: str = ""
) -> HTMLResponse:
    tokens = archive.accounts.credentials(account.id, "token")
    status = 400 if mistake else 200
    return page(request, "account.html", status, title=account.name, tokens=tokens, secret=secret, mistake=mistake)


@router.get("/account")
def account_page(request: Request, account: Member, archive: OpenArchive) -> HTMLResponse:
    """One's own account: its tokens and its password."""
    return _account_page(request, archive, account)


@router.post("/account/tokens")
def make_token(request: Request, account: Member, form: OwnForm, archive: OpenArchive) -> HTMLResponse:
    """A new token, which is shown once."""
    try:
        secret = archive.accounts.issue(account.id, "token", _field(form, "label").strip()[:_MOST_LABEL])
    except UsageError as error:
        return _account_page(request, archive, account, mistake=str(error))
    return _account_page(request, archive, account, secret=secret)


@router.post("/account/tokens/{number}/revoke")
def revoke_token(number: Number, account: Member, _: OwnForm, archive: OpenArchive) -> Response:
    """Take a token of one's own away."""
    archive.accounts.revoke(account.id, number)
    return RedirectResponse("/account", 303)


@router.post("/account/password")
def change_password(
    request: Request, account: Member, form: OwnForm, archive: OpenArchive, settings: Known
) -> Response:
    """Another password; all sessions end but a new one for this browser."""
    request.app.state.logins.demand(f"name {account.name}")
    new = _field(form, "new")
    try:
        if not is_right(account, _field(form, "password")):
            raise UsageError("the present password is another one")
        if new != _field(form, "again"):
            raise UsageError("the new password was typed in two ways")
        archive.accounts.change_password(account.name, hashed(new))
    except UsageError as error:
        return _account_page(request, archive, account, mistake=str(error))
    response = RedirectResponse("/account", 303)
    sign_in(request, response, archive.accounts.issue(account.id, "session", "", settings.session_hours))
    return response

"""The command `serve`: the web face of an archive; and `account`: who may correct there."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from onrecord.cli_common import HERE, By, Where
from onrecord.errors import UsageError

app = typer.Typer()
accounts = typer.Typer(
    name="account", help="Who may correct in the web face: make, list and remove accounts.", no_args_is_help=True
)
app.add_typer(accounts)
_FromInput = Annotated[bool, typer.Option("--password-stdin", help="Take the password from standard input.")]


def check_installed() -> None:
    """Raise `UsageError` if what the web face needs is not installed."""
    try:
        from onrecord.web import app, passwords, running  # noqa: F401
    except ModuleNotFoundError as error:
        raise UsageError(f"this needs {error.name}, which is missing; run: pip install 'onrecord[web]'") from error


@app.command(epilog="Example: onrecord serve --archive news.db   ·   onrecord serve --host 0.0.0.0 --name news.example")
def serve(
    archive: Where = HERE,
    host: Annotated[str, typer.Option(help="The address to listen at; 0.0.0.0 for any.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 for a free one.")] = 8000,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", help="A host name that visitors ask for, * for any; may be repeated."),
    ] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Let visitors read links, to public addresses alone.")] = False,
    https: Annotated[
        bool, typer.Option("--https", help="Visitors come by https, through a proxy before this.")
    ] = False,
    engine: Annotated[By, typer.Option("--engine", help="What finds the statements of what is pasted.")] = By.MODEL,
    processes: Annotated[int, typer.Option(min=1, max=64, help="How many processes answer; one a core at most.")] = 1,
    rate: Annotated[
        int, typer.Option(min=0, help="Requests a minute that one address may make of a process; 0 for any number.")
    ] = 600,
) -> None:
    """Serve an archive to browsers and programs until it is stopped (Ctrl-C)."""
    check_installed()
    from onrecord.archive.connect import address_of, missing
    from onrecord.web.running import run
    from onrecord.web.settings import Settings

    own = tuple(names) if names else (*Settings.hosts, *[host] * (host != "0.0.0.0"))
    settings = Settings(archive, engine.value, fetch, own, https, requests_a_minute=rate)
    is_new = bool(missing(address_of(archive)))

    def told(address: str) -> None:
        print(f"onrecord: {address} serves {archive}{', which is new and empty' * is_new}", file=sys.stderr)

    run(settings, host, port, processes, told)


@accounts.command("add", epilog="Example: onrecord account add ada --email ada@example.org --archive news.db")
def add(
    name: Annotated[str, typer.Argument(help="The name that stands beside what they put right.")],
    email: Annotated[str, typer.Option(help="For whoever runs the server; published nowhere.")] = "",
    archive: Where = HERE,
    from_input: _FromInput = False,
) -> None:
    """Make an account; the password is asked for."""
    check_installed()
    from onrecord.archive.archive import open_archive
    from onrecord.web.passwords import checked_email, checked_name, hashed

    checked_name(name)
    checked_email(email)
    with open_archive(archive) as opened:
        if opened.accounts.named(name):
            raise UsageError(f"there is an account {name!r} already; onrecord account password changes its password")
        opened.accounts.add(name, hashed(_password(from_input)), email)
    print(f"account {name} made")


@accounts.command("list", epilog="Example: onrecord account list --archive news.db")
def list_accounts(archive: Where = HERE) -> None:
    """Print every account: name, e-mail address, day of making, number of tokens."""
    from onrecord.archive.archive import open_to_read

    with open_to_read(archive) as opened:
        for one in opened.accounts.all():
            tokens = len(opened.accounts.credentials(one.id, "token"))
            print(one.name, one.email or "-", one.made[:10], f"{tokens} tokens", sep="\t")


@accounts.command("remove", epilog="Example: onrecord account remove ada --archive news.db")
def remove(name: Annotated[str, typer.Argument(help="Whose.")], archive: Where = HERE) -> None:
    """Take an account away; what it corrected stays, under its name."""
    from onrecord.archive.archive import open_to_read

    with open_to_read(archive) as opened:
        opened.accounts.remove(name)
    print(f"account {name} removed")


@accounts.command("password", epilog="Example: onrecord account password ada --archive news.db")
def password(
    name: Annotated[str, typer.Argument(help="Whose.")], archive: Where = HERE, from_input: _FromInput = False
) -> None:
    """Give an account another password, and end its sessions."""
    check_installed()
    from onrecord.archive.archive import open_to_read
    from onrecord.web.passwords import hashed

    with open_to_read(archive) as opened:
        opened.accounts.change_password(name, hashed(_password(from_input)))
    print(f"password of {name} changed")


@accounts.command("token", epilog="Example: onrecord account token ada --label 'nightly import' --archive news.db")
def token(
    name: Annotated[str, typer.Argument(help="Whose.")],
    label: Annotated[str, typer.Option(help="What it is for.")] = "",
    days: Annotated[int, typer.Option(min=0, help="How long it counts; 0 for ever.")] = 0,
    archive: Where = HERE,
) -> None:
    """Make a token with which a program may write, and print it: it is shown only now."""
    from onrecord.archive.archive import open_to_read

    with open_to_read(archive) as opened:
        account = opened.accounts.named(name)
        if account is None:
            raise UsageError(f"there is no account {name!r}; onrecord account add makes one")
        print(opened.accounts.issue(account.id, "token", label, 24 * days if days else None))


def _password(from_input: bool) -> str:
    if from_input:
        return sys.stdin.readline().rstrip("\r\n")
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))

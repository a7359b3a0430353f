"""Accounts, sessions, tokens, forms; and the commands that make them."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient
from typer.testing import CliRunner

from onrecord.archive.archive import Archive, open_archive, open_to_read
from onrecord.archive.connect import address_of, engine_of, writing
from onrecord.cli import app as cli
from onrecord.errors import UsageError
from web_archive import PASSWORD, served


@pytest.fixture
def address(tmp_path: Path) -> str:
    return str(tmp_path / "news.db")


@pytest.fixture
def client(address: str) -> Iterator[TestClient]:
    app, _ = served(address, logins_a_minute=5)
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


def csrf(client: TestClient, path: str = "/login") -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert found
    return found[1]


def signed_in(client: TestClient, **more: str) -> Any:
    form = {"csrf": csrf(client), "name": "ada", "password": PASSWORD} | more
    return client.post("/login", data=form)


def test_who_keeps_a_reading_learns_whether_the_archive_had_it(client: TestClient) -> None:
    signed_in(client)
    story = {"text": "The bridge is safe, Mayor Anna Roe said."}
    for told in ("Added to the archive", "had this page already, exactly so"):
        reading = client.post("/read", data=story).headers["location"]
        kept = client.post(f"{reading}/keep", data={"csrf": csrf(client)})
        assert told in client.get(kept.headers["location"]).text
    assert 'role="status"' not in client.get(kept.headers["location"].partition("?")[0]).text


def test_signing_in_leads_back_and_out_again(client: TestClient) -> None:
    sent = client.get("/account")
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/account")
    answer = signed_in(client, next="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    page = client.get("/account")
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    secret = client.cookies["onrecord_session"]
    assert client.post("/logout", data={"csrf": csrf(client, "/account")}).status_code == 303
    client.cookies.set("onrecord_session", secret)
    assert client.get("/account").status_code == 303


@pytest.mark.parametrize(
    "wrong", [{"password": "wrong"}, {"name": "eve"}, {"name": "ada\0"}, {"password": "x" * 5_000}]
)
def test_a_wrong_name_and_a_wrong_password_look_the_same(client: TestClient, wrong: dict[str, str]) -> None:
    answer = signed_in(client, **wrong)
    assert answer.status_code == 400
    assert "onrecord_session" not in answer.headers.get("set-cookie", "")
    assert "eve@" not in answer.text


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_signing_in_never_leads_elsewhere(client: TestClient, there: str) -> None:
    assert signed_in(client, next=there).headers["location"] == "/"


def test_passwords_cannot_be_tried_at_will(client: TestClient) -> None:
    tried = [signed_in(client, password=f"guess {n}").status_code for n in range(7)]
    assert tried == [400] * 5 + [429] * 2


def test_a_form_from_elsewhere_is_refused(client: TestClient) -> None:
    token = csrf(client)
    assert client.post("/login", data={"name": "ada", "password": PASSWORD}).status_code == 403
    assert client.post("/login", data={"csrf": "0" * 96, "name": "ada", "password": PASSWORD}).status_code == 403
    form = {"csrf": token, "name": "ada", "password": PASSWORD}
    assert client.post("/login", data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    other = TestClient(client.app, base_url="http://localhost", follow_redirects=False)
    assert other.post("/login", data=form).status_code == 403, "a token belongs to the browser that got it"
    assert client.post("/login", json=form).status_code == 403
    assert client.post("/login", data=form).status_code == 303


def test_tokens_are_shown_once_and_count_until_revoked(client: TestClient) -> None:
    signed_in(client)
    page = client.post("/account/tokens", data={"csrf": csrf(client, "/account"), "label": "<b>nightly</b>"})
    token = re.search(r"onrecord_[\w-]{30,}", page.text)
    assert token
    assert "<b>nightly" not in page.text
    headers = {"Authorization": f"Bearer {token[0]}"}
    assert client.delete("/api/v1/corrections/1", headers=headers).status_code == 404
    again = client.get("/account").text
    assert token[0] not in again
    numbers = re.findall(r"/account/tokens/(\d+)/revoke", again)
    for number in numbers:
        client.post(f"/account/tokens/{number}/revoke", data={"csrf": csrf(client, "/account")})
    assert client.delete("/api/v1/corrections/1", headers=headers).status_code == 401


def test_nobody_revokes_a_token_of_another(client: TestClient, address: str) -> None:
    with open_to_read(address) as archive:
        eve = archive.accounts.add("eve", "no password")
        secret = archive.accounts.issue(eve.id, "token", "hers")
        (hers,) = archive.accounts.credentials(eve.id, "token")
        signed_in(client)
        client.post(f"/account/tokens/{hers.id}/revoke", data={"csrf": csrf(client, "/account")})
        assert archive.accounts.whose(secret, "token") == eve


def test_another_password_ends_the_other_sessions(client: TestClient) -> None:
    other = TestClient(client.app, base_url="http://localhost", follow_redirects=False)
    signed_in(other)
    signed_in(client)
    form = {
        "csrf": csrf(client, "/account"),
        "password": PASSWORD,
        "new": "a longer password",
        "again": "a longer password",
    }
    for wrong in ({"password": "not it"}, {"new": "short", "again": "typed otherwise"}):
        assert client.post("/account/password", data=form | wrong).status_code == 400
    assert client.post("/account/password", data=form).status_code == 303
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_a_session_is_no_token_and_a_token_no_session(client: TestClient) -> None:
    signed_in(client)
    session = client.cookies["onrecord_session"]
    assert client.delete("/api/v1/corrections/1", headers={"Authorization": f"Bearer {session}"}).status_code == 401
    assert client.delete("/api/v1/corrections/1").status_code == 401, "a cookie alone writes nothing through the API"


def test_an_address_is_published_nowhere(client: TestClient) -> None:
    signed_in(client)
    pages = (
        "/",
        "/search?q=border",
        "/account",
        "/corrections",
        "/api/v1/corrections",
        "/api/v1/openapi.json",
        "/metrics",
    )
    for path in pages:
        assert "ada@example.org" not in client.get(path).text


def test_the_archive_holds_no_secret(client: TestClient, address: str) -> None:
    signed_in(client)
    held = "".join(sqlite3.connect(address).iterdump())
    assert PASSWORD not in held
    assert client.cookies["onrecord_session"] not in held
    assert "$argon2id$" in held


def test_accounts_on_both_databases(archive: Archive) -> None:
    ada = archive.accounts.add("ada", "hash", "ada@example.org")
    with pytest.raises(UsageError, match="already"):
        archive.accounts.add("ada", "hash")
    short = archive.accounts.issue(ada.id, "session", hours=-1)
    lasting = archive.accounts.issue(ada.id, "token", "import")
    assert archive.accounts.whose(short, "session") is None
    assert archive.accounts.whose(lasting, "token") == ada
    assert archive.accounts.whose(lasting, "session") is None
    sessions = [archive.accounts.issue(ada.id, "session", hours=1) for _ in range(52)]
    assert archive.accounts.whose(sessions[0], "session") is None, "the oldest of too many ends"
    assert archive.accounts.whose(sessions[-1], "session") == ada
    archive.accounts.remove("ada")
    assert archive.accounts.whose(lasting, "token") is None
    with pytest.raises(UsageError, match="no account"):
        archive.accounts.remove("ada")


def test_an_archive_of_the_first_version_is_brought_up_to_date(address: str) -> None:
    with open_archive(address):
        pass
    with writing(engine_of(address_of(address))) as connection:
        connection.execute(text("DROP TABLE credential"))
        connection.execute(text("DROP TABLE account"))
        connection.execute(text("ALTER TABLE correction DROP COLUMN undone_by"))
        connection.execute(text("UPDATE archive SET value = '1' WHERE key = 'schema version'"))
    with open_to_read(address) as archive:
        assert archive.accounts.all() == []
        assert archive.corrections(undone=True) == []


def test_accounts_from_the_command_line(address: str) -> None:
    run = CliRunner().invoke
    with open_archive(address):
        pass
    where = ["--archive", address]
    made = run(cli, ["account", "add", "ada", "--email", "a@example.org", "--password-stdin", *where], f"{PASSWORD}\n")
    assert (made.exit_code, made.output) == (0, "account ada made\n")
    assert run(cli, ["account", "list", *where]).output.split("\t")[:2] == ["ada", "a@example.org"]
    token = run(cli, ["account", "token", "ada", "--label", "import", "--days", "2", *where]).output.strip()
    with open_to_read(address) as archive:
        ada = archive.accounts.named("ada")
        assert ada
        assert archive.accounts.whose(token, "token") == ada
        (kept,) = archive.accounts.credentials(ada.id, "token")
        assert kept.label == "import"
        assert kept.ends
    asked = run(cli, ["account", "password", "ada", *where], "another password\nanother password\n")
    assert asked.exit_code == 0
    for wrong in (
        ["add", "ada"],
        ["add", "x"],
        ["add", "eve", "--email", "nobody"],
        ["remove", "eve"],
        ["token", "eve"],
    ):
        answer = run(cli, ["account", *wrong, *where], "p\n")
        assert isinstance(answer.exception, UsageError), wrong
    assert isinstance(run(cli, ["account", "add", "eve", "--password-stdin", *where], "short\n").exception, UsageError)
    assert run(cli, ["account", "remove", "ada", *where]).exit_code == 0
    assert run(cli, ["account", "list", *where]).output == ""

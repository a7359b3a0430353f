"""Accounts, and the secrets that stand for them, as the archive keeps them. What a password is worth is not told here.

A secret is a long random text that its holder shows: a browser its session, a program its token. Only a digest of it
is stored, so that who reads the archive can be nobody else.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Literal

from msgspec import Struct
from sqlalchemy import Connection, Engine, Row, delete, insert, select, update

from onrecord.archive import tables
from onrecord.archive.connect import reading, writing
from onrecord.errors import UsageError

Kind = Literal["session", "token"]
_SECRET_BYTES = 32
_MOST_TOKENS = 50
_account = tables.account.c
_credential = tables.credential.c


class Account(Struct, frozen=True):
    """Somebody who may correct."""

    id: int
    name: str
    """Shown beside what they put right."""
    email: str
    """For whoever runs the server; published nowhere."""
    password: str
    """What Argon2 made of it."""
    made: str


class Credential(Struct, frozen=True):
    """A session or token, without its secret."""

    id: int
    kind: Kind
    label: str
    made: str
    ends: str | None
    """When it stops to count; None for never."""


class Accounts:
    """The accounts of an archive."""

    def __init__(self, engine: Engine) -> None:
        self._reading = partial[AbstractContextManager[Connection]](reading, engine)
        self._writing = partial[AbstractContextManager[Connection]](writing, engine)

    def add(self, name: str, password: str, email: str = "") -> Account:
        """Make an account; `password` is what Argon2 made of it. Raises `UsageError` if the name is taken."""
        values = {"name": name, "email": email, "password": password, "made": _now()}
        with self._writing() as connection:
            if connection.scalar(select(_account.id).where(_account.name == name)) is not None:
                raise UsageError(f"there is an account {name!r} already; give another name, or remove that one first")
            return _account_of(
                connection.execute(insert(tables.account).values(values).returning(tables.account)).one()
            )

    def named(self, name: str) -> Account | None:
        """The account of that name, if there is one."""
        with self._reading() as connection:
            row = connection.execute(select(tables.account).where(_account.name == name)).one_or_none()
            return _account_of(row) if row else None

    def all(self) -> list[Account]:
        """Every account in the order of their names."""
        with self._reading() as connection:
            return [_account_of(row) for row in connection.execute(select(tables.account).order_by(_account.name))]

    def remove(self, name: str) -> None:
        """Take an account away with its sessions and tokens; what it corrected stays under its name.

        Raises `UsageError` if there is none of that name.
        """
        with self._writing() as connection:
            number = _number(connection, name)
            connection.execute(delete(tables.credential).where(_credential.account_id == number))
            connection.execute(delete(tables.account).where(_account.id == number))

    def change_password(self, name: str, password: str) -> None:
        """Set a password, as Argon2 made it, and end every session; raises `UsageError` if there is no such account."""
        with self._writing() as connection:
            number = _number(connection, name)
            connection.execute(update(tables.account).where(_account.id == number).values(password=password))
            sessions = (_credential.account_id == number, _credential.kind == "session")
            connection.execute(delete(tables.credential).where(*sessions))

    def issue(self, account: int, kind: Kind, label: str = "", hours: float | None = None) -> str:
        """A new secret for an account, which counts for so many hours, or for ever.

        Raises `UsageError` if the account has as many as it may, or there is no such account.
        """
        secret = f"{_PREFIX[kind]}{secrets.token_urlsafe(_SECRET_BYTES)}"
        ends = None if hours is None else _at(datetime.now(UTC) + timedelta(hours=hours))
        with self._writing() as connection:
            connection.execute(delete(tables.credential).where(_credential.ends < _now()))
            if connection.scalar(select(_account.id).where(_account.id == account)) is None:
                raise UsageError("there is no such account any more")
            mine = select(_credential.id).where(_credential.account_id == account, _credential.kind == kind)
            held = connection.scalars(mine.order_by(_credential.id)).all()
            if len(held) >= _MOST_TOKENS:
                if kind == "token":
                    raise UsageError(f"an account has {_MOST_TOKENS} tokens at most; revoke one first")
                connection.execute(delete(tables.credential).where(_credential.id == held[0]))
            connection.execute(
                insert(tables.credential).values(
                    digest=_digest(secret), account_id=account, kind=kind, label=label, made=_now(), ends=ends
                )
            )
        return secret

    def whose(self, secret: str, kind: Kind) -> Account | None:
        """The account that a secret stands for; None if it stands for none, or no longer."""
        joined = tables.account.join(tables.credential, _credential.account_id == _account.id)
        asked = select(tables.account, _credential.ends).select_from(joined)
        with self._reading() as connection:
            row = connection.execute(
                asked.where(_credential.digest == _digest(secret), _credential.kind == kind)
            ).one_or_none()
        return _account_of(row) if row and (row.ends is None or row.ends > _now()) else None

    def credentials(self, account: int, kind: Kind) -> list[Credential]:
        """The sessions or tokens of an account that still count, the oldest first."""
        with self._reading() as connection:
            mine = select(tables.credential).where(_credential.account_id == account, _credential.kind == kind)
            found = connection.execute(mine.order_by(_credential.id)).all()
        return list(_counting(found))

    def revoke(self, account: int, credential: int) -> bool:
        """Take a session or token of an account away; False if it has none of that number."""
        with self._writing() as connection:
            gone = delete(tables.credential).where(_credential.id == credential, _credential.account_id == account)
            return connection.execute(gone).rowcount > 0

    def forget(self, secret: str) -> None:
        """Let a secret stand for nobody."""
        with self._writing() as connection:
            connection.execute(delete(tables.credential).where(_credential.digest == _digest(secret)))


_PREFIX: dict[Kind, str] = {"session": "", "token": "onrecord_"}
"""A token says whose kind it is, so that scanners of leaked secrets can tell."""


def _counting(found: Iterable[Row[Any]]) -> Iterator[Credential]:
    now = _now()
    for row in found:
        if row.ends is None or row.ends > now:
            yield Credential(row.id, row.kind, row.label, row.made, row.ends)


def _number(connection: Connection, name: str) -> int:
    found = connection.scalar(select(_account.id).where(_account.name == name))
    if found is None:
        raise UsageError(f"there is no account {name!r}")
    return int(found)


def _account_of(row: Row[Any]) -> Account:
    return Account(row.id, row.name, row.email, row.password, row.made)


def _digest(secret: str) -> str:
    """What is stored of a secret: it is random and long, so that a plain hash cannot be guessed from."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _now() -> str:
    return _at(datetime.now(UTC))


def _at(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")

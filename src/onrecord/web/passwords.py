"""Passwords: what may be one, and whether it is the right one. Argon2id with the parameters of RFC 9106 for servers."""

from __future__ import annotations

import re
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from onrecord.archive.accounts import Account
from onrecord.errors import UsageError

LEAST_PASSWORD = 10
MOST_PASSWORD = 1_000
_MOST_EMAIL = 254
_NAME = re.compile(r"\w[\w.-]{1,39}")
_AT_ONCE = BoundedSemaphore(4)
"""Each check takes 64 MiB and 50 ms of a core."""


def checked_name(name: str) -> str:
    """A name that an account may have; raises `UsageError` for another."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"{name!r} is no name for an account; take 2 to 40 letters, digits, dots, dashes")
    return name


def checked_email(email: str) -> str:
    """An e-mail address, or nothing; raises `UsageError` for what is none."""
    if email and not (len(email) <= _MOST_EMAIL and re.fullmatch(r"[^@\s]+@[^@\s]+", email) and email.isprintable()):
        raise UsageError(f"{email!r} is no e-mail address")
    return email


def hashed(password: str) -> str:
    """What is stored of a new password; raises `UsageError` for one that is too short or too long."""
    if not LEAST_PASSWORD <= len(password) <= MOST_PASSWORD:
        raise UsageError(f"a password has at least {LEAST_PASSWORD} characters, {MOST_PASSWORD:,} at most")
    with _AT_ONCE:
        return _hasher().hash(password.encode("utf-8", "surrogatepass"))


def is_right(account: Account | None, password: str) -> bool:
    """Whether the password is that of the account; for no account it takes as long to say no."""
    if len(password) > MOST_PASSWORD:
        return False
    with _AT_ONCE:
        try:
            stored = account.password if account else _nobody()
            return _hasher().verify(stored, password.encode("utf-8", "surrogatepass")) and account is not None
        except (VerificationError, InvalidHashError):
            return False


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash("the password of nobody")

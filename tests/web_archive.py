"""An archive and a server of it for the tests of the web face."""

from __future__ import annotations

import atexit
import shutil
import sqlite3
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import FastAPI

from onrecord.archive.archive import open_archive
from onrecord.intake import pages
from onrecord.pipeline import read_pages
from onrecord.schema import Article
from onrecord.web.app import create_app
from onrecord.web.passwords import hashed
from onrecord.web.settings import Settings

EXAMPLES = Path(__file__).parent.parent / "examples" / "border-talks.jsonl"
PASSWORD = "correct horse battery"


@cache
def stories() -> tuple[Article, ...]:
    """Four invented stories, read."""
    return tuple(one for one in read_pages(pages([str(EXAMPLES)])) if isinstance(one, Article))


def filled(address: str) -> str:
    """The four stories in an archive at an address, and an account `ada`; gives a token of hers."""
    if "://" in address:
        return _filled(address)
    path, token = _template()
    shutil.copy(path, address)
    return token


@cache
def _template() -> tuple[str, str]:
    """Such an archive as a file to copy, and the token."""
    folder = tempfile.mkdtemp(prefix="onrecord-web-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = f"{folder}/news.db"
    token = _filled(path)
    with sqlite3.connect(path) as database:  # the log has to be in the file before that is copied
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return path, token


def _filled(address: str) -> str:
    with open_archive(address) as archive:
        for article in stories():
            archive.add(article)
        ada = archive.accounts.add("ada", _hash(), "ada@example.org")
        return archive.accounts.issue(ada.id, "token", "tests")


@cache
def _hash() -> str:
    return hashed(PASSWORD)


def served(address: str, **settings: Any) -> tuple[FastAPI, str]:
    """The application on such an archive, and a token to write with."""
    token = filled(address)
    return create_app(Settings(archive=address, **settings)), token

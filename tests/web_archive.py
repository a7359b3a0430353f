"""An archive and a server of it for the tests of the web face."""

from __future__ import annotations

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
    """Four invented stories in an archive at an address, and an account `ada`; gives a token of hers."""
    with open_archive(address) as archive:
        for article in stories():
            archive.add(article)
        ada = archive.accounts.add("ada", hashed(PASSWORD), "ada@example.org")
        return archive.accounts.issue(ada.id, "token", "tests")


def served(address: str = "", **settings: Any) -> tuple[FastAPI, str]:
    """The application on such an archive, and a token to write with."""
    address = address or f"{tempfile.mkdtemp(prefix='onrecord-web-')}/news.db"
    token = filled(address)
    return create_app(Settings(archive=address, **settings)), token

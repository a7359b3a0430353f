"""What a caller of `onrecord.read` hands over → one page."""

from __future__ import annotations

import os
from itertools import islice
from os import PathLike

from onrecord.errors import FetchError, UsageError
from onrecord.intake.locations import pages
from onrecord.schema import Failure, Page

_ADDRESS = ("http://", "https://")
_LONGEST_PATH = 4096


def page_of(source: str | bytes | PathLike[str] | Page) -> Page:
    """The page that `source` is, holds or leads to.

    A string is a location if it is an http(s) address, names something that exists, or has no white space and no `<`
    in it; otherwise it is the text itself. Raises `FetchError` if there is no page, `UsageError` if there are several.
    """
    if isinstance(source, Page):
        return source
    if isinstance(source, bytes | bytearray):
        return Page(bytes(source))
    location = os.fspath(source)
    if isinstance(source, str) and not _is_location(source):
        return Page(source)
    found = list(islice(pages([location]), 2))
    if len(found) > 1:
        raise UsageError(f"{location}: holds several pages; `onrecord read` on the command line takes them all")
    if not found:
        raise FetchError(f"{location}: holds no page; give a file, a folder with pages, or an address")
    if isinstance(found[0], Failure):
        raise FetchError(found[0].error)
    return found[0]


def _is_location(text: str) -> bool:
    if text.lower().startswith(_ADDRESS):
        return True
    if not text or len(text) > _LONGEST_PATH or "\n" in text or "\0" in text:
        return False
    return os.path.lexists(text) or not any(character.isspace() or character == "<" for character in text)

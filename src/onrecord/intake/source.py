"""What a caller of `onrecord.read` hands over → one page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from os import PathLike

from onrecord.errors import FetchError, UsageError
from onrecord.intake.locations import pages
from onrecord.schema import Failure, Page

_ADDRESS = ("http://", "https://")
_LONGEST_PATH = 4096


Source = str | bytes | PathLike[str] | Page
"""A page, the bytes or the text of one, or a location."""


def page_of(source: Source) -> Page:
    """The page that `source` is, holds or leads to, as `pages_of` has it.

    Raises `FetchError` if there is no page, `UsageError` if there are several.
    """
    found = list(islice(pages_of(source), 2))
    if len(found) > 1:
        raise UsageError(f"{source!s}: holds several pages; `onrecord read` or `onrecord.read_many` take them all")
    if not found:
        raise FetchError(f"{source!s}: holds no page; give a file, a folder with pages, or an address")
    if isinstance(found[0], Failure):
        raise FetchError(found[0].error)
    return found[0]


def pages_of(source: Source) -> Iterator[Page | Failure]:
    """The pages that `source` is, holds or leads to, read only when asked for; what cannot be read gives a `Failure`.

    A string is a location if it is an http(s) address, names something that exists, or has no white space and no `<`
    in it; otherwise it is the text itself.
    """
    if isinstance(source, Page):
        yield source
    elif isinstance(source, bytes | bytearray):
        yield Page(bytes(source))
    elif isinstance(source, str) and not _is_location(source):
        yield Page(source)
    else:
        yield from pages([os.fsdecode(source)])


def _is_location(text: str) -> bool:
    if text.lower().startswith(_ADDRESS):
        return True
    if not text or len(text) > _LONGEST_PATH or "\n" in text or "\0" in text:
        return False
    return os.path.lexists(text) or not any(character.isspace() or character == "<" for character in text)

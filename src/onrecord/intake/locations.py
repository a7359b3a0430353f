"""Inputs as a user gives them: a file, a folder, a glob pattern, a URL or `-`."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from onrecord.intake.files import Media, file_pages, readable, stdin_pages
from onrecord.intake.web import url_pages
from onrecord.schema import Failure, Page

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")
_SUFFIXES = ["html", "htm", "xhtml", "shtml", "txt", "text", "jsonl", "ndjson"]
_FOUND_IN_FOLDERS = tuple(f".{suffix}{packed}" for suffix in _SUFFIXES for packed in ("", ".gz"))


def pages(inputs: Iterable[str], media: Media | None = None) -> Iterator[Page | Failure]:
    """The pages that `inputs` lead to, one after the other and read only when asked for.

    An input is a file, a folder (read recursively), a glob pattern, an http(s) URL or `-` for standard input. A
    `.jsonl` file, gzipped or not, gives a page a line. `media` says what every input is; without it, suffix, carrier
    and content tell. What cannot be read gives a `Failure` in its place, and the inputs after it go on.
    """
    for given in inputs:
        yield from _pages_of(given, media)


def _pages_of(given: str, media: Media | None) -> Iterator[Page | Failure]:
    scheme = _SCHEME.match(given)
    if given == "-":
        yield from stdin_pages(media)
    elif scheme and scheme[1].lower() in ("http", "https"):
        yield from url_pages(given, media)
    elif scheme and not os.path.lexists(given):
        yield Failure(given, f"{given}: {scheme[1]}:// is not supported; give an http(s) URL or a path")
    elif "\0" in given or not given:
        yield Failure(given, f"{given!r} is no location; give a path, a URL or - for standard input")
    else:
        yield from _local_pages(given, media)


def _local_pages(given: str, media: Media | None) -> Iterator[Page | Failure]:
    if os.path.isdir(given):
        yield from _folder_pages(given, media)
    elif not os.path.lexists(given) and glob.has_magic(given):
        found = sorted(_matching(given))
        if not found:
            yield Failure(given, f"{given}: no file matches this pattern; check it, and quote it for the shell")
        for path in found:
            yield from (_folder_pages if os.path.isdir(path) else file_pages)(path, media)
    else:
        yield from file_pages(given, media)


def _matching(pattern: str) -> set[str]:
    """The files and folders that `pattern` matches; with `**`, any depth of folders, only the files.

    `glob` itself follows links to folders, and two that lead back to their own folder make it walk 2⁴⁰ paths.
    """
    head, deep, tail = pattern.partition("**")
    if not deep:
        return set(glob.iglob(pattern))
    tail = tail.lstrip("*").lstrip("/" + os.sep) or "*"
    found: set[str] = set()
    for base in glob.iglob(head) if head else (os.curdir,):
        for parent, children, _ in os.walk(base):
            children[:] = (name for name in children if not name.startswith("."))
            folder = parent if head else "" if parent == os.curdir else os.path.relpath(parent)
            found |= _matching(os.path.join(glob.escape(folder), tail))
    return {path for path in found if not os.path.isdir(path)}


def _folder_pages(folder: str, media: Media | None) -> Iterator[Page | Failure]:
    empty = True
    refused: list[OSError] = []
    for parent, children, names in os.walk(folder, onerror=refused.append):
        children[:] = sorted(name for name in children if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(_FOUND_IN_FOLDERS) and not name.startswith("."):
                empty = False
                yield from file_pages(str(Path(parent) / name), media)
    for error in refused:
        where = str(error.filename or folder)
        yield Failure(where, f"{where}: {readable(error)}")
    if empty and not refused:
        kinds = ", ".join(f".{suffix}" for suffix in _SUFFIXES)
        yield Failure(folder, f"{folder}: no file to read in this folder; looked for {kinds}, each also as .gz")

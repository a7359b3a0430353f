"""Corpora of texts, one JSON object a line: read, attributed and written in the format that scorers take."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import msgspec

from onrecord.errors import FetchError, InputError, LimitError, OnrecordError
from onrecord.formats.wire import attribution_object
from onrecord.pipeline import attribute
from onrecord.schema import Engine, Failure

LONGEST_LINE = 25_000_000
"""Bytes of a line at most, as of any page."""


def attributed_lines(path: str, lang: str | None = None, engine: Engine = "model") -> Iterator[bytes | Failure]:
    """Each line of a corpus with its `attributions`, or a failure for a line that cannot be used.

    `path` names a JSONL file, gzipped if it ends in `.gz`, or is `-` for standard input. A line is an object with
    `text` and perhaps `lang`, which `lang` here overrides; its other fields are kept as they are. Raises `FetchError`
    if the file cannot be opened.
    """
    try:
        with _opened(path) as lines:
            number = 0
            while line := lines.readline(LONGEST_LINE + 1):
                number += 1
                if len(line) > LONGEST_LINE:
                    yield Failure(
                        f"{path}:{number}",
                        f"{path}:{number}: longer than {LONGEST_LINE:,} bytes; the rest of the file was not read",
                    )
                    return
                if line.strip():
                    yield from _attributed(line, f"{path}:{number}", lang, engine)
    except (OSError, EOFError) as error:
        raise FetchError(f"{path}: cannot be read ({_reason(error)}); check the path and its permissions") from error


def _attributed(line: bytes, where: str, lang: str | None, engine: Engine) -> Iterator[bytes | Failure]:
    """The line with its attributions; for one that has a text but cannot be attributed, empty ones and a failure."""
    try:
        document = _document(line, where)
    except OnrecordError as error:
        yield Failure(where, str(error))
        return
    document["attributions"] = []
    try:
        statements = attribute(document["text"], lang or document.get("lang") or "", engine)
        document["attributions"] = [attribution_object(statement) for statement in statements]
    except OnrecordError as error:
        yield Failure(where, f"{where}: {error}")
    try:
        yield msgspec.json.encode(document)
    except UnicodeEncodeError:
        yield Failure(where, f"{where}: holds a lone surrogate, which JSON cannot carry; mend the text")


def _document(line: bytes, where: str) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{where}: no JSON ({error}); a line is one object") from error
    if not isinstance(document, dict) or not isinstance(document.get("text"), str):
        raise InputError(f'{where}: needs an object with a string "text"')
    if not isinstance(document.get("lang") or "", str):
        raise InputError(f'{where}: "lang" is no string; give a code such as "en"')
    if len(document["text"]) > LONGEST_LINE:
        raise LimitError(f"{where}: the text is longer than {LONGEST_LINE:,} characters")
    return document


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == "-":
        yield sys.stdin.buffer
    elif path.endswith(".gz"):
        with gzip.open(path, "rb") as packed:
            yield packed  # type: ignore[misc]
    else:
        with Path(path).open("rb") as plain:
            yield plain


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__

"""Corpora of texts, one JSON object a line: attributions or acts are added, in the format that scorers take."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import msgspec

from onrecord.actors.gazetteer import Gazetteer
from onrecord.attribution.relation import Ends
from onrecord.errors import FetchError, InputError, OnrecordError
from onrecord.formats.wire import act_object, attribution_object
from onrecord.intake.files import readable, unpacking
from onrecord.intake.lines import Line, numbered
from onrecord.pipeline import acts, attribute, described
from onrecord.schema import Engine, Failure

Document = dict[str, Any]


def attributed_lines(path: str, lang: str | None = None, engine: Engine = "model") -> Iterator[bytes | Failure]:
    """Each line of a corpus with its `attributions`, or a failure for a line that cannot be used.

    `path` names a JSONL file, gzipped or not, or is `-` for standard input. A line is an object with
    `text` and perhaps `lang`, which `lang` here overrides, and `within`, the only stretches of the text in which
    statements are looked for; its other fields are kept as they are. Raises `FetchError` if the file cannot be opened.
    """

    def found(document: Document, code: str) -> list[Document]:
        said = attribute(document["text"], code, engine, _within(document))
        return [attribution_object(statement) for statement in said]

    yield from _lines(path, lang, "attributions", found)


def acted_lines(path: str, lang: str | None = None, actors: Gazetteer | None = None) -> Iterator[bytes | Failure]:
    """Each line of a corpus, whose text is one statement or sentence, with its `acts`; else as `attributed_lines`."""

    def found(document: Document, code: str) -> list[Document]:
        return [act_object(act) for act in acts(document["text"], code, actors)]

    yield from _lines(path, lang, "acts", found)


def _lines(
    path: str, lang: str | None, field: str, found: Callable[[Document, str], list[Document]]
) -> Iterator[bytes | Failure]:
    try:
        with opened(path) as stream:
            for line in numbered(unpacking(stream), path):
                if isinstance(line, Failure):
                    yield line
                else:
                    yield from _filled(line, lang, field, found)
    except OSError as error:
        raise FetchError(f"{path}: {readable(error)}") from error


def _filled(
    line: Line, lang: str | None, field: str, found: Callable[[Document, str], list[Document]]
) -> Iterator[bytes | Failure]:
    """The line with what was found in its text; for a text that nothing can be found in, nothing and a failure."""
    where = line.where
    try:
        document = _document(line)
    except OnrecordError as error:
        yield Failure(where, str(error))
        return
    document[field] = []
    try:
        document[field] = found(document, lang or document.get("lang") or "")
    except OnrecordError as error:
        yield Failure(where, f"{where}: {error}")
    except Exception as bug:  # the last net: one text costs its own findings, never the run
        yield Failure(where, f"{where}: {field} could not be found ({described(bug)}); please report the text")
    yield msgspec.json.encode(document)


def _document(line: Line) -> dict[str, Any]:
    document = object_with(line, "text")
    if not isinstance(document.get("lang") or "", str):
        raise InputError(f'{line.where}: "lang" is no string; give a code such as "en"')
    return document


def _within(document: Document) -> list[Ends]:
    """The stretches of a document's text in which statements are looked for; none if it does not say."""
    try:
        found = msgspec.convert(document.get("within") or [], list[tuple[int, int]])
    except msgspec.ValidationError as error:
        raise InputError(f'"within" is no list of [start, end] ({error})') from error
    if any(not 0 <= start <= end <= len(document["text"]) for start, end in found):
        raise InputError(f'"within" goes beyond a text of {len(document["text"]):,} characters')
    return found


def object_with(line: Line, field: str) -> dict[str, Any]:
    """The object on a line, whose `field` is a string; raises `InputError` for anything else."""
    try:
        document = msgspec.json.decode(line.content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(f"{line.where}: no JSON ({error}); a line is one object; for a page, onrecord read") from error
    if not isinstance(document, dict) or not isinstance(document.get(field), str):
        raise InputError(f'{line.where}: needs an object with a string "{field}"')
    return document


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """The bytes of the file at `path`, or of standard input for `-`."""
    if path == "-":
        yield sys.stdin.buffer
    else:
        with open(path, "rb") as stream:
            yield stream

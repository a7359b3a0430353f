"""JSONL → pages, one a line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

import msgspec

from onrecord.errors import InputError
from onrecord.intake.lines import Line, numbered
from onrecord.schema import Failure, Page

_SHAPE = 'give {"text": "…"} or {"html": "…"}, with "id", "url", "lang" and "date" as you have them'


class _Fields(msgspec.Struct):
    id: str | int | None = None
    text: str | None = None
    html: str | None = None
    url: str | None = None
    lang: str | None = None
    date: str | None = None
    fetched: str | None = None


_decoder = msgspec.json.Decoder(_Fields)


def line_pages(stream: BinaryIO, name: str) -> Iterator[Page | Failure]:
    """A page for each line of `stream`; a `Failure` named `name:LINE` for each line that gives none."""
    for line in numbered(stream, name):
        yield line if isinstance(line, Failure) else _page(line)


def _page(line: Line) -> Page | Failure:
    where = line.where
    try:
        return _of_fields(_fields(line.content), where)
    except UnicodeDecodeError:
        return Failure(where, f"{where}: not UTF-8, as JSON must be; convert the file")
    except (msgspec.DecodeError, RecursionError) as error:
        return Failure(where, f"{where}: no page in this line ({error}); {_SHAPE}")
    except InputError as error:
        return Failure(where, f"{where}: {error}")


def _fields(content: bytes) -> _Fields:
    try:
        return _decoder.decode(content)
    except msgspec.DecodeError as error:
        if b"\\ud" not in content.lower():
            raise
        # Programs that cut text to a length leave half an emoji, which msgspec refuses and Python's own reader takes.
        try:
            return msgspec.convert(json.loads(content), _Fields)
        except json.JSONDecodeError:
            raise error from None


def _of_fields(fields: _Fields, where: str) -> Page:
    content = fields.html if fields.html is not None else fields.text
    if content is None:
        raise InputError(f'neither "text" nor "html"; {_SHAPE}')
    return Page(
        content,
        input=where,
        id="" if fields.id is None else str(fields.id),
        url=fields.url or "",
        media="html" if fields.html is not None else "text",
        lang=fields.lang or "",
        fetched=fields.fetched or "",
        published=fields.date or "",
    )

"""Printing articles one after the other as they come, in each of the forms that `onrecord read` knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TextIO

import msgspec
from rich.console import Console

from onrecord.formats import rows, terminal
from onrecord.formats.wire import article_object
from onrecord.schema import Article

_WIDTH_OF_A_FILE = 120


class Writer(Protocol):
    """Takes articles one by one, then the news that there are no more."""

    def send(self, article: Article) -> None:
        """Write one article."""

    def close(self) -> None:
        """Write what has to come last."""


class TextWriter:
    """For people: coloured at a terminal, plain in a file or pipe."""

    def __init__(self, out: TextIO) -> None:
        self._console = Console(file=out, highlight=False, width=None if out.isatty() else _WIDTH_OF_A_FILE)

    def send(self, article: Article) -> None:
        terminal.show(article, self._console)

    def close(self) -> None:
        self._console.file.flush()


class JsonWriter:
    """One object for one article, an array for several."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._waiting: str | None = None
        self._several = False

    def send(self, article: Article) -> None:
        if self._waiting is not None:
            self._out.write(("," if self._several else "[") + self._waiting + "\n")
            self._several = True
        self._waiting = _json(article)

    def close(self) -> None:
        if self._waiting is not None:
            self._out.write(("," + self._waiting + "\n]" if self._several else self._waiting) + "\n")


class JsonLinesWriter:
    """One object a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def send(self, article: Article) -> None:
        self._out.write(_json(article) + "\n")

    def close(self) -> None:
        self._out.flush()


class CsvWriter:
    """One row a statement, under one header."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._out.write(rows.header())

    def send(self, article: Article) -> None:
        self._out.write(rows.article_rows(article))

    def close(self) -> None:
        self._out.flush()


def _json(article: Article) -> str:
    return msgspec.json.encode(article_object(article)).decode("utf-8")


WRITERS: dict[str, Callable[[TextIO], Writer]] = {
    "text": TextWriter,
    "json": JsonWriter,
    "jsonl": JsonLinesWriter,
    "csv": CsvWriter,
}

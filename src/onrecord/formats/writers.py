"""Printing articles one after the other as they come, in each of the forms that `onrecord read` knows."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Protocol, TextIO

import msgspec
from rich.console import Console

from onrecord.formats import rows, terminal, webpage
from onrecord.formats.examples import CaseWriter, CorpusWriter
from onrecord.formats.schemaorg import graph
from onrecord.formats.webannotation import collection
from onrecord.formats.wire import Json, article_object
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
    """One object for one article, an array for several; `of` makes the object."""

    def __init__(self, out: TextIO, of: Callable[[Article], Json] = article_object) -> None:
        self._out = out
        self._of = of
        self._waiting: str | None = None
        self._several = False

    def send(self, article: Article) -> None:
        if self._waiting is not None:
            self._out.write(("," if self._several else "[") + self._waiting + "\n")
            self._several = True
        self._waiting = _json(self._of(article))

    def close(self) -> None:
        if self._waiting is not None:
            self._out.write(("," + self._waiting + "\n]" if self._several else self._waiting) + "\n")


class JsonLinesWriter:
    """One object a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def send(self, article: Article) -> None:
        self._out.write(_json(article_object(article)) + "\n")

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


class HtmlWriter:
    """One page for a browser with all the articles on it."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._count = 0

    def send(self, article: Article) -> None:
        if not self._count:
            self._out.write(webpage.opening(webpage.titled(article)))
        self._count += 1
        self._out.write(webpage.rendered(article, f"a{self._count}-"))

    def close(self) -> None:
        if self._count:
            self._out.write(webpage.CLOSING)
        self._out.flush()


def _json(plain: Json) -> str:
    return msgspec.json.encode(plain).decode("utf-8")


WRITERS: dict[str, Callable[[TextIO], Writer]] = {
    "corpus": CorpusWriter,
    "cases": CaseWriter,
    "text": TextWriter,
    "json": JsonWriter,
    "jsonl": JsonLinesWriter,
    "csv": CsvWriter,
    "html": HtmlWriter,
    "webannotation": partial(JsonWriter, of=collection),
    "schemaorg": partial(JsonWriter, of=graph),
}

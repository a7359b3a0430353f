"""Articles that were read before, from the files that `onrecord read` wrote: JSONL, or a folder of Parquet."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from onrecord.corpus import opened
from onrecord.errors import InputError
from onrecord.formats.parquet import articles_from_parquet
from onrecord.formats.wire import article_from
from onrecord.intake.files import unpacking
from onrecord.intake.lines import numbered
from onrecord.schema import Article, Failure


def articles_of(inputs: Iterable[str]) -> Iterator[Article | Failure]:
    """The articles that files hold, one after the other; what cannot be taken gives a failure in its place.

    An input is a JSONL file, gzipped or not, with an article a line, a folder that `--format parquet` filled, or `-`.
    """
    for given in inputs:
        try:
            yield from articles_from_parquet(Path(given)) if os.path.isdir(given) else _lines(given)
        except InputError as error:
            yield Failure(given, str(error))
        except OSError as error:
            yield Failure(given, f"{given}: {error.strerror or error}")


def _lines(path: str) -> Iterator[Article | Failure]:
    with opened(path) as stream:
        for line in numbered(unpacking(stream), "standard input" if path == "-" else path):
            if isinstance(line, Failure):
                yield line
                continue
            try:
                yield article_from(line.content)
            except InputError as error:
                yield Failure(line.where, f"{line.where}: {error}; give lines of onrecord read --format jsonl")

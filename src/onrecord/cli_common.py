"""What the commands share: inputs, progress, output files, complaints."""

from __future__ import annotations

import gzip
import io
import os
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, TypeVar, cast

import msgspec
import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from onrecord.errors import OnrecordError
from onrecord.schema import Failure, Page

if TYPE_CHECKING:
    from onrecord.actors.gazetteer import Gazetteer
    from onrecord.formats.writers import Writer

Result = TypeVar("Result")
Where = Annotated[
    str,
    typer.Option(
        "--archive",
        envvar="ONRECORD_ARCHIVE",
        metavar="ARCHIVE",
        help="A file, or postgresql://user@host/name.",
        show_default="onrecord.db here",
    ),
]
HERE = "onrecord.db"

EXIT_SOME_FAILED = 1
_MOST_PROBLEMS = 5
OWN_ACTORS = "Actors of your own, CSV or JSONL; they go before those that onrecord knows."


class By(StrEnum):
    """What can find the statements."""

    MODEL = "model"
    RULES = "rules"


class Carrier(StrEnum):
    """What an input can be said to be."""

    HTML = "html"
    TEXT = "text"
    JSONL = "jsonl"


def gazetteer(own: Path | None) -> Gazetteer | None:
    """The gazetteer with the user's own actors in front; None for the one that onrecord ships."""
    if own is None:
        return None
    from onrecord.actors.own import with_own

    return with_own(own)


def known_language(lang: str) -> None:
    from onrecord import languages

    if lang and lang not in languages.codes():
        known = ", ".join(languages.codes())
        raise typer.BadParameter(f"no rules for the language {lang!r}; there are: {known}", param_hint="--lang")


def in_language(found: Iterable[Page | Failure], lang: str) -> Iterator[Page | Failure]:
    for one in found:
        yield msgspec.structs.replace(one, lang=lang) if lang and isinstance(one, Page) else one


def counted(results: Iterable[Result], what: str) -> Iterator[Result]:
    """The results as they come, with a running count on standard error while standard output goes elsewhere."""
    hidden = sys.stdout.isatty() or not sys.stderr.isatty()
    columns = (SpinnerColumn(), TextColumn("{task.completed} " + what), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=hidden) as progress:
        task = progress.add_task(what, total=None)
        for result in results:
            yield result
            progress.advance(task)


@contextmanager
def written(path: Path | None) -> Iterator[IO[bytes]]:
    """Where to write: standard output, or a file that takes its name only once it is complete."""
    if path is None:
        yield sys.stdout.buffer
        return
    # What a link points to is replaced, not the link; a pipe or device (`/dev/null`) is written to, never replaced.
    target = Path(os.path.realpath(path))
    special = target.exists() and not target.is_file()
    partial = target if special else target.with_name(f".{target.name}.partial")
    try:
        with gzip.open(partial, "wb") if path.suffix == ".gz" else partial.open("wb") as out:
            yield cast(IO[bytes], out)
        if not special:
            partial.replace(target)
    except OSError as error:
        raise OnrecordError(f"{path}: cannot be written ({error.strerror or error})") from error
    finally:
        if not special:
            partial.unlink(missing_ok=True)


def many(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def problems_told(problems: Counter[str]) -> list[str]:
    """What was odd about the pages of a run, and on how many."""
    told = [f"on {times:,} of them: {message}" for message, times in problems.most_common(_MOST_PROBLEMS)]
    more = len(problems) - _MOST_PROBLEMS
    return [*told, *[f"{many(more, 'more kind')} of problem in their `problems`"] * (more > 0)]


def complain(message: str) -> None:
    line = "".join(character if character.isprintable() else "\ufffd" for character in message)
    print(f"onrecord: {line}", file=sys.stderr)


@contextmanager
def writer_of(form: str, output: Path | None) -> Iterator[Writer]:
    """What writes articles in the form asked for: one after the other to a stream, or as files into a folder."""
    from onrecord.formats.folders import FOLDERS
    from onrecord.formats.writers import WRITERS

    if form not in FOLDERS:
        with written(output) as out:
            text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
            writer = WRITERS[form](text)
            yield writer
            writer.close()
            text.detach()
        return
    if output is None:
        raise typer.BadParameter(f"{form} is several files; name a folder for them", param_hint="--output")
    try:
        with FOLDERS[form](output) as writer:
            yield writer
    except OSError as error:
        raise OnrecordError(f"{output}: cannot be written ({error.strerror or error})") from error

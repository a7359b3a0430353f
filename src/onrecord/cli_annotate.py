"""The command `annotate`: a folder of pages, looked through in the browser, becomes a gold standard."""

from __future__ import annotations

import getpass
import io
import re
import sys
import threading
import webbrowser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
import typer

from onrecord.cli_common import By, complain, counted, in_language, known_language, many, written
from onrecord.cli_serve import check_installed
from onrecord.errors import UsageError
from onrecord.schema import Failure, Page

if TYPE_CHECKING:
    from onrecord.archive.archive import Archive

app = typer.Typer()
_ARCHIVE = "onrecord.db"
_ANYBODY = "annotator"


@app.command(epilog="Example: onrecord annotate stories/   ·   onrecord annotate stories/ --write gold.jsonl")
def annotate(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Pages or texts, as onrecord read takes them.")],
    write: Annotated[
        Path | None, typer.Option("--write", metavar="OUT", help="Write what was looked through as a corpus, and stop.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="With --write: the articles not looked through too.")
    ] = False,
    name: Annotated[str, typer.Option(help="Whose corrections these are; else the name you are logged in by.")] = "",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen at; 0 for a free one.")] = 8000,
    no_browser: Annotated[bool, typer.Option("--no-browser", help="Print the address, and open no browser.")] = False,
    engine: Annotated[By, typer.Option("--engine", help="The trained tagger, or the faster rules.")] = By.MODEL,
    lang: Annotated[str, typer.Option("--lang", help="The language of every text, such as en.")] = "",
) -> None:
    """Correct in the browser what was found in a folder of pages, and write the result as a gold standard.

    What was read and corrected is kept in FOLDER/onrecord.db, so that you can stop and go on at any time.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: no folder; put the pages to look through into one")
    if write is not None:
        if write.resolve().is_relative_to(folder.resolve()):
            raise UsageError(f"{write}: in {folder} it would be read as pages the next time; write it elsewhere")
        _write(folder / _ARCHIVE, write, everything)
        return
    check_installed()
    known_language(lang)
    _serve(folder, name, port, no_browser, engine, lang)


def _serve(folder: Path, name: str, port: int, no_browser: bool, engine: By, lang: str) -> None:
    """Read what is new in the folder, and serve it to this machine alone until it is stopped."""
    from onrecord.archive.archive import open_archive
    from onrecord.web.running import run
    from onrecord.web.settings import Settings

    path = str(folder / _ARCHIVE)
    with open_archive(path) as archive:
        _read(archive, folder, engine, lang)
        annotator = _account(archive, name)

    def ready(address: str) -> None:
        print(f"onrecord: {address}annotate shows {folder}; Ctrl-C ends", file=sys.stderr)
        if not no_browser:
            # On a thread: a browser in a terminal returns only when it is closed.
            threading.Thread(target=webbrowser.open, args=[f"{address}annotate"], daemon=True).start()

    settings = Settings(path, engine.value, annotator=annotator, requests_a_minute=0, readings_a_minute=0)
    run(settings, "127.0.0.1", port, 1, ready)


def _read(archive: Archive, folder: Path, engine: By, lang: str) -> None:
    """Add what the folder holds to the archive; what is there already stays as it is, with its corrections."""
    from onrecord.archive.reading import added
    from onrecord.intake import pages

    tally: Counter[str] = Counter()
    found = in_language(_within(folder, pages([str(folder)])), lang)
    for result in counted(added(archive, found, engine.value), "pages"):
        if isinstance(result, Failure):
            tally["failed"] += 1
            complain(result.error)
        else:
            tally[result.outcome] += 1
    if not archive.counts()["articles"]:
        raise UsageError(f"{folder}: nothing in it could be read")
    parts = [f"{many(tally['new'], 'page')} read"] * bool(tally["new"])
    parts += [f"{many(tally['version'], 'page')} changed: to be looked through again"] * bool(tally["version"])
    parts += [f"{many(tally['failed'], 'input')} failed"] * bool(tally["failed"])
    if parts:
        print(f"onrecord: {'; '.join(parts)}", file=sys.stderr)


def _within(folder: Path, found: Iterator[Page | Failure]) -> Iterator[Page | Failure]:
    """The pages by their place in the folder: another way to write its path, or moving it, makes no new pages."""
    before = str(folder / "x")[:-1]
    for one in found:
        yield msgspec.structs.replace(one, input=one.input.removeprefix(before)) if isinstance(one, Page) else one


def _account(archive: Archive, given: str) -> str:
    """The name that stands beside the corrections: an account without a password, with which nobody can sign in."""
    from onrecord.web.passwords import checked_name

    name = checked_name(given) if given else _own_name()
    if archive.accounts.named(name) is None:
        archive.accounts.add(name, "")
    return name


def _own_name() -> str:
    """The name of whoever is logged in, as far as it can be that of an account."""
    from onrecord.web.passwords import checked_name

    try:
        return checked_name(re.sub(r"[^\w.-]", "", getpass.getuser()))
    except (OSError, KeyError, ImportError, UsageError):
        return _ANYBODY


def _write(path: Path, output: Path, everything: bool) -> None:
    """Write the articles that were looked through, or all, as lines of a corpus."""
    from onrecord.archive import looked
    from onrecord.archive.archive import open_to_read
    from onrecord.formats.examples import CorpusWriter

    if not path.exists():
        raise UsageError(f"{path}: nothing was annotated there yet; onrecord annotate {path.parent} begins")
    articles = statements = 0
    with open_to_read(str(path)) as archive, archive.to_read() as connection:
        progress = looked.progress(connection)
    if not progress.done and not everything:
        raise UsageError(f"no article of {progress.all:,} was looked through yet; --all writes them as they are")
    with open_to_read(str(path)) as archive, archive.to_read() as connection, written(output) as out:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        writer = CorpusWriter(text)
        for article in looked.looked_through(connection, everything):
            writer.send(article)
            articles += 1
            statements += len(article.statements)
        text.detach()
    left = progress.all - articles
    told = f"{many(articles, 'article')} written, {many(statements, 'statement')}"
    told += f"; {many(left, 'article')} not looked through and left out (--all writes them too)" * bool(left)
    print(f"onrecord: {told}", file=sys.stderr)

"""Search by likeness of meaning: the command `embed`, and what `search --like` does."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from onrecord.cli_common import HERE, Where, complain, counted, many
from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onrecord.archive.archive import Archive
    from onrecord.archive.asking import Asked
    from onrecord.archive.search import Results

app = typer.Typer()

MODEL = typer.Option(
    "--model",
    envvar="ONRECORD_MODEL",
    metavar="FOLDER",
    help="Where model.onnx and tokenizer.json of a sentence encoder lie.",
    show_default="where it lay for embed",
)
INDEX = typer.Option(
    "--index", metavar="PATH", help="The file of vectors.", show_default="beside the archive: ARCHIVE.vectors"
)


@app.command(epilog="Example: onrecord embed --model all-MiniLM-L6-v2 --archive news.db")
def embed(
    model: Annotated[
        Path,
        typer.Option(
            "--model",
            envvar="ONRECORD_MODEL",
            metavar="FOLDER",
            help="Where model.onnx and tokenizer.json of a sentence encoder lie.",
        ),
    ],
    archive: Where = HERE,
    index: Annotated[Path | None, INDEX] = None,
) -> None:
    """Prepare an archive for search --like: a vector for every statement that has none yet."""
    from onrecord.archive.archive import open_to_read
    from onrecord.archive.embedding import load

    path = place_of(archive, index)
    with open_to_read(archive) as opened:
        done = sum(1 for _ in counted(opened.embed(load(model), path), "statements"))
    print(f"onrecord: {many(done, 'statement')} embedded, in {path}", file=sys.stderr)


def place_of(archive: str, index: Path | None) -> Path:
    """Where the vectors of an archive lie."""
    from onrecord.archive.semantic import place_of

    return place_of(archive, index)


def search_alike(
    opened: Archive, text: str, path: Path, model: Path | None, typed: str, asked: Asked, limit: int
) -> Results:
    """The statements most like a text; what was not looked at is told on standard error."""
    from onrecord.archive import vectors
    from onrecord.archive.embedding import load

    held = vectors.load(path)
    folder = model or Path(held.about.folder)
    if not folder.is_dir():
        raise UsageError(f"{folder}: the model lies there no longer; give its folder with --model")
    found = opened.alike(text, load(folder), held, typed, asked, limit)
    if found.missing:
        complain(f"{many(found.missing, 'statement')} not embedded yet, and not sought; run onrecord embed")
    if found.short:
        complain(f"only the {found.looked:,} nearest were looked at; narrower filters are searched in full")
    return found.results

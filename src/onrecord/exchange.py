"""Files of annotation tools and corpora → articles, whichever of the forms they have."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Literal, get_args

import msgspec

from onrecord.corpus import opened
from onrecord.errors import InputError, LimitError
from onrecord.formats.brat_reading import article_from_brat
from onrecord.formats.examples import article_from_corpus
from onrecord.formats.inception import article_from_xmi
from onrecord.formats.labelstudio import article_from_task, tasks_from
from onrecord.formats.parquet import articles_from_parquet
from onrecord.formats.wire import article_from
from onrecord.intake.files import readable, unpacking
from onrecord.intake.lines import numbered
from onrecord.schema import Article, Failure

Form = Literal["lines", "brat", "inception", "labelstudio", "parquet"]
FORMS: tuple[Form, ...] = get_args(Form)
"""`lines` are JSONL, of a corpus (`attributions`) or of articles (`statements`); each line tells which."""
FILE_BYTES = 100_000_000
"""The largest file of an annotation tool: Label Studio exports all articles of a project into one. The largest
XMI of the 40 largest crawled news pages has 0.4 MB."""
ZIP_BYTES = 2_000_000_000
"""How much the files of a zip may hold, unpacked, with those of the zips in it."""
_MOST_MEMBERS = 100_000
_CURATED = "curation"
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError)
"""What the standard library raises for a zip that is damaged, encrypted, or packed in a way that it does not know."""


def is_lines(path: str) -> bool:
    """Whether what lies at `path` is read line by line: standard input, and whatever is no other form."""
    return path == "-" or form_of(Path(path)) == "lines"


def form_of(path: Path) -> Form:
    """The form of a file, by its suffix, or of a folder, by what lies in it; raises `InputError` for a folder of none.

    A file `.json` may hold tasks of Label Studio or articles; its content tells (`articles_in`).
    """
    if not path.is_dir():
        return _SUFFIXES.get(path.suffix.lower(), "lines")
    names = {one.name.lower() for one in path.iterdir() if not one.name.startswith(".")}
    if "articles.parquet" in names:
        return "parquet"
    for suffix, form in _SUFFIXES.items():
        if any(name.endswith(suffix) for name in names):
            return form
    raise InputError(f"{path}: no annotations in this folder; looked for {', '.join(_SUFFIXES)} and articles.parquet")


_SUFFIXES: dict[str, Form] = {".ann": "brat", ".xmi": "inception", ".zip": "inception", ".json": "labelstudio"}


def articles_in(path: Path, form: Form | None = None) -> Iterator[Article | Failure]:
    """The articles that a file or folder holds, one after the other; what cannot be understood is a failure.

    `form` says what it is, where its name does not. Raises `InputError` for a folder in which there is nothing.
    """
    form = form or form_of(path) if str(path) != "-" else form or "lines"
    try:
        if form == "lines":
            yield from _lines(str(path))
        elif form == "parquet":
            yield from articles_from_parquet(path)
        else:
            for file in _files(path, form):
                yield from _in_file(file, form)
    except OSError as error:
        yield Failure(str(path), f"{path}: {readable(error)}")


def _files(path: Path, form: Form) -> list[Path]:
    """The files of a form: the one given, or those in the folder in the order of their names."""
    if not path.is_dir():
        return [path]
    suffixes = [suffix for suffix, known in _SUFFIXES.items() if known == form]
    found = (one for one in path.iterdir() if one.is_file() and not one.name.startswith("."))
    return sorted(one for one in found if one.suffix.lower() in suffixes)


def _in_file(file: Path, form: Form) -> Iterator[Article | Failure]:
    try:
        if form == "brat":
            text = _read(file.with_suffix(".txt")).decode("utf-8-sig")
            yield article_from_brat(text, _read(file.with_suffix(".ann")).decode("utf-8-sig"), file.stem)
        elif form == "inception" and file.suffix.lower() == ".zip":
            with file.open("rb") as stream:
                yield from _in_zip(stream, str(file), _Room(ZIP_BYTES))
        elif form == "inception":
            yield article_from_xmi(_read(file), file.stem)
        else:
            yield from _in_json(_read(file), str(file))
    except UnicodeDecodeError as error:
        yield Failure(str(file), f"{file}: no UTF-8 ({error.reason} at byte {error.start:,})")
    except OSError as error:
        yield Failure(str(file), f"{error.filename or file}: {readable(error)}")
    except (InputError, *_BROKEN_ZIP) as error:
        yield Failure(str(file), f"{file}: {error}")


def _read(file: Path) -> bytes:
    with file.open("rb") as stream:
        return _bounded(stream)


def _bounded(stream: IO[bytes]) -> bytes:
    content = stream.read(FILE_BYTES + 1)
    if len(content) > FILE_BYTES:
        raise LimitError(f"larger than {FILE_BYTES // 1_000_000} MB, the limit for one file; export it in parts")
    return content


class _Room:
    """How many bytes may still be unpacked: a zip can hold a thousand times its size, and zips that do the same."""

    def __init__(self, size: int) -> None:
        self._left = size

    def take(self, size: int) -> None:
        """Raises `LimitError` once it is too much."""
        self._left -= size
        if self._left < 0:
            raise LimitError(f"unpacked it is larger than {ZIP_BYTES // 1_000_000:,} MB; export it in parts")


def _in_zip(stream: IO[bytes], where: str, room: _Room, inner: bool = False) -> Iterator[Article | Failure]:
    """The documents of an export of INCEpTION: of one document, or of a whole project, which holds a zip for each.

    Of a project in which somebody has curated, what was curated counts, and not each annotator's own.
    """
    with zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        if len(members) > _MOST_MEMBERS:
            raise LimitError(f"more than {_MOST_MEMBERS:,} files in it")
        wanted = [one for one in members if one.filename.lower().endswith((".xmi", ".zip"))]
        curated = [one for one in wanted if one.filename.startswith(f"{_CURATED}/")]
        for one in curated or wanted:
            room.take(one.file_size)
            name, there = PurePosixPath(one.filename), f"{where}:{one.filename}"
            try:
                with archive.open(one) as member:
                    if name.suffix.lower() == ".xmi":
                        # Of a project the folder is named after the document, the file after the annotator.
                        own = name.parent.name if len(name.parts) > 1 else name.stem
                        yield article_from_xmi(_bounded(member), own)
                    elif not inner:
                        yield from _in_zip(member, there, room, inner=True)
            except (InputError, *_BROKEN_ZIP) as error:
                yield Failure(there, f"{there}: {error}")


class _Peek(msgspec.Struct):
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def _in_json(content: bytes, where: str) -> Iterator[Article | Failure]:
    """Tasks of Label Studio, which have `data`, or what `onrecord read --format json` wrote: an article, or several."""
    if content.lstrip()[:1] == b"{":
        yield article_from(content)
        return
    try:
        peeked = msgspec.json.decode(content, type=list[_Peek])
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InputError(f"no tasks of Label Studio and no articles ({error})") from error
    if any(one.data is not msgspec.UNSET for one in peeked):
        for n, task in enumerate(tasks_from(content), start=1):
            yield _made(f"{where}, task {n}", partial(article_from_task, task, str(n)))
    else:
        for n, one in enumerate(msgspec.json.decode(content, type=list[msgspec.Raw]), start=1):
            yield _made(f"{where}, article {n}", partial(article_from, bytes(one)))


def _lines(path: str) -> Iterator[Article | Failure]:
    with opened(path) as stream:
        for line in numbered(unpacking(stream), "standard input" if path == "-" else path):
            if isinstance(line, Failure):
                yield line
            else:
                yield _made(line.where, partial(_of_line, line.content))


class _Kind(msgspec.Struct):
    attributions: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def _of_line(content: bytes) -> Article:
    """The article of a line of a corpus, or of what `onrecord read --format jsonl` wrote."""
    try:
        kind = msgspec.json.decode(content, type=_Kind)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InputError(f"no JSON object ({error})") from error
    return article_from(content) if kind.attributions is msgspec.UNSET else article_from_corpus(content)


def _made(where: str, make: Callable[[], Article]) -> Article | Failure:
    try:
        return make()
    except InputError as error:
        return Failure(where, f"{where}: {error}")

"""The forms that fill a folder with files, each a writer to be closed by the end of its `with`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from onrecord.formats import brat, inception, labelstudio
from onrecord.formats.parquet import parquet_folder
from onrecord.formats.writers import Writer
from onrecord.schema import Article

_LONGEST_NAME = 100


class _Files:
    """The files of a folder: each takes its name once it is complete, and an article's name is its id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, int] = {}

    def _name(self, given: str) -> str:
        """A file name of letters, digits, `.`, `-` and `_` for an id; one used already gets a number."""
        name = re.sub(r"[^\w.-]", "_", given[:_LONGEST_NAME], flags=re.ASCII).lstrip(".") or "article"
        # Folded, since some file systems do not tell capitals.
        self._names[name.lower()] = times = self._names.get(name.lower(), 0) + 1
        return name if times == 1 else self._name(f"{name[: _LONGEST_NAME - 10]}-{times}")

    def _write(self, name: str, content: str | bytes) -> None:
        packed = content.encode("utf-8", errors="replace") if isinstance(content, str) else content
        with self._partial(name) as out:
            out.write(packed)

    @contextmanager
    def _partial(self, name: str) -> Iterator[BinaryIO]:
        partial = self._folder / f".{name}.partial"
        try:
            with partial.open("wb") as out:
                yield out
            partial.replace(self._folder / name)
        finally:
            partial.unlink(missing_ok=True)


class BratWriter(_Files):
    """Writes `ID.txt` and `ID.ann` for each article, and one `annotation.conf`."""

    def send(self, article: Article) -> None:
        """Write one article; the text first, since brat takes an `.ann` without its `.txt` for damage."""
        name = self._name(article.id)
        self._write(f"{name}.txt", brat.text_of(article))
        self._write(f"{name}.ann", brat.lines_of(article))

    def close(self) -> None:
        """Write what brat has to know of the types."""
        self._write("annotation.conf", brat.CONFIGURATION)


class InceptionWriter(_Files):
    """Writes `ID.xmi` for each article, and one `TypeSystem.xml`."""

    def send(self, article: Article) -> None:
        """Write one article."""
        self._write(f"{self._name(article.id)}.xmi", inception.xmi_of(article))

    def close(self) -> None:
        """Write what INCEpTION has to know of the layers."""
        self._write("TypeSystem.xml", inception.TYPE_SYSTEM)


class LabelStudioWriter(_Files):
    """Writes all articles into one `tasks.json`, to which `out` leads, and one `labeling-config.xml`."""

    def __init__(self, folder: Path, out: BinaryIO) -> None:
        super().__init__(folder)
        self._out = out
        self._before = b"["

    def send(self, article: Article) -> None:
        """Write one article."""
        self._out.write(self._before + msgspec.json.encode(labelstudio.task_of(article)))
        self._before = b",\n"

    def close(self) -> None:
        """End the list, and write the labelling configuration."""
        self._out.write(b"[]\n" if self._before == b"[" else b"]\n")
        self._write("labeling-config.xml", labelstudio.CONFIGURATION)


@contextmanager
def brat_folder(folder: Path) -> Iterator[BratWriter]:
    """A writer of brat's files in `folder`; raises `OSError` where it cannot be written to."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = BratWriter(folder)
    yield writer
    writer.close()


@contextmanager
def inception_folder(folder: Path) -> Iterator[InceptionWriter]:
    """A writer of INCEpTION's files in `folder`; raises `OSError` where it cannot be written to."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = InceptionWriter(folder)
    yield writer
    writer.close()


@contextmanager
def labelstudio_folder(folder: Path) -> Iterator[LabelStudioWriter]:
    """A writer of Label Studio's files in `folder`; raises `OSError` where it cannot be written to."""
    folder.mkdir(parents=True, exist_ok=True)
    with _Files(folder)._partial("tasks.json") as out:
        writer = LabelStudioWriter(folder, out)
        yield writer
        writer.close()


FOLDERS: dict[str, Callable[[Path], AbstractContextManager[Writer]]] = {
    "brat": brat_folder,
    "inception": inception_folder,
    "labelstudio": labelstudio_folder,
    "parquet": parquet_folder,
}

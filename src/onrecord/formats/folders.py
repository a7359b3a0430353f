"""The forms that fill a folder with files, each a writer to be closed by the end of its `with`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from onrecord.formats import brat
from onrecord.formats.parquet import parquet_folder
from onrecord.formats.writers import Writer
from onrecord.schema import Article

_LONGEST_NAME = 100


class BratWriter:
    """Writes `ID.txt` and `ID.ann` for each article, and one `annotation.conf`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, int] = {}

    def send(self, article: Article) -> None:
        """Write one article; the text first, since brat takes an `.ann` without its `.txt` for damage."""
        name = self._name(article.id)
        self._write(f"{name}.txt", brat.text_of(article))
        self._write(f"{name}.ann", brat.lines_of(article))

    def close(self) -> None:
        """Write what brat has to know of the types."""
        self._write("annotation.conf", brat.CONFIGURATION)

    def _name(self, given: str) -> str:
        """A file name of letters, digits, `.`, `-` and `_` for an id; one used already gets a number."""
        name = re.sub(r"[^\w.-]", "_", given[:_LONGEST_NAME], flags=re.ASCII).lstrip(".") or "article"
        # Folded, since some file systems do not tell capitals.
        self._names[name.lower()] = times = self._names.get(name.lower(), 0) + 1
        return name if times == 1 else self._name(f"{name[: _LONGEST_NAME - 10]}-{times}")

    def _write(self, name: str, text: str) -> None:
        partial = self._folder / f".{name}.partial"
        try:
            partial.write_bytes(text.encode("utf-8", errors="replace"))
            partial.replace(self._folder / name)
        finally:
            partial.unlink(missing_ok=True)


@contextmanager
def brat_folder(folder: Path) -> Iterator[BratWriter]:
    """A writer of brat's files in `folder`; raises `OSError` where it cannot be written to."""
    folder.mkdir(parents=True, exist_ok=True)
    writer = BratWriter(folder)
    yield writer
    writer.close()


FOLDERS: dict[str, Callable[[Path], AbstractContextManager[Writer]]] = {
    "brat": brat_folder,
    "parquet": parquet_folder,
}

"""Files wherever fsspec reaches: found, read, and written so that they are there as a whole or not at all."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

from onrecord.errors import FetchError, InputError, UsageError


def file_system(location: str) -> tuple[Any, str]:
    """The file system of a location, and the path on it; raises `InputError` for one that there is no way to.

    A path is one on this machine. `s3://`, `hf://` and the like need the package that fsspec names.
    """
    try:
        import fsspec
    except ImportError as error:
        raise UsageError("batch needs fsspec; install it with: pip install 'onrecord[batch]'") from error
    try:
        system, path = fsspec.core.url_to_fs(location)
    except (ImportError, ValueError, OSError) as error:
        raise InputError(f"{location}: cannot be reached ({' '.join(str(error).split())})") from error
    return system, path


@contextmanager
def opened(location: str) -> Iterator[BinaryIO]:
    """The file at a location, for reading; raises `FetchError` if it cannot be opened."""
    system, path = file_system(location)
    try:
        stream = system.open(path, "rb")
    except (OSError, ValueError) as error:
        raise FetchError(f"{location}: cannot be opened ({error})") from error
    with stream:
        yield cast(BinaryIO, stream)


class Folder:
    """A folder that a run writes to, on this machine or wherever fsspec reaches."""

    def __init__(self, location: str) -> None:
        self.location = location.rstrip("/")
        self._system, path = file_system(self.location)
        self.path = str(path).rstrip("/")
        self._local = "file" in _protocols(self._system)

    def at(self, name: str) -> str:
        """The path of a file on its file system, as Daft and pyarrow take it."""
        return f"{self.location}/{name}"

    @contextmanager
    def writing(self, name: str) -> Iterator[Path]:
        """A file on this machine to write to, which takes its name and place when the block ends without an error."""
        if self._local:
            target = Path(self.path) / name
            target.parent.mkdir(parents=True, exist_ok=True)
            partial = target.with_name(f".{target.name}.{uuid.uuid4().hex}.partial")
            try:
                yield partial
                os.replace(partial, target)
            finally:
                partial.unlink(missing_ok=True)
            return
        with TemporaryDirectory(prefix="onrecord-") as folder:
            local = Path(folder) / "file"
            yield local
            # Stores of objects show an object when all of it is there.
            self._system.put_file(str(local), f"{self.path}/{name}")

    def write(self, name: str, content: bytes) -> None:
        """Write a file as a whole."""
        with self.writing(name) as path:
            path.write_bytes(content)

    def read(self, name: str) -> bytes | None:
        """What a file holds; None if there is none."""
        try:
            return bytes(self._system.cat_file(f"{self.path}/{name}"))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def open(self, name: str) -> BinaryIO:
        """A file for reading."""
        return cast(BinaryIO, self._system.open(f"{self.path}/{name}", "rb"))

    def names(self, folder: str, suffix: str) -> list[str]:
        """The files below a folder that end in `suffix`, by their paths from here, in order."""
        self._system.invalidate_cache()
        try:
            found = self._system.find(f"{self.path}/{folder}")
        except FileNotFoundError:
            return []
        names = (str(path)[len(self.path) + 1 :] for path in found)
        return sorted(name for name in names if name.endswith(suffix) and not name.rpartition("/")[2].startswith("."))

    def top(self) -> list[str]:
        """The names of what is in it, in order; raises `UsageError` if it is a file."""
        self._system.invalidate_cache()
        try:
            if self._system.isfile(self.path):
                raise UsageError(f"{self.location}: is a file; name a folder")
            found = self._system.ls(self.path, detail=False)
        except FileNotFoundError:
            return []
        names = (str(path).rstrip("/").rpartition("/")[2] for path in found)
        return sorted(filter(None, names))

    def remove(self, folder: str) -> None:
        """Remove a folder with all that it holds."""
        if self._system.exists(f"{self.path}/{folder}"):
            self._system.rm(f"{self.path}/{folder}", recursive=True)


def _protocols(system: Any) -> tuple[str, ...]:
    protocol = system.protocol
    return (protocol,) if isinstance(protocol, str) else tuple(protocol)

"""The vectors of an archive's statements in one file: usearch's index, then what is known of it. Needs usearch.

The file is what `usearch.Index.save` writes, followed by `About` as JSON and a foot of 24 bytes: the lengths of both
and a mark. It is replaced as a whole, so that a reader sees either the earlier or the later.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import msgspec
import numpy as np
from msgspec import Struct

from onrecord.archive.embedding import Floats
from onrecord.errors import ArchiveError, UsageError

if TYPE_CHECKING:
    from usearch.index import Index

MOST_EXACT = 200_000
"""Up to so many vectors each is compared, 20 ms at 384 numbers; among more, the nearest are found by their graph."""
_FOOT = struct.Struct("<QQ8s")
_MARK = b"onrecord"
_MOST_ABOUT = 64 * 1024 * 1024
_ADVICE = "delete it and run onrecord embed again"

State = tuple[int, int]
"""The last of a statement's corrections, and how many of them were taken back."""


class About(Struct, frozen=True):
    """What vectors were made with and of."""

    model: str
    digest: str
    folder: str
    """Where the model lay."""
    width: int
    article: int = 0
    """The last article whose statements have their vectors; articles are numbered in the order of adding."""
    address: str = ""
    """That article's address, by which another archive's vectors are told."""
    corrected: dict[int, State] = {}
    """The corrections that were made of statements when their vectors were."""


class Vectors:
    """Vectors by the number of the statement; nothing is written before `save`."""

    def __init__(self, path: Path, index: Index, about: About) -> None:
        self.path, self.about = path, about
        self._index = index

    def __len__(self) -> int:
        return len(self._index)

    def put(self, numbers: Sequence[int], vectors: Floats) -> None:
        """Store vectors, in place of those that the statements have; a vector of zeros is like nothing and left out."""
        self.remove(numbers)
        some = vectors.any(axis=1)
        if some.any():
            self._index.add(_keys(numbers)[some], vectors[some])

    def remove(self, numbers: Sequence[int]) -> None:
        """Take out those of the statements' vectors that are there."""
        keys = _keys(numbers)
        if len(keys) and (there := keys[self._index.contains(keys)]).size:
            self._index.remove(there)

    def nearest(self, vector: Floats, count: int) -> list[tuple[int, float]]:
        """The statements whose vectors are nearest, and their cosine, the nearest first."""
        if not len(self):
            return []
        found = self._index.search(vector, count, exact=len(self) <= MOST_EXACT)
        return _ranked(found.keys, 1 - found.distances)

    def likeness(self, vector: Floats, numbers: Sequence[int]) -> list[tuple[int, float]]:
        """Those of the statements that have vectors, and their cosine with one, the nearest first."""
        if not len(self) or not numbers:
            return []
        rows = cast("tuple[Floats | None, ...]", self._index.get(_keys(numbers)))
        kept = [(number, row) for number, row in zip(numbers, rows, strict=True) if row is not None]
        if not kept:
            return []
        matrix = np.stack([row for _, row in kept]).astype(np.float32)
        # What is stored is rounded to halves, so its length is not quite one.
        cosines = matrix @ vector / np.maximum(np.linalg.norm(matrix, axis=1), 1e-6)
        return _ranked([number for number, _ in kept], cosines)

    def save(self) -> None:
        """Write the file anew; raises `ArchiveError` if it cannot be."""
        partial = self.path.with_name(f".{self.path.name}.{os.getpid()}.partial")
        about = msgspec.json.encode(self.about)
        try:
            self._index.save(partial)
            foot = _FOOT.pack(partial.stat().st_size, len(about), _MARK)
            with partial.open("ab") as out:
                out.write(about + foot)
                out.flush()
                os.fsync(out.fileno())
            partial.replace(self.path)
        except (OSError, RuntimeError, ValueError) as error:
            reason = getattr(error, "strerror", None) or " ".join(str(error).split())
            raise ArchiveError(f"{self.path}: cannot be written ({reason}); make room, or give --index PATH") from error
        finally:
            with suppress(OSError):
                partial.unlink(missing_ok=True)


def _keys(numbers: Sequence[int]) -> Any:
    return np.asarray(numbers, dtype=np.uint64)


def _ranked(numbers: Any, cosines: Any) -> list[tuple[int, float]]:
    """Numbers with their cosines, the greatest first, among equals the newest statement."""
    pairs = ((int(number), float(cosine)) for number, cosine in zip(numbers, cosines, strict=True))
    return sorted(pairs, key=lambda pair: (-pair[1], -pair[0]))


def new(path: Path, about: About) -> Vectors:
    """No vectors yet; raises `UsageError` if usearch is not installed."""
    return Vectors(path, _usearch()(ndim=about.width, metric="cos", dtype="f16"), about)


def load(path: Path, change: bool = False) -> Vectors:
    """The vectors in a file: read into memory if they are to be changed, else left in the file and read as needed.

    Raises `ArchiveError` for a file that is missing, cut short or something else.
    """
    kind = _usearch()
    about, size = _about(path)
    try:
        index = kind.restore(path, view=not change)
    except (RuntimeError, ValueError) as error:
        raise ArchiveError(f"{path}: is damaged ({' '.join(str(error).split())}); {_ADVICE}") from error
    if index is None or index.ndim != about.width or index.serialized_length != size:
        raise ArchiveError(f"{path}: is damaged; {_ADVICE}")
    return Vectors(path, index, about)


def _about(path: Path) -> tuple[About, int]:
    """What a file's end says of it, and how long usearch's part is."""
    try:
        with path.open("rb") as file:
            whole = file.seek(0, os.SEEK_END)
            file.seek(max(0, whole - _FOOT.size))
            foot = file.read()
            size, length, mark = _FOOT.unpack(foot) if len(foot) == _FOOT.size else (0, 0, b"")
            if mark != _MARK or size + length + _FOOT.size != whole or length > _MOST_ABOUT:
                raise ArchiveError(f"{path}: no vectors of onrecord, or cut short; {_ADVICE}")
            file.seek(size)
            return msgspec.json.decode(file.read(length), type=About), size
    except FileNotFoundError as error:
        raise ArchiveError(f"{path}: no vectors there; onrecord embed --model FOLDER makes them") from error
    except OSError as error:
        raise ArchiveError(f"{path}: cannot be read ({error.strerror or error})") from error
    except msgspec.DecodeError as error:
        raise ArchiveError(f"{path}: is damaged ({error}); {_ADVICE}") from error


def _usearch() -> type[Index]:
    # usearch 2.26 loads its libraries for all to see, and onnxruntime 1.32 crashes if it is loaded after that.
    import onnxruntime  # noqa: F401

    try:
        from usearch.index import Index
    except ImportError as error:
        raise UsageError("search by likeness needs usearch; run: pip install 'onrecord[semantic]'") from error
    return Index

"""What runs wrote → the articles for an archive: one for each page, however often the crawl has it.

Of several articles at one address one that was read for itself counts, not one that was left as a duplicate; among
these the one fetched last, and of two fetched at once the one that comes later in the tables. Duplicates come after all
others, since an archive takes the first of several with one text for the one that the others reprint.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from onrecord.archive.addresses import address_from
from onrecord.batch import manifest
from onrecord.errors import InputError
from onrecord.formats.parquet import articles_in, holds_batch, rows_in, tables_in
from onrecord.schema import Article, Failure

_TELLING = ("url", "canonical", "input", "fetched", "duplicate_of")
_DIGEST_BYTES = 16
_Tables = tuple[Path, Path]
_Place = tuple[int, int]
"""The number of a file of articles, and that of a row in it."""
_Rank = tuple[bool, str, _Place]
"""Whether an article was read for itself, when it was fetched, and where it is; the greatest at an address counts."""


def is_run(folder: Path) -> bool:
    """Whether `onrecord batch` has begun a run in a folder on this machine, or its tables are there."""
    return manifest.begun(folder) or holds_batch(folder)


def loaded(folders: Iterable[str]) -> Iterator[Article | Failure]:
    """The articles of runs, one for each address, a few at a time; a digest of every address is kept in memory.

    Damaged tables give a failure, and so do a run without articles and one that is not finished; what that one has so
    far comes all the same.
    """
    files: list[_Tables] = []
    for given in folders:
        folder = Path(given)
        there = tables_in(folder) if holds_batch(folder) else []
        counts: list[int] = []
        for tables in there:
            try:
                counts.append(sum(1 for _ in rows_in(tables[0], _TELLING)))
                files.append(tables)
            except InputError as error:
                yield Failure(given, str(error))
        if not manifest.complete(folder):
            yield Failure(
                given,
                f"{given}: this run is not finished, and only what it has so far is added; "
                "finish it with the same batch command, then add it again",
            )
        elif len(counts) == len(there) and not sum(counts):
            yield Failure(given, f"{given}: this run holds no articles; its table of problems may say why")
    yield from _counting(files)


def _counting(files: Sequence[_Tables]) -> Iterator[Article | Failure]:
    """The articles that count: those that were read for themselves, then the duplicates."""
    passed_over, duplicates = _told_apart(files)
    early_out, late = duplicates | passed_over, duplicates - passed_over
    for number in range(len(files)):
        yield from _articles(files, number, lambda place: place not in early_out)
    for number in sorted({file for file, _ in late}):
        yield from _articles(files, number, late.__contains__)


def _articles(files: Sequence[_Tables], number: int, wanted: Callable[[_Place], bool]) -> Iterator[Article | Failure]:
    tables = files[number]
    try:
        yield from articles_in(*tables, lambda row: wanted((number, row)))
    except InputError as error:
        yield Failure(str(tables[0]), str(error))


def _told_apart(files: Sequence[_Tables]) -> tuple[set[_Place], set[_Place]]:
    """Which rows another one at their address counts instead of, and which are duplicates."""
    seen: set[bytes] = set()
    repeated: set[bytes] = set()
    for address, _ in _rows(files):
        (repeated if address in seen else seen).add(address)
    del seen
    best: dict[bytes, _Rank] = {}
    passed_over: set[_Place] = set()
    duplicates: set[_Place] = set()
    for address, rank in _rows(files):
        if not rank[0]:
            duplicates.add(rank[2])
        if address in repeated:
            first, last = sorted((rank, best.get(address, rank)))
            best[address] = last
            if first != last:
                passed_over.add(first[2])
    return passed_over, duplicates


def _rows(files: Sequence[_Tables]) -> Iterator[tuple[bytes, _Rank]]:
    """A digest of each article's address, and what it ranks by."""
    for number, (of_articles, _) in enumerate(files):
        for row, told in enumerate(rows_in(of_articles, _TELLING)):
            # A damaged table may have anything here; the article that it makes then tells.
            url, canonical, given, fetched = (str(told[name] or "") for name in _TELLING[:4])
            address = address_from(url, canonical, given).encode("utf-8", "surrogatepass")
            digest = hashlib.blake2b(address, digest_size=_DIGEST_BYTES).digest()
            yield digest, (told["duplicate_of"] is None, fetched, (number, row))

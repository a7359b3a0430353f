"""Search by likeness of meaning: every statement gets a vector, and those nearest to a text's vector are found.

The vectors lie beside the archive (`vectors.py`); what counts and what the filters let through is asked of the archive
each time, so that whatever was corrected, dropped or superseded since does not show.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select

from onrecord.archive import tables, vectors
from onrecord.archive.connect import address_of, reading
from onrecord.archive.embedding import Embedder, Floats
from onrecord.archive.query import parse
from onrecord.archive.search import EVERYTHING, MOST_A_PAGE, Filters, Hit, Results, hits_of, matching
from onrecord.archive.vectors import About, State, Vectors
from onrecord.errors import UsageError

FEW = 20_000
"""Up to so many statements that match the filters are all compared, 40 ms at 384 numbers."""
FARTHEST = 10_000
"""Among more, so many of the nearest are held against the filters at most; SQLite takes 32,766 in one query."""
_FIRST_LOOK, _WIDER = 5, 8
"""How many times as many as are wanted are looked at first, and how much wider each further look is."""
_ARTICLES = 50
"""Articles read and embedded together."""
_SAVE_AFTER = 60.0
"""Seconds of embedding after which it is saved: what a kill costs at most."""
_AT_ONCE = 1_000
_CONTENT_FIELDS = ("spans", "added", "dropped")
"""The corrections that change what is embedded."""

_article, _statement, _correction = tables.article.c, tables.statement.c, tables.correction.c
_COUNTS = _article.current.is_(True) & _statement.dropped.is_(False)
_SAID = tables.statement.join(tables.article, _article.id == _statement.article_id)


class Alike(Struct, frozen=True):
    """The statements most like a text, and how thoroughly they were sought."""

    results: Results
    """The nearest first; each hit has its `similarity`."""
    missing: int
    """How many statements that count have no vector yet."""
    looked: int
    """How many statements were compared, or held against the filters."""
    short: bool
    """Whether fewer were found than asked for although farther ones may match."""


def place_of(archive: str, index: Path | None) -> Path:
    """Where an archive's vectors lie: where the user says, else beside the SQLite file.

    Raises `UsageError` for PostgreSQL without a place.
    """
    if index is not None:
        return index
    url = address_of(archive)
    if url.get_backend_name() != "sqlite":
        raise UsageError("vectors of an archive in PostgreSQL lie in a file of yours; name it with --index PATH")
    return Path(f"{url.database}.vectors")


def embed(engine: Engine, embedder: Embedder, path: Path) -> Iterator[int]:
    """Make the vectors that are missing; the numbers of the statements as they are done.

    What is done is saved each minute and when the iterator ends or is closed, and not done again. Raises `UsageError`
    for vectors of another model or archive, `ArchiveError` for those that cannot be read or written.
    """
    about = About(embedder.name, embedder.digest, str(embedder.folder), embedder.width)
    held = vectors.load(path, change=True) if path.exists() else vectors.new(path, about)
    same_model(held, embedder)
    before = held.about
    saved = time.monotonic()
    try:
        for batch in _embedded(engine, embedder, held):
            if time.monotonic() - saved > _SAVE_AFTER:
                held.save()
                before, saved = held.about, time.monotonic()
            yield from batch
    finally:
        if held.about != before or not path.exists():
            held.save()


def same_model(held: Vectors, embedder: Embedder) -> None:
    """Raises `UsageError` if the vectors are another model's."""
    about = held.about
    if (about.digest, about.width) != (embedder.digest, embedder.width):
        raise UsageError(
            f"{held.path}: made with another model, {about.model} ({about.digest[:8]}), not {embedder.name} "
            f"({embedder.digest[:8]}) of {embedder.folder}; give that model, or another --index"
        )


def alike(
    connection: Connection,
    held: Vectors,
    vector: Floats,
    typed: str = "",
    filters: Filters = EVERYTHING,
    limit: int = 20,
) -> Alike:
    """The statements whose vectors are nearest to one, among those that match the words and filters.

    Where `FEW` or fewer match, all of them are compared. Else the nearest are held against the filters, ever more of
    them, up to `FARTHEST`. Raises `UsageError` for vectors of another archive.
    """
    _same_archive(connection, held)
    limit = max(1, min(limit, MOST_A_PAGE))
    words = parse(typed)
    wanted = matching(connection, words, filters)
    changed = set(_changed(connection, held.about))
    among = connection.scalars(wanted.limit(FEW + 1)).all()
    if len(among) <= FEW:
        found = [pair for pair in held.likeness(vector, among) if pair[0] not in changed]
        looked, short = len(among), False
    else:
        found, looked = _nearest(connection, held, vector, wanted, changed, limit)
        short = len(found) < limit and looked < len(held)
    found = found[:limit]
    hits = _hits(connection, found, words)
    return Alike(Results(hits, len(hits)), _missing(connection, held.about, changed), looked, short)


def _nearest(
    connection: Connection, held: Vectors, vector: Floats, wanted: Select[Any], changed: set[int], limit: int
) -> tuple[list[tuple[int, float]], int]:
    """The nearest that are wanted, and how many were looked at for them."""
    count = min(limit * _FIRST_LOOK, FARTHEST)
    while True:
        near = held.nearest(vector, count)
        passing = _passing(connection, wanted, [number for number, _ in near]) - changed
        found = [pair for pair in near if pair[0] in passing]
        if len(found) >= limit or count >= min(FARTHEST, len(held)):
            return found, len(near)
        count = min(count * _WIDER, FARTHEST)


def _passing(connection: Connection, wanted: Select[Any], numbers: Sequence[int]) -> set[int]:
    """Which of the statements are wanted."""
    # FTS5 takes 1 ms a number to say whether it matches, and less than that for a thousand that do.
    all_ = wanted.cte("wanted").prefix_with("MATERIALIZED")
    return set(connection.scalars(select(all_.c.id).where(all_.c.id.in_(numbers))))


def _chunks(numbers: Sequence[int]) -> Iterator[Sequence[int]]:
    """The numbers, as many at once as every database takes in one query."""
    return (numbers[at : at + _AT_ONCE] for at in range(0, len(numbers), _AT_ONCE))


def _hits(connection: Connection, found: Sequence[tuple[int, float]], words: Any) -> tuple[Hit, ...]:
    cosines = dict(found)
    hits = hits_of(connection, list(cosines), words)
    return tuple(msgspec.structs.replace(hit, similarity=round(cosines[hit.id], 4)) for hit in hits)


def _embedded(engine: Engine, embedder: Embedder, held: Vectors) -> Iterator[Sequence[int]]:
    """Bring the vectors up to date, a batch at a time; nothing is saved."""
    with reading(engine) as connection:
        _same_archive(connection, held)
        corrected = _states(connection)
        changed = _changed(connection, held.about)
        texts: dict[int, str] = {}
        for chunk in _chunks(changed):
            texts |= _texts(connection, _statement.id.in_(chunk))
        held.remove([*changed, *connection.scalars(_gone(held.about))])
    _put(held, embedder, texts)
    held.about = msgspec.structs.replace(held.about, corrected=corrected)
    yield list(texts)
    while True:
        with reading(engine) as connection:
            last = held.about.article
            articles = connection.execute(
                select(_article.id, _article.address).where(_article.id > last).order_by(_article.id).limit(_ARTICLES)
            ).all()
            if not articles:
                return
            top = articles[-1]
            # Before the texts: a correction made in between is then seen as one that came later.
            corrected = held.about.corrected | _states(connection, _between(last, top.id))
            texts = _texts(connection, _between(last, top.id))
        _put(held, embedder, texts)
        held.about = msgspec.structs.replace(held.about, article=top.id, address=top.address, corrected=corrected)
        yield list(texts)


def _put(held: Vectors, embedder: Embedder, texts: dict[int, str]) -> None:
    if texts:
        held.put(list(texts), embedder.embed(list(texts.values())))


def _between(last: int, top: int) -> ColumnElement[bool]:
    return (_statement.article_id > last) & (_statement.article_id <= top)


def _texts(connection: Connection, those: ColumnElement[bool]) -> dict[int, str]:
    """The contents of statements that count."""
    asked = select(_statement.id, _statement.content).select_from(_SAID).where(those, _COUNTS)
    return {row.id: row.content for row in connection.execute(asked.order_by(_statement.id))}


def _gone(about: About) -> Select[Any]:
    """The statements with vectors whose page has changed since."""
    superseded = (_article.id <= about.article) & _article.current.is_(False)
    return select(_statement.id).select_from(_SAID).where(superseded)


def _states(connection: Connection, those: ColumnElement[bool] | None = None) -> dict[int, State]:
    """How corrected statements stand, those that were ever corrected in what is embedded."""
    asked = (
        select(_correction.statement_id, func.max(_correction.id), func.count(_correction.undone))
        .where(_correction.statement_id.is_not(None), _correction.field.in_(_CONTENT_FIELDS))
        .group_by(_correction.statement_id)
    )
    if those is not None:
        asked = asked.where(_correction.statement_id.in_(select(_statement.id).where(those)))
    return {number: (last, undone) for number, last, undone in connection.execute(asked)}


def _changed(connection: Connection, about: About) -> list[int]:
    """The statements that were corrected, or whose correction was taken back, since their vectors were made."""
    return [number for number, state in _states(connection).items() if about.corrected.get(number) != state]


def _missing(connection: Connection, about: About, changed: set[int]) -> int:
    """How many statements that count have no vector of their words as they are."""
    counted = select(func.count()).select_from(_SAID).where(_COUNTS)
    later = connection.scalar(counted.where(_statement.article_id > about.article)) or 0
    earlier = counted.where(_statement.article_id <= about.article)
    counts = (connection.scalar(earlier.where(_statement.id.in_(chunk))) for chunk in _chunks(sorted(changed)))
    return later + sum(count or 0 for count in counts)


def _same_archive(connection: Connection, held: Vectors) -> None:
    """Raises `UsageError` if the vectors were made of another archive."""
    about = held.about
    if about.article:
        address = connection.scalar(select(_article.address).where(_article.id == about.article))
        if address != about.address:
            raise UsageError(f"{held.path}: made of another archive; name this one's with --index PATH")

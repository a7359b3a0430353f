"""Search: words and filters → statements with the words found, counts of them, and the way to the next page."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, func, select

from onrecord.archive import index, order, rows, tables
from onrecord.archive.query import Sought, every, parse
from onrecord.archive.snippets import Snippet, snippet
from onrecord.errors import UsageError
from onrecord.schema import Statement

Sort = Literal["relevance", "newest", "oldest"]
MOST_RANKED = 10_000
"""How many statements are ranked and counted, the newest first: among more, the order of likeness says little, and
ranking 200,000 takes longer than a reader waits (`bench/archive.py`)."""
MOST_A_PAGE = 1_000
_FACET_SIZE = 20


class Filters(Struct, frozen=True):
    """What the statements sought have in common; each is a tag sought, or a bound."""

    tags: tuple[Sought, ...] = ()
    since: str = ""
    """Published on this day or later: an ISO date, month or year."""
    until: str = ""
    """Published on this day or earlier."""
    said_since: str = ""
    said_until: str = ""
    confidence: float = 0.0


EVERYTHING = Filters()


class Hit(Struct, frozen=True):
    """A statement that was found, and where it stands."""

    id: int
    """Its number in the archive."""
    statement: Statement
    article: Source
    snippet: Snippet
    cluster: int | None = None
    reported: int = 1
    """By how many statements of the archive the same utterance is reported."""
    corrected: bool = False
    similarity: float | None = None
    """How like the text given its words are, as a cosine; None in a search for words alone."""


class Source(Struct, frozen=True):
    """The article that a statement stands in."""

    id: int
    """Its number in the archive."""
    key: str
    """The article's own id."""
    headline: str
    outlet: str
    url: str
    input: str
    published: str | None


class Facets(Struct, frozen=True):
    """How many statements there are by speaker, by outlet and by month of publication, the most first."""

    speakers: tuple[tuple[str, int], ...]
    outlets: tuple[tuple[str, int], ...]
    months: tuple[tuple[str, int], ...]
    of: int
    """Among how many they were counted: the newest `MOST_RANKED`."""


class Results(Struct, frozen=True):
    """A page of hits."""

    hits: tuple[Hit, ...]
    total: int
    next: str = ""
    """What the next page is asked for with; empty on the last."""
    facets: Facets | None = None


def search(
    connection: Connection,
    typed: str = "",
    filters: Filters = EVERYTHING,
    sort: Sort | None = None,
    limit: int = 20,
    after: str = "",
    facets: bool = False,
) -> Results:
    """The statements that match what was typed and the filters, a page of them.

    Sorted by how well the words match if words were typed, else the newest first. `after` is the `next` of the page
    before. Raises `UsageError` for a bound that is no date and an `after` that came from no page.
    """
    words = parse(typed)
    wanted = _Wanted.of(connection, every((words, *filters.tags)), filters)
    sort = sort or ("relevance" if words is not None else "newest")
    limit = max(1, min(limit, MOST_A_PAGE))
    found = wanted.ranked(limit, after) if sort == "relevance" else wanted.by_day(sort, limit, after)
    numbers = [number for number, _ in found[:limit]]
    last = _cursor(sort, *found[limit - 1]) if len(found) > limit else ""
    return Results(
        tuple(hits_of(connection, numbers, words)),
        wanted.total(),
        last,
        wanted.facets() if facets else None,
    )


def matching(connection: Connection, words: Sought | None, filters: Filters) -> Select[Any]:
    """The numbers of the statements that match words and filters, as SQL with a column `id`."""
    return _Wanted.of(connection, every((words, *filters.tags)), filters).numbers


class _Wanted(Struct, frozen=True):
    """What is sought, as SQL."""

    connection: Connection
    numbers: Select[Any]
    scored: Select[Any]

    @classmethod
    def of(cls, connection: Connection, sought: Sought, filters: Filters) -> _Wanted:
        languages = connection.scalars(select(tables.language.c.code)).all()
        numbers, scored = index.of(connection).match(sought, languages)
        return cls(connection, bounded(numbers, filters), bounded(scored, filters))

    def total(self) -> int:
        return self.connection.scalar(select(func.count()).select_from(self.numbers.subquery())) or 0

    def by_day(self, sort: Sort, limit: int, after: str) -> Sequence[tuple[int, float]]:
        """The numbers in the order of publication, one more than the limit if there are."""
        number = self.numbers.selected_columns.id
        asked = self.numbers
        if after:
            last, _ = _position(sort, after)
            asked = asked.where(number < last if sort == "newest" else number > last)
        rising = number.asc() if sort == "oldest" else number.desc()
        return [(found, 0.0) for found in self.connection.scalars(asked.order_by(rising).limit(limit + 1))]

    def ranked(self, limit: int, after: str) -> Sequence[tuple[int, float]]:
        """The best of the newest `MOST_RANKED`, one more than the limit if there are."""
        number = self.scored.selected_columns.id
        eldest = self.connection.scalar(
            self.numbers.order_by(self.numbers.selected_columns.id.desc()).offset(MOST_RANKED - 1).limit(1)
        )
        among = (self.scored if eldest is None else self.scored.where(number >= eldest)).subquery()
        asked = select(among.c.id, among.c.score)
        if after:
            last, worst = _position("relevance", after)
            asked = asked.where((among.c.score > worst) | ((among.c.score == worst) & (among.c.id < last)))
        best = asked.order_by(among.c.score, among.c.id.desc()).limit(limit + 1)
        return [(row.id, row.score) for row in self.connection.execute(best)]

    def facets(self) -> Facets:
        number = self.numbers.selected_columns.id
        newest = self.numbers.order_by(number.desc()).limit(MOST_RANKED).subquery()
        said = tables.statement.c
        asked = select(said.id, said.speaker, said.outlet).join(newest, newest.c.id == said.id)
        found = self.connection.execute(asked).all()
        return Facets(
            _most(row.speaker for row in found),
            _most(row.outlet for row in found),
            _most(order.day_of(row.id)[:7] for row in found),
            len(found),
        )


def _most(values: Iterator[str | None]) -> tuple[tuple[str, int], ...]:
    """The most frequent values with their counts; those of one count in the order of the alphabet."""
    counted = Counter(value for value in values if value)
    return tuple(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:_FACET_SIZE])


def bounded(asked: Select[Any], filters: Filters) -> Select[Any]:
    """What is asked for, within the bounds of the filters."""
    number = asked.selected_columns.id
    try:
        if filters.since:
            asked = asked.where(number >= order.first_of(filters.since))
        elif filters.until:
            asked = asked.where(number >= order.PER_DAY)
        if filters.until:
            asked = asked.where(number < order.after(filters.until))
    except ValueError as error:
        raise UsageError(f"{filters.since or filters.until}: no date; write 2021, 2021-01 or 2021-01-24") from error
    conditions = list(_conditions(filters))
    if conditions:
        asked = asked.join(tables.statement, tables.statement.c.id == number).where(*conditions)
    return asked


def _conditions(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """The bounds that no tag and no number tells."""
    statement = tables.statement.c
    if filters.said_since:
        yield statement.said_on >= filters.said_since
    if filters.said_until:
        yield statement.said_on <= filters.said_until + "~"
    if filters.confidence:
        yield statement.confidence >= filters.confidence


def hits_of(connection: Connection, numbers: Sequence[int], words: Sought | None = None) -> Iterator[Hit]:
    """The statements with these numbers, in this order, with what is sought marked in their words."""
    statement, article = tables.statement.c, tables.article.c
    columns = (
        statement.id, statement.article_id, statement.cluster_id, statement.corrected, article.key, article.headline,
        article.outlet, article.url, article.canonical, article.input, article.published, article.text,
        func.coalesce(tables.cluster.c.size, 1).label("reported"),
    )  # fmt: skip
    joined = tables.statement.join(tables.article, article.id == statement.article_id).outerjoin(
        tables.cluster, tables.cluster.c.id == statement.cluster_id
    )
    found = {
        row.id: row for row in connection.execute(select(*columns).select_from(joined).where(statement.id.in_(numbers)))
    }
    texts: Mapping[int, str] = {row.article_id: row.text for row in found.values()}
    statements = rows.statements_of(connection, list(found), texts)
    languages = connection.scalars(select(tables.language.c.code)).all() if words is not None else ()
    for number in numbers:
        if number not in found:
            continue
        row = found[number]
        url = row.url or row.canonical
        source = Source(row.article_id, row.key, row.headline, row.outlet, url, row.input, row.published)
        shown = snippet(statements[number], words, languages)
        yield Hit(number, statements[number], source, shown, row.cluster_id, row.reported, row.corrected)


def _cursor(sort: Sort, number: int, score: float) -> str:
    return base64.urlsafe_b64encode(msgspec.json.encode((sort, number, score))).decode("ascii").rstrip("=")


def _position(sort: Sort, cursor: str) -> tuple[int, float]:
    """The number and score that a page ended with."""
    try:
        content = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        made_for, number, score = msgspec.json.decode(content, type=tuple[str, int, float])
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise UsageError(f"{cursor!r} is no place to go on from; take it from the page before") from error
    if made_for != sort:
        raise UsageError(f"this place to go on from belongs to results sorted by {made_for}")
    return number, score

"""Search: words and filters → statements with the words found, counts of them, and the way to the next page."""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, func, select

from onrecord.archive import index, order, rows, tables
from onrecord.archive.lists import rows_among
from onrecord.archive.query import Sought, every, parse
from onrecord.archive.ranking import scores
from onrecord.archive.snippets import Snippet, snippet
from onrecord.errors import UsageError
from onrecord.schema import Statement

Sort = Literal["relevance", "newest", "oldest"]
MOST_COUNTED = 10_000
"""How many of the statements found are counted, the newest first: a common word stands in half a million, and a reader
does not wait until they are counted (`bench/archive.py`). Beyond it `Results.more` says that there are more."""
MOST_RANKED = 600
"""How many are ranked by how well they match, the newest: their words are read for it. Pages end there."""
MOST_SORTED = 2_000
"""How many are sorted into facets, the newest: a row is read of each."""
MOST_A_PAGE = 1_000
_FACET_SIZE = 20
_Place = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""What a database can compare the number of a statement with."""


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
    """Among how many they were counted: the newest `MOST_SORTED`."""


class Results(Struct, frozen=True):
    """A page of hits."""

    hits: tuple[Hit, ...]
    total: int
    """How many there are, `MOST_COUNTED` at most."""
    next: str = ""
    """What the next page is asked for with; empty on the last."""
    facets: Facets | None = None
    more: bool = False
    """Whether there are more than `total`."""


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

    Sorted by how well the words match if words were typed, else the newest first. What is counted (`MOST_COUNTED`),
    ranked (`MOST_RANKED`) and sorted into facets (`MOST_SORTED`) is bounded to the newest; sorted by day, every one can
    be reached page by page. `after` is the `next` of the page before. Raises `UsageError` for a bound that is no date
    and an `after` that came from no page.
    """
    words = parse(typed)
    languages = connection.scalars(select(tables.language.c.code)).all()
    asked = matching(connection, words, filters)
    sort = sort or ("relevance" if words is not None else "newest")
    limit = max(1, min(limit, MOST_A_PAGE))
    most = max(MOST_SORTED if facets else MOST_RANKED, limit + 1)
    newest = _in_order(connection, asked, "newest", most)
    total = _counted(connection, asked) if len(newest) >= most else len(newest)
    if sort == "relevance":
        found = _page(scores(connection, newest[:MOST_RANKED], words, languages), limit, after)
    elif after or sort == "oldest":
        found = [(number, 0.0) for number in _in_order(connection, asked, sort, limit + 1, after)]
    else:
        found = [(number, 0.0) for number in newest[: limit + 1]]
    numbers = [number for number, _ in found[:limit]]
    return Results(
        tuple(hits_of(connection, numbers, words)),
        min(total, MOST_COUNTED),
        _cursor(sort, *found[limit - 1]) if len(found) > limit else "",
        _facets(connection, newest[:MOST_SORTED]) if facets else None,
        total > MOST_COUNTED,
    )


def matching(connection: Connection, words: Sought | None, filters: Filters) -> Select[Any]:
    """The numbers of the statements that match words and filters, as SQL with a column `id`."""
    languages = connection.scalars(select(tables.language.c.code)).all()
    return bounded(index.of(connection).match(every((words, *filters.tags)), languages), filters)


def _in_order(connection: Connection, asked: Select[Any], sort: Sort, most: int, after: str = "") -> list[int]:
    """The numbers of the statements that match in the order of publication, so many at most."""
    number = asked.selected_columns.id
    if after:
        last, _ = _position(sort, after)
        asked = asked.where(number > last if sort == "oldest" else number < last)
    rising = number.asc() if sort == "oldest" else number.desc()
    return list(connection.scalars(asked.order_by(rising).limit(most)).all())


def _counted(connection: Connection, asked: Select[Any]) -> int:
    """How many statements match; one more than `MOST_COUNTED` if there are more."""
    some = asked.order_by(asked.selected_columns.id.desc()).limit(MOST_COUNTED + 1)
    return connection.scalar(select(func.count()).select_from(some.subquery())) or 0


def _page(found: Mapping[int, float], limit: int, after: str) -> list[tuple[int, float]]:
    """The best of those found, of one score the newest first, one more than the limit if there are."""
    ranked = sorted(((-score, -number) for number, score in found.items()))
    if after:
        last, score = _position("relevance", after)
        ranked = [one for one in ranked if one > (-score, -last)]
    return [(-number, -score) for score, number in ranked[: limit + 1]]


def _facets(connection: Connection, numbers: Sequence[int]) -> Facets:
    found = rows_among(connection, "SELECT id, speaker, outlet FROM statement WHERE id {among}", numbers)
    return Facets(
        _most(speaker for _, speaker, _ in found),
        _most(outlet for _, _, outlet in found),
        _most(order.day_of(number)[:7] for number, _, _ in found),
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
        made_for, number, score = msgspec.json.decode(content, type=tuple[str, _Place, float])
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise UsageError(f"{cursor!r} is no place to go on from; take it from the page before") from error
    if made_for != sort:
        raise UsageError(f"this place to go on from belongs to results sorted by {made_for}")
    return number, score

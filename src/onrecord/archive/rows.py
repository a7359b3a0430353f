"""Articles as rows of the archive's tables, and back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import Connection, Row, select

from onrecord.archive import tables
from onrecord.schema import (
    Act,
    Article,
    Block,
    Credit,
    Passage,
    Problem,
    Published,
    Repair,
    Span,
    Speaker,
    Statement,
)

Values = dict[str, Any]
_Listed = TypeVar("_Listed")
_PARTS = ("source", "cue", "content")
_ACT_COLUMNS = ("act", "mode", "condition", "source_actor", "target_actor", "topic")


class Named(NamedTuple):
    """Somebody whom a statement names beside its speaker: other, addressee or about."""

    part: str
    n: int
    name: str


def outlet_of(article: Article) -> str:
    """Who published an article: the publisher it names, else the host it stands on."""
    return article.publisher or (urlsplit(article.canonical or article.url).hostname or "").removeprefix("www.")


def article_row(article: Article) -> Values:
    """The columns of `article` that the record itself fills."""
    return {
        "key": article.id,
        "input": article.input,
        "url": article.url,
        "canonical": article.canonical,
        "outlet": outlet_of(article),
        "publisher": article.publisher,
        "agency": article.agency,
        "place": article.place,
        "lang": article.lang,
        "headline": article.headline,
        "bylines": _json(article.bylines),
        "published": article.published.date if article.published else None,
        "published_how": article.published.how if article.published else None,
        "modified": article.modified.date if article.modified else None,
        "modified_how": article.modified.how if article.modified else None,
        "credits": _json(article.credits),
        "repairs": _json(article.repairs),
        "problems": _json(article.problems),
        "text": article.text,
    }


def block_rows(article_id: int, blocks: Iterable[Block]) -> list[Values]:
    """The rows of `block`, in reading order."""
    return [
        {"article_id": article_id, "n": n, "kind": one.kind, "start": one.start, "end": one.end, "lang": one.lang}
        for n, one in enumerate(blocks)
    ]


def statement_row(statement: Statement, number: int, article_id: int, actor_id: int | None, outlet: str) -> Values:
    """The row of `statement`."""
    speaker = statement.speaker
    return {
        "id": number,
        "article_id": article_id,
        "name": statement.id,
        "kind": statement.kind,
        "manner": statement.manner,
        "negated": statement.negated,
        "source": statement.source.text,
        "cue": statement.cue.text,
        "content": statement.content_text,
        "speaker": speaker.name if speaker else None,
        "speaker_kind": speaker.kind if speaker else None,
        "role": speaker.role if speaker else None,
        "country": speaker.country if speaker else None,
        "sector": speaker.sector if speaker else None,
        "how": speaker.how if speaker else None,
        "speaker_because": speaker.because if speaker else None,
        "speaker_confidence": speaker.confidence if speaker else None,
        "actor_id": actor_id,
        "outlet": outlet,
        "said_on": statement.said_on,
        "venue": statement.venue,
        "nested_in": statement.nested_in,
        "lang": statement.lang,
        "confidence": statement.confidence,
        "because": statement.because,
        "corrected": False,
        "dropped": False,
    }


def span_rows(number: int, statement: Statement) -> Iterator[Values]:
    """The rows of `span` for a statement."""
    for part in _PARTS:
        for n, one in enumerate(getattr(statement, part).spans):
            yield {"statement_id": number, "part": part, "n": n, "start": one.start, "end": one.end}


def act_rows(number: int, acts: Iterable[Act]) -> Iterator[Values]:
    """The rows of `act` for a statement; what of the further fields is empty is left out, two thirds of their bytes."""
    for n, one in enumerate(acts):
        fields = msgspec.to_builtins(one).items()
        rest = {key: value for key, value in fields if value and key not in _ACT_COLUMNS}
        yield {
            "statement_id": number,
            "n": n,
            "act": one.act,
            "mode": one.mode,
            "condition_start": one.condition.start if one.condition else None,
            "condition_end": one.condition.end if one.condition else None,
            "source_actor": one.source_actor,
            "target_actor": one.target_actor,
            "topic": one.topic,
            "rest": _json(rest),
        }


def named_in(statement: Statement) -> Iterator[Named]:
    """Whom a statement names beside its speaker, in the order of the record."""
    others = statement.speaker.others if statement.speaker else ()
    for part, names in (("other", others), ("addressee", statement.addressee), ("about", statement.about)):
        yield from (Named(part, n, name) for n, name in enumerate(names))


def actor_row(speaker: Speaker) -> Values:
    """The row of `actor` for a speaker who has one."""
    return {
        "key": speaker.actor,
        "name": speaker.name or speaker.role or "",
        "kind": speaker.kind,
        "role": speaker.role,
        "country": speaker.country,
        "wikidata": speaker.wikidata,
        "sector": speaker.sector,
    }


def articles_of(connection: Connection, ids: Sequence[int]) -> dict[int, Article]:
    """The articles with these numbers, with their statements as they count, by number."""
    found = connection.execute(select(tables.article).where(tables.article.c.id.in_(ids))).all()
    blocks: defaultdict[int, list[Block]] = defaultdict(list)
    of_these = select(tables.block).where(tables.block.c.article_id.in_(ids))
    for row in connection.execute(of_these.order_by(tables.block.c.article_id, tables.block.c.n)):
        blocks[row.article_id].append(Block(row.kind, row.start, row.end, row.lang))
    said = tables.statement.c
    numbers = select(said.id, said.article_id).where(said.article_id.in_(ids), said.dropped.is_(False))
    homes = {row.id: row.article_id for row in connection.execute(numbers.order_by(said.id))}
    statements = statements_of(connection, homes, {row.id: row.text for row in found})
    by_article: defaultdict[int, list[Statement]] = defaultdict(list)
    for number, home in homes.items():
        by_article[home].append(statements[number])
    return {row.id: _article(row, tuple(blocks[row.id]), tuple(by_article[row.id])) for row in found}


def _article(row: Row[Any], blocks: tuple[Block, ...], statements: tuple[Statement, ...]) -> Article:
    return Article(
        id=row.key,
        text=row.text,
        input=row.input,
        url=row.url,
        canonical=row.canonical,
        lang=row.lang,
        headline=row.headline,
        bylines=_list(row.bylines, str),
        publisher=row.publisher,
        agency=row.agency,
        place=row.place,
        published=Published(row.published, row.published_how) if row.published else None,
        modified=Published(row.modified, row.modified_how) if row.modified else None,
        blocks=blocks,
        credits=_list(row.credits, Credit),
        repairs=_list(row.repairs, Repair),
        problems=_list(row.problems, Problem),
        statements=statements,
    )


def statements_of(connection: Connection, numbers: Collection[int], texts: Mapping[int, str]) -> dict[int, Statement]:
    """The statements with these numbers as they count, by number; `texts` are those of their articles."""
    rows = connection.execute(select(tables.statement).where(tables.statement.c.id.in_(numbers))).all()
    spans: defaultdict[tuple[int, str], list[tuple[int, int]]] = defaultdict(list)
    for row in _parts(connection, tables.span, numbers):
        spans[row.statement_id, row.part].append((row.start, row.end))
    names: defaultdict[tuple[int, str], list[str]] = defaultdict(list)
    for row in _parts(connection, tables.mention, numbers):
        names[row.statement_id, row.part].append(row.name)
    acts: defaultdict[int, list[Act]] = defaultdict(list)
    for row in _parts(connection, tables.act, numbers):
        acts[row.statement_id].append(_act(row))
    actors = _actors(connection, {row.actor_id for row in rows if row.actor_id is not None})
    return {
        row.id: Statement(
            id=row.name,
            kind=row.kind,
            source=Passage.of(texts[row.article_id], *spans[row.id, "source"]),
            cue=Passage.of(texts[row.article_id], *spans[row.id, "cue"]),
            content=Passage.of(texts[row.article_id], *spans[row.id, "content"]),
            manner=row.manner,
            negated=row.negated,
            speaker=_speaker(row, actors.get(row.actor_id), tuple(names[row.id, "other"])),
            addressee=tuple(names[row.id, "addressee"]),
            about=tuple(names[row.id, "about"]),
            acts=tuple(acts[row.id]),
            said_on=row.said_on,
            venue=row.venue,
            nested_in=row.nested_in,
            confidence=row.confidence,
            because=row.because,
            lang=row.lang,
        )
        for row in rows
    }


def texts_of(connection: Connection, ids: Collection[int]) -> dict[int, str]:
    """The texts of articles, by number."""
    wanted = select(tables.article.c.id, tables.article.c.text).where(tables.article.c.id.in_(ids))
    return {row.id: row.text for row in connection.execute(wanted)}


def _parts(connection: Connection, table: Any, numbers: Collection[int]) -> Sequence[Row[Any]]:
    """The rows of `table` that belong to statements, in their order."""
    wanted = select(table).where(table.c.statement_id.in_(numbers))
    return connection.execute(wanted.order_by(*table.primary_key.columns)).all()


def _actors(connection: Connection, ids: Collection[int]) -> dict[int, Row[Any]]:
    found = connection.execute(select(tables.actor).where(tables.actor.c.id.in_(ids))).all() if ids else []
    return {row.id: row for row in found}


def _speaker(row: Row[Any], actor: Row[Any] | None, others: tuple[str, ...]) -> Speaker | None:
    if row.speaker_kind is None:
        return None
    return Speaker(
        name=row.speaker,
        kind=row.speaker_kind,
        role=row.role,
        country=row.country,
        how=row.how,
        because=row.speaker_because,
        confidence=row.speaker_confidence,
        actor=actor.key if actor else None,
        wikidata=actor.wikidata if actor else None,
        sector=row.sector,
        others=others,
    )


def _act(row: Row[Any]) -> Act:
    condition = Span(row.condition_start, row.condition_end) if row.condition_start is not None else None
    fields = {name: getattr(row, name) for name in _ACT_COLUMNS if name != "condition"}
    act = msgspec.convert(fields | msgspec.json.decode(row.rest), Act)
    return msgspec.structs.replace(act, condition=condition)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode("utf-8")


def _list(text: str, kind: type[_Listed]) -> tuple[_Listed, ...]:
    return tuple(msgspec.json.decode(text, type=list[kind]))  # type: ignore[valid-type]

"""The moves of two actors toward each other, out of the archive."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from onrecord.actors.gazetteer import country_words, shipped
from onrecord.archive import rows, tags
from onrecord.archive.asking import country_of, either, person
from onrecord.archive.comparing import moment
from onrecord.archive.dialogue import Dialogue, Move, Side, dialogue
from onrecord.archive.lists import named_rows_among
from onrecord.archive.query import Sought, every
from onrecord.archive.search import Filters, Hit, hits_of, matching
from onrecord.archive.words import bare_words
from onrecord.errors import UsageError
from onrecord.positions.knowledge import topics
from onrecord.schema import Act, Span, Speaker, Statement
from onrecord.speakers import actor_of

MOST_STATEMENTS = 2_000
"""Statements of each side that are looked at, the newest; more than that nobody reads side by side."""
_MOST_WORDS = 20
_UNSAID = frozenset(("ASSERT", "NO_COMMENT"))
"""Acts that move nothing between the two."""


class Party(Struct, frozen=True):
    """One of the two: a country or a body of states by its code, or a person or organisation by name."""

    name: str
    asked: str
    """The name as it was asked for."""
    codes: frozenset[str]
    """What acts call it."""
    words: str
    """What it is called."""
    speaks: Sought
    spoken_of: Sought
    by_code: bool
    """True for a country or a body of states: whoever speaks for it is its side."""


def dialogue_of(
    connection: Connection,
    first: str,
    second: str,
    since: str = "",
    until: str = "",
    topic: str = "",
    most: int = MOST_STATEMENTS,
) -> Dialogue:
    """The dialogue of two actors: countries, bodies, organisations or people, as people name them.

    A country's side is all who speak for it; looked at are the newest `most` statements of each side.
    Raises `UsageError` if both are the same, or there is no such topic.
    """
    if topic and topic not in topics():
        raise UsageError(f"no topic {topic!r}; there are: {', '.join(topics())}")
    one, other = party(connection, first), party(connection, second)
    if one.name == other.name:
        raise UsageError(f"{first} and {second} are the same actor; a dialogue has two")
    filters = Filters(since=since, until=until)
    moves = [
        *_moves(connection, "first", one, other, filters, most),
        *_moves(connection, "second", other, one, filters, most),
    ]
    chosen = sorted(
        (move for move in _once(moves) if not topic or move.topic == topic),
        key=lambda move: (moment(move.day or None), move.statement, move.start),
    )
    numbered = [msgspec.structs.replace(move, n=n) for n, move in enumerate(chosen, 1)]
    return dialogue(one.name, other.name, numbered, f"{one.words} {other.words}")


def party(connection: Connection, name: str) -> Party:
    """Whom a name means; raises `UsageError` if it has no word in it."""
    code = country_of(name)
    known = next(iter(shipped().named(name)), None)
    if code is None and known is not None and known.kind == "country":
        code = known.id
    speaks = person(connection, tags.SPEAKER, name)
    spoken_of = either(person(connection, part, name) for part in (tags.ABOUT, tags.ADDRESSEE))
    if speaks is None or spoken_of is None:
        raise UsageError(f"{name!r} names nobody; give a country, an organisation or a person")
    if code:
        called = country_words(code)
        acts = either((speaks, tags.tag(tags.ACTS, code))) or speaks
        shown, words = called[0] if called else name, " ".join((name, *called))
        return Party(shown, name, frozenset((code,)), words, acts, spoken_of, by_code=True)
    keys = frozenset(actor.id for actor in shipped().named(name))
    called = (known.name,) if known else ()
    shown, words = called[0] if called else name, " ".join((name, *called))
    return Party(shown, name, keys, words, speaks, spoken_of, by_code=False)


def _moves(connection: Connection, side: Side, mine: Party, theirs: Party, filters: Filters, most: int) -> list[Move]:
    """What one side did toward the other: where the words name it, and where the article leaves no other."""
    named = _found(connection, every((mine.speaks, theirs.spoken_of)), filters, most)
    toward = [move for one in named for move in _of_statement(side, mine, theirs, one, by_context=False)]
    articles = {move.article for move in toward}
    seen = {one.hit.id for one in named}
    voices = {(move.article, move.speaker) for move in toward if not move.reported_by}
    beside = _in_articles(connection, articles, mine)
    known = mine.codes | theirs.codes | {None}
    elsewhere = {
        one.hit.article.id for one in beside if any(act.target_actor not in known for act in one.hit.statement.acts)
    }
    around = [
        move
        for one in beside
        if one.hit.article.id not in elsewhere
        and one.hit.id not in seen
        and (one.hit.article.id, _voice(one.hit.statement)) in voices
        and _names_only(one.hit.statement, mine, theirs)
        for move in _of_statement(side, mine, theirs, one, by_context=True)
    ]
    return toward + around


def _voice(statement: Statement) -> str:
    """Who speaks, as the reader is told."""
    return (statement.speaker and statement.speaker.name) or statement.source.text


def _names_only(statement: Statement, mine: Party, theirs: Party) -> bool:
    """Whether a statement is about nobody but the two."""
    codes = mine.codes | theirs.codes
    parties = (actor_of(name) for name in statement.about)
    return all(party is not None and bool({party.country, party.actor} & codes) for party in parties)


class _Found(NamedTuple):
    """A statement with where it stands, and the text of its article."""

    hit: Hit
    text: str


def _found(connection: Connection, sought: Sought, filters: Filters, most: int) -> list[_Found]:
    """The newest statements that match."""
    asked = matching(connection, sought, filters)
    newest = asked.order_by(asked.selected_columns.id.desc()).limit(most)
    return _loaded(connection, connection.scalars(newest).all())


_VOICES = (
    "SELECT statement.id, speaker, speaker_kind, statement.country, actor.key AS actor FROM statement "
    "LEFT JOIN actor ON actor.id = actor_id WHERE article_id {among} AND NOT dropped ORDER BY statement.id LIMIT "
    f"{MOST_STATEMENTS}"
)


def _in_articles(connection: Connection, articles: Iterable[int], mine: Party) -> list[_Found]:
    """The statements of one side in these articles."""
    voices = named_rows_among(connection, _VOICES, sorted(articles))
    # Who speaks is told by four columns; a statement as a whole takes ten times as long to read.
    numbers = [row.id for row in voices if row.speaker_kind and _is_of(mine, row.speaker, row.country, row.actor)]
    return _loaded(connection, numbers)


def _loaded(connection: Connection, numbers: Sequence[int]) -> list[_Found]:
    hits = list(hits_of(connection, numbers))
    texts = rows.texts_of(connection, {hit.article.id for hit in hits})
    return [_Found(hit, texts[hit.article.id]) for hit in hits]


def _speaks(statement: Statement, party: Party) -> bool:
    """Whether the one who speaks is of a side."""
    speaker = statement.speaker
    return speaker is not None and _is_of(party, speaker.name, speaker.country, speaker.actor)


def _is_of(party: Party, name: str | None, country: str | None, actor: str | None) -> bool:
    """Whether a speaker of that name, country and actor is of a side."""
    if party.by_code:
        return bool({actor, country} & party.codes)
    if actor in party.codes:
        return True
    asked = set(bare_words(party.asked, _MOST_WORDS))
    return bool(asked) and asked <= set(bare_words(name or "", _MOST_WORDS))


def _of_statement(side: Side, mine: Party, theirs: Party, one: _Found, *, by_context: bool) -> Iterator[Move]:
    """The acts of a statement that are one side's toward the other."""
    hit, text = one
    statement, speaker = hit.statement, hit.statement.speaker
    own, name = _speaks(statement, mine), _voice(statement)
    for act in statement.acts:
        if act.act in _UNSAID or act.reality == "negated" or not _is_mine(act, mine, own, speaker):
            continue
        # To a person acts are aimed by country; whom they mean the statement's own words have told.
        others = theirs.codes if theirs.by_code else theirs.codes | {act.target_actor}
        if act.target_actor is not None and (by_context or act.target_actor not in others):
            continue
        quote = _within(statement, text, act.span) or statement.content.spans[0]
        thing = _within(statement, text, act.what) or quote
        yield Move(
            n=0,
            side=side,
            act=act.act,
            mode=act.mode,
            quote=text[quote.start : quote.end],
            kind=statement.kind,
            thing=text[thing.start : thing.end],
            condition=text[act.condition.start : act.condition.end] if act.condition else "",
            condition_kind=act.condition_kind,
            speaker=name if own else mine.name,
            role=(speaker.role or "") if speaker and own else "",
            day=(statement.said_on or hit.article.published or "")[:10],
            topic=act.topic,
            quad=act.quad,
            reality=act.reality,
            start=quote.start,
            end=quote.end,
            statement=hit.id,
            article=hit.article.id,
            cluster=hit.cluster,
            outlet=hit.article.outlet,
            url=hit.article.url or hit.article.input,
            lang=statement.lang,
            reported=hit.reported,
            reported_by="" if own else name,
            by_context=by_context,
        )


def _within(statement: Statement, text: str, span: Span | None) -> Span | None:
    """The part of a span that was said: within the content, a bracket that opened before it included."""
    for said in statement.content.spans if span else ():
        start, end = max(said.start, span.start), min(said.end, span.end)  # type: ignore[union-attr]
        if start < end:
            closing, opening = text.find("]", start, end), text.find("[", start, end)
            if closing >= 0 and not 0 <= opening < closing:
                start = max(said.start, text.rfind("[", said.start, start))
            inner = text[start:end].strip(_MARKS)
            start = text.index(inner, start)
            return Span(start, start + len(inner)) if inner else None
    return None


_MARKS = ' \n,;:“”"„«»'


def _is_mine(act: Act, mine: Party, own: bool, speaker: Speaker | None) -> bool:
    if mine.by_code and act.source_actor is not None:
        return act.source_actor in mine.codes
    # A person's own acts go by the person's country; those of others the person only tells of.
    return own and act.source_actor in (None, speaker and speaker.country, speaker and speaker.actor)


def _once(moves: Iterable[Move]) -> Iterator[Move]:
    """Each act once: not again where another reports it in the same words, nor for each outlet that printed it.

    Of several the side's own words go first, then the earliest report.
    """
    kept: dict[tuple[int, Side, str], list[Move]] = {}
    printed: set[tuple[int, Side, str]] = set()
    for move in sorted(moves, key=lambda move: (bool(move.reported_by), move.by_context, move.statement, move.start)):
        here = kept.setdefault((move.article, move.side, move.act), [])
        again = any(move.start < other.end and other.start < move.end for other in here)
        utterance = (move.cluster, move.side, move.act) if move.cluster is not None else None
        if again or utterance in printed:
            continue
        here.append(move)
        # Two acts of one kind in one statement are two, whatever its cluster.
        if utterance is not None and not any(other.statement == move.statement for other in here[:-1]):
            printed.add(utterance)
        yield move

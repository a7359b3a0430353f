"""From statements to what they do: of an article, or of a sentence taken as it stands."""

from __future__ import annotations

from msgspec import structs

from onrecord.actors.gazetteer import Gazetteer
from onrecord.positions.binding import Side, act_of, topic
from onrecord.positions.choosing import Reading, chosen, read
from onrecord.positions.knowledge import Lexicon, codes, languages, lexicon
from onrecord.positions.who import Named, named, parties
from onrecord.positions.words import Words
from onrecord.schema import Act, Article, Span, Speaker, Statement
from onrecord.speakers.countries import place

_FRAGMENT = 4
"""A content of no more words than this is read with its sentence: of “red lines” the rest tells what becomes of them."""
_REACH = 300


def positions(article: Article, gazetteer: Gazetteer | None = None) -> Article:
    """The article with the `acts` of each statement whose language there are frames for."""
    return structs.replace(
        article, statements=tuple(_with_acts(article.text, one, gazetteer) for one in article.statements)
    )


def acts_in(text: str, lang: str = "en", gazetteer: Gazetteer | None = None) -> tuple[Act, ...]:
    """The acts of one statement or sentence, the weightiest first; none for a language without frames.

    >>> [(one.act, one.mode) for one in acts_in("Lima would lift the ban if the inspections resume.")]
    [('AGREE', 'conditional')]
    """
    code = lang.split("-")[0].lower() or "en"
    if code not in languages() or not text.strip():
        return ()
    return _acts(Words(text), lexicon(code), Side(), gazetteer)


def _acts(words: Words, known: Lexicon, side: Side, gazetteer: Gazetteer | None) -> tuple[Act, ...]:
    reading = read(words, known)
    found = named(words, known, gazetteer)
    told = tuple(act_of(reading, hit, found, known, side) for hit in chosen(reading))
    return told or (_plain(reading, found, known, side),)


def _plain(reading: Reading, found: list[Named], known: Lexicon, side: Side) -> Act:
    """What no frame fits says something and no more."""
    words = reading.words
    source, target = parties(words, None, found, known, side.source)
    row = codes()["ASSERT"]
    return Act(
        act="ASSERT",
        span=words.span(0, len(words)) if len(words) else None,
        source_actor=source,
        target_actor=target,
        topic=topic(words, 0, len(words), known),
        quad=row.quad,
        cameo=row.cameo,
        because="no frame fits",
    )


def _with_acts(text: str, statement: Statement, gazetteer: Gazetteer | None) -> Statement:
    code = (statement.lang or "en").split("-")[0].lower()
    if code not in languages() or not statement.content:
        return statement
    known = lexicon(code)
    words = Words(text, _read_spans(text, statement, known))
    side = Side(_side(statement.speaker), _addressed(statement))
    told = _acts(words, known, side, gazetteer)
    if statement.negated:
        told = tuple(structs.replace(act, reality="negated") for act in told)
    return structs.replace(statement, acts=told)


def _read_spans(text: str, statement: Statement, known: Lexicon) -> tuple[Span, ...]:
    """What is read of a statement: its content and its cue with the auxiliaries before it."""
    spans = list(statement.content.spans)
    if sum(len(part.split()) for part in statement.content.parts) <= _FRAGMENT:
        spans.append(_sentence(text, statement.content.start, statement.content.end))
    for cue in statement.cue.spans:
        before = text[max(0, cue.start - 40) : cue.start]
        words = before.split(" ")
        start = cue.start
        while len(words) > 1 and (words[-1].lower() in known.words["auxiliaries"] | known.words["negators"] | {""}):
            start -= len(words.pop()) + 1
        spans.append(Span(max(start, 0), cue.end))
    return tuple(sorted(spans))


def _sentence(text: str, start: int, end: int) -> Span:
    """The line around a fragment, up to the stops nearest to it."""
    first, last = max(0, start - _REACH), min(len(text), end + _REACH)
    opening = max(text.rfind(mark, first, start) for mark in ("\n", ". ", "! ", "? "))
    closing = [at for at in (text.find(mark, end, last) for mark in ("\n", ".", "!", "?")) if at >= 0]
    return Span(opening + 1 if opening >= 0 else first, min(closing, default=last))


def _side(speaker: Speaker | None) -> str | None:
    """Whose side a speaker is on: the country, else the actor, else the name."""
    return (speaker.country or speaker.actor or speaker.name) if speaker else None


def _addressed(statement: Statement) -> str | None:
    """The country or body among those addressed, else among those spoken of."""
    for name in (*statement.addressee, *statement.about):
        found = place(name)
        if found:
            return found.code
    return None

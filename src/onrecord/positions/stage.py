"""From statements to what they do: of an article, or of a sentence taken as it stands."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from onrecord.actors.gazetteer import Gazetteer
from onrecord.positions.binding import Side, act_of, topic
from onrecord.positions.choosing import Reading, chosen, read
from onrecord.positions.conflict import CLASSES, Model, features, shipped
from onrecord.positions.hits import Hit
from onrecord.positions.knowledge import Lexicon, codes, languages, lexicon
from onrecord.positions.turns import by_turns
from onrecord.positions.who import Named, named, parties
from onrecord.positions.words import Words
from onrecord.schema import Act, Article, Passage, Span, Speaker, Statement
from onrecord.speakers.countries import place

_FRAGMENT = 4
"""A content of no more words than this is read with its sentence: of “red lines” the rest tells what is done."""
_REACH = 300
_GAP = 40
"""So many letters between cue and content are read with them, unless they name somebody, who is addressed."""
# Where the model overrules a frame: in a reporter's sentence (which tells of violence without accusing) one that weighs
# less than this; in a speech one that weighs less than that, or is of a class that is no conflict and without "we"; and
# the chance of an accusation or denial must be higher than these (more in news, quotations included, than in speeches
# like those it was trained on). In five folds by speech they give .540 of macro F1 on UNSCon (frames alone .438) and
# take nothing from plover_gsr; with 1.01 for a speech it is .55, and .03 less accuracy there.
_SURE_IN_SPEECH, _SURE_IN_REPORT = 0.95, 0.7
_ACCUSED, _ACCUSED_IN_NEWS, _DENIED = 0.5, 0.6, 0.6
_DENIED_IN_NEWS = 0.9
"""Below it none of four denials that the model told in the reports with odd numbers (bench/reports.py) was one."""
_NO_FRAME = 0.5
"""The confidence of an ASSERT that nothing tells; it has been measured on nothing."""
_SECOND = 0.7
"""What the confidence of a frame's act must be to stand behind one that the model told."""
_GIVING_WAY = frozenset({"VC", "VN"})
_HANGING = frozenset({"conditional", "precondition"})
"""What hangs on a condition is no mere judgement."""
_MODES = {"ACCUSE": "disapprove", "DENY": "accusation"}


def positions(article: Article, gazetteer: Gazetteer | None = None) -> Article:
    """The article with the `acts` of each statement whose language there are frames for."""
    acts = tuple(_with_acts(article.text, one, gazetteer) for one in article.statements)
    return by_turns(structs.replace(article, statements=acts))


def acts_in(text: str, lang: str = "en", gazetteer: Gazetteer | None = None) -> tuple[Act, ...]:
    """The acts of one statement or sentence, the weightiest first; none for a language without frames.

    >>> [(one.act, one.mode) for one in acts_in("Lima would lift the ban if the inspections resume.")]
    [('AGREE', 'conditional')]
    """
    code = lang.split("-")[0].lower() or "en"
    if code not in languages() or not text.strip():
        return ()
    return _acts(Words(text), lexicon(code), Side(), gazetteer)


def decided(text: str, model: Model) -> str:
    """The first act that the frames and a model's weights tell of an English sentence: for training and benches."""
    words, known = Words(text), lexicon("en")
    reading = read(words, known)
    told = chosen(reading)
    leaning = _leaning(reading, told, named(words, known), Side(), model)
    return leaning[0] if leaning else told[0].act if told else "ASSERT"


def _leaning(
    reading: Reading, told: Sequence[Hit], found: Sequence[Named], side: Side, model: Model
) -> tuple[str, float] | None:
    """ACCUSE or DENY with its chance, where the model is sure enough of it and no frame is."""
    known = lexicon("en")
    first = told[0] if told else None
    if first and first.mode in _HANGING and (side.verbatim or side.source):
        return None
    top = next((hit for hit in told if hit.frame.size), None)
    reported = not side.verbatim and not known.words["reported"].isdisjoint(reading.words.lower)
    sure = _SURE_IN_REPORT if reported else _SURE_IN_SPEECH
    words = known.words["first_person"]
    friendly = top is not None and codes()[top.act].quad in _GIVING_WAY and words.isdisjoint(reading.words.lower)
    if top and (top.act in CLASSES or (top.weight >= sure and (reported or not friendly))):
        return None
    chances = model.chances(features(reading, first, found, known))
    accused, denied = chances["ACCUSE"], chances["DENY"]
    if denied > max(_DENIED_IN_NEWS if side.verbatim or side.source else _DENIED, accused):
        return "DENY", denied
    least = _ACCUSED_IN_NEWS if reported or side.verbatim else _ACCUSED
    return ("ACCUSE", accused) if accused > least else None


def _acts(words: Words, known: Lexicon, side: Side, gazetteer: Gazetteer | None) -> tuple[Act, ...]:
    reading = read(words, known)
    found = named(words, known, gazetteer)
    hits = chosen(reading)
    leaning = _leaning(reading, hits, found, side, shipped()) if known.code == "en" else None
    told = tuple(act_of(reading, hit, found, known, side) for hit in hits)
    if leaning:
        name, chance = leaning
        return (_whole(reading, found, known, side, name, chance), *(act for act in told if act.confidence >= _SECOND))
    return told or (_whole(reading, found, known, side, "ASSERT", _NO_FRAME),)


def _whole(reading: Reading, found: list[Named], known: Lexicon, side: Side, name: str, chance: float) -> Act:
    """An act that no single frame tells but all the words together; ASSERT where nothing tells another."""
    words = reading.words
    source, target = parties(words, None, found, known, side.source)
    row = codes()[name]
    mode = _MODES.get(name)
    return Act(
        act=name,
        mode=mode,
        reality="negated" if side.negated else "asserted",
        span=words.span(0, len(words)) if len(words) else None,
        source_actor=source,
        target_actor=target or (side.target if side.target != source else None),
        topic=topic(words, 0, len(words), known),
        quad=row.quad,
        cameo=row.modes.get(mode or "", row.cameo),
        plover=row.plover,
        confidence=chance,
        because="no frame fits" if name == "ASSERT" else "all words together",
    )


def _with_acts(text: str, statement: Statement, gazetteer: Gazetteer | None) -> Statement:
    code = (statement.lang or "en").split("-")[0].lower()
    if code not in languages() or not statement.content:
        return statement
    known = lexicon(code)
    words = Words(text, _read_spans(text, statement, known))
    side = Side(_side(statement.speaker), _addressed(statement), statement.kind == "direct", statement.negated)
    acts = _acts(words, known, side, gazetteer)
    return structs.replace(statement, acts=tuple(_said(act, statement) for act in acts))


def _said(act: Act, statement: Statement) -> Act:
    """The act with spans that end where the content does: the cue was read with it, and is not what was said."""
    return structs.replace(
        act,
        condition=_within(act.condition, statement),
        span=_within(act.span, statement),
        what=_within(act.what, statement),
    )


def _within(span: Span | None, statement: Statement) -> Span | None:
    """The part of a span that lies in the content it begins or ends in; the span itself if it touches none."""
    for said in statement.content.spans if span else ():
        if span and span.start < said.end and said.start < span.end:
            return Span(max(span.start, said.start), min(span.end, said.end))
    return span


def _read_spans(text: str, statement: Statement, known: Lexicon) -> tuple[Span, ...]:
    """What is read of a statement: its content and its cue with the auxiliaries before it."""
    spans = list(statement.content.spans)
    if sum(len(part.split()) for part in statement.content.parts) <= _FRAGMENT:
        spans.append(_sentence(text, statement.content.start, statement.content.end))
    for cue in statement.cue.spans:
        before = text[max(0, cue.start - 40) : cue.start]
        words = before.split(" ")
        spans.extend(_between(text, cue, statement.content))
        start = cue.start
        while len(words) > 1 and (words[-1].lower() in known.words["auxiliaries"] | known.words["negators"] | {""}):
            start -= len(words.pop()) + 1
        spans.append(Span(max(start, 0), cue.end))
    return tuple(sorted(spans))


def _between(text: str, cue: Span, content: Passage) -> list[Span]:
    """The few words from a cue to its content: "expressed | hope that | …"."""
    gap = text[cue.end : content.start]
    near = len(gap) <= _GAP and gap.islower() and not any(mark in gap for mark in ".!?\n")
    return [Span(cue.end, content.start)] if near else []


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

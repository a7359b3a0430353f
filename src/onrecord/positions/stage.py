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
from onrecord.positions.spans import read_statement
from onrecord.positions.trust import trust
from onrecord.positions.turns import by_turns
from onrecord.positions.who import NOBODY, Named, named, parties
from onrecord.positions.words import Words
from onrecord.schema import Act, Article, Span, Speaker, Statement
from onrecord.speakers.countries import place

# Where the model overrules a frame: in a reporter's sentence (which tells of violence without accusing) one that weighs
# less than the first, in a speech any but a strong refusal or threat. The chance of an accusation or denial must be
# higher than these, the wary one in news, quotations included, and against a strong frame, which no denial overrules.
# In five folds by speech they give .563 of macro F1 on UNSCon (frames alone .443) and take nothing from
# plover_gsr; with no act kept it is .005 more, and .06 less accuracy there.
_SURE_IN_REPORT, _STRONG = 0.7, 0.95
_KEPT = frozenset({"REJECT", "THREATEN"})
_ACCUSED_ON_PAGE = 0.9
"""Of 14 accusations that the model told on 20 pages, 2 of 9 below .75 were right, and 4 of 5 above; of 6 above .75 that
were read in other news later, 2."""
_ACCUSED, _ACCUSED_WARILY, _DENIED = 0.5, 0.6, 0.6
_NEITHER = 0.5
"""In a speech a weak frame's ACCUSE or DENY is dropped where the model's chance of neither is higher."""
_NO_FRAME = 0.5
"""The confidence of an ASSERT that nothing tells; it has been measured on nothing."""
_UNTOLD, _UNSURE = "no frame fits", "no frame is sure enough"
_SECOND = 0.7
"""What the confidence of a frame's act must be to stand behind one that the model told."""
_HANGING = frozenset({"conditional", "precondition"})
"""What hangs on a condition is no mere judgement."""
_MODES = {"ACCUSE": "disapprove", "DENY": "accusation"}


def positions(article: Article, gazetteer: Gazetteer | None = None) -> Article:
    """The article with the `acts` of each statement whose language there are frames for."""
    cues = sorted(span for one in article.statements for span in one.cue.spans)
    acts = tuple(_with_acts(article.text, one, cues, gazetteer) for one in article.statements)
    return by_turns(structs.replace(article, statements=acts))


def acts_in(text: str, lang: str = "en", gazetteer: Gazetteer | None = None) -> tuple[Act, ...]:
    """The acts of one statement or sentence, the weightiest first; none for a language without frames.

    >>> [(one.act, one.mode) for one in acts_in("Lima would lift the ban if the inspections resume.")]
    [('AGREE', 'conditional')]
    """
    code = lang.split("-")[0].lower() or "en"
    if code not in languages() or not text.strip():
        return ()
    return _acts(read(Words(text), lexicon(code)), lexicon(code), Side(), gazetteer)


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
    """ACCUSE, DENY or, of a weak frame, neither, with its chance, where the model is sure enough and no frame is."""
    known = lexicon("en")
    first = told[0] if told else None
    if first and first.mode in _HANGING and (side.verbatim or side.source not in (None, NOBODY)):
        return None
    top = next((hit for hit in told if hit.frame.size), None)
    reported = not side.verbatim and not known.words["reported"].isdisjoint(reading.words.lower)
    news = reported or side.on_page
    if top and (top.weight >= _SURE_IN_REPORT if reported else top.act in _KEPT and top.weight >= _STRONG):
        return None
    if top and top.act == "ASSERT" and top.frame.weight < _SURE_IN_REPORT and not side.verbatim:
        return None  # who suggests or insists that something is so neither accuses nor denies by that
    if top and top.act in CLASSES and news:
        return None
    chances = model.chances(features(reading, first, found, known))
    if top and top.act in CLASSES:
        dropped = top.weight < _SURE_IN_REPORT and chances[""] > _NEITHER
        return ("ASSERT", chances[""]) if dropped else None
    accused, denied = chances["ACCUSE"], chances["DENY"]
    strong = top is not None and top.weight >= _STRONG
    if not strong and not side.on_page and denied > max(_DENIED, accused):
        return "DENY", denied
    least = _ACCUSED_ON_PAGE if side.on_page else _ACCUSED_WARILY if news or strong else _ACCUSED
    return ("ACCUSE", accused) if accused > least else None


def _acts(reading: Reading, known: Lexicon, side: Side, gazetteer: Gazetteer | None) -> tuple[Act, ...]:
    found = named(reading.words, known, gazetteer)
    hits = chosen(reading)
    leaning = _leaning(reading, hits, found, side, shipped()) if known.code == "en" else None
    all_told = tuple(act_of(reading, hit, found, known, side) for hit in hits)
    told = _trusted(all_told, known, side)
    if leaning:
        name, chance = leaning
        others = told[1:] if name == "ASSERT" else told
        whole = _whole(reading, found, known, side, name, chance)
        return (whole, *(act for act in others if act.confidence >= _SECOND))
    if told:
        return told
    whole = _whole(reading, found, known, side, "ASSERT", _NO_FRAME)
    return (_unsure(whole, all_told) if all_told else whole,)


def _unsure(whole: Act, told: Sequence[Act]) -> Act:
    """The ASSERT in the place of acts that are likelier wrong; a condition of theirs stays."""
    bound = next((act for act in told if act.condition), told[0])
    return structs.replace(
        whole,
        condition=bound.condition,
        condition_kind=bound.condition_kind,
        on_whom=bound.on_whom,
        because=_UNSURE,
    )


def _trusted(told: tuple[Act, ...], known: Lexicon, side: Side) -> tuple[Act, ...]:
    """The acts without those that are too likely wrong, where that is known; what hangs on a condition stays."""
    model = trust(known.code) if side.on_page else None
    return tuple(act for act in told if model is None or act.mode in _HANGING or act.confidence >= model.least)


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
        because=_UNTOLD if name == "ASSERT" and chance == _NO_FRAME else "all words together",
    )


def _with_acts(text: str, statement: Statement, cues: Sequence[Span], gazetteer: Gazetteer | None) -> Statement:
    code = (statement.lang or "en").split("-")[0].lower()
    if code not in languages() or not statement.content:
        return statement
    known = lexicon(code)
    side = Side(
        _side(statement.speaker), _addressed(statement), statement.kind == "direct", statement.negated, on_page=True
    )
    reading, said = read_statement(text, statement, cues, known)
    acts = _acts(reading, known, side, gazetteer)
    return structs.replace(statement, acts=tuple(_said(act, said) for act in acts))


def _said(act: Act, said: Sequence[Span]) -> Act:
    """The act with spans that end where the content does: the cue was read with it, and is not what was said."""
    return structs.replace(
        act,
        condition=_within(act.condition, said),
        span=_within(act.span, said) or act.span,
        what=_within(act.what, said),
    )


def _within(span: Span | None, said: Sequence[Span]) -> Span | None:
    """The part of a span that lies in what was said; None if it touches none: the cue is no part of that."""
    for one in said if span else ():
        if span and span.start < one.end and one.start < span.end:
            return Span(max(span.start, one.start), min(span.end, one.end))
    return None


def _side(speaker: Speaker | None) -> str:
    """Whose side a speaker is on: the country, else the actor, else the name, else nobody's."""
    return ((speaker.country or speaker.actor or speaker.name) if speaker else None) or NOBODY


def _addressed(statement: Statement) -> str | None:
    """The country or body among those addressed, else among those spoken of."""
    for name in (*statement.addressee, *statement.about):
        found = place(name)
        if found:
            return found.code
    return None

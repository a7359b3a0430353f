"""What a correction makes of a statement: pure functions on records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Literal

import msgspec
from msgspec import Struct

from onrecord.actors.gazetteer import shipped
from onrecord.errors import UsageError
from onrecord.positions.knowledge import codes, modes
from onrecord.schema import Act, Article, Passage, Span, Speaker, SpeakerKind, Statement, StatementKind

Field = Literal["speaker", "spans", "kind", "acts", "dropped", "added"]
FIELDS: tuple[Field, ...] = ("speaker", "spans", "kind", "acts", "dropped", "added")
MOST_NAME = 300
"""Characters of a name or an office that a person gives."""
MOST_NOTE = 2_000
_ALIKE = 0.8
"""Two contents of two readings are the same statement from this share of common characters on."""


class SpeakerValue(Struct, frozen=True, forbid_unknown_fields=True):
    """Who speaks; a name of null says that nobody is named."""

    name: str | None
    kind: SpeakerKind = "person"
    role: str | None = None
    country: str | None = None
    actor: str | None = None


class SpansValue(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Where source, cue and content stand; what is not given stays. `quotes`, the words there, find them again."""

    source: tuple[Span, ...] | None = None
    cue: tuple[Span, ...] | None = None
    content: tuple[Span, ...] | None = None
    quotes: dict[str, list[str]] = {}


class ActValue(Struct, frozen=True, forbid_unknown_fields=True):
    """An act, its mode, and the condition's span."""

    act: str
    mode: str | None = None
    condition: Span | None = None


_KINDS: dict[Field, Any] = {
    "speaker": SpeakerValue,
    "spans": SpansValue,
    "kind": StatementKind,
    "acts": list[ActValue],
    "dropped": bool,
    "added": Statement,
}


def checked(field: Field, value: object, text: str) -> Any:
    """The value of a correction as a record, spans within `text`.

    Raises `UsageError`, which says what is wrong with it.
    """
    try:
        found = msgspec.convert(value, _KINDS[field])
    except msgspec.ValidationError as error:
        raise UsageError(f"{field}: {error}") from error
    _check_words(found)
    for span in _spans(found):
        if not 0 <= span.start < span.end <= len(text):
            raise UsageError(
                f"{field}: [{span.start}, {span.end}] is no place in the article's {len(text):,} characters"
            )
    if isinstance(found, SpansValue):
        given = {part: spans for part in _PARTS if (spans := getattr(found, part)) is not None}
        if found.content == ():
            raise UsageError("spans: a statement needs a content")
        quotes = {part: [text[span.start : span.end] for span in spans] for part, spans in given.items()}
        return msgspec.structs.replace(found, quotes=quotes)
    return found


def check_new(record: Any, note: str = "") -> None:
    """Raise `UsageError` for what is not taken any more, though an archive may hold it: names without end, say."""
    if len(note) > MOST_NOTE:
        raise UsageError(f"a note has {MOST_NOTE:,} characters at most")
    speaker = record.speaker if isinstance(record, Statement) else record
    if not isinstance(speaker, (SpeakerValue, Speaker)):
        return
    if any(len(words or "") > MOST_NAME for words in (speaker.name, speaker.role, speaker.actor)):
        raise UsageError(f"speaker: a name or an office has {MOST_NAME} characters at most")
    if speaker.name and speaker.kind == "unnamed":
        raise UsageError(f"speaker: {speaker.name!r} is a name, so the kind is not unnamed; give person, office, …")


def _check_words(value: Any) -> None:
    """Raise `UsageError` for an act, mode or country that does not exist."""
    for act in value if isinstance(value, list) else ():
        if act.act not in codes():
            raise UsageError(f"acts: no act {act.act!r}; there are: {', '.join(codes())}")
        if act.mode is not None and act.mode not in modes()[act.act]:
            known = ", ".join(sorted(modes()[act.act])) or "none"
            raise UsageError(f"acts: {act.act} has no mode {act.mode!r}; there are: {known}")
    country = value.country if isinstance(value, SpeakerValue) else None
    if country is not None and shipped().country(country) is None:
        raise UsageError(f"speaker: no country {country!r}; give its code of three letters, such as DEU")


_PARTS = ("source", "cue", "content")


def _spans(value: Any) -> Sequence[Span]:
    if isinstance(value, SpansValue):
        return [span for part in _PARTS for span in getattr(value, part) or ()]
    if isinstance(value, Statement):
        return [span for part in _PARTS for span in getattr(value, part).spans]
    if isinstance(value, list):
        return [act.condition for act in value if act.condition]
    return []


def amended(statement: Statement, field: Field, value: Any, text: str, author: str) -> Statement:
    """The statement as a correction has it; `value` comes from `checked`."""
    replace = msgspec.structs.replace
    match field:
        case "speaker":
            because = f"corrected by {author}"
            speaker = Speaker(
                value.name, value.kind, value.role, value.country, "corrected", because, 1.0, _actor(value)
            )
            return replace(statement, speaker=speaker, acts=_of_speaker(statement, speaker))
        case "spans":
            given = {part: spans for part in _PARTS if (spans := getattr(value, part)) is not None}
            return replace(statement, **{part: Passage.of(text, *map(_pair, spans)) for part, spans in given.items()})
        case "kind":
            return replace(statement, kind=value)
        case "acts":
            return replace(statement, acts=tuple(Act(one.act, one.mode, one.condition) for one in value))
        case _:
            return statement


def _of_speaker(statement: Statement, speaker: Speaker) -> tuple[Act, ...]:
    """The acts, those of the speaker's side now of the right one's."""
    wrong = statement.speaker
    sides = {wrong.country, wrong.actor, wrong.name} - {None} if wrong else set()
    right = speaker.country or speaker.actor or speaker.name
    return tuple(
        msgspec.structs.replace(act, source_actor=right)
        if act.source_actor is None or act.source_actor in sides
        else act
        for act in statement.acts
    )


class MissedValue(Struct, frozen=True, forbid_unknown_fields=True):
    """A statement that the machine did not find, as a person gives it."""

    content: tuple[Span, ...]
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    kind: StatementKind = "indirect"
    speaker: SpeakerValue | None = None
    acts: tuple[ActValue, ...] = ()
    lang: str = ""


def missed(article: Article, value: object, author: str) -> Statement:
    """The statement that a person found in an article, from plain lists and dictionaries of the form of `MissedValue`.

    Raises `UsageError`, which says what is wrong with it.
    """
    try:
        given = msgspec.convert(value, MissedValue)
    except msgspec.ValidationError as error:
        raise UsageError(f"statement: {error}") from error
    spans = {part: list(getattr(given, part)) for part in _PARTS}
    checked("spans", spans, article.text)
    parts = {part: Passage.of(article.text, *map(_pair, spans[part])) for part in _PARTS}
    taken = {one.id for one in article.statements}
    name = next(name for n in range(len(taken) + 1) if (name := f"a{n + 1}") not in taken)
    found = Statement(
        name, given.kind, parts["source"], parts["cue"], parts["content"], lang=given.lang or article.lang
    )
    told: tuple[tuple[Field, object], ...] = (("speaker", given.speaker), ("acts", list(given.acts)))
    for field, one in told:
        if one:
            found = amended(found, field, checked(field, msgspec.to_builtins(one), article.text), article.text, author)
    return found


def _pair(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _actor(value: SpeakerValue) -> str | None:
    """The actor's key: that given, else the name, office and country."""
    if value.name is None:
        return None
    return value.actor or "|".join((value.name, value.role or "", value.country or ""))


def relocated(value: SpansValue, text: str, near: int) -> SpansValue | None:
    """The spans at which their words stand in another text, those nearest to a place; None if they do not."""
    found: dict[str, tuple[Span, ...]] = {}
    for part, quotes in value.quotes.items():
        spans: list[Span] = []
        for quote in quotes:
            at = _nearest(text, quote, near)
            if at is None:
                return None
            spans.append(Span(at, at + len(quote)))
        found[part] = tuple(sorted(spans))
    return SpansValue(quotes=value.quotes, **found)


def _nearest(text: str, quote: str, near: int) -> int | None:
    before, after = text.rfind(quote, 0, near + len(quote)), text.find(quote, near)
    places = [place for place in (before, after) if place >= 0]
    return min(places, key=lambda place: abs(place - near)) if places else None


def same_statement(machine: Statement, among: Mapping[int, Statement]) -> int | None:
    """Which statement of a new reading is the one that an earlier reading had; None if it has none like it."""
    said = machine.content_text
    same = [number for number, one in among.items() if one.content_text == said]
    if same:
        return min(same, key=lambda number: abs(among[number].content.start - machine.content.start))
    best, best_number = _ALIKE, None
    for number, one in among.items():
        matcher = SequenceMatcher(None, said, one.content_text, autojunk=False)
        if matcher.real_quick_ratio() > best and matcher.quick_ratio() > best and (ratio := matcher.ratio()) > best:
            best, best_number = ratio, number
    return best_number

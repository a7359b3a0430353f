"""Statements as annotation tools hold them, and back: marked stretches of the text, each with a role, and links.

Tools know no stretch with a gap. The first stretch of a content is therefore a `content`; its further ones are
`part`s, sources and cues stretches of their own, each linked to that content. What tools have no place for (acts,
confidence, …) travels beside it as the statement's record. What annotators see and change goes before the record.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import count
from typing import Literal, get_args

import msgspec
from msgspec import Struct

from onrecord.errors import InputError
from onrecord.formats.sound import Cover
from onrecord.formats.wire import Json, article_from, statement_object
from onrecord.schema import Article, Passage, Problem, Span, StatementKind

Role = Literal["content", "part", "source", "cue"]
ROLES: tuple[Role, ...] = get_args(Role)
KINDS: tuple[StatementKind, ...] = get_args(StatementKind)
Link = tuple[str, str]
"""The names of a content and of a part, source or cue of it."""
_LINE = re.compile(r"[^\n]+")
_BARRED = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


class Mark(Struct, frozen=True):
    """A stretch of the text with what an annotator can see of it."""

    name: str
    role: str
    """One of `ROLES`; empty where an annotator has chosen none."""
    start: int
    end: int
    kind: str = ""
    """Of a content; empty leaves it to the quotation marks."""
    speaker: str | None = None
    """The name of whoever speaks a content; empty for nobody named, None where the tool does not say."""
    record: Json | None = None
    """What else is known of the statement that a content stands for."""


class Sheet(Struct, frozen=True):
    """A document as a tool gives it back."""

    id: str
    text: str
    lang: str
    marks: tuple[Mark, ...]
    links: tuple[Link, ...]
    tool: str
    records: tuple[Json, ...] = ()
    """Records whose contents have other names now: each belongs to the content at its place, the first first."""


def plain(text: str) -> str:
    """The text with a space for each character that a format may bar, one for one, so that offsets stay.

    XML 1.0 bars most control characters, halves of surrogate pairs and two noncharacters; some readers of brat drop a
    carriage return.

    >>> plain("a\\r\\nb\\x00c")
    'a \\nb c'
    """
    return _BARRED.sub(" ", text)


def kind_told(text: str, passages: Mapping[str, Sequence[Sequence[int]]]) -> StatementKind:
    """How a content is given, for files that do not say: as onrecord itself tells it, by the quotations of the text.

    >>> text = "“No,” she said; it would “never” end."
    >>> [kind_told(text, {"content": [ends]}) for ends in ([1, 3], [16, 36], [19, 24])]
    ['direct', 'mixed', 'indirect']
    """
    # Imported here because it loads the whole of the attribution, for which few files have a need.
    from onrecord.attribution.kinds import kind_of

    said = passages.get("cue") or passages.get("source") or ()
    content, cue = (Passage.of(text, *((start, end) for start, end in spans)) for spans in (passages["content"], said))
    return kind_of(text, content, cue, _quoted(text))


@lru_cache(maxsize=2)
def _quoted(text: str) -> list[tuple[int, int]]:
    from onrecord.attribution.quotation import quotations

    return sorted((one.start, one.end) for one in quotations(text, (line.span() for line in _LINE.finditer(text))))


class Units:
    """Offsets in code points and in UTF-16 units, which Java and JavaScript count, of one text.

    >>> units = Units("a😀b")
    >>> units.of_points(2), units.to_points(3)
    (3, 2)
    """

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._wide = [at for at, character in enumerate(text) if character > "\uffff"]
        self._wide_units = [at + n for n, at in enumerate(self._wide)]

    def of_points(self, at: int) -> int:
        """The offset in units."""
        return at + bisect_left(self._wide, at)

    def to_points(self, at: int) -> int:
        """The offset in code points; raises `InputError` for none of the text, or one within a character."""
        found = at - bisect_left(self._wide_units, at)
        if not 0 <= found <= self._length or self.of_points(found) != at:
            raise InputError(f"{at} is no place between two characters of the text")
        return found


def marks_of(article: Article) -> Iterator[tuple[Mark, list[Mark]]]:
    """Each statement as the mark of its content and the marks linked to that; their names count up from 1."""
    names = count(1)
    for one in article.statements:
        first, *further = one.content.spans
        speaker = (one.speaker.name if one.speaker else "") or ""
        content = Mark(
            str(next(names)), "content", first.start, first.end, one.kind, speaker, record=statement_object(one)
        )
        spans = [("part", span) for span in further]
        spans += [(role, span) for role in ("source", "cue") for span in getattr(one, role).spans]
        yield content, [Mark(str(next(names)), role, span.start, span.end) for role, span in spans]


def article_from_sheet(sheet: Sheet) -> Article:
    """The article with the statements that an annotated document holds.

    One that annotators added gets an id of its own and confidence 1. Marks that belong to no content are left out and
    told in `problems`. Raises `InputError` for a kind that does not exist, for two contents that are linked, and for
    offsets that are not sound.
    """
    marks = {mark.name: mark for mark in sheet.marks}
    if len(marks) < len(sheet.marks):
        raise InputError("two annotations have the same name")
    belonging, loose = _belonging(sheet, marks)
    at_places: dict[object, list[Json]] = defaultdict(list)
    for kept in reversed(sheet.records):
        at_places[_place(kept.get("content"))].append(kept)
    made: list[Json] = []
    taken: set[str] = set()
    cover = Cover(len(sheet.text))
    contents = [mark for mark in sheet.marks if mark.role == "content"]
    known = {_own_id(kept) for kept in (*sheet.records, *(mark.record for mark in contents if mark.record))}
    for mark in contents:
        passages = _passages(mark, belonging[mark.name])
        for start, end in passages["content"]:
            cover.add(start, end)
        here = at_places.get(_place(passages["content"]))
        record = here.pop() if here and mark.record is None else mark.record
        own = _own_id(record or {})
        if not own or own in taken:
            own = _free(f"a{mark.name}", taken | known)
        taken.add(own)
        made.append({**_told(sheet, mark, passages, record), "id": own})
    article = article_from({"id": sheet.id, "text": sheet.text, "lang": sheet.lang, "statements": made})
    return msgspec.structs.replace(article, problems=tuple(_problems(loose)))


def _belonging(sheet: Sheet, marks: dict[str, Mark]) -> tuple[dict[str, list[Mark]], list[Mark]]:
    """The marks linked to each content, whichever way the link was drawn; and those that are linked to none."""
    belonging: dict[str, list[Mark]] = defaultdict(list)
    linked = set()
    for ends in sheet.links:
        both = [marks[name] for name in ends if name in marks]
        contents = [mark for mark in both if mark.role == "content"]
        others = [mark for mark in both if mark.role in ("part", "source", "cue")]
        if len(contents) > 1:
            places = " and ".join(f"{mark.start}-{mark.end}" for mark in contents)
            raise InputError(f"two contents are linked ({places}); the further one of a statement has the role part")
        if contents and others:
            belonging[contents[0].name].append(others[0])
            linked.add(others[0].name)
    return belonging, [mark for mark in sheet.marks if mark.role != "content" and mark.name not in linked]


def _passages(content: Mark, others: Sequence[Mark]) -> dict[str, list[list[int]]]:
    """Where the content, source and cue of a statement stand, in reading order; what overlaps becomes one span."""
    roles = {"content": ("content", "part"), "source": ("source",), "cue": ("cue",)}
    return {
        passage: merged([Span(mark.start, mark.end) for mark in (content, *others) if mark.role in allowed])
        for passage, allowed in roles.items()
    }


def merged(spans: Iterable[Span]) -> list[list[int]]:
    """The spans as [start, end] in reading order; what overlaps becomes one.

    >>> merged([Span(4, 9), Span(0, 2), Span(8, 12)])
    [[0, 2], [4, 12]]
    """
    whole: list[list[int]] = []
    for start, end in sorted((span.start, span.end) for span in spans):
        if whole and start < whole[-1][1]:
            whole[-1][1] = max(end, whole[-1][1])
        else:
            whole.append([start, end])
    return whole


def _told(sheet: Sheet, mark: Mark, passages: dict[str, list[list[int]]], record: Json | None) -> Json:
    """The statement as an object; what the annotator sees goes before the record."""
    kind = mark.kind.strip().lower()
    if kind and kind not in KINDS:
        raise InputError(f"{mark.start}-{mark.end}: no kind {mark.kind[:40]!r}; there are: {', '.join(KINDS)}")
    if any(not 0 <= start < end <= len(sheet.text) for spans in passages.values() for start, end in spans):
        raise InputError(f"{mark.start}-{mark.end} is no stretch of a text of {len(sheet.text):,} characters")
    known = record or {"confidence": 1.0, "because": f"annotated in {sheet.tool}"}
    return {
        **known,
        **passages,
        "kind": kind or kind_told(sheet.text, passages),
        "speaker": _speaker(mark.speaker, known.get("speaker"), sheet.tool),
    }


def _speaker(name: str | None, known: object, tool: str) -> Json | None:
    """The speaker of the record as long as the name is still that; another name is somebody else."""
    speaker = known if isinstance(known, dict) else None
    before = (speaker or {}).get("name") or ""
    if name is None or plain(name).strip() == plain(str(before)).strip():
        return speaker
    if not name.strip():
        return None
    told = {"how": "corrected", "because": f"annotated in {tool}", "confidence": 1.0}
    return {"name": name.strip(), "kind": "person", **told}


def _own_id(record: Json) -> str:
    """The id that a record gives its statement; none if it is no text."""
    own = record.get("id")
    return own if isinstance(own, str) else ""


def _place(content: object) -> tuple[tuple[int, int], ...]:
    """The spans of a content in a form that can be looked up; none for what is no list of spans."""
    try:
        return tuple((span.start, span.end) for span in msgspec.convert(content, tuple[Span, ...]))
    except msgspec.ValidationError:
        return ()


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else next(one for n in count(2) if (one := f"{name}-{n}") not in taken)


def _problems(loose: Sequence[Mark]) -> Iterator[Problem]:
    for role, times in Counter(mark.role for mark in loose).items():
        if role in ROLES:
            told = f"{times} annotations with the role {role} belong to no content and were left out"
        else:
            told = f"{times} annotations without a role were left out"
        yield Problem("annotations", told)

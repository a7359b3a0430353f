"""Which words of an article are read of a statement: its content, its cue, and what belongs to them beside."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from onrecord.positions.choosing import Reading, chosen, read
from onrecord.positions.conditions import conditions
from onrecord.positions.knowledge import Lexicon
from onrecord.positions.words import Words
from onrecord.schema import Passage, Span, Statement

_FRAGMENT = 4
"""A content of no more words than this is read with its sentence: of “red lines” the rest tells what is done."""
_REACH = 300
_GAP = 40
"""So many letters between cue and content are read with them, unless they name somebody, who is addressed."""
_OPENS = 3
"""So many words of the reporter's may stand between a content and its condition: "…, but only if"."""


def read_statement(text: str, statement: Statement, cues: Sequence[Span], known: Lexicon) -> tuple[Reading, list[Span]]:
    """What the frames find in a statement; and the spans of what was said, a condition cut off from it among them.

    `cues` are those of all statements of the article, in order.
    """
    said, cue = list(statement.content.spans), statement.cue.spans
    tail = _condition_behind(text, statement, known)
    said.extend([tail] if tail else [])
    spans = [*said, *_cue_spans(text, statement, known)]
    breaks = [span.start for span in statement.content.spans] if statement.kind == "direct" else []
    words = Words(text, sorted(spans), breaks)
    reading = read(words, known, _numbers(words, cue))
    if not chosen(reading) and sum(len(part.split()) for part in statement.content.parts) <= _FRAGMENT:
        words = Words(text, sorted([*spans, *_sentence_around(text, statement, cues)]))
        reading = read(words, known, _numbers(words, cue))
    return reading, said


def _cue_spans(text: str, statement: Statement, known: Lexicon) -> list[Span]:
    """The cue with the auxiliaries before it, and the few words between it and the content."""
    spans = []
    carried = known.words["auxiliaries"] | known.words["negators"] | {""}
    for cue in statement.cue.spans:
        before = text[max(0, cue.start - 40) : cue.start]
        words = before.split(" ")
        spans.extend(_between(text, cue, statement.content))
        start = cue.start
        while len(words) > 1 and words[-1].lower() in carried:
            start -= len(words.pop()) + 1
        spans.append(Span(max(start, 0), cue.end))
    return spans


def _numbers(words: Words, spans: Sequence[Span]) -> frozenset[int]:
    """The numbers of the words that begin within the spans."""
    return frozenset(
        at
        for at, start in enumerate(words.starts)
        if any(span.start <= words.start + start < span.end for span in spans)
    )


def _condition_behind(text: str, statement: Statement, known: Lexicon) -> Span | None:
    """The condition that the sentence goes on with behind the content: "accepted | the loan | only if …"."""
    end = statement.content.end
    if any(end <= cue.start < end + _REACH for cue in statement.cue.spans):
        return None  # what stands behind a cue belongs to it
    words = Words(text, [Span(end, _sentence(text, end, end).end)])
    found = next(iter(conditions(words, known)), None)
    if found is None or found.first > _OPENS:
        return None
    return Span(end, words.span(found.first, found.last).end)


def _sentence_around(text: str, statement: Statement, cues: Sequence[Span]) -> list[Span]:
    """The sentence of a content, without the words that report statements: another's cue tells nothing of this one."""
    around = _sentence(text, statement.content.start, statement.content.end)
    left, start = [], around.start
    for cue in cues[bisect_left(cues, around) :]:
        if cue.start >= around.end:
            break
        if cue.start > start:
            left.append(Span(start, cue.start))
        start = max(start, cue.end)
    return [*left, Span(start, around.end)] if start < around.end else left


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

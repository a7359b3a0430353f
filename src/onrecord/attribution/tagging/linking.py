"""From tagged spans to relations: which cue a content hangs on, and which source a cue has."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from math import exp, log

from msgspec import Struct
from msgspec.structs import replace

from onrecord.attribution.tagging.decoding import Tagged
from onrecord.attribution.tagging.labels import LINKS
from onrecord.attribution.tagging.transcript import turns
from onrecord.schema import Span

SENTENCE_BREAK = re.compile(
    r"""(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|Jr|Sr|Lt))(?<!\b(?:Mrs|Sen|Rep|Gov|Gen|Col|Sgt))
    (?:[.!?…]["”’')\]]*\s+["“‘'(\[]*[A-Z0-9]|\n)""",
    re.VERBOSE,
)
SIGNATURE = re.compile(r"[^\S\n]*(?P<dash>[―—–]|--?)[^\S\n]*(?P<name>[^\W\d_][^\n:;!?“”\"]{1,60}?)\.?[^\S\n]*(?=\n|$)")
"""What stands after a quotation that is signed: “Never again.” — Jane Roe, Dover."""
SECOND_HALF = re.compile(r"""(?<=[.!?…,][ ])(?:"[^"“”\n]{20,600}"|“[^“”\n]{20,600}”)""")
"""A quotation that begins a sentence, or goes on after a comma."""
CLOSERS = "\"”»'"
MARKS = ('"', "“", "„", "«", "''", "``")
REACH = 1000
"""How many characters a quotation may stand from the rest of its relation. On polnear-dev 400 and 1,000 give the same
figures and 100 loses a point of content F1."""

FARTHEST = 20_000
"""How many characters a content may stand from its cue: it keeps cost linear. In PolNeAR 5,544 is the most."""


class Relation(Struct, frozen=True):
    """An attribution: a source (maybe none) says (cue, maybe none) a content, in one or more spans."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float
    evidence: tuple[float, ...]
    """What the confidence was computed from; see `evidence`."""


class Judge(Struct, frozen=True):
    """How confidences are computed, as fitted to annotated articles, and how much of one a relation needs."""

    weights: tuple[float, ...]
    """For each part of `evidence`."""
    floor: float
    """What is less likely than this to be right is left out, unless it is a quotation."""


def link(text: str, spans: list[Tagged], judge: Judge | None = None) -> list[Relation]:
    """The relations among the spans of `text`, in the order of their contents.

    With a judge a relation's confidence is the chance that it is right; without one it is that of its least sure span,
    and nothing is left out for want of it.

    Contents of one cue are one split content, as far as they can belong together: in the cue's sentence, or quotations
    nearby. Of the others a quotation stands for itself, with its signature's name or without a source, and what is not
    quoted is dropped; so is a cue without a content.
    """
    said = turns(text)
    spans = _with_second_halves(text, _outside(spans, said))
    cues, sources = ([span for span in spans if span.role == role] for role in ("cue", "source"))
    groups: dict[int, list[Tagged]] = {}
    found = [_relation(text, source, cue, parts, judge) for source, cue, *parts in said]
    last: tuple[int, Tagged] | None = None
    for span in spans:
        if span.role == "content":
            signed = _signed(text, span, judge)
            target = None if signed else _resumed(text, span, cues, _within(text, span, cues), last)
            if signed:
                found.append(signed)
            elif target is not None:
                groups.setdefault(target, []).append(span)
                last = (target, span) if _quoted(text, span) or text[span.end - 1] in CLOSERS else last
            elif _quoted(text, span):
                found.append(_relation(text, None, None, [span], judge))
    for at, parts in groups.items():
        owner = _target(cues[at], sources)
        together, rest = _together(text, cues[at], parts)
        source = sources[owner] if owner is not None else None
        found += [_relation(text, source, cues[at], group, judge) for group in _apart(text, cues[at], together)]
        found += [_relation(text, None, None, [part], judge) for part in rest if _quoted(text, part)]
    if judge:
        found = [
            r for r in found if r.confidence >= judge.floor or all(_is_quotation(text, part) for part in r.content)
        ]
    return sorted(found, key=lambda relation: relation.content)


def _outside(spans: list[Tagged], said: list[list[Tagged]]) -> list[Tagged]:
    """The spans that touch no turn of a transcript."""
    begins, ends = [turn[0].start for turn in said], [turn[-1].end for turn in said]
    return [span for span in spans if bisect_left(begins, span.end) == bisect_right(ends, span.start)]


def _target(span: Tagged, others: list[Tagged]) -> int | None:
    """Which of `others` (in reading order) `span` most likely belongs to; None for none of them."""
    here = bisect_left(others, span.start, key=lambda other: other.start)
    best, target = -1.0, None
    for step, chance in zip(LINKS, span.links, strict=True):
        there = here + step - (step > 0)
        if step == 0 and span.role == "content":
            continue  # every content has a cue in what the network was trained on
        if (step == 0 or 0 <= there < len(others)) and chance > best:
            best, target = chance, there if step else None
    return target


def _within(text: str, span: Tagged, cues: list[Tagged]) -> int | None:
    """The cue that a content most likely belongs to, but none paragraphs before it if its own has one before it.

    Of the 23,023 parts of contents in polnear-train none has its cue beyond such a one.
    """
    target, beside = _target(span, cues), bisect_left(cues, span.start, key=lambda cue: cue.start) - 1
    if target is None or target >= beside or "\n" in text[cues[beside].end : span.start]:
        return target
    return beside if "\n" in text[cues[target].end : cues[beside].start] else target


def _resumed(
    text: str, span: Tagged, cues: list[Tagged], target: int | None, last: tuple[int, Tagged] | None
) -> int | None:
    """The cue of `span`, given the quotation before it and that one's cue.

    In “One,” he said, referring to the war. “Two.” the network may link the second half to the nearer cue, or to the
    next paragraph's. Where polnear-train has such a second half, it belongs to the first 1,039 times and 36 times not.
    """
    if last is None or not _quoted(text, span) or target == last[0]:
        return target
    at, before = last
    if not _is_first_half(text, before, cues[at], span):
        return target
    return target if target is not None and _is_beside(text, cues[target], span) else at


def _is_first_half(text: str, before: Tagged, cue: Tagged, span: Tagged) -> bool:
    """Whether `before` is a quotation that its cue follows, and `span` goes on in the same paragraph: with a sentence,
    or after a comma."""
    inner = text[before.start : before.end].rstrip("\"”'»")
    return bool(
        before.end <= cue.start < span.start
        and _distance(span, before) <= REACH
        and inner.endswith((",", "?", "!"))
        and "\n" not in text[before.end : span.start]
        and (text.startswith(", ", span.start - 2) or SENTENCE_BREAK.search(text, span.start - 4, span.start + 2))
    )


def _with_second_halves(text: str, spans: list[Tagged]) -> list[Tagged]:
    """The spans, and as contents the quotations untouched by any that go on after a first half and its cue.

    “One,” he said, and left. “Two.” The second half is as sure as the first, whose cue it gets in `_resumed`. Where
    polnear-train has a second half after a comma, it belongs to the first 57 times; 8 times it has a cue of its own.
    """
    found = list(spans)
    for number, half in enumerate(spans):
        if half.role != "content" or not _is_quotation(text, half):
            continue
        seen_cue = False
        for at in range(number + 1, min(number + 4, len(spans))):
            if spans[at].role == "content" or (seen_cue and spans[at].role == "cue"):
                break
            seen_cue = seen_cue or spans[at].role == "cue"
            until = spans[at + 1].start if at + 1 < len(spans) else len(text)
            second = SECOND_HALF.search(text, spans[at].end, min(until, spans[at].end + REACH)) if seen_cue else None
            if second and "\n" not in text[half.end : second.start()]:
                found.append(replace(half, start=second.start(), end=second.end()))
                break
    return sorted(found, key=lambda span: span.start)


def _is_beside(text: str, cue: Tagged, span: Tagged) -> bool:
    """Whether a cue stands in the sentence of a quotation: nothing but its clause between them."""
    between = text[min(cue.end, span.end) - 1 : max(cue.start, span.start + 2) + 1]
    return SENTENCE_BREAK.search(between) is None


def _together(text: str, cue: Tagged, parts: list[Tagged]) -> tuple[list[Tagged], list[Tagged]]:
    """The parts that can make up one content of `cue`, and the rest.

    The network links every content to some cue, so one whose own cue was not found hangs on a distant one.
    """
    taken: list[Tagged] = []
    rest: list[Tagged] = []
    for part in sorted(parts, key=lambda part: _distance(cue, part)):
        if _distance(cue, part) > FARTHEST:
            rest.append(part)
            continue
        between = text[min(cue.end, part.end) - 1 : max(cue.start, part.start) + 1]
        near = not SENTENCE_BREAK.search(between) or (not taken and "\n" not in between)
        announced = not taken and part.start >= cue.end and text[cue.end - 1] == ":"
        goes_on = (
            _quoted(text, part)
            and not _led_in(text, cue, part)
            and min(_distance(part, other) for other in (cue, *taken)) < REACH
        )
        if near or announced or (goes_on and (not taken or any(_holds_mark(text, other) for other in taken))):
            taken.append(part)
        else:
            rest.append(part)
    return taken, rest


def _led_in(text: str, cue: Tagged, part: Tagged) -> bool:
    """Whether words stand before a part in a paragraph below its cue's: of 198 parts down there, in polnear-train, the
    quoted ones begin their paragraph, but for one."""
    line = text.rfind("\n", max(cue.end, part.start - REACH), part.start)
    return line >= 0 and bool(text[line : part.start].strip())


def _apart(text: str, cue: Tagged, parts: list[Tagged]) -> list[list[Tagged]]:
    """The parts of one cue as contents: what is quoted, and what is not where a quotation comes first or is a sentence.

    In polnear-train 23 contents begin with a whole quotation and have an unquoted part as well; 1,509 are quoted
    throughout. “No,” she said, announcing that it was over, is two. So is: The rain will stop, she said: “It must.”
    Where a whole sentence is quoted after the cue, what stands before it belongs to that quotation 10 times in 88.
    """
    if not parts:
        return []
    parts = sorted(parts, key=lambda part: part.start)
    unquoted = [part for part in parts if not _holds_mark(text, part)]
    sentence = parts[-1].start >= cue.end and _is_quotation(text, parts[-1]) and _capital(text, parts[-1])
    if unquoted and (_is_quotation(text, parts[0]) or (sentence and unquoted[-1].end <= cue.start)):
        return [[part for part in parts if part not in unquoted], *([part] for part in unquoted)]
    return [parts]


def _capital(text: str, span: Tagged) -> bool:
    """Whether the first letter of a span is a capital."""
    return text[span.start : span.start + 3].lstrip("\"“”„«'`‘")[:1].isupper()


def _distance(one: Tagged, other: Tagged) -> int:
    """Characters between two spans."""
    return max(one.start - other.end, other.start - one.end, 0)


def _is_quotation(text: str, span: Span | Tagged) -> bool:
    """Whether the span reaches from one quotation mark to another."""
    return text.startswith(MARKS, span.start) and text[span.end - 1] in CLOSERS


def _quoted(text: str, span: Tagged) -> bool:
    """Whether a quotation mark opens the span."""
    return text.startswith((*MARKS, "‘"), span.start)


def _holds_mark(text: str, span: Tagged) -> bool:
    """Whether a quotation mark stands anywhere in the span."""
    return any(text.find(mark, span.start, span.end) >= 0 for mark in MARKS)


def _signed(text: str, span: Tagged, judge: Judge | None) -> Relation | None:
    """The relation of a quotation that its speaker's name follows after a dash, at the end of the line."""
    match = SIGNATURE.match(text, span.end) if text[span.end - 1] in "\"”“»'" else None
    if not match or not match["name"][0].isupper():
        return None
    source = Tagged("source", *match.span("name"), span.confidence, span.edges)
    cue = Tagged("cue", *match.span("dash"), span.confidence, span.edges, span.links)
    return _relation(text, source, cue, [span], judge)


def _relation(
    text: str, source: Tagged | None, cue: Tagged | None, parts: list[Tagged], judge: Judge | None
) -> Relation:
    """The relation of these spans."""
    owner, said = ((Span(span.start, span.end),) if span else () for span in (source, cue))
    content = tuple(sorted(Span(part.start, part.end) for part in parts))
    told = evidence(text, source, cue, parts)
    if judge:
        sure = 1 / (1 + exp(-sum(w * x for w, x in zip(judge.weights, told, strict=True))))
    else:
        sure = min(member.confidence for member in (source, cue, *parts) if member)
    return Relation(owner, said, content, round(sure, 4), told)


def evidence(text: str, source: Tagged | None, cue: Tagged | None, parts: list[Tagged]) -> tuple[float, ...]:
    """What a relation's confidence is computed from: a one, and log odds of the spans and of the links between them.

    A source or cue that is not there counts 0, and has an entry of its own.
    """
    content = min(part.confidence for part in parts)
    linked = max(max(part.links) for part in parts)
    return (
        1.0,
        _odds(content),
        _odds(cue.confidence) if cue else 0.0,
        _odds(source.confidence) if source else 0.0,
        _odds(linked),
        _odds(max(cue.links)) if cue else 0.0,
        float(cue is None),
        float(source is None),
        float(len(parts) - 1),
        _odds(min(part.edges for part in parts)),
        _odds(cue.edges) if cue else 0.0,
        _odds(source.edges) if source else 0.0,
        float(_quoted(text, parts[0])),
        float(any(_holds_mark(text, part) for part in parts)),
        log(sum(part.end - part.start for part in parts)),
    )


def _odds(chance: float) -> float:
    """The logarithm of the odds, kept within what a few thousand examples can tell apart."""
    chance = min(max(chance, 0.002), 0.998)
    return log(chance / (1 - chance))

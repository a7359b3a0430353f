"""From tagged spans to relations: which cue a content hangs on, and which source a cue has."""

from __future__ import annotations

from bisect import bisect_left

from msgspec import Struct

from onrecord.attribution.decoding import Tagged
from onrecord.attribution.labels import LINKS
from onrecord.schema import Span


class Relation(Struct, frozen=True):
    """An attribution: a source (maybe none) says (cue) a content, in one or more spans."""

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    confidence: float


def link(text: str, spans: list[Tagged]) -> list[Relation]:
    """The relations among the spans of `text`, in the order of their contents.

    Contents that share a cue are one split content; a cue without a content tells nothing and is dropped, and so is a
    content in a text without cues.
    """
    cues = sorted((s for s in spans if s.role == "cue"), key=lambda s: s.start)
    sources = sorted((s for s in spans if s.role == "source"), key=lambda s: s.start)
    contents: dict[int, list[Tagged]] = {}
    for span in spans:
        if span.role == "content" and (target := _target(span, cues)) is not None:
            contents.setdefault(target, []).append(span)
    found = []
    for at, parts in contents.items():
        cue, owner = cues[at], _target(cues[at], sources)
        source = sources[owner] if owner is not None else None
        members = [cue, *parts, *([source] if source else [])]
        sure = min(member.confidence for member in members)
        said = tuple(sorted(Span(p.start, p.end) for p in parts))
        found.append(
            Relation((Span(source.start, source.end),) if source else (), (Span(cue.start, cue.end),), said, sure)
        )
    return sorted(found, key=lambda relation: relation.content)


def _target(span: Tagged, others: list[Tagged]) -> int | None:
    """Which of `others` (in reading order) `span` most likely belongs to; None for none of them."""
    if not others:
        return None
    here = bisect_left(others, span.start, key=lambda other: other.start)
    best, target = -1.0, None
    for step, chance in zip(LINKS, span.links, strict=True):
        there = here + step - (step > 0)
        if step == 0 and span.role == "content":
            continue
        if (step == 0 or 0 <= there < len(others)) and chance > best:
            best, target = chance, there if step else None
    return target

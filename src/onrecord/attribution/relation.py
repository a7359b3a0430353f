"""What the engines of this stage hand over: a relation in offsets of the text, whichever engine found it."""

from __future__ import annotations

from dataclasses import dataclass

from onrecord.schema import Manner

Ends = tuple[int, int]
"""Offsets into the text, end exclusive."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Source, cue and content as offsets into the text, and what joined them."""

    source: tuple[Ends, ...]
    cue: tuple[Ends, ...]
    content: tuple[Ends, ...]
    rule: str
    manner: Manner
    confidence: float

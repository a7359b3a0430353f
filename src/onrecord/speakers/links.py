"""What ties a mention to its actor."""

from __future__ import annotations

from msgspec import Struct

from onrecord.speakers.cast import Actor


class Link(Struct, frozen=True, gc=False):
    """The actor of a mention, how it was found, on what evidence."""

    actor: Actor
    how: str
    because: str
    confidence: float
    others: tuple[Actor, ...] = ()
    """For a pronoun: the next best."""

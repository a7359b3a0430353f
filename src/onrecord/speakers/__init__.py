"""Whom each statement's source resolves to: `resolve`; whom a name beside it means: `actor_of`."""

from onrecord.speakers.parties import Party, PartyKind, actor_of
from onrecord.speakers.resolution import resolve

__all__ = ["Party", "PartyKind", "actor_of", "resolve"]

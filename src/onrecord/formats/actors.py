"""Canonical actors for people and for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec

from onrecord.actors.gazetteer import country_name
from onrecord.actors.records import Actor, Term

_MOST_TERMS = 6


def as_json(actors: Sequence[Actor]) -> str:
    """The actors as a JSON array, every field of theirs given."""
    return json.dumps([actor_object(actor) for actor in actors], ensure_ascii=False, indent=2)


def actor_object(actor: Actor) -> dict[str, Any]:
    """One actor as plain lists and dictionaries."""
    fields = {name: getattr(actor, name) for name in actor.__struct_fields__}
    return fields | {"aliases": list(actor.aliases), "terms": [msgspec.structs.asdict(term) for term in actor.terms]}


def as_text(actors: Sequence[Actor], day: str) -> str:
    """The actors for a person to read; with a day only the offices held then."""
    return "\n\n".join("\n".join(_lines(actor, day)) for actor in actors)


def _lines(actor: Actor, day: str) -> list[str]:
    country = country_name(actor.country)
    facts = [country if country != actor.name else "", actor.sector, actor.id]
    lines = [f"{actor.name}  {' · '.join(fact for fact in facts if fact)}"]
    if actor.aliases:
        lines.append(f"    also {' · '.join(actor.aliases)}")
    terms = actor.on(day)
    lines += [f"    {_term(term)}" for term in terms[:_MOST_TERMS]]
    if len(terms) > _MOST_TERMS:
        lines.append(f"    and {len(terms) - _MOST_TERMS} more")
    return lines


def _term(term: Term) -> str:
    end = term.end or f"still in {term.seen}" if term.seen != "9999" else "now"
    return f"{term.start or '?'} to {end}  {term.office or f'an office ({term.sector})'}"

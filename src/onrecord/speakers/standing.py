"""What the gazetteer knows of the people whom an article names: the offices they held on its day.

It only lets descriptions find them ("the prime minister" for Edda Holm, whom the article never calls so); whether the
bearer of a name is the one whom the gazetteer knows, `canonical` decides on what the article tells.
"""

from __future__ import annotations

from onrecord.actors.gazetteer import Gazetteer
from onrecord.actors.offices import office_key
from onrecord.actors.records import Actor as Known
from onrecord.speakers.cast import Actor, Cast


def stand(cast: Cast, gazetteer: Gazetteer, day: str) -> None:
    """Let the people of a cast be found by the offices that they held on a day; without a day by none, as "the
    president" of an old text is not today's."""
    for actor in cast.actors if day else ():
        if actor.kind != "person" or len(actor.parts) < 2:
            continue
        known = [one for one in gazetteer.named(actor.name) if one.kind == "person" and _agree(actor, one)]
        held = [one for one in known if any(term.office for term in one.on(day))]
        held = held or [one for one in known if any(term.office and "" < term.end <= day for term in one.terms)]
        if len(held) == 1:
            one = held[0]
            terms = one.on(day)
            actor.stands = one.country
            for term in one.terms:
                past = bool(term.end) and term.end <= day
                for office in {term.office, office_key(term.office)} if past or term in terms else ():
                    cast.give_standing(actor, office, past)


def _agree(actor: Actor, known: Known) -> bool:
    return not actor.country or not known.country or actor.country == known.country

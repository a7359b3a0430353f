"""Whom a name means that a statement is addressed to or about: `actor_of`."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from onrecord.actors.gazetteer import Gazetteer, shipped
from onrecord.languages.detection import by_letters
from onrecord.schema import Article, Passage, Published, Speaker, Statement
from onrecord.speakers.countries import place
from onrecord.speakers.resolution import resolve

PartyKind = Literal["person", "office", "organisation", "country"]

_LONGEST = 200
"""Nobody's name has more characters."""
_PEOPLE = re.compile(r"the (?=[A-Z])", re.I)


class Party(Struct, frozen=True):
    """Somebody a statement can be made by, to or about."""

    name: str
    """The full name, the body or the country; for an office without a known holder its words."""
    kind: PartyKind
    country: str = ""
    """ISO 3166-1 alpha-3, for a body of several states its code; empty if not told."""
    sector: str = ""
    """PLOVER's code: GOV, LEG, MIL, …; empty if not told."""
    actor: str = ""
    """The canonical actor as in `Speaker.actor`; empty for an office without a known holder."""


def actor_of(name: str, article: Article | None = None, gazetteer: Gazetteer | None = None) -> Party | None:
    """The party that a name of `addressee` or `about` means, resolved as if it were the source of a statement.

    With an article a surname means whoever speaks there, and an office whoever held it on the article's day; its
    language is that of the name. Without one its letters tell. None where nobody in particular is meant
    ("reporters"). Speakers point to the actors of `gazetteer`, by default the one that onrecord ships.

    >>> actor_of("Kyiv").actor, actor_of("Вашингтон").country, actor_of("reporters")
    ('UKR', 'USA', None)
    """
    asked = " ".join(name.split())
    if not asked or len(asked) > _LONGEST:
        return None
    speaking = _speaking(asked, article) if article else None
    if speaking:
        return _party(speaking)
    lang = by_letters(asked)
    if article and article.lang and lang == "en":
        lang = article.lang
    day = article.published.date[:10] if article and article.published else ""
    return _alone(asked, lang, day, gazetteer or shipped())


def _speaking(name: str, article: Article) -> Speaker | None:
    """Who of an article's speakers is called so, in full or, if only one is, by the last name."""
    named = {one.name: one for statement in article.statements if (one := statement.speaker) and one.name}
    if name in named:
        return named[name]
    bearers = [one for full, one in named.items() if one.kind == "person" and full.rsplit(" ", 1)[-1] == name]
    return bearers[0] if len(bearers) == 1 else None


@lru_cache(maxsize=4_000)
def _alone(name: str, lang: str, day: str, gazetteer: Gazetteer) -> Party | None:
    """The speaker of a statement that has the name for its source, and nothing around it."""
    people = place(_PEOPLE.sub("", name, count=1)) if _PEOPLE.match(name) else None
    if people and people.sense == "demonym":
        name = people.country  # "the Russians" may be the state; "Russians" are its citizens
    text = f"{name} said so."
    cue = len(name) + 1
    source, verb, content = (Passage.of(text, ends) for ends in ((0, cue - 1), (cue, cue + 4), (cue + 5, cue + 7)))
    statement = Statement("1", "indirect", source, verb, content, lang=lang)
    published = Published(day, "meta") if day else None
    resolved = resolve(Article("", text, lang=lang, published=published, statements=(statement,)), gazetteer)
    speaker = resolved.statements[0].speaker
    return _party(speaker) if speaker else None


def _party(speaker: Speaker) -> Party | None:
    name = speaker.name or (speaker.role if speaker.kind == "office" else None)
    if name is None or speaker.kind == "unnamed":
        return None
    return Party(name, speaker.kind, speaker.country or "", speaker.sector or "", speaker.actor or "")

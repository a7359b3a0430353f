"""From the speakers of an article to canonical actors: the gazetteer's where one is meant without doubt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from msgspec import Struct, structs

from onrecord.actors.gazetteer import Gazetteer, title_sector
from onrecord.actors.offices import office_key, offices
from onrecord.actors.records import Actor, Term
from onrecord.actors.spelling import key, plain
from onrecord.schema import Article, Speaker
from onrecord.speakers.brief import english_office, has_brief
from onrecord.speakers.countries import place, places

_PUBLIC = frozenset({"GOV", "LEG", "MIL", "JUD", "SPY", "PTY", "OPP", "COP", "IGO", "ELI", "REB"})
"""Sectors between which people in office move; a professor or shopkeeper of the same name is somebody else."""
_BEFORE, _AFTER = 10, 25
"""So many years before the first and after the last known term somebody may still be meant."""
_FROM_OFFICE = 0.8
"""Confidence in a holder whom only office, country and date tell; not measured, between a role's 0.75 and a name's."""


class Told(Struct, frozen=True):
    """What an article tells of somebody it names, over all its statements."""

    name: str
    roles: tuple[str, ...]
    countries: frozenset[str]


def canonical(
    article: Article, speakers: Sequence[Speaker | None], people: Iterable[str], gazetteer: Gazetteer
) -> list[Speaker | None]:
    """The speakers with their actor, Wikidata number, sector and country; `people` are all whom the article names.

    Somebody who is not in the gazetteer, or may be another of the same name, becomes an actor by name, role and
    country. An office without a name gets the one who held it on the day of the article.
    """
    day = article.published.date[:10] if article.published else ""
    worded = [speaker.role if speaker else None for speaker in speakers]
    langs = (statement.lang for statement in article.statements)
    speakers = [_in_english(speaker, lang) for speaker, lang in zip(speakers, langs, strict=True)]
    told = _told(speakers)
    actors = {name: _actor(one, day, gazetteer) for name, one in told.items()}
    others = (_actor(Told(name, (), frozenset()), day, gazetteer) for name in people if name not in told)
    present = [actor for actor in (*actors.values(), *others) if actor and actor.kind == "person"]
    sources = [statement.source.text for statement in article.statements]
    placed = (
        _placed(speaker, source, day, told, actors, present, gazetteer) if speaker else None
        for speaker, source in zip(speakers, sources, strict=True)
    )
    return [
        structs.replace(one, role=role) if one and one.role != role else one
        for one, role in zip(placed, worded, strict=True)
    ]


def _in_english(speaker: Speaker | None, lang: str) -> Speaker | None:
    """The speaker with the office as English calls it, in which the gazetteer is written."""
    office = english_office(speaker.role, lang) if speaker and speaker.role and has_brief(lang) else ""
    return structs.replace(speaker, role=office) if speaker and office else speaker


@lru_cache(maxsize=4_000)
def sector_of(role: str) -> str:
    """PLOVER's sector code of a role; empty where the words do not tell it.

    >>> sector_of("Russian Foreign Minister"), sector_of("president of the chess club")
    ('GOV', '')
    """
    rest = role.lower()
    for found in places(role.replace("’s", " ").replace("'s", " ").replace(",", " ").split()):
        rest = rest.replace(found.phrase.lower(), " ", 1)
    words = [word.strip(".,’'") for word in rest.split()]
    whole = " ".join(words)
    for length in range(min(4, len(words)), 0, -1):
        for at in range(len(words) - length + 1):
            title = " ".join(words[at : at + length])
            if title in offices().vague and title != whole:
                continue
            if sector := title_sector(title):
                return sector
    return title_sector(office_key(whole)) if whole not in offices().vague else ""


def _told(speakers: Sequence[Speaker | None]) -> dict[str, Told]:
    found: dict[str, Told] = {}
    for one in speakers:
        if one is None or not one.name:
            continue
        known = found.get(one.name, Told(one.name, (), frozenset()))
        roles = (*known.roles, one.role) if one.role and one.role not in known.roles else known.roles
        countries = known.countries | {one.country} if one.country else known.countries
        found[one.name] = Told(one.name, roles, countries)
    return found


def _placed(
    speaker: Speaker,
    source: str,
    day: str,
    told: dict[str, Told],
    actors: dict[str, Actor | None],
    present: Sequence[Actor],
    gazetteer: Gazetteer,
) -> Speaker:
    """One speaker with his actor."""
    if speaker.name:
        actor = actors.get(speaker.name)
        if actor is None and speaker.kind == "country" and speaker.country:
            actor = gazetteer.country(speaker.country)  # named in another language
        return _identified(speaker, actor, told[speaker.name])
    held = _office_holder(speaker, source, day, present, gazetteer)
    if held is None:
        return structs.replace(speaker, sector=sector_of(speaker.role) or None) if speaker.role else speaker
    actor, term = held
    because = f"{source} ← {actor.name}, {term.office} since {term.start} by the gazetteer"
    named = structs.replace(
        speaker, name=actor.name, kind="person", how="office", because=because, confidence=_FROM_OFFICE
    )
    return _identified(named, actor, Told(actor.name, (), frozenset()))


def _identified(speaker: Speaker, actor: Actor | None, told: Told) -> Speaker:
    sector = sector_of(speaker.role) if speaker.role else ""
    if actor is None:
        country = min(told.countries) if len(told.countries) == 1 else ""
        parts = (plain(told.name), office_key(told.roles[0] if told.roles else ""), country)
        return structs.replace(speaker, actor="|".join(parts), sector=sector or None)
    name = actor.name if " " not in (speaker.name or "") and speaker.kind == "person" else speaker.name
    body = actor.kind == "organisation" and speaker.kind == "person"  # "Harbour Lodge" may look like a person's name
    return structs.replace(
        speaker,
        name=name,
        kind="organisation" if body else speaker.kind,
        actor=actor.id,
        wikidata=actor.wikidata or None,
        sector=sector or actor.sector or None,
        country=speaker.country or actor.country or None,
    )


def _actor(told: Told, day: str, gazetteer: Gazetteer) -> Actor | None:
    """The one actor of the gazetteer whom a name can mean, given what the article tells; else None."""
    known = gazetteer.named(told.name) or gazetteer.abbreviated(told.name) or _of_country(told.name, gazetteer)
    own = [actor for actor in known if actor in gazetteer.own and _agree(actor, told)]
    fitting = own or [actor for actor in known if _may_be(actor, told, day)]
    if len(fitting) > 1 and day:
        fitting = [actor for actor in fitting if actor.on(day)] or fitting
    if len(fitting) > 1:
        fitting = _bodies(fitting) or fitting
    seat = place(told.name)
    if not fitting and seat and seat.sense == "seat":
        return next((actor for actor in gazetteer.named(seat.country) if actor.kind == "country"), None)
    if not fitting and " " not in told.name:
        return _by_surname(told, day, gazetteer)
    return fitting[0] if len(fitting) == 1 else None


def _of_country(name: str, gazetteer: Gazetteer) -> tuple[Actor, ...]:
    """The bodies of a country whose name stands in front of theirs: "US State Department"."""
    words = name.split()
    found = next(places(words), None)
    length = len(found.phrase.split()) if found else 0
    if found is None or found.sense == "part" or words[:length] != found.phrase.split() or length == len(words):
        return ()
    named = gazetteer.named(" ".join(words[length:]))
    return tuple(actor for actor in named if actor.kind == "organisation" and actor.country == found.code)


def _bodies(fitting: Sequence[Actor]) -> list[Actor]:
    """Of several of one name the body of several states, else the bodies: the State Department before the USA."""
    bodies = [actor for actor in fitting if actor.kind == "organisation"]
    return [actor for actor in bodies if actor.id == actor.country] or bodies


def _agree(actor: Actor, told: Told) -> bool:
    return not told.countries or not actor.country or actor.country in told.countries


def _may_be(actor: Actor, told: Told, day: str) -> bool:
    if not _agree(actor, told):
        return False
    if actor.kind != "person":
        return True
    if " " not in told.name:
        return False
    if day and not _alive(actor, int(day[:4])):
        return False
    if not told.roles and not told.countries:
        return any(office_key(term.office) in offices().known for term in actor.on(day))
    sectors = {sector_of(role) for role in told.roles} - {""}
    held = {term.sector for term in actor.terms}
    public = bool(sectors & _PUBLIC) and bool(held & _PUBLIC)
    return public or bool(sectors & held) or (not sectors and bool(told.countries))


def _alive(actor: Actor, year: int) -> bool:
    """Whether somebody may be in the news of a year, judged by the terms."""
    starts = [int(term.start[:4]) for term in actor.terms if term.start[:4].isdigit()]
    ends = [int((term.end or term.seen)[:4]) for term in actor.terms if (term.end or term.seen)[:4].isdigit()]
    return (not starts or year >= min(starts) - _BEFORE) and (not ends or year <= max(ends) + _AFTER)


def _by_surname(told: Told, day: str, gazetteer: Gazetteer) -> Actor | None:
    """For "French President Macron" the president of France on that day, if that is the surname."""
    surname = key(told.name)
    for role in told.roles:
        for country in told.countries if day else ():
            for actor, _ in gazetteer.holders(country, office_of(role), day):
                if any(key(name).split()[-1:] == [surname] for name in (actor.name, *actor.aliases)):
                    return actor
    return None


@lru_cache(maxsize=4_000)
def office_of(role: str) -> str:
    """The key of the office that a role words, without the country in it.

    >>> office_of("US President"), office_of("British Foreign Secretary")
    ('president', 'foreign minister')
    """
    rest = role
    for found in places(role.replace("’s", " ").replace("'s", " ").replace(",", " ").split()):
        if found.sense in {"name", "demonym", "capital"}:
            rest = rest.replace(found.phrase, " ", 1)
    return office_key(rest.replace("’s", " ").replace("'s", " "))


def _office_holder(
    speaker: Speaker, source: str, day: str, present: Sequence[Actor], gazetteer: Gazetteer
) -> tuple[Actor, Term] | None:
    """Who held the office on the day: somebody whom the article names, else the one holder of the country's office."""
    words = source.lower().split()
    if not day or not speaker.role or not words or words[0] in _INDEFINITE or speaker.how == "pronoun":
        return None
    if not offices().past.isdisjoint(speaker.role.lower().replace("-", " ").split()):
        return None
    office = office_of(speaker.role)
    near = [
        (actor, term)
        for actor in present
        for term in actor.on(day)
        if office_key(term.office) == office and speaker.country in {None, actor.country}
    ]
    if len({actor.id for actor, _ in near}) == 1:
        return near[0]
    if not speaker.country or near:
        return None
    held = gazetteer.holders(speaker.country, office, day)
    return held[0] if len({actor.id for actor, _ in held}) == 1 else None


_INDEFINITE = frozenset({"a", "an", "one", "another", "some", "any", "no", "two", "several", "many"})

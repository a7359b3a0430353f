"""Look actors up: by name in any script, by office and day, by country."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

import msgspec

from onrecord.actors.offices import office_key
from onrecord.actors.records import Actor, Term
from onrecord.actors.spelling import key, plain

_LONGEST_CODE = 5
_MOST = 50
_decode = msgspec.json.Decoder(Actor).decode


class Gazetteer:
    """The actors that onrecord ships, with those of the user's own in front of them."""

    def __init__(self, own: Sequence[Actor] = ()) -> None:
        self.own = tuple(own)
        self._by_name: dict[str, list[Actor]] = {}
        self._by_office: dict[tuple[str, str], list[Actor]] = {}
        for actor in own:
            for name in dict.fromkeys(key(name) for name in (actor.name, *actor.aliases)):
                self._by_name.setdefault(name, []).append(actor)
            for office in dict.fromkeys(office_key(term.office) for term in actor.terms if term.office):
                self._by_office.setdefault((actor.country, office), []).append(actor)

    def named(self, name: str) -> tuple[Actor, ...]:
        """The actors of exactly that name, in any spelling; those whose letters agree come first."""
        asked = key(name)
        if not asked:
            return ()
        found = (*self._by_name.get(asked, ()), *_shipped_by_name(asked))
        if len(found) < 2:
            return found
        letters = plain(name)
        return tuple(sorted(found, key=lambda actor: all(plain(n) != letters for n in (actor.name, *actor.aliases))))

    def abbreviated(self, name: str) -> tuple[Actor, ...]:
        """The body of several states whose code a name is: EU, NATO."""
        found = _one(name) if name.isupper() and len(name) <= _LONGEST_CODE else None
        return (found,) if found and found.kind == "organisation" else ()

    def country(self, code: str) -> Actor | None:
        """The country of that code."""
        found = _one(code)
        return found if found and found.kind == "country" else None

    def holders(self, country: str, office: str, day: str) -> list[tuple[Actor, Term]]:
        """Who held an office of a country on a day, by all that is known; the latest to begin comes first."""
        asked = (country, office_key(office))
        known = [*self._by_office.get(asked, ()), *_shipped_by_office(*asked)]
        found = [
            (actor, term) for actor in known for term in actor.on(day) if day and office_key(term.office) == asked[1]
        ]
        return sorted(found, key=lambda pair: pair[1].start, reverse=True)

    def search(self, query: str, day: str = "") -> list[Actor]:
        """The actors whose names, offices and countries have all words of the query, best first.

        With a day, only people who then held an office, and of their offices only those words count.
        """
        words = frozenset(key(word) for word in query.replace("-", " ").split()) - {""}
        found = {actor.id: actor for actor in self.named(query) if not day or actor.on(day)}
        rest = {
            actor.id: actor
            for actor in ((*self.own, *_with_words(words)) if words else ())
            if actor.id not in found and _answers(actor, words, day)
        }
        ranked = sorted(rest.values(), key=lambda actor: not any(_asked(term, words) for term in actor.on(day)))
        return [*found.values(), *ranked][:_MOST]


def _answers(actor: Actor, words: frozenset[str], day: str) -> bool:
    return words <= search_words(actor, country_words(actor.country), day) and bool(
        not day or actor.on(day) or actor.kind != "person"
    )


def _asked(term: Term, words: frozenset[str]) -> bool:
    """Whether a query has every word of an office."""
    return bool(term.office) and words.issuperset(key(word) for word in term.office.split())


@lru_cache(maxsize=1)
def shipped() -> Gazetteer:
    """The gazetteer without any actors of the user's own."""
    return Gazetteer()


def title_sector(title: str) -> str:
    """PLOVER's sector code of a title in lower case; empty for one that is not known."""
    return _titles().get(title, "")


def search_words(actor: Actor, country: Iterable[str], day: str = "") -> frozenset[str]:
    """The keys of all words by which an actor can be found; `country` is what its country is called."""
    offices = (term.office for term in actor.on(day))
    texts = (actor.name, *actor.aliases, *offices, *country)
    words = (key(word) for text in texts for word in text.replace("-", " ").split())
    return frozenset([*words, actor.country.lower(), actor.id.lower()])


@cache
def country_name(code: str) -> str:
    """The English name of a country by its code; the code itself where it has none."""
    found = _one(code)
    return found.name if found else code


@cache
def country_words(code: str) -> tuple[str, ...]:
    """What a country and its people are called."""
    found = _one(code)
    rows = _database(os.getpid()).execute("SELECT word FROM demonym WHERE country = ?", (code,))
    return (*((found.name, *found.aliases) if found else (code,)), *(word for (word,) in rows))


@lru_cache(maxsize=1_000)
def _one(identity: str) -> Actor | None:
    found = _database(os.getpid()).execute("SELECT record FROM actor WHERE id = ?", (identity,)).fetchone()
    return _decode(found[0]) if found else None


@lru_cache(maxsize=4_000)
def _shipped_by_name(asked: str) -> tuple[Actor, ...]:
    return tuple(_read("SELECT record FROM name JOIN actor USING (n) WHERE name.key = ?", (asked,)))


@lru_cache(maxsize=1_000)
def _shipped_by_office(country: str, office: str) -> tuple[Actor, ...]:
    sql = "SELECT record FROM office JOIN actor USING (n) WHERE country = ? AND office.key = ?"
    return tuple(_read(sql, (country, office)))


def _with_words(words: frozenset[str]) -> Iterator[Actor]:
    """The shipped actors whose names, offices at any time and countries have all those words."""
    having = " AND ".join("instr(words, ?)" for _ in words)
    yield from _read(f"SELECT record FROM actor WHERE {having} ORDER BY n", (f" {word} " for word in words))


def _read(sql: str, values: Iterable[str]) -> Iterator[Actor]:
    for (record,) in _database(os.getpid()).execute(sql, tuple(values)):
        yield _decode(record)


@cache
def _titles() -> dict[str, str]:
    return dict(_database(os.getpid()).execute("SELECT title, sector FROM title"))


@cache
def _database(process: int) -> sqlite3.Connection:
    """The shipped file, opened once a process: a connection does not survive a fork."""
    path = files(__package__) / "actors.db"
    return sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)

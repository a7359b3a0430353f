"""Tags: what a statement can be filtered by, as words of their own in the index.

Filters thereby meet words where both are fastest: two lists of numbers are cut with each other. A tag is a prefix that
says what it is, and a value without spaces or signs: `bycrus` is a speaker of Russia, `onwtariffs` a statement about
something called tariffs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from onrecord.actors.spelling import key
from onrecord.archive.query import ANY, All, Sought, Tag
from onrecord.archive.words import bare_words
from onrecord.schema import Statement

SPEAKER, ADDRESSEE, ABOUT = "by", "to", "on"
ACTS = "does"
"""The prefix of whose act it is, be it who speaks or not."""
PARTS = {"other": SPEAKER, "addressee": ADDRESSEE, "about": ABOUT}
"""The tags' prefix for each part of the table `mention`."""


def of_statement(statement: Statement, outlet: str) -> Iterator[str]:
    """The tags of what a statement itself says; those of its speaker and of whom it names come from `of_name`."""
    yield ANY
    yield f"kind{statement.kind}"
    yield f"manner{statement.manner}"
    if statement.negated:
        yield "negated"
    for act in statement.acts:
        yield f"act{_value(act.act)}"
        if act.condition:
            yield "conditional"
        if act.target_actor:
            yield f"{ABOUT}c{_value(act.target_actor)}"
        if act.source_actor:
            yield f"{ACTS}{_value(act.source_actor)}"
    if statement.said_on:
        yield f"said{_value(statement.said_on[:7])}"
    if statement.lang:
        yield f"lang{_value(statement.lang)}"
    yield from _worded("out", outlet)
    if statement.speaker:
        yield from _worded("role", statement.speaker.role or "")


def of_name(part: str, name: str, actor: int | None, country: str | None) -> Iterator[str]:
    """The tags of somebody who is named in a `part`: `by`, `to` or `on`."""
    yield from _worded(f"{part}w", name)
    yield from _spelt(part, name)
    if actor is not None:
        yield f"{part}{actor}"
    if country:
        yield f"{part}c{_value(country)}"


def named(prefix: str, name: str) -> Sought | None:
    """What bears all words of a name as tags; None if it has none."""
    parts = tuple(dict.fromkeys(Tag(tag) for tag in _worded(prefix, name)))
    return None if not parts else parts[0] if len(parts) == 1 else All(parts)


def tag(prefix: str, value: str) -> Tag:
    """The tag of one value."""
    return Tag(f"{prefix}{_value(value)}")


def months(first: str, last: str) -> Iterable[Tag]:
    """The tags of the months from one date to another; none if a bound is missing or they are too many to list."""
    if not first or not last:
        return ()
    first, last = (first + "-01")[:7], (last + "-12")[:7]
    start, end = (int(month[:4]) * 12 + int(month[5:7]) - 1 for month in (first, last))
    if end - start > _MOST_MONTHS:
        return ()
    return tuple(Tag(f"said{month // 12:04}{month % 12 + 1:02}") for month in range(start, end + 1))


_MOST_MONTHS = 120
_MOST_WORDS = 40
"""Words of one name that count."""


@lru_cache(maxsize=30_000)
def _worded(prefix: str, text: str) -> tuple[str, ...]:
    return tuple([f"{prefix}{word}" for word in bare_words(text, _MOST_WORDS)])


@lru_cache(maxsize=30_000)
def spelt(part: str, name: str) -> Sought | None:
    """What bears all words of a name in any spelling and script: Peskov, Песков, Peskow."""
    parts = tuple(dict.fromkeys(Tag(tag) for tag in _spelt(part, name)))
    return None if not parts else parts[0] if len(parts) == 1 else All(parts)


@lru_cache(maxsize=30_000)
def _spelt(part: str, name: str) -> tuple[str, ...]:
    return tuple([f"{part}k{_value(same)}" for word in name.split()[:_MOST_WORDS] if (same := key(word))])


@lru_cache(maxsize=30_000)
def _value(value: str) -> str:
    return "".join(letter for letter in value.lower() if letter.isalnum())

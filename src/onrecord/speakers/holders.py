"""Whom a text introduces with a role or a party, in a language that its file describes in brief.

"Bundeskanzler Jan Roe (SPD)" lets "der Kanzler" and "der SPD-Politiker" find him later.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from onrecord.speakers.naming import Name

_PARTY = re.compile(r" \(([^\W\d_]{2,14})\)")
_NOUN = r"[^\W\d_a-zäöüß][\w-]{1,40}"
_BEFORE = re.compile(rf"({_NOUN}) $")
# A role is looked for so many characters before a name and after it.
_REACH = 60
_LOOKED_AT = 200
_SHORTEST_SHARED = 5
"""Letters that one compound must share with another's end: "Leseforscher" and "Forscher"."""


class Holder(NamedTuple):
    """Somebody at a place of a text where a full name stands."""

    name: Name
    at: int
    roles: tuple[str, ...]
    """Their nouns, in lower case."""
    worded: str
    """The first of them as it stands."""
    party: str


@cache
def apposition(adjectives: str, joins: str) -> re.Pattern[str]:
    """What stands behind a name with its roles, by the ends of adjectives and the words that join two roles."""
    adjective = rf"[^\W\d_A-ZÄÖÜ]{{2,30}}(?:{'|'.join(adjectives.split())})"
    roles = rf"((?:{_NOUN} ){{0,3}}{_NOUN}(?: (?:{'|'.join(joins.split())}) {_NOUN})?)"
    return re.compile(rf"(?: \([^()]{{1,20}}\))?, (?:[a-z]{{3,5}} )?(?:{adjective} )?{roles}")


def holders(text: str, names: Iterable[Name], is_title: Callable[[str], bool], beside: re.Pattern[str]) -> list[Holder]:
    """Where names stand in a text, in reading order, each with the roles in front of it and in the `apposition` that
    `beside` finds; `names` are in that order too."""
    found, at = [], 0
    for name in names:
        at = text.find(name.words, at)
        if at < 0:
            break
        end = at + len(name.words)
        ahead = _BEFORE.search(text[max(0, at - _REACH) : at])
        behind = beside.match(text[end : end + 3 * _REACH])
        nouns = [ahead[1]] if ahead else []
        nouns += re.findall(_NOUN, behind[1]) if behind else []
        roles = [noun for noun in nouns if is_title(noun)]
        party = _PARTY.match(text[end : end + _REACH])
        led = next((role.split("-")[0] for role in roles if "-" in role and role.split("-")[0].isupper()), "")
        lower = tuple(role.lower() for role in roles)
        found.append(Holder(name, at, lower, roles[0] if roles else "", party[1] if party else led))
        at = end
    return found


def near_before(known: Sequence[Holder], at: int) -> Sequence[Holder]:
    """The last so many that stand before a place."""
    end = bisect_left(known, at, key=lambda one: one.at)
    return known[max(0, end - _LOOKED_AT) : end]


def holder(
    known: Sequence[Holder],
    noun: str,
    gender: str,
    at: int,
    office: Callable[[str], str],
    members: Sequence[str],
    female: Sequence[str],
) -> Holder | None:
    """The last before a place whose role a noun repeats, or whose party it tells; `office` puts a noun in English,
    `female` is how nouns for women end."""
    lower = noun.lower()
    party, _, kind = noun.rpartition("-")
    for one in reversed(near_before(known, at)):
        if one.name.gender and one.name.gender != gender:
            continue
        if any(_same(lower, role, office, female) for role in one.roles):
            return one
        if party and one.party == party and kind.lower() in members:
            return one
    return None


def _same(one: str, other: str, office: Callable[[str], str], female: Sequence[str]) -> bool:
    for ending in female:
        one, other = one.removesuffix(ending), other.removesuffix(ending)
    shorter, longer = sorted((one, other), key=len)
    compound = len(shorter) >= _SHORTEST_SHARED and longer.endswith(shorter) and office(one) == office(other)
    return one == other or compound

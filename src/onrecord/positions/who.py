"""Who acts, and on whom: the countries, bodies and people named around a frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from onrecord.actors.gazetteer import Gazetteer, shipped
from onrecord.positions.hits import Hit
from onrecord.positions.knowledge import Lexicon
from onrecord.positions.words import Words
from onrecord.speakers.countries import place, plain_letters

_LONGEST = 6
"""So many words a country's name has at most: "Democratic People's Republic of Korea", its 's apart."""
_LONGEST_NAME = 4
_MOST = 30
_LISTED = 3
_OBJECT = 4
"""So many words behind a frame stands an object of the source's own country: "has banned Ugandan candidates"."""
_PARTS = frozenset({"from", "of"})
_CUTS = frozenset(",;:—.?!")


class Named(Struct, frozen=True):
    """An actor named by the words numbered `first` up to, not with, `last`."""

    first: int
    last: int
    code: str
    place: bool = False
    """A country or a town: behind "in" it is only where something happens."""


NOBODY = "nobody named"
"""Whose statement it is where the speaker has no name; no actor is called so."""


def named(words: Words, lexicon: Lexicon, gazetteer: Gazetteer | None = None) -> list[Named]:
    """The actors that the words name, in reading order."""
    return list(_named(words, lexicon, gazetteer or shipped()))


def _named(words: Words, lexicon: Lexicon, gazetteer: Gazetteer) -> Iterator[Named]:
    at, found = 0, 0
    while at < len(words) and found < _MOST:
        one = _body(words, at, lexicon) or _by_stem(words, at, lexicon) or _by_name(words, at, lexicon, gazetteer)
        if one:
            yield one
            found += 1
        at = one.last if one else at + 1


def _body(words: Words, at: int, lexicon: Lexicon) -> Named | None:
    for phrase, code in lexicon.bodies.get(words.lower[at], ()):
        if tuple(words.lower[at : at + len(phrase)]) == phrase and words.written[at][:1].isupper():
            return Named(at, at + len(phrase), code)
    return None


def _by_stem(words: Words, at: int, lexicon: Lexicon) -> Named | None:
    """The country that an inflected word names, in a language whose file lists countries."""
    word = words.lower[at]
    for stem, code in lexicon.countries.get(word[:3], ()):
        if word.startswith(stem) and len(word) <= len(stem) + lexicon.longest_ending:
            return Named(at, at + 1, code, True)
    return None


def _by_name(words: Words, at: int, lexicon: Lexicon, gazetteer: Gazetteer) -> Named | None:
    if not words.written[at][:1].isupper() or lexicon.countries:
        return None
    first = words.lower[at]
    known = lexicon.words
    if not words.written[at].isupper() and (first in known["determiners"] or first in known["own"]):
        return None  # "us" is no country, "US" is
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        last = words.written[at + length - 1]
        if length > 1 and not (last[:1].isupper() or last[:1].isdigit()):
            continue
        phrase = " ".join(
            words.text[words.start + words.starts[at] : words.start + words.ends[at + length - 1]].split()
        )
        own = _known(phrase, gazetteer) if gazetteer.own else None
        if own:
            return Named(at, at + length, own)
        found = place(phrase) or place(plain_letters(phrase))
        if found:
            return Named(at, at + length, found.code, found.sense in {"name", "capital", "part"})
        asked = 1 < length <= _LONGEST_NAME or phrase.isupper()
        code = _known(phrase, gazetteer) if asked else None
        if code:
            return Named(at, at + length, code)
    return None


def _known(phrase: str, gazetteer: Gazetteer) -> str | None:
    """The country of the actor with this name, else its id; None where several countries claim it."""
    actors = gazetteer.named(phrase)
    if actors and gazetteer.own and actors[0] in gazetteer.own:
        return actors[0].country or actors[0].id
    codes = {actor.country or actor.id for actor in actors}
    return codes.pop() if len(codes) == 1 else None


def parties(
    words: Words, hit: Hit | None, found: Sequence[Named], lexicon: Lexicon, own: str | None = None
) -> tuple[str | None, str | None]:
    """Source and target of an act; `own` is whose statement it is, where that is known already: `NOBODY` if the speaker
    has no name, who then is the source of what is told of no other, and not whoever the words name first.
    """
    source, target = _parties(words, hit, found, lexicon, own)
    return (None if source == NOBODY else source), target


def _parties(
    words: Words, hit: Hit | None, found: Sequence[Named], lexicon: Lexicon, own: str | None
) -> tuple[str | None, str | None]:
    acting = [one for one in found if not _is_where(words, one, lexicon)] or list(found)
    speaking = _speaker(words, acting, lexicon)
    acting = [one for one in acting if one not in speaking]
    at = hit.mood.first if hit else _verb(words, acting, lexicon)
    before = [one for one in acting if one.last <= at]
    after = [one for one in acting if one.first >= at]
    said = own or _first(speaking)
    done = hit is not None and hit.frame.form in ("verb", "future")
    if hit and hit.frame.on_subject:
        source = said or _told_before(words, before, lexicon)
        others = [*reversed(before), *after, *speaking]
    elif done and hit and hit.mood.passive and hit.frame.form == "verb":
        source = _first(_agents(words, after)) or said
        others = [*before, *after, *speaking]
    else:
        told = _subject(words, hit, before, lexicon, not _is_side(said)) if hit else None
        source = (
            (told if done and _opens(words, told, before) else None) or said or told or _first(before if at else after)
        )
        others = [*after, *before, *speaking, *found]
    other = next((one.code for one in others if one.code != source), None)
    end = hit.last if hit else at
    at_home = any(one.code == source and one.first - end <= _OBJECT for one in after)
    return source, other or (source if at_home else None)


def _is_side(code: str | None) -> bool:
    """Whether this is the code of a country or body, and not a person whose country is unknown."""
    return code is not None and code.isalpha() and code.isupper()


def _verb(words: Words, acting: Sequence[Named], lexicon: Lexicon) -> int:
    """Where a verb seems to stand in a clause that no frame fits: the first past or auxiliary behind a name."""
    finite = lexicon.words["finite"]
    start = acting[0].last if acting else len(words)
    found = (at for at in range(start, len(words)) if words.lower[at].endswith("ed") or words.lower[at] in finite)
    return next(found, len(words))


def _told_before(words: Words, before: Sequence[Named], lexicon: Lexicon) -> str | None:
    """Who says it, in a clause before: "Lima said Quito must …"."""
    reporting = lexicon.words["reporting"]
    cue = next((at for at, word in enumerate(words.lower) if word in reporting), len(words))
    told = [one.code for one in before if one.last <= cue]
    return told[0] if told and (cue < len(words) or told[0] != told[-1]) else None


def _first(found: Sequence[Named]) -> str | None:
    return found[0].code if found else None


def _is_where(words: Words, one: Named, lexicon: Lexicon) -> bool:
    """Whether a place only says where: "in Moscow"."""
    if not one.place or not one.first:
        return False
    before = words.lower[one.first - 1]
    if before in lexicon.words["determiners"] and one.first > 1:
        before = words.lower[one.first - 2]
    owns = one.last < len(words) and words.lower[one.last] in lexicon.words["possessives"]
    return before in lexicon.words["locating"] and not owns


def _agents(words: Words, after: Sequence[Named]) -> list[Named]:
    """Those named behind "by"."""
    lower = words.lower
    return [one for one in after if "by" in lower[max(0, one.first - 4) : one.first]]


def _subject(words: Words, hit: Hit, before: Sequence[Named], lexicon: Lexicon, far: bool) -> str | None:
    """Whoever the clause that the frame closes begins with: of a relative clause the name before it.

    With `far` also whoever is named in a clause before.
    """
    lower, known = words.lower, lexicon.words
    start = hit.mood.first
    listed = _list_commas(words, before)
    while start > 0 and lower[start - 1] not in known["relatives"]:
        if lower[start - 1] in _CUTS and start - 1 not in listed:
            break
        start -= 1
    if start == hit.mood.first and start and lower[start - 1] in known["relatives"]:
        return before[-1].code if before else None
    inner = [one for one in before if one.first >= start]
    if inner or not far:
        return _first(inner)
    # The subject stands before a parenthesis: "Lima, which has no army, asked …".
    opening = lower.index(",") if lower and lower[0] in known["backgrounds"] and "," in lower else 0
    return next((one.code for one in before if one.first >= opening), None)


def _list_commas(words: Words, found: Sequence[Named]) -> set[int]:
    """The commas between names: "Lima, the Quito government and La Paz"."""
    pairs = pairwise(found)
    return {one.last for one, other in pairs if words.lower[one.last] == "," and other.first - one.last <= _LISTED}


def _opens(words: Words, code: str | None, before: Sequence[Named]) -> bool:
    """Whether the actor of this code begins its clause, and is no mere part of what does: not "the envoy from Lima"."""
    return any(one.code == code and (one.first == 0 or words.lower[one.first - 1] not in _PARTS) for one in before)


def _speaker(words: Words, found: Sequence[Named], lexicon: Lexicon) -> list[Named]:
    """Those named in a reporting clause behind what they say: ", the Egyptian ministry said"."""
    lower, reporting = words.lower, lexicon.words["reporting"]
    for at in range(len(lower) - 1, 0, -1):
        if lower[at] not in reporting:
            continue
        comma = max((mark for mark in range(at) if lower[mark] == ","), default=-1)
        if comma <= 0 or at - comma > 14:
            continue
        behind = [one for one in found if comma < one.first < at]
        if behind:
            return behind
        if at - comma == 1:
            return [one for one in found if at < one.first <= at + 8]
    return []

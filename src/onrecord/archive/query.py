"""What a user types → what is sought: words, "phrases", pre*, OR, NOT or -, and parentheses.

Nothing typed is an error: a mark that makes no sense where it stands is passed over. `Not` stands only within an `All`
that has something else too, so that every index can answer it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from onrecord.archive.words import words

MOST_TERMS = 64
"""What is typed beyond these is not sought; it bounds the work of one query."""
_DEEPEST = 20
_SHORTEST_PREFIX = 2
_MARK = re.compile(
    r"""["“„«](?P<phrase>[^"”“»]*)["”“»]? | (?P<open>\() | (?P<close>\)) | (?P<not>(?<!\S)[-–](?=[\w"“„«(])|\bNOT\b)
    | (?P<or>\bOR\b|\|) | (?P<and>\bAND\b|&) | (?P<word>[^\s"“”„«»()|&]+)""",
    re.VERBOSE,
)


class Term(Struct, frozen=True):
    """A word in any of its forms."""

    word: str


class Prefix(Struct, frozen=True):
    """The words that begin so."""

    word: str


class Phrase(Struct, frozen=True):
    """Words in this order and these forms."""

    words: tuple[str, ...]


class Tag(Struct, frozen=True):
    """A mark that a statement bears (see `tags.py`)."""

    tag: str


class All(Struct, frozen=True):
    """What all of the parts match."""

    parts: tuple[Sought, ...]


class Either(Struct, frozen=True):
    """What any of the parts matches."""

    parts: tuple[Sought, ...]


class Not(Struct, frozen=True):
    """What the part does not match."""

    part: Sought


Sought = Term | Prefix | Phrase | Tag | All | Either | Not


def parse(typed: str) -> Sought | None:
    """What a user's text seeks; None if there is no word in it.

    >>> parse('red line*')
    All(parts=(Term(word='red'), Prefix(word='line')))
    >>> parse('"red lines" OR -(')
    Phrase(words=('red', 'lines'))
    """
    found = _Reader(list(_marks(typed))).alternatives(0)
    return All((Tag(ANY), found)) if isinstance(found, Not) else found


ANY = "any"
"""The tag that every statement bears."""


def every(parts: Sequence[Sought | None]) -> Sought:
    """What all of those given match; what everything matches if there are none."""
    given = tuple(part for part in parts if part is not None)
    if not given or all(isinstance(part, Not) for part in given):
        given = (Tag(ANY), *given)
    return given[0] if len(given) == 1 else All(given)


def terms(sought: Sought | None) -> Iterator[Term | Prefix | Phrase]:
    """The words and phrases sought, without those that must be absent: what a snippet shows."""
    if isinstance(sought, Term | Prefix | Phrase):
        yield sought
    elif isinstance(sought, All | Either):
        for part in sought.parts:
            yield from terms(part)


_Mark = tuple[str, Sought | None]


def _marks(typed: str) -> Iterator[_Mark]:
    """The marks and words of what was typed: which, and for words what they seek; no more than `MOST_TERMS`."""
    count = 0
    for match in _MARK.finditer(typed):
        kind = str(match.lastgroup)
        if kind in ("phrase", "word"):
            for sought in _sought(match.group(kind), phrase=kind == "phrase"):
                count += 1
                if count > MOST_TERMS:
                    return
                yield "term", sought
        else:
            yield kind, None


def _sought(written: str, *, phrase: bool) -> Iterator[Sought]:
    """What one run of characters seeks: `red-line` is a phrase, `negotiat*` a prefix."""
    found = tuple(word.bare for word in words(written))[:MOST_TERMS]
    if not found:
        return
    if not phrase and written.endswith("*") and len(found[-1]) >= _SHORTEST_PREFIX:
        if found[:-1]:
            yield Phrase(found[:-1])
        yield Prefix(found[-1])
    elif len(found) == 1:
        yield Phrase(found) if phrase else Term(found[0])
    else:
        yield Phrase(found)


class _Reader:
    """Reads marks by descent: alternatives of sequences of (negated) terms and groups."""

    def __init__(self, marks: list[_Mark]) -> None:
        self._marks = marks
        self._at = 0

    def _next(self) -> str:
        return self._marks[self._at][0] if self._at < len(self._marks) else "end"

    def alternatives(self, depth: int) -> Sought | None:
        found = [self._sequence(depth)]
        while self._next() == "or":
            self._at += 1
            found.append(self._sequence(depth))
        parts = tuple(dict.fromkeys(part for part in found if part is not None))
        if len(parts) > 1:
            return Either(tuple(every((part,)) for part in parts))
        return parts[0] if parts else None

    def _sequence(self, depth: int) -> Sought | None:
        parts: list[Sought] = []
        while (kind := self._next()) not in ("or", "end"):
            if kind == "close":
                if depth:
                    break
                self._at += 1
                continue
            part = self._one(depth)
            if part is not None and part not in parts:
                parts.append(part)
        if len(parts) > 1:
            return every(parts)
        return parts[0] if parts else None

    def _one(self, depth: int) -> Sought | None:
        kind, term = self._marks[self._at]
        self._at += 1
        if kind == "not":
            absent = self._one(depth) if self._next() in ("term", "open") else None
            if isinstance(absent, Not):
                return absent.part
            return Not(absent) if absent is not None else None
        if kind == "open" and depth < _DEEPEST:
            group = self.alternatives(depth + 1)
            if self._next() == "close":
                self._at += 1
            return group
        return term

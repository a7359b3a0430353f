"""Whose a picture is: the photographers and agencies that the line below it names.

`Photo: Ana López / Reuters`, `(AP Photo/Bo Ek, File)`, `REUTERS/Bo Ek`, `Anna Petrova/TASS`, `© dpa | Max Muster`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct

from onrecord.page.knowledge import any_of
from onrecord.schema import Block, Credit

_LONGEST = 160
"""Characters of a credit; agencies' own chains of houses stay under 100."""
_LONGEST_BLOCK = 3_000
_BETWEEN = re.compile(r"\s*(?:[/|;,·•]|\s(?:via|for|für|and|und|et|y|и|&|[-–—])\s|\bvia\b)\s*", re.IGNORECASE)
_NAME_WORD = r"(?:[^\W\d_][\w’'.-]*)"
_NAME = re.compile(rf"(?:{_NAME_WORD}\s){{1,3}}{_NAME_WORD}$")
_PARTICLES = frozenset(
    ["de", "da", "del", "der", "den", "di", "du", "la", "le", "van", "von", "bin", "al", "el", "ben", "ter", "zu", "y"]
)
_END = re.compile(r"[)\]\n]|\.(?=\s|$)(?<!\b[A-Z]\.)")
_LEFT = re.compile(r"(?:[^\W\d_][\w’'.-]*\s){0,3}[^\W\d_][\w’'.-]*\s?$")


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    """`credits.toml`; the comments there say what each list is for."""

    openers: tuple[str, ...]
    need_a_colon: frozenset[str]
    nobody: frozenset[str]
    house_words: frozenset[str]
    agencies: dict[str, tuple[str, ...]]


@cache
def _words() -> _Words:
    written = tomllib.loads((files(__package__) / "credits.toml").read_text(encoding="utf-8"))
    return msgspec.convert(written, _Words)


@cache
def _usual() -> dict[str, str]:
    return {name: usual for usual, names in _words().agencies.items() for name in names}


@cache
def _opened() -> re.Pattern[str]:
    """A credit by its opener: with a colon, or one that needs none, or at the start of what is in brackets."""
    words = _words()
    bare = any_of(opener for opener in words.openers if opener not in words.need_a_colon)
    return re.compile(
        rf"(?i:(?<!\w)(?:(?:{any_of(words.openers)})\s?[:：]|(?:{bare})(?=[\s,]),?|[(\[](?:{any_of(words.openers)})(?=\s)))\s*"
    )


@cache
def _slashed() -> re.Pattern[str]:
    """An agency with a slash or bar before or after it: somebody stands on its other side."""
    agencies = any_of(_usual())
    return re.compile(rf"(?<![\w/])(?:{agencies})(?=\s?[/|]\s?\w)|[/|]\s?(?:{agencies})(?!\w)")


@cache
def _closing() -> re.Pattern[str]:
    """An agency alone in brackets, or alone as the last words."""
    agencies = any_of(_usual())
    return re.compile(rf"[(\[](?P<alone>{agencies})[)\]]|(?<=[.!?]\s)(?P<last>{agencies})\s*\.?$|^(?P<all>{agencies})$")


def find_credits(text: str, blocks: Sequence[Block]) -> tuple[Credit, ...]:
    """The credits in the captions and credit lines among `blocks` of `text`, in reading order."""
    return tuple(
        credit
        for block in blocks
        if block.kind in ("caption", "credit")
        for credit in _in_block(text[block.start : min(block.end, block.start + _LONGEST_BLOCK)], block.start)
    )


def _in_block(text: str, at: int) -> Iterator[Credit]:
    end = 0
    for start, stop in sorted({*_opened_stretches(text), *_slashed_stretches(text), *_closing_stretches(text)}):
        credit = _credit(text, max(start, end), stop)
        if credit:
            yield Credit(at + credit.start, at + credit.end, credit.photographers, credit.agencies)
            end = credit.end


def _opened_stretches(text: str) -> Iterator[tuple[int, int]]:
    for found in _opened().finditer(text):
        yield found.end(), _end(text, found.end())


def _slashed_stretches(text: str) -> Iterator[tuple[int, int]]:
    for found in _slashed().finditer(text):
        start = found.start()
        if found[0][0] in "/|":
            before = text[max(0, start - _LONGEST) : start]
            start -= _length_of_name(before)
        yield start, _end(text, found.start())


def _length_of_name(before: str) -> int:
    """The characters at the end of `before` that can be a name; a word with a full stop ends a sentence before it."""
    words = _LEFT.search(before)
    if not words:
        return 0
    name = words[0]
    while name.strip() and not _is_name(name.strip()):
        name = name.split(None, 1)[1] if len(name.split()) > 1 else ""
    return len(name)


def _closing_stretches(text: str) -> Iterator[tuple[int, int]]:
    for found in _closing().finditer(text):
        yield found.span(str(found.lastgroup))


def _end(text: str, start: int) -> int:
    stop = _END.search(text, start, start + _LONGEST)
    return stop.start() if stop else min(len(text), start + _LONGEST)


def _credit(text: str, start: int, end: int) -> Credit | None:
    """The credit that `text[start:end]` is; None if it names nobody that could be told."""
    photographers: list[str] = []
    agencies: list[str] = []
    parts = list(_parts(text, start, end))
    last = start
    for place, (first, stop) in enumerate(parts):
        part = text[first:stop]
        house = _house(part)
        if house:
            agencies.append(house[0])
            last = first + house[1]
            if last < stop:
                break
        elif part.casefold() in _words().nobody:
            pass
        elif _is_name(part):
            photographers.append(part)
        elif place:
            break
        else:
            return None
        last = stop
    if not photographers and not agencies:
        return None
    return Credit(parts[0][0], last, tuple(dict.fromkeys(photographers)), tuple(dict.fromkeys(agencies)))


def _house(part: str) -> tuple[str, int] | None:
    """The agency or house that `part` opens with, and the length of its name there."""
    named_so = not _words().house_words.isdisjoint(part.casefold().split()) and _is_name(part)
    if part in _usual() or named_so:
        return _usual().get(part, part), len(part)
    found = _opening().match(part)
    return (_usual()[found[0]], found.end()) if found else None


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(_usual())})(?=\s[^\W\d_a-z])")


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The parts of a credit between slashes, bars and commas, without the white space around them."""
    here = start
    for found in (*_BETWEEN.finditer(text, start, end), None):
        stop = found.start() if found else end
        part = text[here:stop]
        first = here + len(part) - len(part.lstrip(" ©:(["))
        stop = first + len(text[first:stop].rstrip(" .:"))
        if first < stop:
            yield first, stop
        here = found.end() if found else end


def _is_name(part: str) -> bool:
    words = part.split()
    plain = all(word[0].isupper() or word in _PARTICLES for word in words)
    return plain and bool(_NAME.match(part)) and not any(len(word) > 3 and word.endswith(".") for word in words)

"""Finding text of one code page that was read as another, by what letters follow each other.

Each reading (a wrong code page, a right one, a language) is tried on each word: what would the word cost in bits if
this reading were right, and what does it cost as it stands, in the language that suits it best? The run of words that
saves most (Kadane's maximum-sum segment) is taken if it saves enough, and what is left on both sides is searched again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import NamedTuple

import ftfy.bad_codecs  # noqa: F401  (registers the sloppy codecs, which keep the bytes Windows-1252 leaves undefined)

from onrecord.page import letters

_RIGHT = {
    "ru": ("cp1251", "koi8-r", "iso-8859-5", "cp866", "utf-8", "mac-cyrillic"),
    "uk": ("cp1251", "koi8-u", "iso-8859-5", "utf-8", "mac-cyrillic"),
    "bg": ("cp1251", "iso-8859-5"),
    "el": ("cp1253", "iso-8859-7"),
    "pl": ("cp1250", "iso-8859-2"),
    "cs": ("cp1250", "iso-8859-2"),
    "sk": ("cp1250", "iso-8859-2"),
    "hu": ("cp1250", "iso-8859-2"),
    "ro": ("cp1250", "iso-8859-2"),
    "sh": ("cp1250", "iso-8859-2"),
    "ar": ("cp1256", "iso-8859-6"),
    "fa": ("cp1256",),
    "he": ("cp1255", "iso-8859-8"),
    "tr": ("cp1254",),
    "lt": ("cp1257",),
    "lv": ("cp1257",),
}
_WRONG = ("sloppy-windows-1252", "latin-1", "cp1251", "koi8-r")
# ftfy undoes misread UTF-8, but by whole lines; Cyrillic that a Cyrillic program misread is found here by words.
# Two code pages of one alphabet are confused with each other; other legacy text was read by a Western program.
_WRONG_FOR = {"ru": _WRONG, "uk": _WRONG}
_WESTERN = ("sloppy-windows-1252", "latin-1")

_RARITY = {"mac-cyrillic": 6.0}
_LESS_COMMON = 3.0
"""Bits against a code page that is not the first of its language: what decides where two read nearly the same."""
_MIN_LETTERS = 3
"""A lone symbol is no evidence: `Ÿ` between commas is as good a CYRILLIC YA as not."""

MIN_BITS = 24.0
"""What a repair has to save in all: see bench/repair.py."""
MIN_BITS_A_LETTER = 1.5
"""What it has to save on each character that it changes."""
_ALIKE = 1.0
"""What a word has to save under a reading that a run of words in its line has shown."""
_AT_HOME, _AT_HOME_BITS = -4.0, 9.0
"""The mean bits that a line's ASCII words save in a language that is the line's own, and what its other words have to
save then in all. No clean row of mojibake/dev.jsonl at home in a language saves as much as 5 under a reading of it."""
_SUSPECT = 5.5
"""A word costing fewer bits a character is no mojibake, and its line is left alone if all are like it. Of the words
beyond ASCII in mojibake/dev.jsonl right ones cost 4.7 in the median, misread ones 15, and 10 at the 5th centile."""
_FOREIGN_WORD = -40.0
"""The most that one untouched word can hold against a run of broken words."""
_IMPOSSIBLE = -1e6

_WORD = re.compile(r"[^ \t\n]+")
_CANDIDATE = re.compile("[\x80-\xffŒœŠšŽžŸƒˆ˜–—‘’‚“”„†‡•…‰‹›€™\u0400-\u045f\u0490\u0491№─-▟■√≈≤≥⌠⌡∙]")


class Misread(NamedTuple):
    """A stretch of a line that was written in the code page `right` and read as `wrong`."""

    start: int
    end: int
    wrong: str
    right: str
    saved: float
    """Bits."""


class _Reading(NamedTuple):
    wrong: str
    right: str
    language: str
    penalty: float


@cache
def _readings() -> tuple[_Reading, ...]:
    return tuple(
        _Reading(wrong, right, language, _RARITY.get(right, _LESS_COMMON if place else 0.0))
        for language, rights in _RIGHT.items()
        for place, right in enumerate(rights)
        for wrong in _WRONG_FOR.get(language, _WESTERN)
        if wrong != right
    )


def misread_spans(line: str) -> Iterator[Misread]:
    """The misread stretches of `line`, in order and apart."""
    if not _CANDIDATE.search(line):
        return
    words = list(_WORD.finditer(line))
    if any(_is_suspect(word[0]) for word in words):
        found = list(_search(words))
        readings = {reading for _, reading in found} or _at_home(words)
        yield from sorted([*(span for span, _ in found), *_alike(words, readings, [span for span, _ in found])])


@lru_cache(maxsize=1 << 14)
def _is_suspect(word: str) -> bool:
    if word.isascii() or not _CANDIDATE.search(word):
        return False
    return not any(letters.word_bits(word, language) <= _SUSPECT * len(word) for language in letters.languages())


def _alike(words: list[re.Match[str]], readings: set[_Reading], found: list[Misread]) -> Iterator[Misread]:
    """The words apart from `found` that one of the readings suits: a program misreads all of a line alike."""
    taken = {at for span in found for at in range(span.start, span.end)}
    for word in words:
        if not readings or word[0].isascii() or word.start() in taken:
            continue
        saved, reading = max((_saving(word[0], one), one) for one in readings)
        if saved >= _ALIKE and word[0].encode(reading.wrong).decode(reading.right) != word[0]:
            yield Misread(*word.span(), reading.wrong, reading.right, saved)


def _at_home(words: list[re.Match[str]]) -> set[_Reading]:
    """The reading that the scattered words beyond ASCII of a line suggest, if its other words are in that language.

    “Francie nemá dobrou povìst.” has one broken letter, which saves too little by itself.
    """
    plain = [word[0] for word in words if word[0].isascii() and any(map(str.isalpha, word[0]))]
    beyond = [word[0] for word in words if not word[0].isascii()]
    best, most = set[_Reading](), _AT_HOME_BITS
    for reading in _readings() if plain else ():
        saved = sum(max(_saving(word, reading), _FOREIGN_WORD) for word in beyond) - reading.penalty
        if saved > most and sum(_saving(word, reading) for word in plain) >= _AT_HOME * len(plain):
            best, most = {reading}, saved
    return best


def _search(words: list[re.Match[str]]) -> Iterator[tuple[Misread, _Reading]]:
    if not any(_is_suspect(word[0]) for word in words):
        return
    best: tuple[float, int, int, _Reading] | None = None
    beyond_ascii = [word[0] for word in words if not word[0].isascii()]
    for reading in _readings():
        # Words in ASCII save nothing, so no run saves more than this; few readings are worth the search for one.
        most = sum(max(_saving(word, reading), 0.0) for word in beyond_ascii) - reading.penalty
        if most < MIN_BITS or (best is not None and most <= best[0]):
            continue
        saved, first, last = _best_run(words, reading)
        saved -= reading.penalty
        if saved >= MIN_BITS and (best is None or saved > best[0]):
            best = (saved, first, last, reading)
    if best is None:
        return
    saved, first, last, reading = best
    yield from _search(words[:first])
    run = "".join(word[0] for word in words[first:last])
    changed = sum(not character.isascii() for character in run)
    if saved >= MIN_BITS_A_LETTER * changed and sum(map(str.isalpha, run)) >= _MIN_LETTERS:
        yield Misread(words[first].start(), words[last - 1].end(), reading.wrong, reading.right, saved), reading
    yield from _search(words[last:])


def _best_run(words: list[re.Match[str]], reading: _Reading) -> tuple[float, int, int]:
    """The run of words that saves most under `reading`: bits saved, first word, word after the last."""
    best, run, first = (0.0, 0, 0), 0.0, 0
    for place, word in enumerate(words):
        if run <= 0:
            run, first = 0.0, place
        run += _saving(word[0], reading)
        if run > best[0]:
            best = (run, first, place + 1)
    return best


@lru_cache(maxsize=1 << 17)
def _saving(word: str, reading: _Reading) -> float:
    if word.isascii():
        return max(letters.best_bits(word) - letters.word_bits(word, reading.language), _FOREIGN_WORD)
    try:
        right = word.encode(reading.wrong).decode(reading.right)
    except UnicodeError:
        return _IMPOSSIBLE
    return letters.best_bits(word) - letters.word_bits(right, reading.language)

"""What a word is when wordings are compared: its normal form, how much it tells, and what it excludes.

The table `[wording]` of languages/<code>.toml holds what is known of a language. In a language without one every word
of three letters or more tells as much as any other, and only case, accents and numbers are made alike.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from typing import TypeVar

from msgspec import Struct

from onrecord import languages

TELLING = 1.0
WEAK = 0.5
"""The weight of a word that stands in any speech (people, government, make); a function word weighs nothing."""
_LEAST_STEM = 3
_SHORT = 2
"""In a language without a table, words of no more letters count as function words."""
_MOST_REMEMBERED = 200_000
_MOST_LETTERS = 40
"""Longer "words" are cut: no language has them, and a hostile page may."""
_THOUSANDS = re.compile(r"(?<=\d)[.,](?=\d{3}(?:\D|$))")
_APOSTROPHES = str.maketrans("’ʼ‘`", "''''")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """Table [wording]; the comments in languages/en.toml say what each list is for."""

    function_words: str = ""
    weak_words: str = ""
    negations: str = ""
    before_names: str = ""
    titles: str = ""
    capital_nouns: bool = False
    contractions: dict[str, str] = {}
    contracted_endings: dict[str, str] = {}
    numbers: dict[str, int] = {}
    number_joint: str = ""
    """What joins units and tens in one word (fünf-und-zwanzig)."""
    same: str = ""
    endings: str = ""
    respelt: dict[str, str] = {}
    excluding: str = ""


class Word(Struct, frozen=True, gc=False):
    """A word in its normal form. Equal words have equal `id`s, on every machine."""

    id: int
    """The first 64 bits of BLAKE2b of the normal form."""
    weight: float
    number: str = ""
    """Its value in digits, if it is a number."""
    spelt: bool = False
    """Whether a number was written as a word."""
    negation: bool = False
    capital: bool = False
    title: bool = False
    before_name: bool = False
    """Whether a capital behind it is a name's, in a language where every noun has one."""
    sides: frozenset[tuple[int, int]] = frozenset()
    """The lists of `excluding` it stands in, with the side."""


def number_word(value: int) -> Word:
    """The word for a whole number that was written in several words (twenty-five)."""
    return Word(word_hash(str(value)), TELLING, number=str(value), spelt=True)


_Made = TypeVar("_Made")


class Remembered(dict[str, _Made]):
    """What was made of each string, made when it is first asked for; too many are forgotten, too long ones at once."""

    def __init__(self, make: Callable[[str], _Made]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, string: str) -> _Made:
        if len(string) > _MOST_LETTERS:
            return self._make(string)
        if len(self) >= _MOST_REMEMBERED:
            self.clear()
        made = self[string] = self._make(string)
        return made


class Lexicon:
    """The words of one language; what it has normalised it remembers, up to a bound."""

    def __init__(self, table: Words | None) -> None:
        self._least = _SHORT if table is None else 0
        table = table or Words()
        self._function = _plain_set(table.function_words)
        self._negations = _plain_set(table.negations)
        self._before_names = _plain_set(table.before_names)
        self._titles = _plain_set(table.titles)
        self._contractions = {plain(key): value for key, value in table.contractions.items()}
        self._contracted = dict(table.contracted_endings)
        self._numbers = _numbers(table)
        self._endings = tuple(sorted(table.endings.split(), key=len, reverse=True))
        self._respelt = tuple(table.respelt.items())
        self._same = _firsts(table.same)
        self._weak = frozenset(map(self._stem, _plain_set(table.weak_words)))
        self._sides = self._excluding(table.excluding)
        self.capital_nouns = table.capital_nouns
        self.words = Remembered(self._read)
        """The words that a token of the text stands for: two for a contraction, none for an ending like `'s`."""
        self.ids = Remembered(self._ids)
        """The ids of these words."""

    def _ids(self, token: str) -> tuple[int, ...]:
        return tuple([word.id for word in self._read(token)])

    def _read(self, token: str) -> tuple[Word, ...]:
        token = token[:_MOST_LETTERS]
        form = plain(token)
        if form in self._contractions:
            return tuple(self._word(part, token) for part in self._contractions[form].split())
        for ending, full in self._contracted.items():
            if form.endswith(ending) and len(form) > len(ending):
                parts = [form.removesuffix(ending), *full.split()]
                return tuple(self._word(part, token) for part in parts)
        form = form.replace("'", "")
        return (self._word(form, token),) if form else ()

    def _word(self, form: str, token: str) -> Word:
        if form in self._numbers:
            value = str(self._numbers[form])
            return Word(word_hash(value), TELLING, number=value, spelt=True, sides=self._sides.get(form, frozenset()))
        if form[0].isdigit():
            value = _value(form)
            return Word(word_hash(value), TELLING, number=value)
        stem = self._same.get(form, form)
        if form in self._function or form in self._negations or len(form) <= self._least:
            return Word(
                word_hash(stem), 0.0, negation=form in self._negations, before_name=form in self._before_names,
                sides=self._sides.get(stem, frozenset()))  # fmt: skip
        stem = self._stem(stem)
        weight = WEAK if stem in self._weak else TELLING
        sides = self._sides.get(stem, frozenset())
        return Word(word_hash(stem), weight, capital=token[:1].isupper(), title=form in self._titles, sides=sides)

    def _stem(self, form: str) -> str:
        """The form without its ending, and one spelling for what is spelt in two ways."""
        form = self._same.get(form, form)
        for ending in self._endings:
            if form.endswith(ending) and len(form) - len(ending) >= _LEAST_STEM:
                form = form.removesuffix(ending)
                break
        for spelling, other in self._respelt:
            if form.endswith(spelling) and len(form) > _LEAST_STEM:
                return form.removesuffix(spelling) + other
        return form

    def _side_form(self, form: str) -> str:
        return form if form in self._numbers or form in self._function else self._stem(form)

    def _excluding(self, lists: str) -> dict[str, frozenset[tuple[int, int]]]:
        found: dict[str, set[tuple[int, int]]] = {}
        for number, line in enumerate(re.split(r"[;\n]", lists)):
            for side, words in enumerate(line.split("|")):
                for word in words.split():
                    found.setdefault(self._side_form(plain(word)), set()).add((number, side))
        return {stem: frozenset(sides) for stem, sides in found.items()}


@cache
def lexicon(lang: str) -> Lexicon:
    """The words of a language by its ISO 639-1 code; one without a table if the language has none."""
    return Lexicon(languages.table(lang, "wording", Words) if languages.has_table(lang, "wording") else None)


def plain(token: str) -> str:
    """A token without case, accents, brackets and the kind of its apostrophe.

    >>> plain("[T]he"), plain("Don’t"), plain("CAFÉ")
    ('the', "don't", 'cafe')
    """
    folded = token.translate(_APOSTROPHES).casefold()
    if folded.isascii():
        return folded.replace("[", "").replace("]", "")
    split = unicodedata.normalize("NFKD", folded.translate(_INVISIBLE))
    kept = "".join(letter for letter in split if not unicodedata.combining(letter) and letter not in "[]")
    return kept.translate(_APOSTROPHES)


def word_hash(form: str) -> int:
    """The first 64 bits of BLAKE2b of a word."""
    return int.from_bytes(blake2b(form.encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _value(form: str) -> str:
    """The digits of a number, the decimal mark a point: `1,200` and `1.200` are 1200, `2,1` is 2.1."""
    return _THOUSANDS.sub("", form).replace(",", ".")


def _numbers(table: Words) -> dict[str, int]:
    numbers = {plain(word): value for word, value in table.numbers.items()}
    if not table.number_joint:
        return numbers
    units = [(word, value) for word, value in numbers.items() if 0 < value < 10]
    tens = [(word, value) for word, value in numbers.items() if value in range(20, 100, 10)]
    return numbers | {unit + table.number_joint + ten: one + many for unit, one in units for ten, many in tens}


def _plain_set(words: str) -> frozenset[str]:
    return frozenset(plain(word).replace("'", "") for word in words.split())


def _firsts(lines: str) -> dict[str, str]:
    """Each word of a line, with the first of the line, which stands for all."""
    groups = (list(map(plain, line.split())) for line in re.split(r"[;\n]", lines))
    return {word: group[0] for group in groups if group for word in group[1:]}

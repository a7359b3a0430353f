"""The little language of the frames, and which of them begin at a word.

A pattern is tried only at a word that it can begin with, and its gaps are bounded, so that the time it takes does not
grow with the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from onrecord.attribution.open.inflection import forms

Form = Literal["verb", "noun", "any", "future", "cue"]

_GAPS = {"..": r"(?: +[^\s,;:—]+){0,3}?", "...": r"(?: +[^\s,;:—]+){0,8}?"}
_NOT = ("not", "n't", "cannot", "never")
_CLITICS = ("'", "n't")
"""What stands close behind a word: "it's", "didn't"."""
_STEM = 3
"""Words that stand for all that begin so are found by as many letters."""


_MOST_REMEMBERED = 1 << 14
"""Words whose frames are kept; hardly any begins one."""


class Frame(Struct, frozen=True):
    """One pattern and what it tells."""

    act: str
    mode: str | None
    form: Form
    weight: float
    raw: bool
    """Its negation is part of it: what stands before it turns nothing."""
    negated: str | None
    regex: re.Pattern[str]
    size: int
    """How many words it asks for."""
    source: str
    hangs_on: str = ""
    """`subject` or `object` where that is the act's condition."""
    on_subject: bool = False
    """Whether the subject is whom the act is done to: "Lima must …", "Lima violated …"."""


class Speller(Struct, frozen=True):
    """How a language's verbs are spelt."""

    irregular: Mapping[str, str] = {}
    doubling: frozenset[str] = frozenset()

    def forms(self, verb: str) -> list[str]:
        """All forms of a verb, what follows its first word behind each."""
        head, _, rest = verb.partition("_")
        spelt = sorted(forms(head, dict(self.irregular), self.doubling))
        if head == "be":
            spelt = ["am", "are", "be", "been", "being", "is", "was", "were"]
        return [f"{form} {rest.replace('_', ' ')}".strip() for form in spelt]


class Compiler:
    """Makes regular expressions of patterns; `classes` are lists of words that `%name` stands for."""

    def __init__(self, classes: Mapping[str, str], speller: Speller) -> None:
        self._speller = speller
        self._classes: dict[str, tuple[str, ...]] = {}
        for name, words in classes.items():  # one after the other: a class may hold those before it
            self._classes[name] = tuple(self._options(words.split()))

    def words(self, listed: str) -> frozenset[str]:
        """The words that a list written in this language stands for, stems left out."""
        return frozenset(self._options(listed.split()))

    def compiled(self, pattern: str) -> tuple[re.Pattern[str], tuple[str, ...], int]:
        """The expression, the words it can begin with (stems end in `*`), and how many it asks for."""
        elements = pattern.split()
        expression, size, gap = "", 0, ""
        starts: tuple[str, ...] = ()
        for place, element in enumerate(elements):
            if element in _GAPS:
                gap = _GAPS[element]
                continue
            may_miss = element.endswith("?")
            options = self.options(element.removesuffix("?"))
            one = "(?:" + "|".join(map(_spelt, sorted(options, key=len, reverse=True))) + r")(?!\w)"
            space = " *" if any(option.startswith(_CLITICS) for option in options) else " +"
            joined = one if place == 0 else f"{gap}{space}{one}"
            expression += f"(?:{joined})?" if may_miss else joined
            starts = starts or tuple(dict.fromkeys(_first(option) for option in options))
            size += not may_miss
            gap = ""
        return re.compile(expression), starts, size

    def options(self, element: str) -> tuple[str, ...]:
        """What an element of a pattern can be."""
        return tuple(self._options(element.split("/")))

    def _options(self, parts: Iterable[str]) -> Iterator[str]:
        for part in parts:
            if part.startswith("%"):
                yield from self._classes[part[1:]]
            elif part.startswith("~"):
                yield from self._speller.forms(part[1:])
            elif part == "not":
                yield from _NOT
            else:
                yield part.replace("_", " ")


class Index:
    """The frames by the words they begin with."""

    def __init__(self, frames: Iterable[tuple[Frame, tuple[str, ...]]]) -> None:
        self._whole: dict[str, list[Frame]] = {}
        self._stems: dict[str, list[tuple[str, Frame]]] = {}
        for frame, starts in frames:
            for start in starts:
                if start.endswith("*"):
                    stem = start[:-1]
                    self._stems.setdefault(stem[:_STEM], []).append((stem, frame))
                else:
                    self._whole.setdefault(start, []).append(frame)
        self._remembered = lru_cache(_MOST_REMEMBERED)(self._beginning)

    def frames(self) -> Iterator[Frame]:
        """All of them, each as often as there are words it can begin with."""
        for many in self._whole.values():
            yield from many
        for pairs in self._stems.values():
            yield from (frame for _, frame in pairs)

    def beginning(self, word: str) -> tuple[Frame, ...]:
        """The frames that this word in lower case may begin."""
        return self._remembered(word)

    def _beginning(self, word: str) -> tuple[Frame, ...]:
        stems = self._stems.get(word[:_STEM], ())
        return (*self._whole.get(word, ()), *(frame for stem, frame in stems if word.startswith(stem)))


def _spelt(option: str) -> str:
    ending = r"\w*" if option.endswith("*") else ""
    return re.escape(option.removesuffix("*")).replace(r"\ ", " +") + ending


def _first(option: str) -> str:
    return option.split(" ", 1)[0]

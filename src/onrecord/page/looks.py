"""What a paragraph looks like, in numbers: the same for HTML and for plain text, whatever the language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import numpy.typing as npt

from onrecord.page.marks import meanings_of_words, word_meanings

Numbers = npt.NDArray[Any]

_SHORT = 40
"""Characters of a text that is kept for the next time: entries of menus come back on the page and on the next one."""
_READ = 600
"""Characters of a paragraph that are looked at; a longer one is prose, whatever comes."""
_DENSE = 1.5
_SENTENCE_ENDS = re.compile(r"[.!?…。！？।](?=[\s\"”’»'“)\]」]|$)|[。！？।]")
_WORD = re.compile(r"\w+")
_REPLACED = b"?"
_CLASSES = bytes.maketrans(
    "0123456789،;|•·›»>/“”«„ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŠŽŒ".replace("،", ",").encode(
        "cp1252"
    ),
    b"0" * 10 + b"," * 2 + b"|" * 7 + b'"' * 4 + b"A" * 59,
)
"""A character of Windows-1252, which holds those of most news, to the one that stands for its kind."""
_COMMAS = re.compile(r"[,;،、，]")
_QUOTES = re.compile('["“”«»„「」]')
_DIGITS = re.compile(r"\d")
_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-ÞА-Я]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TIMES = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b\d{1,2}[./-]\d{1,2}\b")
_SEPARATORS = re.compile(r"[|•·›»>/]")


def _numbered(*groups: str) -> dict[str, int]:
    return {character: number for number, group in enumerate(groups, 1) for character in group}


_ENDINGS = _numbered(".!?。！？।", "…", ":：", ",;", "\"”’»'」“", ")]")
_OPENINGS = _numbered("\"“«„»「‘'", "-–—•*·", "(+[", "©")

TEXT_FEATURES = (
    "length", "words", "word_length", "lower", "ends", "commas", "quotes", "digits", "capitals", "cjk", "times",
    "separators", "lines", "ending", "opening", "lower_start", "capital_start", "digit_start", "all_capitals",
    "first_comma_late", *(f"says_{kind}" for kind in word_meanings()), "says_share",
)  # fmt: skip


class _Signs(NamedTuple):
    """How many characters of some kinds a text has."""

    commas: int
    quotes: int
    digits: int
    capitals: int
    dense: int
    separators: int


def _signs(head: str) -> _Signs:
    raw = head.encode("cp1252", "replace")
    if 4 * raw.count(_REPLACED) > len(head):
        # In another script.
        return _Signs(*(len(kind.findall(head)) for kind in (_COMMAS, _QUOTES, _DIGITS, _CAPITALS, _CJK, _SEPARATORS)))
    count = raw.translate(_CLASSES).count
    return _Signs(count(b","), count(b'"'), count(b"0"), count(b"A"), 0, count(b"|"))


def looks(text: str) -> tuple[float, ...]:
    """The numbers of one paragraph, in the order of `TEXT_FEATURES`."""
    return _looks_short(text) if len(text) <= _SHORT else _looks(text)


@lru_cache(maxsize=1 << 13)
def _looks_short(text: str) -> tuple[float, ...]:
    return _looks(text)


def _looks(text: str) -> tuple[float, ...]:
    head = text[:_READ]
    size = len(head)
    words = head.split()
    count = len(words)
    initials = [word[0] for word in words]
    lower = sum(map(str.islower, initials))
    signs = _signs(head)
    dense = signs.dense
    last, first = text[-1], text[0]
    if last in "\"”’»')]」" and len(text) > 1 and text[-2] in ".!?。…":
        last = text[-2]
    meanings = meanings_of_words(text)
    # A Chinese or Japanese character says as much as some two and a half letters, and no space ends a word.
    full = 1 + _DENSE * dense / size
    return (
        len(text) * full,
        count + dense / 2,
        size / (count + dense / 2),
        lower / count,
        len(_SENTENCE_ENDS.findall(head)),
        signs.commas / size,
        signs.quotes / size,
        signs.digits / size,
        signs.capitals / size,
        dense / size,
        len(_TIMES.findall(head)),
        signs.separators / count,
        text.count("\n"),
        _ENDINGS.get(last, 0),
        _OPENINGS.get(first, 0),
        first.islower(),
        first.isupper(),
        first.isdigit(),
        head.isupper(),
        head.find(", ") > 20,
        *meanings,
        sum(meanings) / count,
    )


class Words(NamedTuple):
    """The words of a text that others are compared with."""

    whole: str
    """Its letters and digits alone."""
    parts: frozenset[str]


def words_of(text: str) -> Words:
    """`text` made ready for `overlap`."""
    return Words("".join(filter(str.isalnum, text)).casefold(), frozenset(split(text)))


def split(text: str) -> list[str]:
    """The words of `text`, in lower case."""
    return _WORD.findall(text.casefold())


def column(features: Numbers, name: str, names: Sequence[str] = TEXT_FEATURES) -> Numbers:
    """The column called `name`."""
    return features[:, names.index(name)]

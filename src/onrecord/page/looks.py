"""What a paragraph looks like, in numbers: the same for HTML and for plain text, whatever the language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onrecord.page.marks import meanings_of_words, word_meanings

Numbers = npt.NDArray[np.float32]

_READ = 600
"""Characters of a paragraph that are looked at; a longer one is prose, whatever comes."""
_DENSE = 1.5
_SENTENCE_ENDS = re.compile(r"[.!?…。！？।](?=[\s\"”’»'“)\]」]|$)|[。！？।]")
_COMMAS = re.compile(r"[,;،、，]")
_QUOTES = re.compile("[\"“”«»„「」]")
_DIGITS = re.compile(r"\d")
_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-ÞА-Я]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_TIMES = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.]\d\d\b|\b\d{1,2}[./-]\d{1,2}\b")
_SEPARATORS = re.compile(r"[|•·›»>/]")
_ENDINGS = (".!?。！？।", "…", ":：", ",;", "\"”’»'」“", ")]")
_OPENINGS = ("\"“«„»「‘'", "-–—•*·", "(+[", "©")

TEXT_FEATURES = (
    "length", "words", "word_length", "lower", "ends", "commas", "quotes", "digits", "capitals", "cjk", "times",
    "separators", "lines", "ending", "opening", "lower_start", "capital_start", "digit_start", "all_capitals",
    "first_comma_late", *(f"says_{kind}" for kind in word_meanings()), "says_share",
)  # fmt: skip


def looks(text: str) -> tuple[float, ...]:
    """The numbers of one paragraph, in the order of `TEXT_FEATURES`."""
    head = text[:_READ]
    size = len(head)
    words = head.split()
    count = len(words)
    initials = [word[0] for word in words]
    lower = sum(map(str.islower, initials))
    capitals = len(_CAPITALS.findall(head))
    last, first = text[-1], text[0]
    if last in "\"”’»')]」" and len(text) > 1 and text[-2] in ".!?。…":
        last = text[-2]
    meanings = meanings_of_words(text)
    # A Chinese or Japanese character says as much as some two and a half letters, and no space ends a word.
    dense = len(_CJK.findall(head))
    full = 1 + _DENSE * dense / size
    return (
        len(text) * full,
        count + dense / 2,
        size / (count + dense / 2),
        lower / count,
        len(_SENTENCE_ENDS.findall(head)),
        len(_COMMAS.findall(head)) / size,
        len(_QUOTES.findall(head)) / size,
        len(_DIGITS.findall(head)) / size,
        capitals / size,
        dense / size,
        len(_TIMES.findall(head)),
        len(_SEPARATORS.findall(head)) / count,
        text.count("\n"),
        _place(last, _ENDINGS),
        _place(first, _OPENINGS),
        first.islower(),
        first.isupper(),
        first.isdigit(),
        head.isupper(),
        head.find(", ") > 20,
        *meanings,
        sum(meanings) / count,
    )


def _place(character: str, groups: Sequence[str]) -> int:
    return next((place for place, group in enumerate(groups, 1) if character in group), 0)


class Words(NamedTuple):
    """The words of a text that others are compared with."""

    whole: str
    """Its letters and digits alone."""
    parts: frozenset[str]


def words_of(text: str) -> Words:
    """`text` made ready for `overlap`."""
    return Words("".join(filter(str.isalnum, text)).casefold(), frozenset(re.findall(r"\w+", text.casefold())))


def column(features: Numbers, name: str, names: Sequence[str] = TEXT_FEATURES) -> Numbers:
    """The column called `name`."""
    return features[:, names.index(name)]

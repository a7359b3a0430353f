"""What a paragraph looks like, in numbers: the same for HTML and for plain text, whatever the language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from onrecord.page.characters import MOST, count
from onrecord.page.marks import meanings_of_words, word_meanings

Numbers = npt.NDArray[Any]

SAID = 400
"""Characters of a paragraph whose words are looked up."""
_DENSE = 1.5
_WORD = re.compile(r"[\w©]+")
_BARE_WORD = re.compile(r"\w+")
# `(?:19|20)dd`, a time or a day and month, each a word by itself; a digit first, for which to look is fast.
_TIMES = re.compile(r"\d(?<!\w.)(?:(?<=1)9\d\d\b|(?<=2)0\d\d\b|\d?[:.]\d\d\b|\d?[./-]\d{1,2}\b)")
_LATE = 20
_AT_ONCE = 2_000
"""Paragraphs that are looked at together, which takes 25 MB; news pages have fewer."""


def _numbered(*groups: str) -> dict[str, int]:
    return {character: number for number, group in enumerate(groups, 1) for character in group}


_ENDINGS = _numbered(".!?。！？।", "…", ":：", ",;", "\"”’»'」“", ")]")
_OPENINGS = _numbered("\"“«„»「‘'", "-–—•*·", "(+[", "©")

TEXT_FEATURES = (
    "length", "words", "word_length", "lower", "ends", "commas", "quotes", "digits", "capitals", "cjk", "times",
    "separators", "lines", "ending", "opening", "lower_start", "capital_start", "digit_start", "all_capitals",
    "first_comma_late", *(f"says_{kind}" for kind in word_meanings()), "says_share",
)  # fmt: skip


def looks(texts: Sequence[str], words_in: Sequence[Sequence[str]]) -> Numbers:
    """The numbers of paragraphs: a row for each of `TEXT_FEATURES`, a column for each of `texts`, none of them empty.

    `words_in` each are what `words_at_start` says.
    """
    if len(texts) > _AT_ONCE:
        parts = [slice(start, start + _AT_ONCE) for start in range(0, len(texts), _AT_ONCE)]
        return np.concatenate([looks(texts[part], words_in[part]) for part in parts], axis=1)
    heads = [text[:MOST] for text in texts]
    joined = "\n".join([*heads, ""])
    found = count(heads, joined)
    size, dense, words = found.size, found.dense, np.maximum(found.words, 1)
    first = [text[0] for text in texts]
    meanings = meanings_of_words(words_in)
    # A Chinese or Japanese character says as much as some two and a half letters, and no space ends a word.
    full, said = 1 + _DENSE * dense / size, words + dense / 2
    return np.array(
        [
            np.array([len(text) for text in texts]) * full,
            said,
            size / said,
            found.lower / words,
            found.ends,
            found.commas / size,
            found.quotes / size,
            found.digits / size,
            found.capitals / size,
            dense / size,
            _times(joined, size),
            found.separators / words,
            [text.count("\n") for text in texts],
            [_ENDINGS.get(_last(text), 0) for text in texts],
            [_OPENINGS.get(one, 0) for one in first],
            [one.islower() for one in first],
            [one.isupper() for one in first],
            [one.isdigit() for one in first],
            found.capitalised,
            [head.find(", ") > _LATE for head in heads],
            *meanings,
            meanings.sum(axis=0) / words,
        ],
        np.float32,
    )


def _times(joined: str, sizes: Numbers) -> Numbers:
    """How many times and days each paragraph names."""
    at = [found.start() for found in _TIMES.finditer(joined)]
    return np.bincount(np.searchsorted(np.cumsum(sizes + 1), at, side="right"), minlength=len(sizes))


def _last(text: str) -> str:
    last = text[-1]
    return text[-2] if last in "\"”’»')]」" and text[-2:-1] and text[-2] in ".!?。…" else last


def words_at_start(texts: Sequence[str]) -> list[list[str]]:
    """The words at the start of each text, without regard to case; © is one, for what it says."""
    return [_WORD.findall(text[:SAID].casefold()) for text in texts]


def split(text: str) -> list[str]:
    """The words of `text`, without regard to case."""
    return _BARE_WORD.findall(text.casefold())


def look(numbers: Numbers, name: str) -> Numbers:
    """What `looks` found that is called `name`."""
    found: Numbers = numbers[TEXT_FEATURES.index(name)]
    return found

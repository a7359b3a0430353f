"""A content as the words that are compared: normal forms, with what stands in brackets and where sentences begin."""

from __future__ import annotations

import re
from functools import cached_property
from itertools import accumulate

from msgspec import Struct

from onrecord.archive.clusters.lexicon import Word, lexicon, number_word

MOST_CHARACTERS = 16_000
"""What is looked at of a content; the longest of 19,859 in PolNeAR-train has 6,833."""
MOST_WORDS = 600
"""What is aligned: of the contents of PolNeAR-train one in a thousand has more than 147 words."""
_HAN = "\u3040-\u30ff\u3400-\u9fff"
"""Letters of scripts without spaces, where a letter counts as a word."""
_LETTERS = rf"[^\W_{_HAN}]"
_WITHIN = r"[\u0300-\u036f\u00ad\u200b-\u200d]"
"""Accents that stand for themselves, and signs that cannot be seen."""
WORD = (
    r"\d+(?:[.,]\d+)*"
    r"|(?:[^\W\d_]\.){2,}"
    rf"|(?:\[[^\W\d_]{{1,2}}\])?{_LETTERS}+(?:{_WITHIN}+{_LETTERS}*)*(?:['’ʼ][^\W\d_]+)*"
    rf"|[{_HAN}]"
    r"|%"
)
"""A word or number as it stands; a letter in brackets belongs to the word it begins."""
_TOKEN = re.compile(rf"{WORD}|…|\.\.\.|[\[\].?!]")
_MARKS = frozenset(["[", "]", ".", "?", "!", "…", "..."])
_TENS = frozenset(str(tens) for tens in range(20, 100, 10))
_UNITS = frozenset("123456789")
_ABBREVIATION = 3
"""A point behind a capitalised word of no more letters does not end a sentence (Mr., Sen., Nov.)."""


class Wording(Struct, frozen=True, dict=True):
    """The words of a content, normalised."""

    words: tuple[Word, ...]
    starts: int
    """Bit i is set where word i begins a sentence; the bit behind the last word, where a mark ends its sentence."""
    bracketed: int
    """Bit i is set where word i stands in square brackets: the reporter's, for what the speaker said."""
    elided: int = 0
    """Bit i is set where the reporter left something out before word i."""
    capital_nouns: bool = False

    @cached_property
    def ids(self) -> tuple[int, ...]:
        """What each word is compared by."""
        return tuple([word.id for word in self.words])

    @cached_property
    def telling(self) -> dict[int, float]:
        """The different words that weigh something, with their weights."""
        return {word.id: word.weight for word in self.words if word.weight}

    @cached_property
    def weight(self) -> float:
        """How much the words tell: 1 for each word, a half for a common one, none for function words."""
        return self._sums[-1]

    @cached_property
    def function_words(self) -> int:
        """How many of the words tell nothing."""
        return sum([not word.weight for word in self.words])

    @cached_property
    def _sums(self) -> list[float]:
        return list(accumulate([word.weight for word in self.words], initial=0.0))

    def weighed(self, start: int, end: int) -> float:
        """The weight of `words[start:end]`."""
        return self._sums[end] - self._sums[start]

    def sentence_start(self, index: int) -> int:
        """Where the sentence of word `index` begins."""
        return max((self.starts & ((2 << index) - 1)).bit_length() - 1, 0)

    def sentence_end(self, index: int) -> int:
        """Where the sentence of word `index` ends."""
        later = self.starts >> index + 1
        return min(index + (later & -later).bit_length(), len(self.words)) if later else len(self.words)


def worded(content_text: str, lang: str) -> Wording:
    """The wording of a content in the language `lang` (ISO 639-1; any other string is a language without a table).

    Only the first `MOST_CHARACTERS` and `MOST_WORDS` are looked at.
    """
    known = lexicon(lang)
    known_words = known.words
    words: list[Word] = []
    starts, bracketed, elided, inside, begins, last = 0, 0, 0, False, True, ""
    for token in _TOKEN.findall(content_text[:MOST_CHARACTERS]):
        if token not in _MARKS:
            here = known_words[token]
            if begins and here:
                starts |= 1 << len(words)
                begins = False
            if inside:
                bracketed |= ((1 << len(here)) - 1) << len(words)
            words += here
            if here and here[0].spelt:
                _join_number(words)
        elif token in "[]":
            inside = token == "["
        elif len(token) == 3 or token == "…":
            elided |= 1 << len(words)
        elif token != "." or len(last) > _ABBREVIATION or not last[:1].isupper():
            begins = True
        last = token
        if len(words) >= MOST_WORDS:
            break
    if begins:
        starts |= 1 << len(words)
    return Wording(tuple(words), starts, bracketed, elided, known.capital_nouns)


def _join_number(words: list[Word]) -> None:
    """Make one word of tens and units that were written as two: twenty-five."""
    if len(words) > 1 and words[-2].spelt and words[-2].number in _TENS and words[-1].number in _UNITS:
        words[-2:] = [number_word(int(words[-2].number) + int(words[-1].number))]

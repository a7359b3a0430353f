"""The words of a text with where they stand: sentence, paragraph, quotation."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable

from msgspec import Struct

from onrecord.speakers.knowledge import Lexicon

# A word with its inner full stops ("U.S."), apostrophes and hyphens; a possessive ending; any other mark; a line break.
_TOKEN = re.compile(
    r"(?:[^\W\d_]-)?(?:[^\W\d_]\.){2,}|[^\W_]+(?:(?:['’](?!(?:s|d|ll|re|ve|m)\b)|[-‐‑&])[^\W_]+)*|['’](?:s|d|ll|re|ve|m)\b|''|``|[^\w\s]|\n\s*\n|\n",
)
_OPENING, _CLOSING, _EITHER = frozenset("“„«"), frozenset("”»"), frozenset({'"', "''", "``"})
_ENDS = frozenset(".!?…")


class Tokens(Struct, frozen=True):
    """Parallel lists, one entry a token."""

    text: str
    words: list[str]
    lower: list[str]
    starts: list[int]
    ends: list[int]
    sentences: list[int]
    paragraphs: list[int]
    quoted: list[bool]

    def within(self, start: int, end: int) -> tuple[int, int]:
        """The half-open range of the tokens that lie in `text[start:end]` at least in part."""
        return bisect_right(self.ends, start), bisect_left(self.starts, end)

    def phrase(self, first: int, last: int) -> str:
        """The text from token `first` up to, not with, token `last`, on one line."""
        return " ".join(self.text[self.starts[first] : self.ends[last - 1]].split()) if first < last else ""

    def capital(self, at: int) -> bool:
        """Whether the token is a word that begins with a capital letter."""
        return 0 <= at < len(self.words) and self.words[at][0].isupper()

    def same_sentence(self, one: int, other: int) -> bool:
        """Whether both tokens exist and stand in one sentence."""
        return (
            0 <= one < len(self.words)
            and 0 <= other < len(self.words)
            and (self.sentences[one] == self.sentences[other])
        )


class _Reader:
    """Where the reading stands: which sentence, which paragraph, inside a quotation or not."""

    def __init__(self) -> None:
        self.sentence = self.paragraph = 0
        self.quoted = self.ended = False

    def line_break(self) -> None:
        """Every line is a paragraph of its own: texts without blank lines are common."""
        self.paragraph += 1
        self.sentence += 1
        self.quoted = self.ended = False

    def mark(self, word: str) -> None:
        """Note what a punctuation mark does to the reading."""
        if word in _OPENING:
            self.quoted = True
        elif word in _CLOSING:
            self.quoted = False
        elif word in _EITHER:
            self.quoted = not self.quoted


def tokenise(text: str, regions: Iterable[tuple[int, int]], lexicon: Lexicon) -> Tokens:
    """The tokens of the regions of a text, in reading order."""
    tokens = Tokens(text, [], [], [], [], [], [], [])
    reader = _Reader()
    for start, end in regions:
        reader.line_break()
        _read(tokens, reader, start, end, lexicon)
    return tokens


def _read(tokens: Tokens, reader: _Reader, start: int, end: int, lexicon: Lexicon) -> None:
    for match in _TOKEN.finditer(tokens.text, start, end):
        word = match.group()
        if word[0] == "\n":
            reader.line_break()
            continue
        is_word = word[0].isalnum()
        if word == "." and _abbreviated(tokens, match.start(), lexicon):
            tokens.words[-1] += word
            tokens.lower[-1] += word
            tokens.ends[-1] = match.end()
            continue
        if reader.ended and (is_word or word in _OPENING or (word in _EITHER and not reader.quoted)):
            reader.ended = False
            if not word[0].islower():
                reader.sentence += 1
        if not is_word:
            reader.mark(word)
            reader.ended = reader.ended or word in _ENDS
        tokens.words.append(word)
        tokens.lower.append(word.lower())
        tokens.starts.append(match.start())
        tokens.ends.append(match.end())
        tokens.sentences.append(reader.sentence)
        tokens.paragraphs.append(reader.paragraph)
        tokens.quoted.append(reader.quoted)


def _abbreviated(tokens: Tokens, at: int, lexicon: Lexicon) -> bool:
    """Whether the full stop at `at` belongs to the word before it: a title or an initial."""
    if not tokens.words or tokens.ends[-1] != at:
        return False
    word = tokens.words[-1]
    if len(word) == 1:
        return word.isupper() and word != "I"
    return word[0].isupper() and (
        tokens.lower[-1] in lexicon.abbreviations
        or tokens.lower[-1] in lexicon.honorifics
        or tokens.lower[-1] in lexicon.words.suffixes
    )

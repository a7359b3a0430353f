"""A text as the frames read it: in lower case with its quotation marks blanked, and cut into words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property

from onrecord.schema import Span

LONGEST = 2_000
"""So many characters of a statement are read; the longest of 2,189 in PolNeAR-dev has 964."""

_BLANK = '“”„«»"‘()[]\n\r\t\xa0\u2028\u2029'
_PLAIN = str.maketrans({**dict.fromkeys(_BLANK, " "), "’": "'", "–": "—", "‐": "-", "‑": "-"})
_START, _NEGATION = r"(?:[^\W\d_]\.){2,}|\d+(?:[.,]\d+)*|", r"[^\W\d_]+(?=n't\b)|n't\b|"
_WORD = re.compile(rf"{_START}'[^\W\d_]+\b|[^\W_]+(?:[-&/][^\W_]+)*|[^\w\s]")
_WORD_OR_NEGATION = re.compile(_WORD.pattern.replace(_START, _START + _NEGATION))
"""Takes half as long again, since it goes back over each word."""


class Words:
    """The words of a stretch of text, marks among them, each with its place in the text."""

    def __init__(self, text: str, spans: Sequence[Span] = (), breaks: Sequence[int] = ()) -> None:
        """The words within `spans`, or of the whole text; what stands between spans is not read.

        Where a quotation mark stands at one of `breaks`, a colon is read, which no frame goes across.
        """
        self.text = text
        self.start = min((span.start for span in spans), default=0)
        end = min(max((span.end for span in spans), default=len(text)), self.start + LONGEST)
        piece = _only(text, self.start, end, spans) if len(spans) > 1 else text[self.start : end]
        lower = piece.lower()
        if len(lower) != len(piece):  # "İ" becomes two
            lower = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in piece)
        self.plain = _broken(lower.translate(_PLAIN), [at - self.start for at in breaks])
        words = _WORD_OR_NEGATION if "n't" in self.plain else _WORD
        found = [match.span() for match in words.finditer(self.plain)]
        self.starts = [first for first, _ in found]
        self.ends = [last for _, last in found]
        self.lower = [self.plain[first:last] for first, last in found]

    def __len__(self) -> int:
        return len(self.lower)

    @cached_property
    def written(self) -> list[str]:
        """The words as they stand in the text."""
        at = self.start
        return [self.text[at + first : at + last] for first, last in zip(self.starts, self.ends, strict=True)]

    def span(self, first: int, last: int) -> Span:
        """The place in the text of the words from `first` up to, not with, `last`."""
        return Span(self.start + self.starts[first], self.start + self.ends[last - 1])


def _broken(plain: str, breaks: Sequence[int]) -> str:
    for at in breaks:
        if 0 <= at < len(plain) and plain[at] == " ":
            plain = plain[:at] + ":" + plain[at + 1 :]
    return plain


def _only(text: str, start: int, end: int, spans: Sequence[Span]) -> str:
    """The text from `start` to `end` with all blanked that no span covers."""
    letters = [" "] * (end - start)
    for span in spans:
        first, last = max(span.start, start), min(span.end, end)
        if first < last:
            letters[first - start : last - start] = text[first:last]
    return "".join(letters)

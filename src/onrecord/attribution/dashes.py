"""Speech set off by dashes, as Russian and other languages print it, beside what stands between quotation marks.

    — Мы готовы, — сказал он. — Но не сейчас.
    «Мы готовы, — сказал он, — но не сейчас».

In both, what stands between the dashes is the reporter's, and the rest is speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from onrecord.attribution.common import Common
from onrecord.attribution.quotation import Quotation, quotations

_OPENS = re.compile(r"\s*([—–―-])\s+")
_TURNS = re.compile(r"([,.!?…:;]|\.\.\.)[\"»”]?\s*([—–―-])\s+")
_WORD = re.compile(r"\w+(?:-\w+)*|[.!?;:]")
_WORDS_TO_VERB = 7


def spoken(text: str, paragraphs: Sequence[tuple[int, int]], lexicon: Common) -> list[Quotation]:
    """The stretches of direct speech in reading order: quotations and, where the language knows it, dialogue."""
    quoted = quotations(text, paragraphs)
    if not lexicon.dialogue_dashes:
        return quoted
    found: list[Quotation] = []
    for start, end in paragraphs:
        first = bisect_left(quoted, start, key=lambda one: one.start)
        last = bisect_left(quoted, end, first, key=lambda one: one.start)
        dialogue = list(_dialogue(text, start, end, lexicon))
        if dialogue:
            found.extend(dialogue)
        else:
            found.extend(piece for one in quoted[first:last] for piece in _cut(text, one, lexicon))
    return found


def _dialogue(text: str, start: int, end: int, lexicon: Common) -> Iterator[Quotation]:
    """The speech of a paragraph that opens with a dash; nothing if no reporting clause shows that it is speech."""
    opening = _OPENS.match(text, start, end)
    if opening is None or opening.group(1) not in lexicon.dialogue_dashes:
        return
    pieces = _pieces(text, opening.end(), end, lexicon)
    if len(pieces) > 1 or pieces[0][1] < end:
        for first, last in pieces:
            yield Quotation(first, last, first, last)


def _cut(text: str, quotation: Quotation, lexicon: Common) -> Iterator[Quotation]:
    """A quotation without the reporting clauses inside it, which dashes set off."""
    pieces = _pieces(text, quotation.inner_start, quotation.inner_end, lexicon)
    if len(pieces) == 1 and pieces[0][1] == quotation.inner_end:
        yield quotation
        return
    for first, last in pieces:
        outer_first = quotation.start if first == quotation.inner_start else first
        outer_last = quotation.end if last == quotation.inner_end else last
        yield Quotation(outer_first, outer_last, first, last, quotation.closed, quotation.reopens)


def _pieces(text: str, start: int, end: int, lexicon: Common) -> list[tuple[int, int]]:
    """The stretches of a speech between the reporting clauses that interrupt it."""
    turns = [match for match in _TURNS.finditer(text, start, end) if match.group(2) in lexicon.dialogue_dashes]
    found = []
    begin: int | None = start
    for number, turn in enumerate(turns):
        stop = turns[number + 1].start() if number + 1 < len(turns) else end
        if begin is None:
            begin = turn.end()
        elif _reports(text, turn.end(), stop, lexicon):
            found.append((begin, turn.end(1) if turn.group(1) in "!?…..." else turn.start()))
            begin = None
    if begin is not None and begin < end:
        found.append((begin, end))
    return found or [(start, end)]


def _reports(text: str, start: int, end: int, lexicon: Common) -> bool:
    """Whether a reporting clause begins at `start`: a small letter, and a reporting verb among the first words."""
    if not text[start : start + 1].islower():
        return False
    for number, match in enumerate(_WORD.finditer(text, start, end)):
        word = match.group()
        if number >= _WORDS_TO_VERB or not word[0].isalnum():
            return False
        if lexicon.reports(word.lower()):
            return True
    return False

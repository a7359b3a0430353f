"""A text cut into paragraphs, and a paragraph into sentences of words, marks and whole quotations.

A quotation is one item of its sentence, whatever stands inside it: `"No. Never," she said.` is one sentence of four
items, so that the reporting clause is seen beside what it reports.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from onrecord.attribution.common import Common
from onrecord.attribution.quotation import Quotation

_JOINED = r"[’'\-&/]\w+|\.(?![A-ZÄÖÜА-Я][a-zäöüßа-я]{2})\w+"
"""What may go on a word. A full stop before a capital ends a sentence whose space was lost: *said.Then*."""
_WORD = re.compile(
    rf"(?:[^\W\d_]\.){{2,}}|\d+(?::\d+)+|\w+(?:{_JOINED})*(?:-(?=\s(?:und|oder|bzw)\b))?|\.\.\.|--|[^\w\s]"
)
_TERMINAL = frozenset({".", "!", "?", "…", "..."})
_MAY_END = frozenset(".!?…")
"""The last characters of words and marks that can end a sentence: few words are asked whether they do."""
_PARAGRAPH_BREAK = re.compile(r"\n\s*\n|\n")
_BLANK_LINE = re.compile(r"\n[ \t]*\n\s*")
_MIDDLE_OF_LINE = re.compile(r"[^\s.!?:;”\"’»)\]]\n(?=[a-zà-ÿа-я])")


_REGNAL = re.compile(r"[IVX]{2,5}")
_LONGEST_ORDINAL = 2
_BEFORE_ORDINAL = 20
"""Characters before a number in which the word before it is looked for."""
LONGEST_SENTENCE = 400
"""Items of a sentence at most; a longer one is cut, so that the cost of reading stays linear. None in PolNeAR is."""


class Word(Struct, frozen=True, gc=False):
    """An item of a sentence: a word, a punctuation mark, or a whole quotation."""

    kind: Literal["word", "mark", "quote"]
    text: str
    lower: str
    start: int
    end: int


def paragraphs(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """The paragraphs of `text[start:end]` as (start, end) offsets, stripped.

    A line is a paragraph, unless the text is hard-wrapped (lines end in mid-sentence): then blank lines divide.
    """
    end = len(text) if end is None else end
    wrapped = len(_MIDDLE_OF_LINE.findall(text, start, end))
    lines = text.count("\n", start, end)
    divider = _BLANK_LINE if wrapped >= 2 and wrapped * 4 > lines else _PARAGRAPH_BREAK
    found = []
    at = start
    for gap in divider.finditer(text, start, end):
        found.append((at, gap.start()))
        at = gap.end()
    found.append((at, end))
    return [bounds for bounds in (_stripped(text, *bounds) for bounds in found) if bounds[0] < bounds[1]]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def sentences(
    text: str,
    start: int,
    end: int,
    quoted: Sequence[Quotation],
    lexicon: Common,
) -> list[list[Word]]:
    """The sentences of one paragraph.

    `quoted` are the quotations of the text. The lexicon's reporting verbs decide that `"Why?" Anna asked.` is one.
    """
    words = _words(text, start, end, quoted, lexicon)
    may_end = (at for at, word in enumerate(words[:-1]) if word.text[-1] in _MAY_END or word.kind == "quote")
    cuts = [at + 1 for at in may_end if _ends_sentence(words, at, lexicon)]
    found = [words[a:b] for a, b in zip([0, *cuts], [*cuts, len(words)], strict=True) if a < b]
    return [whole[at : at + LONGEST_SENTENCE] for whole in found for at in range(0, len(whole), LONGEST_SENTENCE)]


def _words(text: str, start: int, end: int, quoted: Sequence[Quotation], lexicon: Common) -> list[Word]:
    first = bisect_left(quoted, start, key=lambda quotation: quotation.start)
    last = bisect_left(quoted, end, first, key=lambda quotation: quotation.start)
    at = start
    words: list[Word] = []
    for quotation in quoted[first:last]:
        words += _plain_words(text, at, quotation.start, lexicon)
        words.append(Word("quote", text[quotation.start : quotation.end], "", quotation.start, quotation.end))
        at = quotation.end
    words += _plain_words(text, at, end, lexicon)
    return words


def _plain_words(text: str, start: int, end: int, lexicon: Common) -> list[Word]:
    # The innermost loop of the rules: each word of a page comes by once, and each of an indirect statement once more.
    words: list[Word] = []
    taken = start
    apostrophes = text.find("'", start, end) >= 0 or text.find("’", start, end) >= 0
    for match in _WORD.finditer(text, start, end):
        first, stop = match.span()
        if first < taken:
            continue
        found = match[0]
        if stop < end and text[stop] == "." and _keeps_stop(text, found, stop, lexicon):
            stop += 1
            taken = stop
            found = text[first:stop]
        head = _contracted(found, lexicon) if apostrophes else 0
        if head:
            words.append(Word("word", found[:head], found[:head].lower(), first, first + head))
            words.append(Word("word", found[head:], found[head:].lower(), first + head, stop))
            continue
        kind: Literal["word", "mark"] = "word" if found[0].isalnum() or found[0] == "_" else "mark"
        words.append(Word(kind, found, found.lower(), first, stop))
    return words


def _contracted(word: str, lexicon: Common) -> int:
    """The length of the pronoun of "he's" or "they’ve"; 0 for any other word."""
    at = max(word.find("'"), word.find("’"))
    return at if at > 0 and word[:at].lower() in lexicon.contracting else 0


def _keeps_stop(text: str, word: str, stop: int, lexicon: Common) -> bool:
    """Whether the full stop at `stop` belongs to the word before it: an abbreviation, an initial, an ordinal."""
    if not text[stop + 1 : stop + 3].strip():
        return False
    if word.isdigit() and len(word) <= _LONGEST_ORDINAL and lexicon.ordinal_nouns:
        after = _WORD.match(text, stop + 2)
        if after is None or after.group()[0].isdigit():
            return False
        before = text[max(0, stop - _BEFORE_ORDINAL) : stop].split()[-2:-1]
        opened = bool(before) and before[0].lower() in lexicon.ordinal_openers
        return opened or after.group().lower() in lexicon.ordinal_nouns
    lower = word.lower()
    if lexicon.ordinal_nouns and _REGNAL.fullmatch(word):
        return True
    return lower in lexicon.abbreviations or (len(word) == 1 and word.isupper() and lower not in lexicon.whole_letters)


def _ends_sentence(words: Sequence[Word], at: int, lexicon: Common) -> bool:
    word, after = words[at], words[at + 1]
    if word.kind == "quote":
        last = word.text.rstrip("\"'”’»«“`)").rstrip()[-1:]
        if last not in _TERMINAL or after.kind == "mark" or after.text[:1].islower():
            return False
        return last == "." or lexicon.verb_first or not _reporting_clause_follows(words, at + 1, lexicon)
    if word.text not in _TERMINAL and not (word.kind == "word" and word.text.endswith(".")):
        return False
    if word.kind == "word":
        return word.lower in lexicon.closing_abbreviations and after.lower in lexicon.sentence_starts
    return after.kind == "quote" or not (after.text[:1].islower() or after.text[:1] in ",;:)")


_CLAUSE_WORDS = 7


def _reporting_clause_follows(words: Sequence[Word], at: int, lexicon: Common) -> bool:
    for number, word in enumerate(words[at : at + _CLAUSE_WORDS], start=at):
        if word.kind != "word":
            return False
        if lexicon.reports(word.lower):
            # "Why?" Anna Roe asked. But: "Why?" Anna Roe replied: "Because."
            return number + 1 >= len(words) or words[number + 1].text != ":"
    return False

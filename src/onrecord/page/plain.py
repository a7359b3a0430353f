"""Plain text → paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from onrecord.page.labels import Paragraph

_LINE = re.compile(r"[^\n]+")
_NARROWEST, _WIDEST = 50, 100
"""Columns at which people and programs wrap text: 72 to 80, with some room."""
_FULL_SHARE = 0.6
"""Lines that are full, of those with a line after them, in a wrapped text; in one paragraph a line it is near none."""

_STRAY = re.compile(r"[ \t]*(?:[,;](?=\s)|[.)][,.]?(?=\s|$|\Z))")
"""What no line begins with unless it has been cut off the one before."""
_FEWEST_CUT, _CUT_SHARE = 2, 0.02
"""Lines that begin so, and of the long lines, in a text cut at its links; of others one in two hundred has two."""
_LONG = 30
_LONGEST_LINK = 60
_ENDS = ".!?…:。！？|›"
_CLOSING = "\"”’»'"
_LOW = ",.;:!?)]%’”»"


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of `text`: set apart by blank lines or by line ends, lines wrapped at a column joined.

    So are the pieces of a sentence that a scraper has cut at every link (`Ada Quill` / `, the minister, said`).
    """
    lines = [(found.start(), found.end()) for found in _LINE.finditer(text) if found[0].strip()]
    width = _wrapped_at(text, lines)
    joined = list(_joined(text, lines, width))
    if not width and _is_cut(text, joined):
        joined = list(_mended(text, joined))
    return tuple(_paragraph(text, start, end) for start, end in joined)


def _paragraph(text: str, start: int, end: int) -> Paragraph:
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    words = words.strip()
    return Paragraph(start, start + len(words), words)


def _joined(text: str, lines: list[tuple[int, int]], width: int) -> Iterator[tuple[int, int]]:
    if not lines:
        return
    start, last = lines[0][0], lines[0]
    for line in lines[1:]:
        if not (width and _adjacent(text, last, line) and _is_full(text, last, line, width)):
            yield start, last[1]
            start = line[0]
        last = line
    yield start, last[1]


def _wrapped_at(text: str, lines: list[tuple[int, int]]) -> int:
    """The column at which `text` is wrapped; 0 if it is not."""
    followed = [pair for pair in pairwise(lines) if _adjacent(text, *pair)]
    lengths = sorted(end - start for start, end in lines)
    if len(followed) < 2:
        return 0
    width = lengths[-1]
    if not _NARROWEST <= width <= _WIDEST:
        return 0
    full = sum(_is_full(text, line, after, width) for line, after in followed)
    return width if full >= _FULL_SHARE * len(followed) else 0


def _adjacent(text: str, line: tuple[int, int], after: tuple[int, int]) -> bool:
    return after[0] - line[1] == 1


def _is_full(text: str, line: tuple[int, int], after: tuple[int, int], width: int) -> bool:
    """Whether the first word of the line after would not have fitted on this one."""
    word = text[after[0] : min(after[1], after[0] + width)].split(None, 1)
    return line[1] - line[0] + 1 + len(word[0]) > width if word else False


def _is_cut(text: str, lines: list[tuple[int, int]]) -> bool:
    """Whether lines of `text` begin with a comma or a full stop, as they do where every link has a line of its own."""
    long = sum(end - start >= _LONG for start, end in lines)
    cut = sum(bool(_STRAY.match(text, *line)) for line in lines)
    return cut >= _FEWEST_CUT and cut >= _CUT_SHARE * long


def _mended(text: str, lines: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The lines, those joined that are pieces of one sentence."""
    start, last = lines[0]
    for place, line in enumerate(lines[1:], 1):
        after = lines[place + 1] if place + 1 < len(lines) else None
        if not (_adjacent(text, (start, last), line) and _goes_on(text, (start, last), line, after)):
            yield start, last
            start = line[0]
        last = line[1]
    yield start, last


def _goes_on(text: str, before: tuple[int, int], line: tuple[int, int], after: tuple[int, int] | None) -> bool:
    """Whether `line` is more of the sentence begun in `before`: by its first letter, or as a link within it."""
    if _STRAY.match(text, *line):
        return True
    if before[1] - before[0] < _LONG or not _is_open(text, before):
        return False
    if _is_low(text, line):
        return True
    link = line[1] - line[0] <= _LONGEST_LINK and _is_open(text, line)
    return link and after is not None and _adjacent(text, line, after) and _is_low(text, after)


def _is_open(text: str, line: tuple[int, int]) -> bool:
    end = text[line[0] : line[1]].rstrip()[-2:]
    return end[-1] not in _ENDS and not (end[-1] in _CLOSING and end[0] in _ENDS)


def _is_low(text: str, line: tuple[int, int]) -> bool:
    first = text[line[0] : line[1]].lstrip()[0]
    return first.islower() or first in _LOW

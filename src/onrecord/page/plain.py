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


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The paragraphs of `text`: set apart by blank lines or by line ends, lines wrapped at a column joined."""
    lines = [(found.start(), found.end()) for found in _LINE.finditer(text) if found[0].strip()]
    width = _wrapped_at(text, lines)
    return tuple(_paragraph(text, start, end) for start, end in _joined(text, lines, width))


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

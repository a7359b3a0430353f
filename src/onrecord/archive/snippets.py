"""The part of a content that shows what was sought, with the places of the words found."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from onrecord.archive.query import Phrase, Prefix, Sought, Term, terms
from onrecord.archive.words import Word, stem, stems, words
from onrecord.schema import Span, Statement

WIDTH = 240
"""Characters of a content that are shown."""


class Snippet(Struct, frozen=True):
    """A part of a content and what was found in it."""

    text: str
    marks: tuple[Span, ...]
    """Where the words sought stand, counted in `text`."""
    found: tuple[Span, ...]
    """The same places, counted in the article's text."""


def snippet(statement: Statement, sought: Sought | None, languages: Collection[str], width: int = WIDTH) -> Snippet:
    """The part of what a statement says that holds the first words found; its beginning if none is sought."""
    content = statement.content_text
    asked = list(terms(sought))
    found = list(_found(list(words(content)), asked, statement.lang, languages)) if asked else []
    start, end = _window(content, found, width)
    before, behind = ("… " if start else ""), (" …" if end < len(content) else "")
    shown = [Span(place.start, place.end) for place in found if start <= place.start and place.end <= end]
    marks = tuple(Span(one.start - start + len(before), one.end - start + len(before)) for one in shown)
    return Snippet(f"{before}{content[start:end]}{behind}", marks, tuple(_in_article(statement, shown)))


def _found(
    said: Sequence[Word], asked: Sequence[Term | Prefix | Phrase], lang: str, languages: Collection[str]
) -> Iterator[Span]:
    """Where what is asked for stands among the words said, in reading order, each place once."""
    alone = {one.word for one in asked if isinstance(one, Term)}
    roots = alone.union(*(stems(word, languages) for word in alone)) if alone else set()
    prefixes = tuple(one.word for one in asked if isinstance(one, Prefix))
    phrases = [one.words for one in asked if isinstance(one, Phrase)]
    last = -1
    for n, word in enumerate(said):
        if word.bare in roots or stem(word.bare, lang) in roots or (prefixes and word.bare.startswith(prefixes)):
            ends = [n]
        else:
            ends = [n + len(one) - 1 for one in phrases if tuple(w.bare for w in said[n : n + len(one)]) == one]
        if ends and n > last:
            last = max(ends)
            yield Span(word.start, said[last].end)


def _window(content: str, found: Sequence[Span], width: int) -> tuple[int, int]:
    """The ends of what is shown: whole words around the first place found."""
    if len(content) <= width:
        return 0, len(content)
    start = max(0, found[0].start - width // 4) if found else 0
    start = min(start, max(0, len(content) - width))
    while 0 < start < len(content) and not content[start - 1].isspace():
        start += 1
    end = min(len(content), start + width)
    while end < len(content) and end > start + width // 2 and not content[end].isspace():
        end -= 1
    return start, end


def _in_article(statement: Statement, places: Sequence[Span]) -> Iterator[Span]:
    """Places in the joined content, as places in the article's text."""
    at = 0
    for span in statement.content.spans:
        length = span.end - span.start
        for place in places:
            if at <= place.start and place.end <= at + length:
                yield Span(span.start + place.start - at, span.start + place.end - at)
        at += length + len(_GAP)


_GAP = " … "

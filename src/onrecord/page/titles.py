"""Which of the titles that a page gives itself is the headline: the one that the others bear out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_SEPARATOR = re.compile(r"\s*[|•·｜：]\s*|\s+(?:[-–—*/~»›]|::?|--)\s+|--")
_LOOSE_SEPARATOR = re.compile(r"\s*[-–—|•·｜ㅣ：*~»›]+\s*(?=\w)")
_LETTERS = re.compile(r"[^\W_]+")
_OTHERS = bytes(code for code in range(128) if not chr(code).isalnum())
_TAIL = 60
"""Letters of the longest name of a site with its section, behind a title."""
_SHORTEST = 8
"""Letters below which a title is a site's name or a section's rather than a headline."""
_KICKER_END = re.compile(r"[:：]\s*$|\s[-–—]\s*$")


class Title(NamedTuple):
    """One title that a page gives itself."""

    origin: str
    """`h1`, `og`, `twitter`, `data` (JSON-LD or microdata), `title`."""
    text: str


_WEIGHTS = {"og": 2, "data": 3, "h1": 2, "twitter": 1, "title": 1}
"""What each origin counts, the order that of preference. Chosen by ten-fold cross-validation by publisher on the 130
pages with a gold title (bench/metadata.py): 112 exact; og:title alone 108, h1 90, JSON-LD 94."""
_FIRST = tuple(_WEIGHTS)


def letters(text: str) -> str:
    """The letters and digits of `text` alone, by which two spellings of a title are the same."""
    if text.isascii():
        return text.encode("ascii").translate(None, delete=_OTHERS).decode("ascii").lower()
    return "".join(_LETTERS.findall(text)).casefold()


def headline(titles: Iterable[Title], sites: Iterable[str]) -> str:
    """The headline among `titles`, without the names of `sites` behind it; nothing if there is no title.

    A title is borne out by every other origin that has the same, or the same with a tail behind a separator; its
    spelling, and whether a kicker stands before it, follow the origins in their order.
    """
    names = {letters(site) for site in sites if site}
    cut = [Title(title.origin, _without_site(title.text, names)) for title in titles if letters(title.text)]
    bare = [Title(title.origin, _shared_start(title.text, cut)) for title in cut]
    if not bare:
        return ""
    votes: dict[str, set[str]] = {}
    for title in bare:
        votes.setdefault(letters(title.text), set()).add(title.origin)
    best = letters(min(bare, key=lambda title: _rank(title, votes)).text)
    in_order = sorted(bare, key=lambda title: _FIRST.index(title.origin))
    spelt = next(title.text for title in in_order if letters(title.text) == best)
    return next(title.text for title in in_order if _differ_by_kicker(title.text, spelt))


def _rank(title: Title, votes: dict[str, set[str]]) -> tuple[bool, int, int]:
    same = letters(title.text)
    weight = sum(_WEIGHTS[origin] for origin in votes[same])
    return len(same) < _SHORTEST and len(votes[same]) < 2, -weight, _FIRST.index(title.origin)


def _without_site(text: str, names: set[str]) -> str:
    """`text` up to the first separator after which nothing but names of the site stand, or names with a section."""
    ends = [found for found in _SEPARATOR.finditer(text) if found.start()]
    for found in ends:
        if letters(text[found.end() :]) in names:
            return text[: found.start()].rstrip()
    return text


def _shared_start(text: str, others: Sequence[Title]) -> str:
    """`text` without a tail behind a separator, if what is left is the whole of another title."""
    whole = {letters(title.text) for title in others}
    for found in _LOOSE_SEPARATOR.finditer(text, max(1, len(text) - _TAIL)):
        start = text[: found.start()]
        if len(letters(start)) >= _SHORTEST and letters(start) in whole:
            return start
    return text


def _differ_by_kicker(one: str, other: str) -> bool:
    """Whether the two are the same, or the same but for words with a colon before one of them."""
    short, long = sorted((one, other), key=len)
    if not long.endswith(short) or len(letters(short)) < _SHORTEST:
        return one == other
    return one == other or bool(_KICKER_END.search(long[: -len(short)]))

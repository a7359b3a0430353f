"""Pull quotes: a quotation without a source whose words stand in a statement that has one."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from onrecord.schema import Statement

_WORD = re.compile(r"\w+")
_FEWEST = 5
"""Fewer words in a row two people may well say by themselves."""
_LOOKED_AT = 8


def repeats(statements: Sequence[Statement]) -> dict[int, int]:
    """For each quotation without source that another statement repeats word for word, the place of that statement."""
    pulled = [at for at, one in enumerate(statements) if _stands_alone(one)]
    if not pulled:
        return {}
    words = [_WORD.findall(statement.content.text.lower()) for statement in statements]
    pulled = [at for at in pulled if len(words[at]) >= _FEWEST]
    found: dict[int, int] = {}
    openings = _openings(words, {tuple(words[at][:_FEWEST]) for at in pulled}, statements)
    for at in pulled:
        said = words[at]
        for other, first in openings[tuple(said[:_FEWEST])]:
            if words[other][first : first + len(said)] == said:
                found[at] = other
                break
    return found


def _stands_alone(statement: Statement) -> bool:
    return statement.kind == "direct" and not statement.source and not statement.cue


def _openings(
    words: Sequence[Sequence[str]], wanted: set[tuple[str, ...]], statements: Sequence[Statement]
) -> dict[tuple[str, ...], list[tuple[int, int]]]:
    """Where statements with a source hold the first words of those without: the first few places of each."""
    places: dict[tuple[str, ...], list[tuple[int, int]]] = defaultdict(list)
    for at, statement in enumerate(statements):
        if not statement.source or not wanted:
            continue
        for first in range(len(words[at]) - _FEWEST + 1):
            key = tuple(words[at][first : first + _FEWEST])
            if key in wanted and len(places[key]) < _LOOKED_AT:
                places[key].append((at, first))
    return places

"""The kinds of plain text as rules gave them → kinds that fit the lines around too.

Without markup only the company of a line tells whether it is body: boosted trees over the numbers of `lines`, among
them what the rules say, weigh it.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.page import signs
from onrecord.page.lines import describe_lines
from onrecord.page.looks import Numbers
from onrecord.page.trees import load
from onrecord.schema import BlockKind

_NO_BODY, _STILL_BODY = 0.4, 0.8
"""Chances below and above which the lines around overrule the rules: the best of a grid in cross-validation
(training/lines.py) by lines, flat from 0.35 to 0.45 and from 0.6 to 0.8."""
_LIKELY = 0.5
_FEWEST_TITLE_WORDS = 4
_NO_STORY = frozenset(("teaser", "comment", "navigation", "notice"))


def weighed(texts: Sequence[str], kinds: Sequence[BlockKind], chances: Numbers | None = None) -> list[BlockKind]:
    """`kinds` of plain text as rules gave them, changed where the lines around say otherwise.

    `chances` of each to be body come from the shipped trees unless they are given.
    """
    if chances is None:
        (chances,) = load("line").chances(describe_lines(texts, kinds))
    found: list[BlockKind] = []
    before: BlockKind | None = None
    told, credible = False, False
    for place, (text, kind, chance) in enumerate(zip(texts, kinds, chances.tolist(), strict=True)):
        if kind != before:
            # A heading above the story (`Comments` in a row of buttons) opens no list that the story is part of.
            before, credible = kind, told
        again = not credible or (kind != "comment" and _goes_on(texts, chances, place))
        weighed_kind = _weighed(text, kind, chance, again)
        told = told or (weighed_kind == "body" and chance > _LIKELY)
        found.append(weighed_kind)
    return found


def _goes_on(texts: Sequence[str], chances: Numbers, place: int) -> bool:
    """Whether a line beside this one is prose of the story too."""
    return any(
        0 <= other < len(texts) and chances[other] > _STILL_BODY and signs.is_prose(texts[other])
        for other in (place - 1, place + 1)
    )


def _weighed(text: str, kind: BlockKind, chance: float, may_be_story: bool) -> BlockKind:
    if kind == "body" and chance < _NO_BODY:
        if signs.is_title(text):
            return "navigation" if len(text.split()) < _FEWEST_TITLE_WORDS else "teaser"
        return "teaser" if signs.is_truncated(text) else "notice"
    if kind in _NO_STORY and may_be_story and chance > _STILL_BODY and signs.is_prose(text):
        return "body"
    return kind

"""Paragraphs → blocks with a kind: what each looks like by itself, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from onrecord.page import signs
from onrecord.page.datelines import Dateline, find_dateline
from onrecord.page.dates import is_date_line
from onrecord.page.weighing import weighed
from onrecord.schema import Block, BlockKind


class Paragraph(NamedTuple):
    """A stretch of the article's text that makes one block, or a dateline and a body."""

    start: int
    end: int
    text: str
    kind: BlockKind | None = None
    """What the page's markup says it is; None where it does not."""


class Labelled(NamedTuple):
    """The blocks of an article, and what was read off them."""

    blocks: tuple[Block, ...]
    headline: str
    bylines: tuple[str, ...]
    dateline: Dateline | None


_TEASER_POINTER_LINES = 2
"""How many lines after a bare `Read more` are still what it points to."""
_BODY_AGAIN = 120
"""Two whole paragraphs in a row this long, and a list of other stories is over: teasers alternate with their titles."""
_MOST_WEIGHED = 20_000
"""Paragraphs of a text that are weighed, which takes a second; no news page has so many."""
_STANDFIRST_BEFORE_BYLINE = 3
_DATELINE_WITHIN = 3
_DATELINE_BODIES = 5
"""A dateline opens a report; what looks like one further down is a heading."""


def label(paragraphs: Sequence[Paragraph], lang: str = "en") -> Labelled:
    """The blocks that `paragraphs` make, in the same order, with headline, bylines and dateline."""
    kinds = _kinds(paragraphs, lang)
    blocks: list[Block] = []
    dateline: Dateline | None = None
    bodies = 0
    for paragraph, kind in zip(paragraphs, kinds, strict=True):
        start = paragraph.start
        bodies += kind == "body"
        looked_for = kind == "body" and dateline is None and bodies <= _DATELINE_BODIES
        opening = find_dateline(paragraph.text, lang) if looked_for else None
        if opening:
            dateline = opening
            blocks.append(Block("dateline", start, start + len(paragraph.text[: opening.end].rstrip())))
            start += opening.end + len(paragraph.text[opening.end :]) - len(paragraph.text[opening.end :].lstrip())
        if start < paragraph.end:
            blocks.append(Block(kind, start, paragraph.end))
    return Labelled(tuple(blocks), _first(paragraphs, kinds, "headline"), _bylines(paragraphs, kinds, lang), dateline)


def _first(paragraphs: Sequence[Paragraph], kinds: Sequence[BlockKind], wanted: BlockKind) -> str:
    return next((p.text for p, kind in zip(paragraphs, kinds, strict=True) if kind == wanted), "")


def _bylines(paragraphs: Sequence[Paragraph], kinds: Sequence[BlockKind], lang: str) -> tuple[str, ...]:
    names: list[str] = []
    for paragraph, kind in zip(paragraphs, kinds, strict=True):
        if kind == "byline":
            names += signs.byline_names(paragraph.text, lang) or ()
    return tuple(dict.fromkeys(names))


def _kinds(paragraphs: Sequence[Paragraph], lang: str) -> list[BlockKind]:
    in_order = _by_rules(paragraphs, lang)
    kinds: list[BlockKind] = [kind or "body" for kind in in_order]
    if any(paragraph.kind for paragraph in paragraphs) or len(paragraphs) > _MOST_WEIGHED:
        return kinds
    return weighed([paragraph.text for paragraph in paragraphs], kinds)


def _by_rules(paragraphs: Sequence[Paragraph], lang: str) -> list[BlockKind | None]:
    """The kinds that phrases, looks and headings give away; None for what is left to be body."""
    alone = [paragraph.kind or _by_itself(paragraph.text, lang) for paragraph in paragraphs]
    _mark_captions(paragraphs, alone, lang)
    in_order = _by_run(paragraphs, alone, lang)
    _mark_head(paragraphs, in_order)
    _mark_tail(paragraphs, in_order)
    return in_order


def ruled(texts: Sequence[str], lang: str) -> list[BlockKind]:
    """What rules alone make of the paragraphs of a plain text: what `weighed` starts from."""
    return [kind or "body" for kind in _by_rules([Paragraph(0, len(text), text) for text in texts], lang)]


def _by_itself(text: str, lang: str) -> BlockKind | None:
    """The kind of a paragraph that shows by itself; None for what can be body, title or standfirst."""
    if signs.is_form(text, lang):
        return "form"
    if signs.is_credit(text, lang):
        return "credit"
    if signs.is_caption(text, lang) and (signs.opens_with_full_date(text, lang) or not find_dateline(text, lang)):
        return "caption"
    if signs.is_notice(text, lang):
        return "notice"
    if is_date_line(text, lang):
        return "notice"
    if signs.byline_names(text, lang) is not None:
        return "byline"
    return "navigation" if signs.is_navigation(text, lang) else None


def _mark_captions(paragraphs: Sequence[Paragraph], kinds: list[BlockKind | None], lang: str) -> None:
    """A place and a full date open a caption without a credit too, if the report has a dateline of its own below."""
    for place, paragraph in enumerate(paragraphs):
        if kinds[place] is None and signs.opens_with_full_date(paragraph.text, lang):
            below = paragraphs[place + 1 : place + 1 + _DATELINE_WITHIN]
            if any(find_dateline(other.text, lang) for other in below):
                kinds[place] = "caption"


Region = Literal["story", "form", "teaser", "comment"]


def _by_run(paragraphs: Sequence[Paragraph], alone: Sequence[BlockKind | None], lang: str) -> list[BlockKind | None]:
    """The kinds once headings have said what the paragraphs under them are."""
    kinds: list[BlockKind | None] = []
    region: Region = "story"
    pointed, told = 0, False
    for place, (paragraph, kind) in enumerate(zip(paragraphs, alone, strict=True)):
        text = paragraph.text
        if paragraph.kind:
            kinds.append(paragraph.kind)
            told = told or paragraph.kind == "body"
            continue
        if kind == "form":
            region = "form"
        elif signs.opens_teasers(text, lang) and (told or _more_titles(paragraphs, place)):
            region = "teaser"
        elif told and signs.opens_comments(text, lang):
            region = "comment"
        elif (region == "form" and signs.is_prose(text)) or (region == "teaser" and _is_story_again(paragraphs, place)):
            region = "story"
        if region != "story":
            kinds.append(_in_region(region, text, kind, lang))
            continue
        if signs.points_elsewhere(text, lang):
            pointed = _TEASER_POINTER_LINES
            kind = "teaser"
        elif pointed and kind is None and signs.is_title(text):
            pointed -= 1
            kind = "teaser"
        else:
            pointed = 0
            told = told or (kind is None and signs.is_prose(text))
        kinds.append(kind)
    return kinds


def _in_region(region: Region, text: str, kind: BlockKind | None, lang: str) -> BlockKind:
    if region == "teaser":
        return "notice" if kind == "notice" else "teaser"
    if region == "comment":
        return "comment"
    if kind in ("form", "notice", "navigation"):
        return kind
    # What follows a form without a heading of its own: field names, or titles of other stories.
    return "form" if signs.is_form_field(text, lang) or not signs.is_title(text) or len(text) <= 40 else "teaser"


def _more_titles(paragraphs: Sequence[Paragraph], place: int) -> bool:
    after = paragraphs[place + 1 : place + 3]
    return bool(after) and all(signs.is_title(paragraph.text) for paragraph in after)


def _is_story_again(paragraphs: Sequence[Paragraph], place: int) -> bool:
    two = paragraphs[place : place + 2]
    return len(two) == 2 and all(len(p.text) >= _BODY_AGAIN and signs.is_prose(p.text) for p in two)


def _mark_head(paragraphs: Sequence[Paragraph], kinds: list[BlockKind | None]) -> None:
    """Name the title lines above the story: headline, standfirst, and what is left of menus."""
    first = next((i for i, p in enumerate(paragraphs) if kinds[i] is None and signs.is_prose(p.text)), None)
    if first is None:
        return
    titled = "headline" in kinds[:first]
    for place in range(first):
        if (
            kinds[place] is None
            and signs.is_title(paragraphs[place].text)
            and not find_dateline(paragraphs[place].text)
        ):
            words = len(paragraphs[place].text.split())
            if not titled and words >= 3:
                kinds[place], titled = "headline", True
            else:
                kinds[place] = "standfirst" if titled and words >= 6 else "navigation"
    soon = kinds[first + 1 : first + 1 + _STANDFIRST_BEFORE_BYLINE]
    if titled and "byline" in soon and not find_dateline(paragraphs[first].text):
        kinds[first] = "standfirst"


def _mark_tail(paragraphs: Sequence[Paragraph], kinds: list[BlockKind | None]) -> None:
    """Name teasers that stand below the story without a heading: titles with cut-off excerpts."""
    last = max((i for i, p in enumerate(paragraphs) if kinds[i] is None and signs.is_prose(p.text)), default=None)
    if last is None:
        return
    cut = [i for i in range(last + 1, len(kinds)) if kinds[i] is None and signs.is_truncated(paragraphs[i].text)]
    for place in cut:
        kinds[place] = "teaser"
        before = place - 1
        if before > last and kinds[before] is None and signs.is_title(paragraphs[before].text):
            kinds[before] = "teaser"

"""The paragraphs of a page → their kinds: three small models say what is body, caption and standfirst, rules the rest.

The models are boosted trees over the numbers of `places`; training/blocks.md is their card.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from onrecord.page import signs
from onrecord.page.datelines import find_dateline
from onrecord.page.dates import is_date_line
from onrecord.page.looks import Numbers
from onrecord.page.marks import is_photo_credit
from onrecord.page.markup import Markup, Run
from onrecord.page.places import CLOSE, Declared, Described, describe
from onrecord.page.titles import letters
from onrecord.page.trees import load
from onrecord.schema import BlockKind

_BODY = 0.35
_CAPTION = 0.25
_STANDFIRST = 0.4
"""Chances from which on a paragraph is of the kind: chosen in cross-validation by publisher (training/blocks.py)."""
_SURE = 0.8
"""Chance of a body from which on a phrase such as `all rights reserved` is no sign of anything else."""
_BEST = 0.8
"""Where nothing reaches the chance of a body, what comes so near to the likeliest is taken for it."""
_LEAST = 0.05
_WITHIN = 6
"""Levels within which an element that is called comments makes what it holds a comment; so with forms."""
_FORM_SHARE = 0.5
"""The share of the likely story from which on a form is the whole page."""
_CAPTIONED = 1
_SLIDE = 2
"""Levels within which an element that is called caption or gallery makes what it holds the words to a picture."""
_POSSIBLE_CAPTION = 0.05
"""Chance of a caption below which the markup alone makes none; 0.03 to 0.08 do as well."""
_CREDIT = 8
"""Words that the name of a photographer with agency has at most."""
_FREE = 0.3
"""Share of links from which on words by a picture belong to another story."""
_FEWEST_CAPTION_WORDS = 2
_FEWEST_SLIDE_WORDS = 8
_BEFORE_STORY, _AFTER_STORY = 30, 5
"""Pictures so many paragraphs before and after the story belong to it."""
_LONG = 25
"""Letters and digits from which on the same words elsewhere on the page are no accident."""


class Chances(NamedTuple):
    """How likely each paragraph is of a kind."""

    body: Numbers
    caption: Numbers
    standfirst: Numbers


def chances(described: Described) -> Chances:
    """What the shipped models say."""
    return Chances(*load(*Chances._fields).chances(described.rows))


def kinds(page: Markup, declared: Declared) -> tuple[list[BlockKind | None], int | None]:
    """The kind of each run, None for one that repeats another; and which is the headline, None if none is."""
    described = describe(page, declared)
    return label(page, declared, described, chances(described))


def label(
    page: Markup, declared: Declared, described: Described, likely: Chances
) -> tuple[list[BlockKind | None], int | None]:
    """`kinds`, with the chances given."""
    comments = described.column("in_comment") < _WITHIN
    captioned = (described.column("in_caption") <= _CAPTIONED) | (described.column("is_figcaption") > 0)
    body = np.where(comments | _in_forms(described, likely.body), 0, likely.body)
    told = _told(body, np.where(captioned, 1, likely.caption))
    title = _title(page, declared, told)
    first, last = _ends(told)
    pictured = _by_pictures(described, captioned, likely.caption)
    close, near_title = _close(described), (np.abs(described.column("after_title")) <= _NEAR_TITLE).tolist()
    likely_body, caption, standfirst = body.tolist(), likely.caption.tolist(), likely.standfirst.tolist()
    in_story, in_comments, by_picture = told.tolist(), comments.tolist(), pictured.tolist()
    found: list[BlockKind | None] = []
    for place, run in enumerate(page.runs):
        if place == title:
            kind: BlockKind = "headline"
        elif in_story[place]:
            kind = _in_story(run, likely_body[place])
        elif not in_comments[place] and (
            caption[place] >= _CAPTION or (by_picture[place] and first - _BEFORE_STORY <= place <= last + _AFTER_STORY)
        ):
            kind = "credit" if _is_credit(run, described, place) else "caption"
        elif standfirst[place] >= _STANDFIRST and place < first + 2:
            kind = "standfirst"
        elif first <= place <= last + _AFTER_STORY and is_photo_credit(run.text):
            kind = "credit"
        elif in_comments[place]:
            kind = "comment"
        else:
            kind = _beside(run, close[place], near_title[place], declared)
        found.append(kind)
    return _once(page.runs, found, body, title), title


def _in_forms(described: Described, body: Numbers) -> np.ndarray:
    """Which runs stand in a form; none where the story does, since some systems put whole pages into one."""
    forms: np.ndarray = described.column("in_tag_form") < _WITHIN
    return forms if body[forms].sum() <= _FORM_SHARE * body.sum() else np.zeros_like(forms)


def _by_pictures(described: Described, captioned: np.ndarray, caption: Numbers) -> np.ndarray:
    """Which runs stand where captions do, by the markup, if the model does not find it out of the question."""
    free = (described.column("linked") < _FREE) & (described.column("words") >= _FEWEST_CAPTION_WORDS)
    slides = (described.column("in_media") <= _SLIDE) & (described.column("words") >= _FEWEST_SLIDE_WORDS)
    slides &= (described.column("ends") > 0) & (
        np.minimum(described.column("in_form"), described.column("in_author")) > CLOSE
    )
    found: np.ndarray = free & ((captioned & (caption >= _POSSIBLE_CAPTION)) | slides)
    return found


def _is_credit(run: Run, described: Described, place: int) -> bool:
    """Whether the words to a picture are no more than who made it."""
    words = len(run.text.split())
    if is_photo_credit(run.text) or (words <= _CREDIT and described.column("in_credit")[place] < 1):
        return True
    return words <= _CREDIT // 2 and described.column("says_caption")[place] > 0


def _ends(told: np.ndarray) -> tuple[int, int]:
    """The first and the last place of the story; beyond the page if there is none."""
    places = np.flatnonzero(told)
    return (int(places[0]), int(places[-1])) if len(places) else (len(told), -1)


def _told(body: Numbers, caption: Numbers) -> np.ndarray:
    """Which runs are body, the likeliest ones if none is likely."""
    told = (body >= _BODY) & (body >= caption)
    if not told.any() and len(body) and body.max() >= _LEAST:
        told = body >= _BEST * body.max()
    return told


def _title(page: Markup, declared: Declared, told: np.ndarray) -> int | None:
    """The heading that is the story's: the one the page declares, else the last first-order heading before it."""
    wanted = letters(declared.headline)
    first, last = _ends(told)
    headings = [place for place, run in enumerate(page.runs) if run.tag in ("h1", "h2") and (last < 0 or place <= last)]
    for tag in ("h1", "h2"):
        for place in headings:
            own = letters(page.runs[place].text)
            if page.runs[place].tag == tag and len(own) >= 10 and (own in wanted or (wanted and wanted in own)):
                return place
    top = [place for place in headings if place <= first and page.runs[place].tag == "h1"]
    top = [place for place in top if len(page.runs[place].text.split()) >= 3]
    return top[-1] if top else None


def _in_story(run: Run, likely: float) -> BlockKind:
    """The kind of a run that the model takes for body, by its looks."""
    text = run.text
    if signs.is_form(text) and not signs.is_prose(text):
        return "form"
    if signs.points_elsewhere(text) or signs.opens_teasers(text) or _is_link_to_story(run, likely):
        return "teaser"
    if signs.is_credit(text):
        return "credit"
    if signs.byline_names(text) is not None:
        return "byline"
    if signs.is_caption(text) and not find_dateline(text):
        return "caption"
    if signs.is_navigation(text):
        return "navigation"
    return "notice" if (likely < _SURE and signs.is_notice(text)) or is_date_line(text) else "body"


_WHOLLY_LINKED = 0.8
_DOUBTFUL = 0.6
_LONGEST_TITLE = 220
_MOSTLY_LINKED = 0.5
_FEWEST_TITLE_WORDS = 4
_MENUS = ("navigation", "footer", "tag_nav", "tag_footer")
_LONGEST_ENTRY = 25
_NEAR_TITLE = 12
_BYLINE = 160


def _is_link_to_story(run: Run, likely: float) -> bool:
    """Whether a paragraph is nothing but a link, as the titles of other stories are.

    A heading of the story may be linked, and so may a sentence of it that the model is sure of.
    """
    if run.linked < _WHOLLY_LINKED or len(run.text) > _LONGEST_TITLE or len(run.text.split()) < _FEWEST_TITLE_WORDS:
        return False
    return (run.tag in ("p", "li", "div") and (likely < _SURE or signs.is_title(run.text))) or likely < _DOUBTFUL


_FORM, _MENU, _TEASER, _AUTHOR = 1, 2, 4, 8
_CALLED = {_FORM: ("form",), _MENU: _MENUS, _TEASER: ("teaser",), _AUTHOR: ("author",)}


def _close(described: Described) -> list[int]:
    """What the elements close around each run are called, as bits."""
    bits = [described.close(*names) * bit for bit, names in _CALLED.items()]
    found: list[int] = np.sum(bits, axis=0).tolist()
    return found


def _beside(run: Run, close: int, near_title: bool, declared: Declared) -> BlockKind:
    """The kind of a run that is no part of the story itself, by what the elements close around it are called."""
    text = run.text
    if near_title and len(text) <= _BYLINE and _is_byline(text, declared, bool(close & _AUTHOR)):
        return "byline"
    if close & _FORM:
        return "form"
    words = len(text.split())
    if close & _MENU and words <= _LONGEST_ENTRY:
        return "notice" if run.linked < _MOSTLY_LINKED and signs.is_notice(text) else "navigation"
    if run.linked >= _MOSTLY_LINKED:
        return "teaser" if words >= _FEWEST_TITLE_WORDS else "navigation"
    if close & _TEASER or signs.points_elsewhere(text) or signs.opens_teasers(text):
        return "teaser"
    if signs.is_form(text):
        return "form"
    return "navigation" if signs.is_navigation(text) and not is_date_line(text) else "notice"


def _is_byline(text: str, declared: Declared, by_author: bool) -> bool:
    if signs.byline_names(text) is not None:
        return True
    return by_author and any(name in text for name in declared.authors)


_STORY: frozenset[BlockKind | None] = frozenset(("headline", "standfirst", "body", "caption"))


def _once(
    runs: Sequence[Run], found: list[BlockKind | None], body: Numbers, title: int | None
) -> list[BlockKind | None]:
    """`found` without what is told twice: pages repeat stories for phones and captions in galleries."""
    best: dict[str, int] = {}
    told = [
        letters(run.text) if kind in _STORY or len(run.text) >= _LONG else ""
        for run, kind in zip(runs, found, strict=True)
    ]
    for place, kind in enumerate(found):
        if kind not in _STORY:
            continue
        same = told[place]
        other = best.get(same)
        if other is None or place == title or (other != title and body[place] > body[other] + 0.05):
            best[same] = place
    return [
        None if best.get(same, place) != place and (kind in _STORY or len(same) >= _LONG) else kind
        for place, (same, kind) in enumerate(zip(told, found, strict=True))
    ]

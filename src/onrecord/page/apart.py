"""A page → its article, without statements."""

from __future__ import annotations

import hashlib
import re

from onrecord.errors import PageError
from onrecord.languages.detection import detect
from onrecord.page.dates import published
from onrecord.page.decode import decode
from onrecord.page.guess import looks_like_html
from onrecord.page.html import read_html
from onrecord.page.knowledge import nearest
from onrecord.page.labels import Labelled, label
from onrecord.page.plain import paragraphs
from onrecord.page.repair import repair
from onrecord.page.sketch import Meta, Sketch
from onrecord.page.titles import letters
from onrecord.schema import Article, Page, Problem

_SURROGATE = re.compile("[\ud800-\udfff]")
_BODY = ("body",)
_AFTER_STORY = 3
"""Blocks after the story that may still tell its date."""
_HEAD = ("headline", "standfirst", "byline", "caption", "notice", "dateline")


def take_apart(page: Page) -> Article:
    """The article on `page`: its text repaired and cut into blocks, and what the page says about it.

    Everything noteworthy on the way is in `problems`. Raises `PageError` for a page without text, `LimitError` for one
    beyond the limits of this stage.
    """
    decoded = decode(page.content, page.charset)
    if not decoded.text.strip():
        raise PageError("the page is empty")
    media = page.media or ("html" if looks_like_html(decoded.text) else "text")
    sketch = read_html(decoded.text) if media == "html" else _read_plain(decoded.text)
    return _article(page, sketch, decoded.problems)


def _read_plain(text: str) -> Sketch:
    repaired = repair(text)
    return Sketch(repaired.text, paragraphs(repaired.text), repaired.repairs, Meta())


def _article(page: Page, sketch: Sketch, problems: tuple[Problem, ...]) -> Article:
    meta = sketch.meta
    lang = page.lang or meta.lang or detect(_told(sketch))
    known = nearest(lang)
    labelled = label(sketch.paragraphs, known)
    if not labelled.blocks:
        raise PageError("the page holds no text, only markup or spaces")
    url = page.url or meta.url
    return Article(
        id=_writable(page.id) or _id(url, sketch.text),
        text=sketch.text,
        input=_writable(page.input),
        url=_writable(url),
        lang=_writable(lang),
        headline=" ".join((meta.headline or labelled.headline).split()),
        bylines=_people(meta) or labelled.bylines or meta.houses,
        publisher=meta.publisher,
        agency=labelled.dateline.agency if labelled.dateline else "",
        place=labelled.dateline.place if labelled.dateline else "",
        published=published(
            labelled.dateline,
            meta=page.published or meta.date,
            url=url,
            head=_words_of(sketch.text, labelled, _HEAD),
            body=_words_of(sketch.text, labelled, _BODY),
            fetched=page.fetched,
            lang=known,
        ),
        blocks=labelled.blocks,
        repairs=sketch.repairs,
        problems=(*problems, *sketch.problems),
    )


def _people(meta: Meta) -> tuple[str, ...]:
    """The authors without those that are the house itself."""
    own = {letters(house) for house in meta.houses}
    return tuple(name for name in meta.authors if letters(name) not in own)


def _told(sketch: Sketch) -> str:
    """The words of the story, where the markup has set them apart from those of the page around it."""
    return "\n".join(part.text for part in sketch.paragraphs if part.kind in (None, "body")) or sketch.text


def _words_of(text: str, labelled: Labelled, kinds: tuple[str, ...]) -> str:
    """The words of the blocks of `kinds` from the headline to the end of the story; the rest of a page has dates."""
    blocks = labelled.blocks
    first = next((place for place, block in enumerate(blocks) if block.kind == "headline"), 0)
    last = max((place for place, block in enumerate(blocks) if block.kind == "body"), default=len(blocks))
    near = blocks[first : last + 1 + _AFTER_STORY]
    return "\n".join(text[block.start : block.end] for block in near if block.kind in kinds)


def _writable(text: str) -> str:
    """`text` without halves of surrogate pairs, which file names have for bytes that are no UTF-8."""
    return _SURROGATE.sub("\ufffd", text)


def _id(url: str, text: str) -> str:
    return hashlib.sha256(f"{url}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]

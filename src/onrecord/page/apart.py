"""A page → its article, without statements."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator

from onrecord.errors import PageError
from onrecord.languages.detection import detect, language_of
from onrecord.page.credits import find_credits
from onrecord.page.dates import declared, published
from onrecord.page.decode import decode
from onrecord.page.guess import looks_like_html
from onrecord.page.html import read_html
from onrecord.page.knowledge import nearest, of_language
from onrecord.page.labels import Labelled, label
from onrecord.page.plain import paragraphs
from onrecord.page.repair import repair
from onrecord.page.sketch import Meta, Sketch
from onrecord.page.titles import letters
from onrecord.schema import Article, Block, Page, Problem

_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_OF = 0.5
"""The share of a text within repairs of one kind from which on the text as a whole counts as misread."""
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
    sketch = read_html(decoded.text, page.url, decoded.utf8) if media == "html" else _read_plain(decoded.text)
    return _article(page, sketch, decoded.problems)


def _read_plain(text: str) -> Sketch:
    repaired = repair(text)
    return Sketch(repaired.text, paragraphs(repaired.text), repaired.repairs, Meta())


def _article(page: Page, sketch: Sketch, problems: tuple[Problem, ...]) -> Article:
    meta = sketch.meta
    lang = _writable(page.lang or meta.lang or detect(_told(sketch)))
    known = nearest(lang)
    labelled = label(sketch.paragraphs, known)
    if not labelled.blocks:
        raise PageError("the page holds no text, only markup or spaces")
    url = page.url or meta.url
    day = published(
        labelled.dateline,
        meta=page.published or meta.date,
        url=url,
        head=_words_of(sketch.text, labelled, _HEAD),
        body=_words_of(sketch.text, labelled, _BODY),
        fetched=page.fetched,
        lang=known,
    )
    modified = declared(meta.modified)
    bylines = _people(meta) or labelled.bylines or meta.houses
    return Article(
        id=_writable(page.id) or _id(url, sketch.text),
        text=sketch.text,
        input=_writable(page.input),
        url=_writable(url),
        canonical=_writable(meta.url),
        lang=lang,
        headline=" ".join((meta.headline or labelled.headline).split()),
        bylines=bylines,
        publisher=meta.publisher,
        agency=(labelled.dateline and labelled.dateline.agency) or _agency((*bylines, *meta.houses), known),
        place=labelled.dateline.place if labelled.dateline else "",
        published=day,
        modified=None if day and modified and day.date == modified.date else modified,
        blocks=tuple(_in_its_language(block, sketch.text, lang) for block in labelled.blocks),
        credits=find_credits(sketch.text, labelled.blocks),
        repairs=sketch.repairs,
        problems=(*problems, *sketch.problems, *_misread_as_a_whole(sketch)),
    )


def _misread_as_a_whole(sketch: Sketch) -> Iterator[Problem]:
    """A word about it if most of a text was repaired the same way: then its encoding is not the one it was read in."""
    mended: Counter[tuple[str, ...]] = Counter()
    for one in sketch.repairs:
        mended[one.steps] += one.end - one.start
    for steps, count in mended.most_common(1):
        if count > _MOST_OF * len(sketch.text):
            yield Problem(
                "repair", f"most of the text was in another encoding than it was read in ({', '.join(steps)})"
            )


def _people(meta: Meta) -> tuple[str, ...]:
    """The authors without those that are the house itself."""
    own = {letters(house) for house in meta.houses}
    return tuple(name for name in meta.authors if letters(name) not in own)


def _agency(names: Iterable[str], lang: str) -> str:
    """The agency that one of the `names` given as authors is, if any."""
    return next(filter(None, map(of_language(lang).agency, names)), "")


def _in_its_language(block: Block, text: str, lang: str) -> Block:
    return Block(block.kind, block.start, block.end, language_of(text[block.start : block.end], lang))


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

"""Pages → the plain text that scrapers leave of them, one line a paragraph as `onrecord.page.plain` cuts it.

Each shape is one that plain text is met in: the words of the whole page as a browser shows or copies them; every piece
of text between two tags on a line of its own, as `get_text("\\n")` leaves it; what three well-known scrapers take for
the story, which is short of some of it and has captions, boxes, comments and small print in it.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import readability
import trafilatura
from lxml import etree
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text

from onrecord.page.markup import parse, read_markup
from onrecord.page.plain import paragraphs

_UNSEEN = frozenset(("script", "style", "template", "head"))


def _page(html: str) -> str:
    return _shown(parse(html))


def _shown(tree: HtmlElement | None) -> str:
    return "\n".join(run.text for run in read_markup(tree).runs) if tree is not None else ""


def _pieces(html: str) -> str:
    tree = parse(html)
    return "\n".join(_texts(tree)) if tree is not None else ""


def _texts(tree: HtmlElement) -> Iterator[str]:
    hidden: etree._Element | None = None
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        if hidden is None and event == "start" and (not isinstance(element.tag, str) or element.tag in _UNSEEN):
            hidden = element
        text = element.text if event == "start" else element.tail
        if event == "end" and hidden is element:
            hidden = None
        if hidden is None and text and text.strip():
            yield " ".join(text.split())


def _resiliparse(html: str) -> str:
    return str(extract_plain_text(html, main_content=True, alt_texts=False, links=False))


def _readability(html: str) -> str:
    return _shown(parse(readability.Document(html).summary(html_partial=True)))


def _trafilatura(html: str) -> str:
    return trafilatura.extract(html, include_comments=True, favor_recall=True) or ""


SHAPES: dict[str, Callable[[str], str]] = {
    "page": _page,
    "pieces": _pieces,
    "resiliparse": _resiliparse,
    "readability": _readability,
    "trafilatura": _trafilatura,
}


def lines_of(shape: str, html: str) -> list[str]:
    """The paragraphs of the plain text of `html` in one of `SHAPES`; none if its scraper fails on the page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            text = SHAPES[shape](html)
        except Exception:  # what a scraper trips over it has not scraped
            return []
    return [paragraph.text for paragraph in paragraphs(text)]

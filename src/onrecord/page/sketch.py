"""What the readers of HTML and of plain text hand on: a text in paragraphs, and what the markup says about it."""

from __future__ import annotations

from typing import NamedTuple

from onrecord.page.labels import Paragraph
from onrecord.schema import Problem, Repair


class Meta(NamedTuple):
    """What a page declares about its article; nothing for what it does not."""

    headline: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    date: str = ""
    url: str = ""
    lang: str = ""
    houses: tuple[str, ...] = ()
    """Publishers or agencies declared as author where no person is."""
    modified: str = ""
    summary: str = ""
    body: str = ""
    """The whole story, where the page's data repeats it."""


class Sketch(NamedTuple):
    """An article before its paragraphs have kinds."""

    text: str
    paragraphs: tuple[Paragraph, ...]
    repairs: tuple[Repair, ...]
    meta: Meta
    problems: tuple[Problem, ...] = ()

"""HTML that no parser should be let near: telling it in one pass, and taking the text out of it in another."""

from __future__ import annotations

import re
from html import unescape

import numpy as np

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,30})")
_MARK = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]{0,30})")
# Elements that have no content, or that parsers close by themselves: they do not pile up.
_FLAT = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "dt",
        "dd",
        "td",
        "th",
        "tr",
        "tbody",
        "thead",
        "tfoot",
        "option",
        "optgroup",
        "colgroup",
        "rp",
        "rt",
        "path",
    ]
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "caption",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "title",
        "tr",
        "ul",
    ]
)
_RAW = frozenset(("script", "style", "noscript", "template", "textarea", "svg", "iframe"))

MAX_DEPTH = 1000
"""Of unclosed elements; 220 crawled news pages reach 292, and the libraries' recursion ends in the thousands."""
MAX_TAGS = 150_000
"""220 crawled news pages have at most 6,000; one of 120,000 took 14 seconds to take apart."""
MAX_CHARACTERS = 10_000_000
"""220 crawled news pages have at most 2.2 million."""


def why_too_wild(html: str) -> str:
    """Why `html` must not be parsed into a tree, or nothing; takes time linear in its length."""
    if len(html) > MAX_CHARACTERS:
        return f"the HTML has {len(html)} characters"
    if html.count("<") > MAX_TAGS:
        return f"the HTML has more than {MAX_TAGS} tags"
    marks: list[str] = _MARK.findall(html)
    steps = {mark: _step(mark) for mark in set(marks)}
    heights = np.cumsum(np.fromiter(map(steps.__getitem__, marks), np.int64, len(marks)))
    # What closes nothing goes no deeper than the ground.
    ground = np.minimum(np.minimum.accumulate(heights), 0)
    deepest = int((heights - ground).max(initial=0))
    return f"the HTML is nested {deepest} deep" if deepest > MAX_DEPTH else ""


def _step(mark: str) -> int:
    """How much deeper one is behind the tag `mark`, `div` or `/div`."""
    name = mark.removeprefix("/").lower()
    return 0 if name in _FLAT else 1 if name == mark.lower() else -1


def strip_tags(html: str) -> str:
    """The text of `html` without its tags, blocks set apart by blank lines; takes time linear in its length."""
    parts: list[str] = []
    place = 0
    unclosed: set[str] = set()
    while place < len(html):
        open_at = html.find("<", place)
        if open_at < 0:
            break
        parts.append(html[place:open_at])
        tag = _TAG.match(html, open_at)
        name = tag[2].lower() if tag else ""
        if not tag and html[open_at + 1 : open_at + 2] not in ("!", "?"):
            parts.append("<")
            place = open_at + 1
            continue
        closer = "-->" if html.startswith("<!--", open_at) else ">"
        if tag and not tag[1] and name in _RAW:
            closer = f"</{name}"
        # What is not closed once is not closed later either: look for it only once.
        close_at = -1 if closer in unclosed else _find(html, closer, open_at + 1)
        if close_at < 0:
            unclosed.add(closer)
            closer, close_at = ">", -1 if ">" in unclosed else html.find(">", open_at + 1)
            if close_at < 0:
                place = len(html)
                break
        if name in _BLOCKS:
            parts.append("\n\n")
        place = close_at + len(closer) if closer.endswith(">") else close_at
    parts.append(html[place:])
    lines = (" ".join(line.split()) for line in unescape("".join(parts)).split("\n"))
    return "\n\n".join(line for line in lines if line)


def _find(html: str, closer: str, start: int) -> int:
    found = html.find(closer, start)
    return found if found >= 0 or closer == closer.upper() else html.find(closer.upper(), start)

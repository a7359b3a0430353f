"""A tree of HTML → runs of text, one for each paragraph a reader would see, with what the markup says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

_INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "del",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "nobr",
        "output",
        "q",
        "rb",
        "rp",
        "rt",
        "rtc",
        "ruby",
        "s",
        "samp",
        "small",
        "span",
        "strike",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "textarea",
        "select",
        "option",
        "iframe",
        "object",
        "canvas",
        "audio",
        "video",
        "head",
        "button",
        "datalist",
        "math",
        "map",
        "input",
        "progress",
        "meter",
        "dialog",
        "rp",
        "rt",
    ]
)
_STYLED = frozenset(("span", "small", "cite", "time"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_BREAK = "\x0b"
_AROUND_BREAK = re.compile(rf"[ ]*{_BREAK}[ ]*")
_PARAGRAPH_BREAK = re.compile(rf"{_BREAK}(?:[ \u00a0]*{_BREAK})+")


class Run(NamedTuple):
    """The text of one paragraph, heading, caption or list item."""

    text: str
    tag: str
    """The block element it stands in."""
    around: tuple[str, ...]
    """The elements around that, outermost first, each as `tag.classes`, in lower case."""
    container: int
    """A number for the element that holds this block; blocks side by side share it."""
    linked: float
    """The share of its characters that are links."""


def parse(html: str) -> HtmlElement | None:
    """The tree of `html`; None if there is no element in it. Its depth must have been checked before."""
    # As bytes, since lxml refuses text that declares an encoding, as XHTML does.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return document_fromstring(html.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None


class _Open:
    """A block element whose end has not come yet."""

    def __init__(self, tag: str, name: str, number: int) -> None:
        self.tag, self.name, self.number = tag, name, number


def runs(tree: HtmlElement) -> list[Run]:
    """The runs of text in `tree`, in reading order, white space collapsed as browsers do.

    Inline elements neither split nor glue words; `<br>` becomes a line end, two of them end the paragraph.
    """
    found: list[Run] = []
    blocks = [_Open("body", "", 0)]
    words: list[str] = []
    linked = links = number = 0

    def flush() -> None:
        nonlocal linked
        joined = "".join(words)
        words.clear()
        share = linked / max(1, len(joined))
        linked = 0
        inner, holder = blocks[-1], blocks[-2] if len(blocks) > 1 else blocks[-1]
        around = tuple(block.name for block in blocks if block.name)
        for text in _paragraphs(joined):
            found.append(Run(text, inner.tag, around, holder.number, min(share, 1.0)))

    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else "script"
        skipped = tag in _SKIPPED or _is_hidden(element)
        if event == "start":
            if skipped:
                walker.skip_subtree()
                continue
            if tag == "br":
                words.append(_BREAK)
            elif tag not in _INLINE and "-" not in tag:
                flush()
                number += 1
                blocks.append(_Open(tag, _name(element), number))
            links += tag == "a"
            if tag in _STYLED and _is_glued(words, element.text):
                words.append(" ")
            words.append(("“" if tag == "q" else "") + (element.text or ""))
            linked += len(element.text or "") if links else 0
            continue
        if not skipped:
            if tag == "q":
                words.append("”")
            elif tag not in _INLINE and tag != "br" and "-" not in tag:
                flush()
                blocks.pop()
            links -= tag == "a"
        if element is not tree:
            words.append(element.tail or "")
            linked += len(element.tail or "") if links else 0
    flush()
    return found


def _is_glued(words: list[str], after: str | None) -> bool:
    """Whether two styled pieces stand side by side as separate phrases that only the style sheet keeps apart.

    `help.` and `Photograph:` are; `Mc` and `Donald` are not told from `kicker` and `Title`, and stay together.
    """
    before = next((word for word in reversed(words) if word), "")
    return bool(before and after) and before[-1] in ".!?…:)”" and (after or "")[0].isupper()


def _paragraphs(joined: str) -> Iterator[str]:
    for part in _PARAGRAPH_BREAK.split(_SPACES.sub(" ", joined)):
        text = _AROUND_BREAK.sub("\n", part).strip()
        if text:
            yield text


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def _name(element: etree._Element) -> str:
    # Two marks a class name carries meaning by; more text than this carries none.
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"[:200]
    return f"{element.tag}.{marks.strip()}".lower()

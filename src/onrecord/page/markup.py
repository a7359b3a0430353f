"""A tree of HTML → runs of text, one for each paragraph a reader would see, with what the markup says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from onrecord.page.decode import without_controls
from onrecord.schema import Repair

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
_PHRASE_WORDS = 3
_WHOLE_WORD = 3
"""Letters from which on a word before a capital is no beginning of a name such as `McDonald` or `iPhone`."""
_ENDS = frozenset(".!?…:)”")
_STYLED = frozenset(("span", "small", "cite", "time"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SPACES = re.compile(r"[ \t\n\r\f]+")
_REFERENCE_TO_CONTROL = re.compile(r"&#(?:[xX]0{0,6}[01]?[0-9a-fA-F]|0{0,6}[0-3]?\d)(?![0-9a-fA-F])")
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
    repairs: tuple[Repair, ...] = ()
    """What was mojibake in it, if it has been repaired."""


def parse(html: str) -> HtmlElement | None:
    """The tree of `html`; None if there is no element in it. Its depth must have been checked before."""
    # As bytes, since lxml refuses text that declares an encoding, as XHTML does.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = document_fromstring(html.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None
    if _REFERENCE_TO_CONTROL.search(html):
        for element in tree.iter():
            element.text = element.text and without_controls(element.text)
            element.tail = element.tail and without_controls(element.tail)
    return tree


class _Open(NamedTuple):
    """A block element whose end has not come yet."""

    tag: str
    name: str
    number: int


class _Reader:
    """The runs read so far, and the one being read."""

    def __init__(self) -> None:
        self.found: list[Run] = []
        self._blocks = [_Open("body", "", 0)]
        self._words: list[str] = []
        self._links = self._linked = self._number = 0

    def enter(self, element: etree._Element) -> None:
        """Read the start of an element and the text up to its first child."""
        tag = str(element.tag)
        if tag == "br":
            self._words.append(_BREAK)
        elif _is_block(tag):
            self.end_run()
            self._number += 1
            self._blocks.append(_Open(tag, _name(element), self._number))
        elif tag == "q":
            self._words.append("“")
        elif _is_glued(self._words, element.text, tag):
            self._words.append(" ")
        self._links += tag == "a"
        self._add(element.text)

    def leave(self, element: etree._Element) -> None:
        """Read the end of an element."""
        tag = str(element.tag)
        if tag == "q":
            self._words.append("”")
        elif _is_block(tag):
            self.end_run()
            self._blocks.pop()
        self._links -= tag == "a"

    def follow(self, element: etree._Element) -> None:
        """Read the text after an element."""
        if _is_glued(self._words, element.tail, str(element.tag)):
            self._words.append(" ")
        self._add(element.tail)

    def end_run(self) -> None:
        """Close the run being read, if there is anything in it."""
        joined = "".join(self._words)
        share = min(self._linked / max(1, len(joined)), 1.0)
        self._words.clear()
        self._linked = 0
        holder = self._blocks[-2] if len(self._blocks) > 1 else self._blocks[-1]
        around = tuple(block.name for block in self._blocks if block.name)
        for text in _paragraphs(joined):
            self.found.append(Run(text, self._blocks[-1].tag, around, holder.number, share))

    def _add(self, text: str | None) -> None:
        if text:
            self._words.append(text)
            self._linked += len(text) if self._links else 0


def runs(tree: HtmlElement) -> list[Run]:
    """The runs of text in `tree`, in reading order, white space collapsed as browsers do.

    Inline elements neither split nor glue words; `<br>` becomes a line end, two of them end the paragraph.
    """
    reader = _Reader()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        read = isinstance(element.tag, str) and element.tag not in _SKIPPED and not _is_hidden(element)
        if event == "end":
            if read:
                reader.leave(element)
            if element is not tree:
                reader.follow(element)
        elif read:
            reader.enter(element)
        else:
            walker.skip_subtree()
    reader.end_run()
    return reader.found


def _is_block(tag: str) -> bool:
    # Elements of a page's own making (`my-card`) are inline to browsers too.
    return tag not in _INLINE and tag != "br" and "-" not in tag


def _is_glued(words: list[str], after: str | None, tag: str) -> bool:
    """Whether two pieces stand side by side at the edge of an element as phrases that only the style sheet keeps apart.

    `help.` and `Photograph:` are, and so are `in the harbour` and `Another case was`; `Mc` and `Donald` are not told
    from `kicker` and `Title`, and stay together.
    """
    if not after or not after[0].isupper() or tag not in _INLINE:
        return False
    before = next((word for word in reversed(words) if word), "")
    if not before or not before[-1].islower():
        return tag in _STYLED and before[-1:] in _ENDS
    left, right = before.split(), after.split(None, _PHRASE_WORDS)
    return min(len(left), len(right)) >= _PHRASE_WORDS and len(left[-1]) >= _WHOLE_WORD


def _paragraphs(joined: str) -> Iterator[str]:
    for part in _PARAGRAPH_BREAK.split(_SPACES.sub(" ", joined)):
        # Not the non-breaking space: it may be half of a misread letter, and goes only after repair.
        text = _AROUND_BREAK.sub("\n", part).strip(" \n")
        if text.strip():
            yield text


def _is_hidden(element: etree._Element) -> bool:
    style = element.get("style")
    return element.get("hidden") is not None or bool(style and _HIDDEN.search(style))


def _name(element: etree._Element) -> str:
    # Two marks a class name carries meaning by; more text than this carries none.
    marks = f"{element.get('class') or ''} {element.get('id') or ''}"[:200]
    return f"{element.tag}.{marks.strip()}".lower()

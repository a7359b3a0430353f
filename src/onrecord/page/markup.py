"""A tree of HTML → runs of text, one for each paragraph a reader would see, with what the markup says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
_PICTURES = frozenset(["img", "hr", "source", "track", "area", "embed", "col", "link", "meta", "base", "param"])
_STRONG = frozenset(["b", "strong", "i", "em"])
_NAMING = frozenset(["class", "id", "itemprop", "role", "data-component", "data-testid", "data-qa", "data-type"])
_LONGEST_NAME = 200
"""Characters of an element's names that are read; more text than this carries none."""
_MOST_NAMES = 8
_PHRASE_WORDS = 3
_WHOLE_WORD = 3
"""Letters from which on a word before a capital is no beginning of a name such as `McDonald` or `iPhone`."""
_ENDS = frozenset(".!?…:)”")
_STYLED = frozenset(("span", "small", "cite", "time"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_UNSEEN = re.compile(
    r"(?:^|\s)(?:visually-?hidden|sr-only|screen-?reader\S*|u-?hidden-visually|assistive-text|element-invisible)(?:\s|$)",
    re.IGNORECASE,
)
"""Classes of words that are only read aloud: `Article content`, `Advertisement`."""
_SPACES = re.compile(r"[ \t\n\r\f]+")
_REFERENCE_TO_CONTROL = re.compile(r"&#(?:[xX]0{0,6}[01]?[0-9a-fA-F]|0{0,6}[0-3]?\d)(?![0-9a-fA-F])")
_BREAK = "\x0b"
_AROUND_BREAK = re.compile(rf"[ ]*{_BREAK}[ ]*")
_PARAGRAPH_BREAK = re.compile(rf"{_BREAK}(?:[ \u00a0]*{_BREAK})+")


class Node(NamedTuple):
    """An element that holds text of its own or below it: all but the inline ones."""

    tag: str
    name: str
    """Its tag, classes, id and roles, in lower case."""
    parent: int
    """The place of the node around it; its own place for the outermost."""


class Run(NamedTuple):
    """The text of one paragraph, heading, caption or list item."""

    text: str
    tag: str
    """The block element it stands in."""
    node: int
    """The place of that element among the nodes."""
    linked: float
    """The share of its characters that are links."""
    links: int = 0
    strong: float = 0.0
    """The share of its characters that are bold or italic."""
    inner: str = ""
    """The names of the inline elements in it."""
    pictured: int = 1_000
    """How many elements stand between it and the picture or player before it."""
    order: int = 0
    """How many elements begin before it."""
    repairs: tuple[Repair, ...] = ()
    """What was mojibake in it, if it has been repaired."""


class Markup(NamedTuple):
    """A page as its reader sees it, from top to bottom."""

    runs: list[Run]
    nodes: list[Node]
    """In reading order, so that each follows its parent."""

    def around(self, node: int, levels: int = 1_000) -> list[str]:
        """The names of `node` and of what is around it, innermost first."""
        names = [self.nodes[node].name]
        while self.nodes[node].parent != node and len(names) < levels:
            node = self.nodes[node].parent
            names.append(self.nodes[node].name)
        return names


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


class _Reader:
    """The runs read so far, and the one being read."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.nodes = [Node("body", "body", 0)]
        self.open = [0]
        self.seen = 0
        self._pictured = -1_000
        self._words: list[str] = []
        self._names: list[str] = []
        self._within = [0, 0]
        self._counts = [0, 0]
        self._links = 0

    def enter(self, element: etree._Element, tag: str, attributes: Sequence[tuple[str, str]]) -> None:
        """Read the start of an element and the text up to its first child."""
        if tag in _INLINE:
            self._enter_inline(element, tag, attributes)
        elif tag == "br":
            self._words.append(_BREAK)
        elif tag in _PICTURES:
            self._pictured = self.seen
        else:
            # Elements of a page's own making (`my-card`) are inline to browsers, and mostly boxes for their makers.
            if "-" not in tag:
                self.end_run()
            self.nodes.append(Node(tag, _name(attributes, tag), self.open[-1]))
            self.open.append(len(self.nodes) - 1)
        self._add(element.text)

    def _enter_inline(self, element: etree._Element, tag: str, attributes: Sequence[tuple[str, str]]) -> None:
        if tag == "q":
            self._words.append("“")
        elif _is_glued(self._words, element.text, tag):
            self._words.append(" ")
        if tag == "a":
            self._within[0] += 1
            self._links += 1
        elif tag in _STRONG:
            self._within[1] += 1
        if attributes and len(self._names) < _MOST_NAMES:
            self._names.append(_name(attributes, tag))

    def leave(self, tag: str) -> None:
        """Read the end of an element."""
        if tag in _INLINE:
            if tag == "q":
                self._words.append("”")
            elif tag == "a":
                self._within[0] -= 1
            elif tag in _STRONG:
                self._within[1] -= 1
        elif tag != "br" and tag not in _PICTURES:
            if "-" not in tag:
                self.end_run()
            self.open.pop()

    def follow(self, tail: str, tag: str) -> None:
        """Read the text after an element."""
        if _is_glued(self._words, tail, tag):
            self._words.append(" ")
        self._add(tail)

    def end_run(self) -> None:
        """Close the run being read, if there is anything in it."""
        if not self._words:
            return
        joined = "".join(self._words)
        if not joined.isspace():
            node, length = self.open[-1], len(joined)
            for text in _paragraphs(joined):
                run = Run(
                    text,
                    self.nodes[node].tag,
                    node,
                    min(self._counts[0] / length, 1.0),
                    self._links,
                    min(self._counts[1] / length, 1.0),
                    " ".join(self._names),
                    self.seen - self._pictured,
                    self.seen,
                )
                self.runs.append(run)
        self._words.clear()
        self._names.clear()
        self._counts = [0, 0]
        self._links = self._within[0]

    def _add(self, text: str | None) -> None:
        if text:
            self._words.append(text)
            if self._within[0]:
                self._counts[0] += len(text)
            if self._within[1]:
                self._counts[1] += len(text)


def read_markup(tree: HtmlElement) -> Markup:
    """The runs of text in `tree`, in reading order, white space collapsed as browsers do, and where each stands.

    Inline elements neither split nor glue words; `<br>` becomes a line end, two of them end the paragraph.
    """
    reader = _Reader()
    opened: list[tuple[etree._Element, str]] = []
    """The elements around the present one with their tags; an empty tag for one that is not shown."""
    for element in tree.iter():
        _close(reader, opened, element.getparent())
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _SKIPPED or (opened and not opened[-1][1]):
            tag = ""
        if tag:
            attributes = element.items()
            if attributes and _is_hidden(attributes):
                tag = ""
            else:
                reader.seen += 1
                reader.enter(element, tag, attributes)
        opened.append((element, tag))
    _close(reader, opened, None)
    reader.end_run()
    return Markup(reader.runs, reader.nodes)


def _close(reader: _Reader, opened: list[tuple[etree._Element, str]], parent: etree._Element | None) -> None:
    """Leave the elements that end before a child of `parent` begins."""
    while opened and opened[-1][0] is not parent:
        element, tag = opened.pop()
        if tag:
            reader.leave(tag)
        if opened and opened[-1][1] and element.tail:
            reader.follow(element.tail, tag)


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


def _is_hidden(attributes: Iterable[tuple[str, str]]) -> bool:
    for name, value in attributes:
        if name == "class":
            if _UNSEEN.search(value):
                return True
        elif name == "style":
            if _HIDDEN.search(value):
                return True
        elif name == "hidden":
            return True
    return False


def _name(attributes: Iterable[tuple[str, str]], tag: str) -> str:
    marks = " ".join([value for name, value in attributes if name in _NAMING])
    return f"{tag} {marks[:_LONGEST_NAME]}".lower() if marks else tag

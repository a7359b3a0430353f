"""A tree of HTML → runs of text, one for each paragraph a reader would see, with what the markup says of it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from typing import NamedTuple

from lxml import etree

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
_REFERENCE = re.compile(r"&#(?:[xX]0*([0-9a-fA-F]{1,6})|0*(\d{1,7}))")
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


def parse(html: str, utf8: bytes = b"") -> etree._Element | None:
    """The tree of `html`, which `utf8` is too if it is anything; None if there is no element in it.

    Its depth must have been checked before.
    """
    # As bytes, since lxml refuses text that declares an encoding, as XHTML does.
    # Not lxml.html, which asks Python for a class at every look at an element.
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        tree = etree.fromstring(utf8 or html.encode("utf-8"), parser=parser)
    except (etree.XMLSyntaxError, AssertionError):
        return None
    if tree is None:
        return None
    if _refers_to_control(html):
        for element in tree.iter():
            element.text = element.text and without_controls(element.text)
            element.tail = element.tail and without_controls(element.tail)
    return tree


def _refers_to_control(html: str) -> bool:
    """Whether a reference in `html` stands for a control character: few pages have one; the others save 0.4 ms.

    `&#39;` and `&#10;`, which most pages have, are none.
    """
    codes = {int(hexadecimal, 16) if hexadecimal else int(decimal) for hexadecimal, decimal in _numbers(html)}
    characters = "".join(chr(code) for code in codes if code <= sys.maxunicode)
    return without_controls(characters) != characters


def _numbers(html: str) -> set[tuple[str, str]]:
    return set(_REFERENCE.findall(html)) if "&#" in html else set()


class _Reader:
    """The runs read so far, and the one being read."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self.nodes = [Node("body", "body", 0)]
        self._open = [0]
        self._seen = 0
        self._pictured = -1_000
        self._words: list[str] = []
        self._names: list[str] = []
        self._in_link = self._in_strong = 0
        self._linked = self._strong = 0
        self._links = 0

    def enter(self, element: etree._Element, tag: str, marks: str) -> None:
        """Read the start of an element, whose names are `marks`, and the text up to its first child."""
        self._seen += 1
        text = element.text
        if tag in _INLINE:
            self._enter_inline(text, tag, marks)
        elif tag == "br":
            self._words.append(_BREAK)
        elif tag in _PICTURES:
            self._pictured = self._seen
        else:
            # Elements of a page's own making (`my-card`) are inline to browsers, and mostly boxes for their makers.
            if self._words and "-" not in tag:
                self._end_run()
            self.nodes.append(Node(tag, f"{tag} {marks}".lower() if marks else tag, self._open[-1]))
            self._open.append(len(self.nodes) - 1)
        if text:
            self._add(text)

    def _enter_inline(self, text: str | None, tag: str, marks: str) -> None:
        if tag == "q":
            self._words.append("“")
        elif text and text[0].isupper() and _is_glued(self._words, text, tag):
            self._words.append(" ")
        if tag == "a":
            self._in_link += 1
            self._links += 1
        elif tag in _STRONG:
            self._in_strong += 1
        if marks and len(self._names) < _MOST_NAMES:
            self._names.append(f"{tag} {marks}".lower())

    def leave(self, tag: str) -> None:
        """Read the end of an element."""
        if tag in _INLINE:
            if tag == "a":
                self._in_link -= 1
            elif tag in _STRONG:
                self._in_strong -= 1
            elif tag == "q":
                self._words.append("”")
        elif tag != "br" and tag not in _PICTURES:
            if self._words and "-" not in tag:
                self._end_run()
            self._open.pop()

    def follow(self, tail: str, tag: str) -> None:
        """Read the text after an element."""
        if tail[0].isupper() and _is_glued(self._words, tail, tag):
            self._words.append(" ")
        self._add(tail)

    def end(self) -> None:
        """Read the end of the page."""
        if self._words:
            self._end_run()

    def _end_run(self) -> None:
        joined = "".join(self._words) if len(self._words) > 1 else self._words[0]
        if joined and not joined.isspace():
            node, length = self._open[-1], len(joined)
            for text in _paragraphs(joined):
                run = Run(
                    text,
                    self.nodes[node].tag,
                    node,
                    min(self._linked / length, 1.0),
                    self._links,
                    min(self._strong / length, 1.0),
                    " ".join(self._names),
                    self._seen - self._pictured,
                    self._seen,
                )
                self.runs.append(run)
        self._words.clear()
        self._names.clear()
        self._linked = self._strong = 0
        self._links = self._in_link

    def _add(self, text: str) -> None:
        self._words.append(text)
        if self._in_link:
            self._linked += len(text)
        if self._in_strong:
            self._strong += len(text)


def read_markup(tree: etree._Element) -> Markup:
    """The runs of text in `tree`, in reading order, white space collapsed as browsers do, and where each stands.

    Inline elements neither split nor glue words; `<br>` becomes a line end, two of them end the paragraph.
    """
    reader = _Reader()
    unseen: dict[str, bool] = {}
    walk = etree.iterwalk(tree, events=("start", "end"))
    skipped = False
    for event, element in walk:
        tag = element.tag
        if event == "start":
            attributes = element.items()
            marks = None if tag in _SKIPPED else _marks(attributes, unseen) if attributes else ""
            if marks is None:
                walk.skip_subtree()
                skipped = True
            else:
                reader.enter(element, tag, marks)
            continue
        if skipped:
            # What has been skipped ends before anything else begins.
            skipped, tag = False, ""
        else:
            reader.leave(tag)
        tail = element.tail
        if tail and element is not tree:
            reader.follow(tail, tag)
    reader.end()
    return Markup(reader.runs, reader.nodes)


def _marks(attributes: Iterable[tuple[str, str]], unseen: dict[str, bool]) -> str | None:
    """The names that `attributes` give an element, None for one that is not shown; `unseen` keeps what classes mean."""
    marks = []
    for name, value in attributes:
        if name in _NAMING:
            marks.append(value)
            if name == "class":
                hides = unseen.get(value)
                if hides is None:
                    hides = unseen[value] = bool(_UNSEEN.search(value))
                if hides:
                    return None
        elif name == "hidden" or (name == "style" and _HIDDEN.search(value)):
            return None
    return " ".join(marks)[:_LONGEST_NAME] if marks else ""


def _is_glued(words: list[str], after: str, tag: str) -> bool:
    """Whether two pieces, the second with a capital, are phrases that only the style sheet keeps apart at an edge.

    `help.` and `Photograph:` are, and so are `in the harbour` and `Another case was`; `Mc` and `Donald` are not told
    from `kicker` and `Title`, and stay together.
    """
    if tag not in _INLINE:
        return False
    before = words[-1] if words else ""
    if not before or not before[-1].islower():
        return tag in _STYLED and before[-1:] in _ENDS
    left, right = before.split(), after.split(None, _PHRASE_WORDS)
    return min(len(left), len(right)) >= _PHRASE_WORDS and len(left[-1]) >= _WHOLE_WORD


def _paragraphs(joined: str) -> Iterable[str]:
    if joined.isascii() and _BREAK not in joined:
        return (" ".join(joined.split()),)
    parts = _PARAGRAPH_BREAK.split(_SPACES.sub(" ", joined))
    # Not the non-breaking space: it may be half of a misread letter, and goes only after repair.
    texts = (_AROUND_BREAK.sub("\n", part).strip(" \n") for part in parts)
    return (text for text in texts if text.strip())

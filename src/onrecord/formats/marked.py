"""An article's text as HTML, its statements, sources, cues and repairs marked in it.

Passages nest and overlap at will and cross paragraphs; elements may not. So each block is cut at every end of a passage
or repair, and each piece is one element that says all that it is part of. Nothing here knows colours or a page around
it: `article.css` draws the classes, and the pages and notebooks that show an article share this.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import escape as _escape
from itertools import groupby, islice, pairwise
from typing import TypeAlias
from urllib.parse import quote

from msgspec import Struct
from msgspec.structs import replace

from onrecord.schema import Article, Block, Repair, Statement

KEYS = 8
"""How many speakers are told apart by tint and line before these repeat; the letter in the text never does."""
_MOST_AT_ONCE = 8
"""Statements that one piece of text names at most: real ones are three deep, hostile ones should cost no more."""
_TOLD = 300
# What HTML does not take, or a page would not show: controls, halves of surrogate pairs, non-characters, and what turns
# the direction of writing (marks that only stand between letters, such as U+200F, do no harm).
_BARRED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_BLOCK_TAGS = {"standfirst": "p", "body": "p"}
_STORY = frozenset({"headline", "standfirst", "body"})
_WITH_THE_STORY = frozenset({"byline", "dateline", "caption", "credit", "notice"})
"""What readers want to see where it stands, as long as that is between the first and the last of the story."""
_PICTURES = frozenset({"caption", "credit"})
_FEW = 3
"""Lines beside the story that are shown where they stand; more in a row are folded away."""
_ROLE_TAGS = (("content", "mark"), ("source", "b"), ("cue", "i"))
"""What tells the roles apart where no style sheet is applied."""


class _Mark(Struct, frozen=True):
    """A stretch of the text and what it is: a part of a statement's passage, or a repair."""

    start: int
    end: int
    role: str
    statement: Statement | None = None
    repair: Repair | None = None


_Marked: TypeAlias = tuple[Block, list[_Mark]]
"""A block and the marks that reach into it."""


def escaped(text: str) -> str:
    """The text for HTML, in an element or a quoted attribute; what HTML bars becomes U+FFFD."""
    return _escape(_BARRED.sub("\ufffd", text))


def keys_of(article: Article) -> dict[str, int]:
    """A number for each statement's speaker, from 0 in the order in which they first speak, by the statement's id.

    Speakers without a name are one where the article gives them the same role; one of whom nothing is known is nobody
    else.
    """
    numbers: dict[tuple[str, str], int] = {}
    return {one.id: numbers.setdefault(_who(one), len(numbers)) for one in article.statements}


def _who(statement: Statement) -> tuple[str, str]:
    speaker = statement.speaker
    if speaker is not None and speaker.name:
        return "name", speaker.actor or speaker.name
    return ("role", speaker.role) if speaker is not None and speaker.role else ("statement", statement.id)


def letters(key: int) -> str:
    """A, B, …, Z, AA, AB, … for 0, 1, …"""
    text = ""
    key += 1
    while key:
        key, rest = divmod(key - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def anchor(prefix: str, statement: Statement) -> str:
    """The id of the statement's place in the text, fit for an `id` and, behind `#`, for a link."""
    return quote(prefix + statement.id, safe="", errors="replace")


def entry(prefix: str, statement: Statement) -> str:
    """The id of the statement's entry in a list, fit as `anchor` is."""
    return f"{anchor(prefix, statement)}-entry"


def marked_text(article: Article, prefix: str = "", heading: str = "h2") -> str:
    """The whole text as HTML elements, a block each; ids in it begin with `prefix`, a headline is a `heading`.

    Where a content begins stands a link with the statement's number and its speaker's letter. Its id is `anchor`, and
    it leads to `entry`, the statement's entry in a list.

    What is no part of the story and goes on for more than a few lines, such as a menu, is folded away in an element
    `details`; blocks with statements never are.
    """
    context = _Context(article, prefix, heading)
    marks = sorted(_marks(article, article.statements), key=lambda mark: (mark.start, -mark.end))
    found = list(_by_block(_whole(article), marks))
    return "\n".join(_shown(article, context, run, aside) for run, aside in _runs(found))


def excerpt(article: Article, statement: Statement, prefix: str = "") -> str:
    """The blocks in which a statement stands, with the places of this one marked; it may be one that was dropped."""
    if all(one.id != statement.id for one in article.statements):
        article = replace(article, statements=(*article.statements, statement))
    context = _Context(article, prefix)
    marks = sorted(_marks(article, [statement]), key=lambda mark: (mark.start, -mark.end))
    blocks = _by_block(_whole(article), marks)
    return "\n".join(context.block(block, inside) for block, inside in blocks if any(one.statement for one in inside))


def _runs(found: Sequence[_Marked]) -> Iterator[tuple[list[_Marked], bool]]:
    """The blocks in runs of those that belong on the page, and those beside the story, which are told by True."""
    story = [block.kind in _STORY or _has_statement(marks) for block, marks in found]
    first, last = (story.index(True), len(story) - 1 - story[::-1].index(True)) if any(story) else (0, -1)
    beside = [
        not story[n] and not (block.kind in _WITH_THE_STORY and first <= n <= last)
        for n, (block, _) in enumerate(found)
    ]
    # Captions amid teasers are those of a gallery: only one that borders on the story is the story's.
    pictures = [block.kind in _PICTURES and not _has_statement(marks) for block, marks in found]
    after = _nearest(beside[::-1], pictures[::-1])[::-1]
    before = _nearest(beside, pictures)
    aside = [one or (before[n] and after[n] and pictures[n]) for n, one in enumerate(beside)]
    for told, run in groupby(range(len(found)), key=aside.__getitem__):
        yield [found[n] for n in run], told


def _nearest(beside: Sequence[bool], pictures: Sequence[bool]) -> list[bool]:
    """For each block whether the one before it, pictures passed over, stands beside the story."""
    known, nearest = False, []
    for aside, picture in zip(beside, pictures, strict=True):
        nearest.append(known)
        known = aside if not picture or aside else known
    return nearest


def _has_statement(marks: Iterable[_Mark]) -> bool:
    return any(mark.statement for mark in marks)


def _shown(article: Article, context: _Context, run: Sequence[_Marked], aside: bool) -> str:
    shown = "\n".join(context.block(block, marks) for block, marks in run)
    lines = sum(_lines(article[block]) for block, _ in run) if aside else 0
    if lines <= _FEW:
        return shown
    kinds = ", ".join(dict.fromkeys(block.kind for block, _ in run))
    summary = f'<summary lang="en">{escaped(kinds)}: {lines} lines</summary>'
    return f'<details class="fold">{summary}\n{shown}\n</details>'


def _lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip())


def _marks(article: Article, statements: Iterable[Statement]) -> Iterator[_Mark]:
    for statement in statements:
        for role in ("content", "source", "cue"):
            for span in getattr(statement, role).spans:
                yield _Mark(span.start, span.end, role, statement=statement)
        for act in statement.acts:
            if act.condition is not None:
                yield _Mark(act.condition.start, act.condition.end, "condition", statement=statement)
    for repair in article.repairs:
        yield _Mark(repair.start, repair.end, "repair", repair=repair)


def _whole(article: Article) -> Iterator[Block]:
    """The blocks, and between them as body whatever text is in none."""
    end = 0
    for block in (*article.blocks, Block("body", len(article.text), len(article.text))):
        if article.text[end : block.start].strip():
            yield Block("body", end, block.start)
        if block.start < block.end:
            yield block
        end = block.end


def _by_block(blocks: Iterable[Block], marks: Sequence[_Mark]) -> Iterator[_Marked]:
    """Each block with the marks that reach into it, cut to it; takes the marks by their starts."""
    waiting = iter(marks)
    coming = next(waiting, None)
    running: list[_Mark] = []
    for block in blocks:
        while coming is not None and coming.start < block.end:
            running.append(coming)
            coming = next(waiting, None)
        running = [mark for mark in running if mark.end > block.start]
        yield block, running.copy()


class _Context:
    """What the pieces of an article have to know of the whole."""

    def __init__(self, article: Article, prefix: str, heading: str = "h2") -> None:
        self._article = article
        self._tags = _BLOCK_TAGS | {"headline": heading}
        self._prefix = prefix
        self._keys = keys_of(article)
        self._opened: set[str] = set()
        self._mended: set[int] = set()
        self._numbers = {one.id: number for number, one in enumerate(article.statements, start=1)}

    def block(self, block: Block, marks: Sequence[_Mark]) -> str:
        tag = self._tags.get(block.kind, "div")
        lang = f' lang="{escaped(block.lang)}"' if block.lang and block.lang != self._article.lang else ""
        label = "" if tag != "div" else f'<span class="kind">{escaped(block.kind)}</span> '
        inside = "".join(self._pieces(block, marks))
        return f'<{tag} class="block {escaped(block.kind)}" dir="auto"{lang}>{label}{inside}</{tag}>'

    def _pieces(self, block: Block, marks: Sequence[_Mark]) -> Iterator[str]:
        """The block cut wherever a mark begins or ends."""
        ends = {end for mark in marks for end in (mark.start, mark.end) if block.start < end < block.end}
        cuts = sorted({block.start, block.end} | ends)
        waiting = iter(marks)
        coming = next(waiting, None)
        active: dict[int, _Mark] = {}
        ending: dict[int, list[int]] = {}
        for start, end in pairwise(cuts):
            for number in ending.pop(start, ()):
                del active[number]
            while coming is not None and coming.start <= start:
                if coming.end > start:
                    number = id(coming)
                    active[number] = coming
                    ending.setdefault(coming.end, []).append(number)
                    yield self._opening(coming)
                coming = next(waiting, None)
            yield self._piece(self._article.text[start:end], list(islice(reversed(active.values()), _MOST_AT_ONCE)))

    def _opening(self, mark: _Mark) -> str:
        """The link from a content to its entry in the list, where the first of it is shown."""
        statement = mark.statement
        if statement is None or mark.role != "content" or statement.id in self._opened:
            return ""
        self._opened.add(statement.id)
        number, name = self._numbers[statement.id], anchor(self._prefix, statement)
        to = entry(self._prefix, statement)
        letter = letters(self._keys[statement.id])
        return (
            f'<a class="number" id="{name}" href="#{to}" title="statement {number} by speaker {letter}">'
            f"{number}{letter}{' not said' if statement.negated else ''}</a>"
        )

    def _piece(self, words: str, marks: Sequence[_Mark]) -> str:
        """A run of words and all that it is part of, innermost first."""
        text = escaped(words)
        if not marks:
            return text
        roles = dict.fromkeys(mark.role for mark in marks)
        statements = dict.fromkeys(mark.statement.id for mark in marks if mark.statement is not None)
        classes = [*roles]
        contents = [mark for mark in marks if mark.role == "content" and mark.statement is not None]
        if contents and contents[0].statement is not None:
            classes.append(f"key{self._keys[contents[0].statement.id] % KEYS}")
            classes += ["nested"] * (len(contents) > 1)
        repair = next((mark.repair for mark in marks if mark.repair is not None), None)
        was = self._was(repair) if repair is not None else ""
        data = f' data-statements="{escaped(" ".join(statements))}"' if statements else ""
        tag = next((tag for role, tag in _ROLE_TAGS if role in roles), "span")
        return f'<{tag} class="{" ".join(classes)}"{data}{was}>{text}</{tag}>'

    def _was(self, repair: Repair) -> str:
        """The attributes that tell what stood in place of a repair; its first piece can be reached by keyboard."""
        told = f"was: {repair.original} ({', '.join(repair.steps)})"
        was = escaped(told if len(told) <= _TOLD else told[: _TOLD - 1] + "…")
        first = repair.start not in self._mended
        self._mended.add(repair.start)
        return f' data-was="{was}"' + ' tabindex="0"' * first

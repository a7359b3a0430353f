"""What an article from outside must hold to before anything of ours touches it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from msgspec import Struct

from onrecord.errors import InputError, LimitError
from onrecord.schema import Article, Span, Statement

_COVERED_TIMES = 20
_COVERED_ANYWAY = 1_000_000
"""How often all passages together may cover the text: 441 news pages come to .63 times at most. Without a
bound, the words of a hundred thousand statements that each cover a whole long text would fill the memory."""


class _Stretch(Protocol):
    """Whatever has two ends in the article's text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def sound(article: Article) -> Article:
    """The article itself, if its offsets and confidences are sound; raises `InputError` naming the first that is not.

    Blocks, repairs, credits and the spans of a passage hold at least one character each, stay within the text, and
    come in reading order without overlap. Every statement has an id of its own and a content. The statement that
    another stands in may be missing: whoever chose among the statements may have left it out.
    """
    length = len(article.text)
    cover = Cover(length)
    for one in _passages(article):
        cover.add(one.start, one.end)
    for what, stretches in (("block", article.blocks), ("repair", article.repairs), ("credit", article.credits)):
        _check(stretches, length, what)
    seen: set[str] = set()
    for statement in article.statements:
        if not statement.id or statement.id in seen:
            raise InputError(
                f"two statements have the id {statement.id!r}" if statement.id else "a statement has no id"
            )
        seen.add(statement.id)
        _check_statement(statement, length)
    return article


class Cover:
    """How much of a text stretches cover together, which is bounded: count them before looking at what they hold."""

    def __init__(self, length: int) -> None:
        self._room = max(_COVERED_TIMES * length, _COVERED_ANYWAY)

    def add(self, start: int, end: int) -> None:
        """Count a stretch; raises `LimitError` once they cover more than the text of any article is covered."""
        self._room -= max(0, end - start)
        if self._room < 0:
            raise LimitError(f"the passages of the statements cover the text more than {_COVERED_TIMES} times")


def _passages(article: Article) -> Iterator[Span]:
    """The spans of all passages."""
    for one in article.statements:
        for passage in (one.source, one.cue, one.content):
            yield from passage.spans


def _check_statement(statement: Statement, length: int) -> None:
    if not statement.content:
        raise InputError(f"statement {statement.id!r} has no content")
    if statement.nested_in == statement.id:
        raise InputError(f"statement {statement.id!r} stands inside itself")
    for sure in (statement.confidence, statement.speaker.confidence if statement.speaker else 0.0):
        if not 0 <= sure <= 1:
            raise InputError(f"statement {statement.id!r}: {sure} is no confidence between 0 and 1")
    passages = (("source", statement.source), ("cue", statement.cue), ("content", statement.content))
    for name, passage in passages:
        _check(passage.spans, length, f"{name} of statement {statement.id!r}")
    for span in spans_within(statement.acts):
        _check((span,), length, f"act of statement {statement.id!r}")


def _check(stretches: Sequence[_Stretch], length: int, what: str) -> None:
    end = 0
    for one in stretches:
        if not 0 <= one.start < one.end <= length:
            raise InputError(f"{what}: {one.start}-{one.end} is no stretch of a text of {length} characters")
        if one.start < end:
            raise InputError(f"{what}: {one.start}-{one.end} begins before the one in front of it ends, at {end}")
        end = one.end


def spans_within(records: Iterable[object]) -> Iterator[Span]:
    """Every span that these records hold, however deep."""
    for record in records:
        if isinstance(record, Span):
            yield record
        elif isinstance(record, Struct):
            yield from spans_within(getattr(record, name) for name in record.__struct_fields__)
        elif isinstance(record, tuple):
            yield from spans_within(record)

"""Statements within statements: "the envoy said that **the ministry had promised an answer**".

The corpora do not annotate them and the engines look for the outermost statement only, so this is a step of its own,
by the rules, over the unquoted words of what has been found. What the engine itself found within a quotation, words of
the speaker and all, is in that statement too.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from msgspec import structs

from onrecord.attribution.dashes import spoken
from onrecord.attribution.grammars import rules_of
from onrecord.attribution.relation import Ends, Relation
from onrecord.attribution.rules import placed
from onrecord.attribution.stating import statement_of
from onrecord.attribution.words import sentences
from onrecord.schema import Statement

_REPORTED = frozenset({"speech", "writing"})


def with_nested(text: str, statements: Sequence[Statement]) -> tuple[Statement, ...]:
    """The statements, each followed by those inside its content, which name it in `nested_in`; all numbered anew.

    What is inside is only as sure as what holds it: its confidence is the product of the two.
    """
    found: list[Statement] = []
    holders = _holders(statements)
    names: list[str] = []
    for number, statement in enumerate(statements):
        names.append(f"s{len(found) + 1}")
        around = holders[number]
        holder = structs.replace(statement, id=names[-1], nested_in=None if around is None else names[around])
        found.append(holder)
        if statement.kind == "direct":
            continue
        inside = nested_in(text, statement)
        quoted = _spoken_in(text, statement) if inside else []
        for relation in inside:
            inner = statement_of(text, f"s{len(found) + 1}", relation, quoted, statement.lang)
            confidence = inner.confidence * holder.confidence
            found.append(structs.replace(inner, nested_in=holder.id, confidence=confidence))
    return tuple(found)


def _spoken_in(text: str, statement: Statement) -> list[Ends]:
    spans = [(span.start, span.end) for span in statement.content.spans]
    return [(one.start, one.end) for one in spoken(text, spans, rules_of(statement.lang).lexicon)]


def _holders(statements: Sequence[Statement]) -> list[int | None]:
    """For each of the statements, in reading order, which earlier one holds all its words within a quotation."""
    spans = sorted(
        (span.start, span.end, number)
        for number, one in enumerate(statements)
        if one.kind == "direct"
        for span in one.content.spans
    )
    found: list[int | None] = []
    for number, one in enumerate(statements):
        passages = [passage for passage in (one.source, one.cue, one.content) if passage]
        start, end = min(passage.start for passage in passages), max(passage.end for passage in passages)
        at = bisect_right(spans, (start, 1 << 62, 0))
        near = reversed(spans[max(0, at - _NEAR) : at])
        found.append(next((holder for _, stop, holder in near if stop >= end and holder < number), None))
    return found


_NEAR = 4
"""How many quotations before a place can hold it: those of statements that share one."""


def nested_in(text: str, outer: Statement) -> list[Relation]:
    """The relations inside the content of a statement, in reading order; none in what stands between quotation marks.

    Only what somebody said or wrote counts: a belief inside a report is the reporter's paraphrase more often than not.
    """
    rules = rules_of(outer.lang)
    cues = {(span.start, span.end) for span in outer.cue.spans}
    found: list[Relation] = []
    for start, end in ((span.start, span.end) for span in outer.content.spans):
        quoted = spoken(text, [(start, end)], rules.lexicon)
        for sentence in sentences(text, start, end, quoted, rules.lexicon):
            for one in rules.in_sentence(sentence):
                inner = placed(sentence, one)
                itself = not cues.isdisjoint(inner.cue)  # a content that holds its own cue: a whole clause
                told = one.source and one.content and one.manner in _REPORTED
                if told and not one.shared and not itself:
                    found.append(inner)
    return found

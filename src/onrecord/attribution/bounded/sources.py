"""The subject of a reporting verb: in its clause, or in the one that its clause goes on from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from onrecord.attribution.bounded.clauses import Clause, Cue
from onrecord.attribution.bounded.phrases import agrees, is_part, phrase_end, phrases
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.words import Word

_FARTHEST = 5
"""Clauses between a verb and its subject at most: an aside, a relative clause, a participle."""


class Source(NamedTuple):
    """The items `start` to `end` (exclusive) of a sentence, and the last clause that they reach into."""

    start: int
    end: int
    clause: int


def subject(sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon) -> Source | None:
    """Whom a verb reports. A subject of another number or gender than the verb is none."""
    clause = parts[cue.clause]
    found = _before(sentence, clause, cue, lexicon)
    if found is not None:
        return Source(*found, cue.clause)
    own = [] if cue.form.kind == "gerund" else _agreeing(sentence, cue.first + 1, clause.end, cue, lexicon)
    if own:
        return _with_apposition(sentence, parts, own[0], cue.clause, lexicon)
    return _from_earlier(sentence, parts, cue, lexicon)


def _before(sentence: Sequence[Word], clause: Clause, cue: Cue, lexicon: BoundedLexicon) -> tuple[int, int] | None:
    """The subject between the start of a clause and its verb."""
    if cue.form.kind == "gerund":
        return None
    start = clause.start
    while start < cue.first and sentence[start].lower in lexicon.coordinators | lexicon.as_words:
        start += 1
    found = _agreeing(sentence, start, cue.first, cue, lexicon)
    if not found:
        return None
    if not lexicon.verb_second:
        return found[0]
    # What stands before the verb of a main clause is one phrase: a subject at its start takes in all of it.
    subordinate = sentence[clause.start].lower in lexicon.subordinators | lexicon.as_words
    return (start, cue.first) if found[0][0] == start and not subordinate and cue.first - start < 14 else found[0]


def _agreeing(
    sentence: Sequence[Word], start: int, end: int, cue: Cue, lexicon: BoundedLexicon
) -> list[tuple[int, int]]:
    free = [
        (a, b)
        for a, b in phrases(sentence, start, end, "nom", lexicon)
        if not any(a <= item < b for item in cue.items) and sentence[a].lower not in lexicon.moments
    ]
    return [(a, b) for a, b in free if agrees(sentence, a, b, cue.form.number, cue.form.gender, lexicon)]


def _with_apposition(
    sentence: Sequence[Word], parts: Sequence[Clause], found: tuple[int, int], at: int, lexicon: BoundedLexicon
) -> Source:
    """A subject that ends its clause, with the description in the clause after it: said Anna Roe, mayor of X."""
    start, end = found
    if end == parts[at].end and at + 1 < len(parts) and _is_aside(sentence, parts, at + 1, lexicon):
        return Source(start, parts[at + 1].end, at + 1)
    return Source(start, end, at)


def _is_aside(sentence: Sequence[Word], parts: Sequence[Clause], at: int, lexicon: BoundedLexicon) -> bool:
    """Whether a clause between commas is nothing but a noun phrase."""
    clause = parts[at]
    if clause.start == 0 or sentence[clause.start - 1].text != ",":
        return False
    return phrase_end(sentence, clause.start, clause.end, "nom", lexicon) == clause.end


def _from_earlier(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon
) -> Source | None:
    """The subject left of an aside, or the one that a second verb or a participle shares."""
    aside = 0
    for at in range(cue.clause - 1, max(-1, cue.clause - 1 - _FARTHEST), -1):
        clause = parts[at]
        if _hangs(sentence, clause, lexicon):
            aside = 0
            continue
        if at > 0 and _is_aside(sentence, parts, at, lexicon) and not _hangs(sentence, parts[at - 1], lexicon):
            aside = aside or clause.end
            continue
        found = _agreeing(sentence, clause.start, clause.end, cue, lexicon)
        if not found:
            continue
        start, end = found[-1] if found[-1][1] == clause.end else found[0]
        reaches = aside if aside and end == clause.end else end
        return Source(start, reaches, cue.clause)
    return None


def _hangs(sentence: Sequence[Word], clause: Clause, lexicon: BoundedLexicon) -> bool:
    """Whether a clause depends on another and has its own subject: a conjunction or participle opens it."""
    first = sentence[clause.start].lower
    if first in lexicon.subordinators or first in lexicon.relatives or first in lexicon.content_openers:
        return True
    opens = clause.start + 1 if first in lexicon.coordinators else clause.start
    return (
        opens < clause.end
        and (is_part(sentence, opens, "gerund", lexicon) or is_part(sentence, opens, "preposition", lexicon))
        and clause.start > 0
    )

"""The relations of one sentence: how its reporting clauses meet the clauses that they report."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.bounded.clauses import DASHES, Clause, Cue, clauses, cues, is_speech
from onrecord.attribution.bounded.contents import after, after_mark, around, before_mark, is_quote
from onrecord.attribution.bounded.phrases import phrase_end
from onrecord.attribution.bounded.sources import Source, subject
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.bounded.turns import turns_of_phrase
from onrecord.attribution.relation import Items, Parts
from onrecord.attribution.words import Word


def in_sentence(sentence: Sequence[Word], lexicon: BoundedLexicon) -> list[Parts]:
    """The relations of one sentence, in reading order; none lies inside the content of another."""
    parts = clauses(sentence)
    candidates = list(cues(sentence, parts, lexicon))
    found: list[Parts] = []
    for cue in candidates:
        one = _beside_quotation(sentence, parts, cue, lexicon)
        if one is not None and not any(_overlap(one, other) for other in found):
            found.append(one)
    others = [one for one in (_beside_clause(sentence, parts, cue, lexicon) for cue in candidates) if one]
    others += _verbless(sentence, parts, lexicon)
    others += turns_of_phrase(sentence, parts, lexicon)
    for one in sorted(others, key=lambda one: one.cue):
        if not any(_overlap(one, other) for other in found):
            found.append(one)
    return sorted(found, key=lambda one: one.cue)


def announced(sentence: Sequence[Word], lexicon: BoundedLexicon) -> Parts | None:
    """A reporting clause with a colon at the end of its paragraph, its content still to come."""
    if sentence[-1].text != ":":
        return None
    parts = clauses(sentence)
    for cue in reversed(list(cues(sentence, parts, lexicon))):
        source = subject(sentence, parts, cue, lexicon)
        if source is not None and "quote" in cue.verb.frames and not cue.passive:
            return _parts(source, cue, (), "colon before quotation")
    return None


def keeps_reporting(sentence: Sequence[Word], lexicon: BoundedLexicon) -> bool:
    """Whether a sentence without a reporting clause shows by its mood that somebody else's words go on in it."""
    if not lexicon.subjunctive or any(word.lower in lexicon.not_subjunctive for word in sentence):
        return False
    return any(word.kind == "word" and word.lower in lexicon.subjunctive for word in sentence)


def _overlap(one: Parts, other: Parts) -> bool:
    """Whether a cue or content of one relation lies in another's."""
    mine = (*one.cue, *one.content)
    return any(a < d and c < b for a, b in mine for c, d in (*other.cue, *other.content))


def _parts(source: Source | None, cue: Cue, content: tuple[Items, ...], rule: str) -> Parts:
    items: list[Items] = []
    for at in cue.items:
        if items and items[-1][1] == at:
            items[-1] = (items[-1][0], at + 1)
        else:
            items.append((at, at + 1))
    return Parts((source[:2],) if source else (), tuple(items), content, rule, cue.verb.manner)


def _beside_quotation(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon
) -> Parts | None:
    """The relation of a clause that stands behind a quotation or amid two: «…», — said X, — «…»"""
    clause = parts[cue.clause]
    quote = before_mark(sentence, clause.start)
    if "quote" not in cue.verb.frames or cue.passive or not is_quote(sentence, quote):
        return None
    if clause.end < len(sentence) and sentence[clause.end].text == ":":
        return None
    source = subject(sentence, parts, cue, lexicon)
    if source is None and "impersonal" not in cue.verb.frames:
        return None
    if source is not None and source.start < quote:
        return None
    content: list[Items] = [(_quotation_start(sentence, quote), quote + 1)]
    following = after_mark(sentence, parts[max(cue.clause, source.clause if source else 0)].end)
    if is_quote(sentence, following) and is_speech(sentence, following):
        content.append((following, following + 1))
    return _parts(source, cue, tuple(content), "clause after content")


def _quotation_start(sentence: Sequence[Word], quote: int) -> int:
    """Where a content that ends in a quotation begins: a quotation amid words takes the words before it along."""
    if quote == 0 or sentence[quote - 1].kind == "mark":
        return quote
    return max((at + 1 for at in range(quote) if sentence[at].text in {";", ":"} | DASHES), default=0)


def _beside_clause(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon
) -> Parts | None:
    """The relation of a clause before, behind or amid unquoted words, or before a quotation."""
    clause = parts[cue.clause]
    source = None if cue.passive else subject(sentence, parts, cue, lexicon)
    if source is None and "impersonal" not in cue.verb.frames:
        return None
    first = clause.start + (sentence[clause.start].lower in lexicon.coordinators)
    reach = max(cue.clause, source.clause if source else 0)
    stop = parts[reach].end
    if sentence[first].lower in lexicon.as_words and first < cue.first:
        content = around(sentence, clause.start, stop, lexicon)
        led = _parts(source, cue, content, "clause after content")
        return led._replace(cue=_joined((first, first + 1), led.cue)) if content else None
    found = after(sentence, parts, cue, reach, source.end if source else 0, lexicon)
    if found is not None:
        return _parts(source, cue, *found)
    if source is None or source.start < cue.first or cue.first > first + 1 or clause.start < 2:
        return None
    if sentence[clause.start - 1].text not in DASHES | {","} or not cue.verb.frames & {"clause", "quote"}:
        return None
    content = around(sentence, clause.start, stop, lexicon)
    return _parts(source, cue, content, "clause after content") if content else None


def _joined(first: Items, rest: tuple[Items, ...]) -> tuple[Items, ...]:
    return ((first[0], rest[0][1]), *rest[1:]) if first[1] == rest[0][0] else (first, *rest)


def _verbless(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> list[Parts]:
    """Clauses behind their content whose verb is left out: „…“, so die Ministerin."""
    found = []
    for number, clause in enumerate(parts):
        at = clause.start
        if number == 0 or sentence[at].lower not in lexicon.verbless:
            continue
        end = phrase_end(sentence, at + 1, clause.end, "nom", lexicon)
        if end is None or sentence[at - 1].text not in DASHES | {","}:
            continue
        quote = before_mark(sentence, at)
        quoted = is_quote(sentence, quote) and is_speech(sentence, quote)
        content = ((quote, quote + 1),) if quoted else around(sentence, at, clause.end, lexicon)
        if content:
            found.append(Parts(((at + 1, end),), ((at, at + 1),), content, "clause after content", "speech"))
    return found

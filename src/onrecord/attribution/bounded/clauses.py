"""A sentence cut at its marks into clauses, and the reporting verbs of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from onrecord.attribution.bounded.table import BoundedLexicon, Verb, VerbForm
from onrecord.attribution.words import Word

DASHES = frozenset({"—", "–", "-", "--", "―"})
_DIVIDERS = DASHES | frozenset(",;:()[]!?.…") | {"..."}
_LONGEST_BRACKET = 6
_SPEECH = 60
"""Characters from which on a quotation inside a clause is taken for speech and not for a name."""
_FARTHEST_PARTICLE = 3
"""Clauses between a verb and its particle at most: *gab die Leiterin, Anna Roe, bekannt*."""


class Clause(NamedTuple):
    """The items between two dividing marks or quotations: `start` to `end`, exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb that may report, with its auxiliary, particle and negation; `items` are in reading order."""

    clause: int
    reach: int
    """The last clause that holds a part of it."""
    items: tuple[int, ...]
    pivot: int
    """Its finite item, which a subject stands beside: the auxiliary, if there is one."""
    verb: Verb
    form: VerbForm
    passive: bool = False
    hedged: bool = False
    """Whether its finite verb stands in the mood of reported speech."""
    until: int = -1
    """The item at which another reporting verb of its clause begins; -1 if it is the last there."""


def clauses(sentence: Sequence[Word]) -> list[Clause]:
    """The clauses of a sentence. A bracket of a few words and a quotation amid words stay inside theirs."""
    found: list[Clause] = []
    start = at = 0
    while at < len(sentence):
        closing = _short_bracket(sentence, at)
        if closing:
            at = closing
        elif _divides(sentence, at):
            if start < at:
                found.append(Clause(start, at))
            start = at = at + 1
        else:
            at += 1
    if start < len(sentence):
        found.append(Clause(start, len(sentence)))
    return found


def _short_bracket(sentence: Sequence[Word], at: int) -> int:
    if sentence[at].text != "(" or at == 0:
        return 0
    return next((i + 1 for i in range(at + 1, min(len(sentence), at + _LONGEST_BRACKET)) if sentence[i].text == ")"), 0)


def _divides(sentence: Sequence[Word], at: int) -> bool:
    word = sentence[at]
    if word.kind == "quote":
        return is_speech(sentence, at)
    if word.kind != "mark" or word.text not in _DIVIDERS:
        return False
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    if word.text == "-" and at > 0 and sentence[at - 1].end == word.start and sentence[at - 1].kind == "word":
        return False  # Fraktions- und Parteivorsitzende
    if word.text in DASHES:
        return not _is_glued(sentence, at)
    return not (word.text in ",:" and after is not None and after.start == word.end and after.text[:1].isdigit())


def _is_glued(sentence: Sequence[Word], at: int) -> bool:
    """Whether a hyphen ties the items on its sides: die „Bild“-Zeitung."""
    before = at > 0 and sentence[at - 1].end == sentence[at].start
    return before and at + 1 < len(sentence) and sentence[at + 1].start == sentence[at].end


def is_speech(sentence: Sequence[Word], at: int) -> bool:
    """Whether a quotation stands by itself, between marks or the sentence's ends, or is too long for a name."""
    if len(sentence[at].text) > _SPEECH:
        return True
    before = at == 0 or sentence[at - 1].kind != "word"
    after = at + 1 == len(sentence) or (sentence[at + 1].kind != "word" and not _is_glued(sentence, at + 1))
    return before and after


def cues(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> Iterator[Cue]:
    """Every verb group of the clauses that the lexicon knows as a way of reporting."""
    for number in range(len(parts)):
        here = list(_cues_of_clause(sentence, parts, number, lexicon))
        for cue, after in pairwise(here):
            yield replace(cue, until=after.items[0])
        yield from here[-1:]


def _cues_of_clause(
    sentence: Sequence[Word], parts: Sequence[Clause], number: int, lexicon: BoundedLexicon
) -> Iterator[Cue]:
    taken: set[int] = set()
    clause = parts[number]
    for at in range(clause.start, clause.end):
        word = sentence[at]
        if word.kind != "word" or word.lower not in lexicon.forms:
            continue
        if word.text[:1].isupper() and at > 0:
            continue
        if at > clause.start and sentence[at - 1].lower in lexicon.infinitive_marks:
            continue
        cue = _group(sentence, parts, number, at, lexicon)
        if cue is not None and taken.isdisjoint(cue.items):
            taken.update(cue.items)
            yield cue


def _group(
    sentence: Sequence[Word], parts: Sequence[Clause], number: int, at: int, lexicon: BoundedLexicon
) -> Cue | None:
    clause = parts[number]
    others = [i for i in range(clause.start, clause.end) if i != at]
    if any(sentence[i].lower in lexicon.modals for i in others):
        return None
    own = [i for i in others if sentence[i].lower in lexicon.have]
    own = own or [i for i in others if sentence[i].lower in lexicon.passive]
    base, helpers = (number, own) if own or at < clause.end - 1 else _helper_before(sentence, parts, number, lexicon)
    forms = lexicon.forms[sentence[at].lower]
    ending = any(form.kind == "participle" for form in forms)
    for form in forms:
        if form.kind == "participle" and (not helpers or not _closes(sentence, at, form.particle)):
            continue
        if form.kind == "finite" and ((helpers and ending) or (own and _is_infinitive(sentence, clause, at, form))):
            continue  # hat erklärt: the participle is spelt like the present; werde entscheiden: an infinitive
        found = _complete(sentence, parts, number, at, form, lexicon)
        if found is None:
            continue
        items, reach = found
        if form.kind == "finite" and not form.particle and _is_prefixed(sentence, clause, at, form, lexicon):
            continue
        if form.kind != "participle" and not form.companion and _has_reflexive(sentence, others, lexicon):
            continue
        pivot = helpers[0] if form.kind == "participle" else at
        items |= _negations(sentence, clause, items | {pivot}, lexicon) | {pivot}
        return Cue(
            base if form.kind == "participle" else number,
            reach,
            tuple(sorted(items)),
            pivot,
            form.verb,
            form,
            _is_passive(sentence, at, pivot, form, lexicon),
            sentence[pivot].lower in lexicon.subjunctive,
        )
    return None


def _is_prefixed(sentence: Sequence[Word], clause: Clause, at: int, form: VerbForm, lexicon: BoundedLexicon) -> bool:
    """Whether a prefix at the end of its clause makes a verb another one: das Gesetz **schreibt** es **vor**."""
    last = sentence[clause.end - 1].lower
    if at == clause.end - 1 or last not in lexicon.prefixes or last == form.companion:
        return False
    return all(sentence[i].lower not in lexicon.forms for i in range(at + 1, clause.end - 1))


def _has_reflexive(sentence: Sequence[Word], items: Sequence[int], lexicon: BoundedLexicon) -> bool:
    return any(sentence[at].lower in lexicon.reflexives for at in items)


def _is_passive(sentence: Sequence[Word], at: int, pivot: int, form: VerbForm, lexicon: BoundedLexicon) -> bool:
    if form.kind != "participle" or sentence[at].lower in lexicon.be_perfect:
        return False
    return sentence[pivot].lower not in lexicon.have


def _is_infinitive(sentence: Sequence[Word], clause: Clause, at: int, form: VerbForm) -> bool:
    return at == clause.end - 1 and form.number == "plur" and sentence[at].lower.endswith(form.verb.lemma[-4:])


def _helper_before(
    sentence: Sequence[Word], parts: Sequence[Clause], number: int, lexicon: BoundedLexicon
) -> tuple[int, list[int]]:
    """The clause with the auxiliary of a participle behind an aside: **hatte** die Leiterin, Anna Roe, erklärt."""
    own = parts[number]
    dependent = lexicon.subordinators | lexicon.relatives | lexicon.content_openers | lexicon.coordinators
    if not lexicon.verb_second or sentence[own.start].lower in dependent:
        return number, []
    for back in range(number - 1, max(-1, number - 1 - _FARTHEST_PARTICLE), -1):
        clause = parts[back]
        if sentence[clause.end].text != ",":
            break
        found = [i for i in range(clause.start, clause.end) if sentence[i].lower in lexicon.have]
        if found and (clause.start == 0 or sentence[clause.start].lower not in dependent):
            ends = any(sentence[i].lower in lexicon.forms for i in range(found[0] + 1, clause.end))
            return (number, []) if ends else (back, found)
    return number, []


def _closes(sentence: Sequence[Word], at: int, particle: str) -> bool:
    """Whether a participle has its prefix: in one word with it, or right before it."""
    return not particle or (at > 0 and sentence[at - 1].lower == particle)


def _negations(sentence: Sequence[Word], clause: Clause, items: set[int], lexicon: BoundedLexicon) -> set[int]:
    """The negations beside the items of a cue."""
    beside = {at + step for at in items for step in (-1, 1) if clause.start <= at + step < clause.end}
    return {at for at in beside if sentence[at].lower in lexicon.negations}


def _complete(
    sentence: Sequence[Word], parts: Sequence[Clause], number: int, at: int, form: VerbForm, lexicon: BoundedLexicon
) -> tuple[set[int], int] | None:
    """The verb with the particle and companion that it asks for, and the last clause with one; None without them."""
    clause = parts[number]
    items, reach = {at}, number
    if form.particle:
        particle = _particle(sentence, parts, number, at, form.particle, lexicon)
        if particle is None:
            return None
        items.add(particle[0])
        reach = particle[1]
    if form.companion:
        found = [i for i in range(clause.start, clause.end) if sentence[i].lower == form.companion]
        behind = [n for n in range(number + 1, len(parts)) if sentence[parts[n].start].lower == form.companion]
        if found:
            items.add(found[0])
        elif behind and behind[0] <= number + _FARTHEST_PARTICLE and lexicon.verb_second:
            items.add(parts[behind[0]].start)  # bezeichnete die Karten, die er bekam, als „übertrieben“
            reach = max(reach, behind[0])
        else:
            return None
    return items, reach


def _particle(
    sentence: Sequence[Word], parts: Sequence[Clause], number: int, at: int, particle: str, lexicon: BoundedLexicon
) -> tuple[int, int] | None:
    """The particle at the end of the verb's clause, or of one that takes it up after an aside."""
    if at > parts[number].start and sentence[at - 1].lower == particle:
        return at - 1, number  # bekannt gab, bekannt gegeben: two words behind the rest of their clause
    for further in range(number, min(len(parts), number + _FARTHEST_PARTICLE)):
        clause = parts[further]
        if further > number:
            first = sentence[clause.start].lower
            if first in lexicon.content_openers or sentence[clause.start - 1].text != ",":
                return None
        last = clause.end - 1
        if last > at and sentence[last].lower == particle:
            return last, further
    return None

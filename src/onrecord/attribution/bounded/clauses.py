"""A sentence cut at its marks into clauses, and the reporting verbs of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from onrecord.attribution.bounded.table import BoundedLexicon, Verb, VerbForm
from onrecord.attribution.words import Word

DASHES = frozenset({"—", "–", "-", "--", "―"})
_DIVIDERS = DASHES | frozenset(",;:()[]!?.…") | {"..."}
_LONGEST_BRACKET = 6
_SPEECH = 60
"""Characters from which on a quotation inside a clause is taken for speech and not for a name."""


class Clause(NamedTuple):
    """The items between two dividing marks or quotations: `start` to `end`, exclusive."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb that may report, with its auxiliary and particle; `items` are in reading order."""

    clause: int
    items: tuple[int, ...]
    verb: Verb
    form: VerbForm
    passive: bool = False

    @property
    def first(self) -> int:
        """The first item of the verb group."""
        return self.items[0]

    @property
    def last(self) -> int:
        """The last one."""
        return self.items[-1]


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
    glued = at + 1 < len(sentence) and sentence[at + 1].start == word.end and sentence[at + 1].text[:1].isdigit()
    return not (word.text == "," and glued)


def is_speech(sentence: Sequence[Word], at: int) -> bool:
    """Whether a quotation stands by itself, between marks or the sentence's ends, or is too long for a name."""
    if len(sentence[at].text) > _SPEECH:
        return True
    before = at == 0 or sentence[at - 1].kind != "word"
    after = at + 1 == len(sentence) or sentence[at + 1].kind != "word"
    return before and after


def cues(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> Iterator[Cue]:
    """Every verb group of the clauses that the lexicon knows as a way of reporting, one a clause at most."""
    for number, clause in enumerate(parts):
        for at in range(clause.start, clause.end):
            word = sentence[at]
            if word.kind != "word" or word.lower not in lexicon.forms:
                continue
            if word.text[:1].isupper() and at > clause.start and at > 0:
                continue
            cue = _group(sentence, number, clause, at, lexicon)
            if cue is not None:
                yield cue
                break


def _group(sentence: Sequence[Word], number: int, clause: Clause, at: int, lexicon: BoundedLexicon) -> Cue | None:
    for form in lexicon.forms[sentence[at].lower]:
        items = _complete(sentence, clause, at, form, lexicon)
        if items is None:
            continue
        others = [i for i in range(clause.start, clause.end) if i != at]
        if any(sentence[i].lower in lexicon.modals for i in others):
            return None
        helpers = [i for i in others if sentence[i].lower in lexicon.have | lexicon.passive]
        if form.kind == "participle":
            if not helpers:
                continue
            passive = not any(sentence[i].lower in lexicon.have for i in helpers)
            helper = next(i for i in helpers if passive or sentence[i].lower in lexicon.have)
            items = tuple(sorted({*items, helper}))
            return Cue(number, _negated(sentence, clause, items, lexicon), form.verb, form, passive)
        return Cue(number, _negated(sentence, clause, items, lexicon), form.verb, form)
    return None


def _negated(
    sentence: Sequence[Word], clause: Clause, items: tuple[int, ...], lexicon: BoundedLexicon
) -> tuple[int, ...]:
    """The items of a cue with the negation beside them."""
    beside = {at + step for at in items for step in (-1, 1) if clause.start <= at + step < clause.end}
    return tuple(sorted({*items, *(at for at in beside if sentence[at].lower in lexicon.negations)}))


def _complete(
    sentence: Sequence[Word], clause: Clause, at: int, form: VerbForm, lexicon: BoundedLexicon
) -> tuple[int, ...] | None:
    """The verb with the particle and the companion that it asks for; None if they are not there."""
    items = {at}
    last = clause.end - 1
    if form.particle:
        wanted = form.particle.split("+")
        if last <= at or sentence[last].lower != wanted[-1]:
            return None
        items.add(last)
        last -= 1
    if form.companion:
        found = [i for i in range(clause.start, clause.end) if sentence[i].lower == form.companion]
        if not found:
            return None
        items.add(found[0])
    return tuple(sorted(items))

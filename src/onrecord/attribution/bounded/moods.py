"""Sentences without a reporting clause that carry on what somebody said: by the mood of their verb, or a word."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.bounded.clauses import Clause, clauses
from onrecord.attribution.bounded.contents import trimmed
from onrecord.attribution.bounded.phrases import is_nominal, is_part, oblique_end, phrase_end, phrases
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.relation import Carried, Ends, Items
from onrecord.attribution.words import Word

_LATEST_POINTER = 5
"""The item that a word like *demnach* is at most: it stands first, or right behind the verb."""


def carried(sentence: Sequence[Word], lexicon: BoundedLexicon) -> Carried | None:
    """What a sentence carries on of somebody else's words; None if it does not show that it does."""
    whole = ((sentence[0].start, sentence[-1].end),)
    for at, word in enumerate(sentence[:_LATEST_POINTER]):
        if word.lower in lexicon.accordingly:
            pieces = (*trimmed(sentence, 0, at), *trimmed(sentence, at + 1, len(sentence)))
            content = tuple((sentence[a].start, sentence[b - 1].end) for a, b in pieces)
            return Carried(content, True, ((word.start, word.end),)) if content else None
    if any(word.lower in lexicon.not_subjunctive for word in sentence):
        return None
    parts = clauses(sentence)
    for part in parts:
        found = main_verbs(sentence, part, lexicon)
        if found:
            sure = any(sentence[at].lower in lexicon.subjunctive for at in found)
            return Carried(whole, sure) if sure or not _supposes(sentence, lexicon) else None
        if not _may_precede(sentence, part, lexicon):
            break
    start = behind_colon(sentence, parts, lexicon)
    return Carried(((sentence[start].start, sentence[-1].end),), True) if start else None


def behind_colon(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> int:
    """The item behind a colon where a clause begins whose mood shows that it is reported; 0 if there is none.

    A word that numbers it may stand before it: *Erstens, müsse es billig sein.*
    """
    first = next((n for n, part in enumerate(parts) if part.start and sentence[part.start - 1].text == ":"), len(parts))
    for part in parts[first : first + 2]:
        if any(sentence[at].lower in lexicon.subjunctive for at in main_verbs(sentence, part, lexicon)):
            return parts[first].start
        if part.end > part.start + 1:
            break
    return 0


def _supposes(sentence: Sequence[Word], lexicon: BoundedLexicon) -> bool:
    """Whether a sentence says what would be, if: its past subjunctive reports nothing."""
    first = sentence[0].lower
    return first in lexicon.reserved or any(word.lower in lexicon.conditions for word in sentence)


def _may_precede(sentence: Sequence[Word], part: Clause, lexicon: BoundedLexicon) -> bool:
    """Whether a clause can stand before the main clause of its sentence: it hangs on it, or is a part of it."""
    opens = _opening(sentence, part, lexicon)
    if hangs_on(sentence, part, lexicon):
        return True
    if is_part(sentence, opens, "preposition", lexicon):
        return oblique_end(sentence, opens + 1, part.end, lexicon) == part.end or part.start > 0
    return is_nominal(sentence, opens, part.end, lexicon)


def _opening(sentence: Sequence[Word], part: Clause, lexicon: BoundedLexicon) -> int:
    """The first item of a clause that is no conjunction like *and*."""
    opens = part.start
    while opens + 1 < part.end and sentence[opens].lower in lexicon.coordinators:
        opens += 1
    return opens


def hangs_on(sentence: Sequence[Word], part: Clause, lexicon: BoundedLexicon) -> bool:
    """Whether a clause depends on another: a conjunction or a relative pronoun opens it."""
    opens = _opening(sentence, part, lexicon)
    if sentence[opens].lower in lexicon.hanging:
        return True
    return part.start > 0 and sentence[opens].lower in lexicon.relatives


def main_verbs(sentence: Sequence[Word], part: Clause, lexicon: BoundedLexicon) -> list[int]:
    """The verbs of a clause that show its mood, unless the clause hangs on another."""
    verbs = [
        at for at in range(part.start, part.end) if sentence[at].lower in lexicon.moody and sentence[at].text.islower()
    ]
    if not verbs:
        return []
    first = _opening(sentence, part, lexicon)
    opens = sentence[first].lower
    if opens in lexicon.hanging:
        return [at for at in verbs if at == first + 1]  # an adverb that is spelt like a conjunction: damit sei …
    if part.start == 0 or sentence[part.start - 1].text != ",":
        return verbs
    first += is_part(sentence, first, "preposition", lexicon)
    if first >= part.end or sentence[first].lower not in lexicon.relatives:
        return verbs
    subject = phrase_end(sentence, first, part.end, "nom", lexicon) or 0
    return [at for at in verbs if at < part.end - 2 or (at == subject and subject > first + 1)]


def topic(sentence: Sequence[Word], lexicon: BoundedLexicon) -> Ends | None:
    """The first noun phrase of a sentence that can be its subject and can speak, in offsets of the text."""
    if not lexicon.subjunctive:
        return None
    end = next((part.end for part in clauses(sentence)), 0)
    found = voice(sentence, 0, end, lexicon)
    return (sentence[found[0]].start, sentence[found[1] - 1].end) if found else None


def voice(sentence: Sequence[Word], start: int, end: int, lexicon: BoundedLexicon) -> Items | None:
    """The first phrase between two items that can be a subject and can speak."""
    for first, stop in phrases(sentence, start, end, "nom", lexicon):
        if is_voice(sentence, first, stop, lexicon):
            return first, stop
    return None


def is_voice(sentence: Sequence[Word], start: int, stop: int, lexicon: BoundedLexicon) -> bool:
    """Whether a phrase can speak: a name, a personal pronoun, or a noun for people, bodies or documents."""
    if is_part(sentence, start, "pronoun", lexicon) and stop == start + 1:
        return sentence[start].lower in lexicon.speaking
    if any(word.lower in lexicon.moments for word in sentence[start : min(stop, start + 3)]):
        return False
    if not lexicon.articles:
        named = any(word.text[:1].isupper() for word in sentence[start + (start == 0) : stop])
        return named or any(word.lower in lexicon.voices for word in sentence[start:stop])
    head = start
    while head < stop and is_part(sentence, head, "adjective", lexicon) and sentence[head].text.islower():
        head += 1
    if head == start and not any(is_part(sentence, head, part, lexicon) for part in ("determiner", "number")):
        named = sentence[start].text[:1].isupper() and (start > 0 or stop > start + 1)
        return named and not (start == 0 and sentence[0].lower.endswith(("e", "es")))  # besondere Probleme
    return any(
        word.text[:1].isupper() and word.lower.endswith(lexicon.voices) for word in sentence[head : min(stop, head + 4)]
    )

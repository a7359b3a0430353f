"""Sentences without a reporting clause that carry on what somebody said: by the mood of their verb, or a word."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.bounded.clauses import Clause, clauses
from onrecord.attribution.bounded.contents import trimmed
from onrecord.attribution.bounded.phrases import is_part, phrases
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.relation import Carried, Ends
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
            return Carried(content, False, ((word.start, word.end),)) if content else None
    if any(word.lower in lexicon.not_subjunctive for word in sentence):
        return None
    parts = clauses(sentence)
    found = [at for part in parts for at in _main_verbs(sentence, part, lexicon)]
    if not found:
        return None
    return Carried(whole, any(sentence[at].lower in lexicon.subjunctive for at in found))


def _main_verbs(sentence: Sequence[Word], part: Clause, lexicon: BoundedLexicon) -> list[int]:
    """The verbs of a clause that show its mood, unless the clause hangs on another."""
    verbs = [
        at
        for at in range(part.start, part.end)
        if sentence[at].lower in lexicon.subjunctive | lexicon.reserved and (at == 0 or sentence[at].text.islower())
    ]
    if not verbs:
        return []
    first = part.start
    while first + 1 < part.end and sentence[first].lower in lexicon.coordinators:
        first += 1
    opens = sentence[first].lower
    if opens in lexicon.subordinators | lexicon.content_openers | lexicon.as_words:
        return [at for at in verbs if at == first + 1]  # an adverb that is spelt like a conjunction: damit sei …
    if part.start == 0 or sentence[part.start - 1].text != ",":
        return verbs
    first += is_part(sentence, first, "preposition", lexicon)
    relative = first < part.end and sentence[first].lower in lexicon.relatives
    return [at for at in verbs if not relative or at < part.end - 2]


def topic(sentence: Sequence[Word], lexicon: BoundedLexicon) -> Ends | None:
    """The first noun phrase of a sentence that can be its subject, in offsets of the text."""
    if not lexicon.subjunctive:
        return None
    end = next((part.end for part in clauses(sentence)), 0)
    for start, stop in phrases(sentence, 0, end, "nom", lexicon):
        if sentence[start].lower not in lexicon.objects and sentence[start].lower not in lexicon.moments:
            return sentence[start].start, sentence[stop - 1].end
    return None

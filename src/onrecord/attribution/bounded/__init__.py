"""The rules for languages that set off every clause with a comma: German, Russian and others like them."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.bounded import moods, reports
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.relation import Carried, Ends, Parts
from onrecord.attribution.words import Word


class BoundedRules:
    """The relations of a sentence by its clauses, which marks divide."""

    def __init__(self, lexicon: BoundedLexicon) -> None:
        self.lexicon = lexicon

    def in_sentence(self, sentence: Sequence[Word]) -> list[Parts]:
        """The relations of one sentence, in the order of their cues."""
        return reports.in_sentence(sentence, self.lexicon)

    def announced(self, sentence: Sequence[Word]) -> Parts | None:
        """A reporting clause with a colon at the end of its paragraph, its content still to come."""
        return reports.announced(sentence, self.lexicon)

    def carried(self, sentence: Sequence[Word]) -> Carried | None:
        """What a sentence without a reporting clause carries on of somebody's words, as its mood shows."""
        return moods.carried(sentence, self.lexicon)

    def topic(self, sentence: Sequence[Word]) -> Ends | None:
        """The subject of a sentence, in offsets of the text."""
        return moods.topic(sentence, self.lexicon)

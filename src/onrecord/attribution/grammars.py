"""Which rules and words a language has: the one place that knows the kinds of grammar."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast

from onrecord import languages
from onrecord.attribution.bounded import BoundedRules
from onrecord.attribution.bounded.analysed import Analysed
from onrecord.attribution.bounded.listed import Listed
from onrecord.attribution.bounded.table import BoundedLexicon, BoundedTable
from onrecord.attribution.common import Common
from onrecord.attribution.open import OpenRules
from onrecord.attribution.open.lexicon import Lexicon, OpenTable
from onrecord.attribution.relation import Carried, Ends, Parts
from onrecord.attribution.words import Word


class Rules(Protocol):
    """What a grammar finds in one sentence."""

    @property
    def lexicon(self) -> Common:
        """The words of the language."""

    def in_sentence(self, sentence: Sequence[Word]) -> list[Parts]:
        """The relations of one sentence, in the order of their cues."""

    def announced(self, sentence: Sequence[Word]) -> Parts | None:
        """A reporting clause with a colon at the end of its paragraph, its content still to come."""

    def carried(self, sentence: Sequence[Word]) -> Carried | None:
        """What a sentence without a reporting clause carries on of somebody's words, if it shows that it does."""

    def topic(self, sentence: Sequence[Word]) -> Ends | None:
        """Whom or what a sentence without a reporting clause is about, in offsets of the text."""


@cache
def rules_of(code: str) -> Rules:
    """The rules for the language `code`; raises `UsageError` if its file has no table `[attribution]`."""
    shapes = cast("type[OpenTable | BoundedTable]", OpenTable | BoundedTable)
    table = languages.table(code, "attribution", shapes)
    if isinstance(table, OpenTable):
        return OpenRules(Lexicon(table))
    analyser = Analysed() if table.analyser == "pymorphy3" else Listed(table)
    return BoundedRules(BoundedLexicon(table, analyser))


def has_rules(code: str) -> bool:
    """Whether statements can be found in the language `code`."""
    return languages.has_table(code, "attribution")

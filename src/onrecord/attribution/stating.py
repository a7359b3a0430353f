"""From a relation to the statement that it is."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.grammars import rules_of
from onrecord.attribution.kinds import is_negated, kind_of
from onrecord.attribution.relation import VERBATIM, Ends, Relation
from onrecord.schema import Passage, Statement


def statement_of(text: str, name: str, relation: Relation, quoted: Sequence[Ends], lang: str) -> Statement:
    """The statement with the id `name`; `quoted` are the text's quotations as sorted offsets, titles left out."""
    words = rules_of(lang).lexicon
    content = Passage.of(text, *relation.content)
    cue, source = Passage.of(text, *relation.cue), Passage.of(text, *relation.source)
    return Statement(
        id=name,
        kind="direct" if relation.rule in VERBATIM else kind_of(text, content, cue or source, quoted),
        source=source,
        cue=cue,
        content=content,
        manner=relation.manner,
        negated=is_negated(text, relation.cue, relation.source, words),
        confidence=words.precision.get(relation.rule, relation.confidence),
        because=relation.because,
        lang=lang,
    )

"""Statements within statements: "the envoy said that **the ministry had promised an answer**".

The corpora do not annotate them and the engines look for the outermost statement only, so this is a step of its own,
by the rules, over the unquoted words of what has been found.
"""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.grammars import Rules
from onrecord.attribution.quotation import Quotation
from onrecord.attribution.relation import Relation
from onrecord.attribution.rules import placed
from onrecord.attribution.words import sentences

_REPORTED = frozenset({"speech", "writing"})


def nested_in(text: str, outer: Relation, quoted: Sequence[Quotation], rules: Rules) -> list[Relation]:
    """The relations inside the content of `outer`, in reading order; none in what stands between quotation marks.

    Only what somebody said or wrote counts: a belief inside a report is the reporter's paraphrase more often than not.
    """
    found: list[Relation] = []
    for start, end in outer.content:
        for sentence in sentences(text, start, end, quoted, rules.lexicon):
            for one in rules.in_sentence(sentence):
                if one.source and not one.shared and one.manner in _REPORTED:
                    found.append(placed(sentence, one))
    return found

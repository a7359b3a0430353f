"""Article → statements: who is said to have said what, in spans of the article's text."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from onrecord.attribution.common import Common
from onrecord.attribution.dashes import spoken
from onrecord.attribution.engines import Engine, found_by
from onrecord.attribution.grammars import has_rules, rules_of
from onrecord.attribution.kinds import is_negated, is_title, kind_of
from onrecord.attribution.relation import VERBATIM, Ends, Relation
from onrecord.attribution.words import paragraphs
from onrecord.schema import Article, BlockKind, Passage, Problem, Statement

SPOKEN_IN: frozenset[BlockKind] = frozenset({"headline", "standfirst", "body", "caption"})
"""The blocks whose words the article stands for; teasers, forms and navigation belong to other pages."""


def find_statements(article: Article, engine: Engine = "model") -> Article:
    """The article with the statements of its headline, standfirst, body and captions, in reading order.

    Speakers are not resolved yet. An article in a language without rules comes back without statements and with a
    problem that says so.
    """
    lang = article.lang.partition("-")[0].lower() or "en"
    if not has_rules(lang):
        problem = Problem("attribution", f"no rules for the language {lang!r}: statements were not looked for")
        return msgspec.structs.replace(article, problems=(*article.problems, problem))
    bounds = [
        inside
        for block in article.blocks
        if block.kind in SPOKEN_IN
        for inside in paragraphs(article.text, block.start, block.end)
    ]
    return msgspec.structs.replace(article, statements=attribute(article.text, bounds, lang, engine))


def attribute(
    text: str, bounds: Sequence[Ends] | None = None, lang: str = "en", engine: Engine = "model"
) -> tuple[Statement, ...]:
    """The statements of a text taken as it stands, in reading order, without speakers.

    `bounds` are its paragraphs as (start, end) offsets; None lets the line breaks decide. Raises `UsageError` for a
    language without rules.

    >>> [s.source.text for s in attribute("Rain is due, the port office said.")]
    ['the port office']
    """
    bounds = paragraphs(text) if bounds is None else bounds
    rules = rules_of(lang)
    words = rules.lexicon
    quoted = [
        (quotation.start, quotation.end)
        for quotation in spoken(text, bounds, words)
        if not is_title(text, quotation.start, quotation.end, words)
    ]
    found = found_by(engine, text, bounds, lang)
    return tuple(_statement(text, number, relation, quoted, words) for number, relation in enumerate(found, start=1))


def _statement(text: str, number: int, relation: Relation, quoted: Sequence[Ends], words: Common) -> Statement:
    content = Passage.of(text, *relation.content)
    return Statement(
        id=f"s{number}",
        kind="direct" if relation.rule in VERBATIM else kind_of(text, content, quoted),
        source=Passage.of(text, *relation.source),
        cue=Passage.of(text, *relation.cue),
        content=content,
        manner=relation.manner,
        negated=is_negated(text, relation.cue, words),
        confidence=relation.confidence,
        because=relation.because,
    )

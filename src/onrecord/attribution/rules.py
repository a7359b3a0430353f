"""The rule engine: statements from quotation marks, reporting verbs and word order, without a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.attribution.dashes import spoken
from onrecord.attribution.grammars import Rules
from onrecord.attribution.quotation import Quotation
from onrecord.attribution.relation import Ends, Items, Parts, Relation
from onrecord.attribution.speaker_labels import labelled, signed
from onrecord.attribution.words import Word, sentences

_MOST_WORDS_BESIDE_QUOTATION = 2


@dataclass(frozen=True, slots=True)
class _Reading:
    """What one sentence of a paragraph says by itself."""

    paragraph: int
    relations: tuple[Relation, ...] = ()
    floating: tuple[Ends, ...] = ()
    """Its quotations, if it is made of nothing else: somebody said them in a sentence nearby."""
    announced: Relation | None = None
    """A reporting clause with a colon at the end of its paragraph, its content still to come."""
    unmarked: Ends | None = None
    """The whole sentence, if its mood shows that it reports without saying whom."""
    carries_on: bool = False
    """Whether its first relation reports the quotation that opens it, which may have begun paragraphs before."""


def relations(text: str, paragraphs: Sequence[Ends], rules: Rules) -> list[Relation]:
    """The attribution relations of the `paragraphs` of a text, (start, end) offsets each, in reading order."""
    lexicon = rules.lexicon
    quoted = spoken(text, paragraphs, lexicon)
    unclosed = frozenset(quotation.end for quotation in quoted if not quotation.closed)
    cut = [sentences(text, start, end, quoted, lexicon) for start, end in paragraphs]
    labels = [labelled([word for sentence in whole for word in sentence], lexicon) for whole in cut]
    transcript = _is_transcript(text, labels)
    readings: list[_Reading] = []
    for number, (whole, label) in enumerate(zip(cut, labels, strict=True)):
        if label is not None and (transcript or label.rule == "speaker label before quotation"):
            readings.append(_Reading(number, (label,)))
        else:
            readings.extend(_read(number, sentence, rules) for sentence in whole)
    return _joined(text, readings, quoted, unclosed)


def _is_transcript(text: str, labels: Sequence[Relation | None]) -> bool:
    """Whether speakers' names open the paragraphs: most of them, or one name more than once.

    A single word in capitals before a colon is a place or a heading.
    """
    names = [text[slice(*label.source[0])] for label in labels if label is not None]
    return len(names) > 1 and (len(names) * 2 >= len(labels) or len(set(names)) < len(names))


def _read(paragraph: int, sentence: Sequence[Word], rules: Rules) -> _Reading:
    signature = signed(sentence, rules.lexicon)
    if signature is not None:
        return _Reading(paragraph, (signature,))
    here = tuple(placed(sentence, one) for one in rules.in_sentence(sentence))
    coming = rules.announced(sentence)
    announced = placed(sentence, coming) if coming else None
    if not here:
        carried = rules.keeps_reporting(sentence) and announced is None
        unmarked = (sentence[0].start, sentence[-1].end) if carried else None
        return _Reading(paragraph, (), _floating(sentence), announced, unmarked)
    carries_on = sentence[0].kind == "quote" and here[0].content[0][0] == sentence[0].start
    return _Reading(paragraph, here, announced=announced, carries_on=carries_on)


def _joined(
    text: str, readings: Sequence[_Reading], quoted: Sequence[Quotation], unclosed: frozenset[int]
) -> list[Relation]:
    """The relations of all readings, each floating quotation added to the one that reports it.

    That is the clause that announced it with a colon; or, for a quotation left open, the clause that reports the
    paragraph carrying it on; or else the relation before it, if that is quoted and no more than a paragraph away.
    """
    found: list[Relation] = []
    speech = frozenset((quotation.start, quotation.end) for quotation in quoted)
    announced: Relation | None = None
    held: tuple[Ends, ...] = ()
    chained = False  # whether the sentence before reports
    last = -2  # the paragraph that the last relation reaches into
    for reading in readings:
        here = list(reading.relations)
        if held and reading.carries_on:
            here[0] = replace(here[0], content=held + here[0].content)
            held = ()
        held += reading.floating
        if held and (here or held[-1][1] not in unclosed):
            if announced is not None:
                found.append(replace(announced, content=held))
                last = reading.paragraph
            elif found and reading.paragraph - last <= 1 and _is_quoted(text, found[-1], speech):
                found[-1] = replace(found[-1], content=found[-1].content + held)
                last = reading.paragraph
            elif found and reading.paragraph - last <= 1:
                found.append(Relation(found[-1].source, (), held, "quotation by itself", "speech"))
                last = reading.paragraph
            held = ()
        if here:
            found.extend(here)
            last = reading.paragraph
        elif reading.unmarked is not None and found and chained:
            _carry_on(found, reading.unmarked)
        chained = bool(here or reading.floating) or (chained and reading.unmarked is not None)
        announced = reading.announced or (announced if held else None)
    return found


def _floating(sentence: Sequence[Word]) -> tuple[Ends, ...]:
    """The quotations of a sentence that has no reporting clause and hardly another word."""
    if sum(word.kind == "word" for word in sentence) > _MOST_WORDS_BESIDE_QUOTATION:
        return ()
    if not any(mark in sentence[-1].text[-3:] for mark in ".!?…,"):
        return ()  # a heading that quotes
    return tuple((word.start, word.end) for word in sentence if word.kind == "quote")


def _is_quoted(text: str, relation: Relation, speech: frozenset[Ends]) -> bool:
    start, end = relation.content[-1]
    return (start, end) in speech or any(mark in text[start:end] for mark in "\"“”„«»'‘’")


def _carry_on(found: list[Relation], sentence: Ends) -> None:
    """Give a sentence that reports by its mood alone to the source of the last relation."""
    last = found[-1]
    if last.rule == "mood":
        found[-1] = replace(last, content=(*last.content, sentence))
    elif last.source:
        found.append(Relation(last.source, (), (sentence,), "mood", last.manner))


def placed(sentence: Sequence[Word], found: Parts) -> Relation:
    """A relation in items of its sentence as one in offsets of the text."""

    def ends(parts: Sequence[Items]) -> tuple[Ends, ...]:
        return tuple((sentence[first].start, sentence[last - 1].end) for first, last in parts)

    return Relation(ends(found.source), ends(found.cue), ends(found.content), found.rule, found.manner)

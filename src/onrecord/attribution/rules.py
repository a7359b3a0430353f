"""The rule engine: statements from quotation marks, reporting verbs and word order, without a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from onrecord.attribution.clauses import (
    Found,
    according_to,
    after_content,
    before_content,
    is_taken,
    noun_reports,
    quoting_clauses,
)
from onrecord.attribution.cues import cues
from onrecord.attribution.lexicon import Lexicon
from onrecord.attribution.quotation import quotations
from onrecord.attribution.relation import Ends, Relation
from onrecord.attribution.sources import Source, source_before
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
    carries_on: bool = False
    """Whether its first relation reports the quotation that opens it, which may have begun paragraphs before."""


def relations(text: str, paragraphs: Sequence[Ends], lexicon: Lexicon) -> list[Relation]:
    """The attribution relations of the `paragraphs` of a text, (start, end) offsets each, in reading order."""
    quoted = quotations(text, paragraphs)
    unclosed = frozenset(quotation.end for quotation in quoted if not quotation.closed)
    cut = [sentences(text, start, end, quoted, lexicon) for start, end in paragraphs]
    labels = [labelled([word for sentence in whole for word in sentence], lexicon) for whole in cut]
    transcript = _is_transcript(text, labels)
    readings: list[_Reading] = []
    for number, (whole, label) in enumerate(zip(cut, labels, strict=True)):
        if label is not None and (transcript or label.rule == "speaker label before quotation"):
            readings.append(_Reading(number, (label,)))
        else:
            readings.extend(_read(text, number, sentence, lexicon) for sentence in whole)
    return _joined(text, readings, unclosed)


def _is_transcript(text: str, labels: Sequence[Relation | None]) -> bool:
    """Whether speakers' names open the paragraphs: most of them, or one name more than once.

    A single word in capitals before a colon is a place or a heading.
    """
    names = [text[slice(*label.source[0])] for label in labels if label is not None]
    return len(names) > 1 and (len(names) * 2 >= len(labels) or len(set(names)) < len(names))


def _read(text: str, paragraph: int, sentence: Sequence[Word], lexicon: Lexicon) -> _Reading:
    signature = signed(sentence, lexicon)
    if signature is not None:
        return _Reading(paragraph, (signature,))
    here = tuple(placed(sentence, one) for one in reports_in(sentence, lexicon))
    if not here:
        return _Reading(paragraph, (), _floating(sentence), _announced(text, sentence, lexicon))
    carries_on = sentence[0].kind == "quote" and here[0].content[0][0] == sentence[0].start
    return _Reading(paragraph, here, announced=_announced(text, sentence, lexicon), carries_on=carries_on)


def _joined(text: str, readings: Sequence[_Reading], unclosed: frozenset[int]) -> list[Relation]:
    """The relations of all readings, each floating quotation added to the one that reports it.

    That is the clause that announced it with a colon; or, for a quotation left open, the clause that reports the
    paragraph carrying it on; or else the relation before it, if that is quoted and no more than a paragraph away.
    """
    found: list[Relation] = []
    announced: Relation | None = None
    held: tuple[Ends, ...] = ()
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
            elif found and reading.paragraph - last <= 1 and _is_quoted(text, found[-1]):
                found[-1] = replace(found[-1], content=found[-1].content + held)
                last = reading.paragraph
            elif found and reading.paragraph - last <= 1:
                found.append(Relation(found[-1].source, (), held, "quotation by itself", "speech"))
                last = reading.paragraph
            held = ()
        if here:
            found.extend(here)
            last = reading.paragraph
        announced = reading.announced or (announced if held else None)
    return found


def _floating(sentence: Sequence[Word]) -> tuple[Ends, ...]:
    """The quotations of a sentence that has no reporting clause and hardly another word."""
    if sum(word.kind == "word" for word in sentence) > _MOST_WORDS_BESIDE_QUOTATION:
        return ()
    if not any(mark in sentence[-1].text[-3:] for mark in ".!?…,"):
        return ()  # a heading that quotes
    return tuple((word.start, word.end) for word in sentence if word.kind == "quote")


def _is_quoted(text: str, relation: Relation) -> bool:
    start, end = relation.content[-1]
    return any(mark in text[start:end] for mark in "\"“”„«»'‘’")


def _announced(text: str, sentence: Sequence[Word], lexicon: Lexicon) -> Relation | None:
    """A reporting clause with a colon at the end of its paragraph, its content still to come."""
    if sentence[-1].text != ":":
        return None
    for cue in reversed(list(cues(sentence, lexicon))):
        source = source_before(sentence, cue, None, lexicon)
        if source is not None and cue.voice in ("finite", "gerund") and "quote" in cue.frames:
            found = Found(source, (cue.start, cue.end), (), "colon before quotation", cue.verb.manner)
            return placed(sentence, found)
    return None


def placed(sentence: Sequence[Word], found: Found) -> Relation:
    def ends(items: Ends) -> Ends:
        return sentence[items[0]].start, sentence[items[1] - 1].end

    source = (ends(found.source[:2]),) if found.source else ()
    content = tuple(ends(part) for part in found.content)
    return Relation(source, (ends(found.cue),), content, found.rule, found.manner)


def reports_in(sentence: Sequence[Word], lexicon: Lexicon) -> list[Found]:
    """The relations of one sentence, in the order of their cues; none lies inside the content of another."""
    candidates = list(cues(sentence, lexicon))
    clauses = quoting_clauses(sentence, candidates, lexicon)
    found: list[Found] = []
    for cue in candidates:
        if not is_taken(cue.at, found):
            one = after_content(sentence, cue, source_before(sentence, cue, None, lexicon), found, lexicon)
            if one is not None:
                found = [other for other in found if not _inside(other, one)] + [one]
    for phrase in according_to(sentence, lexicon):
        quoting = any(_inside(one, phrase) and sentence[one.content[0][0]].kind == "quote" for one in found)
        if not quoting and not is_taken(phrase.cue[0], found):
            found = [other for other in found if not _inside(other, phrase)] + [phrase]
    earlier: Source | None = None
    for cue in candidates:
        if is_taken(cue.at, found):
            continue
        source = source_before(sentence, cue, earlier or _source_of_nearest(cue.start, found), lexicon)
        if source is not None and is_taken(source.start, found):
            source = None
        one = before_content(sentence, cue, source, found, clauses, lexicon)
        if one is not None:
            found.append(one)
            earlier = one.source or earlier
    for one in noun_reports(sentence, clauses, lexicon):
        if not any(is_taken(at, found) for at in (*one.cue, *one.content[0])):
            found.append(one)
    return sorted(found, key=lambda one: one.cue)


def _source_of_nearest(at: int, found: Sequence[Found]) -> Source | None:
    """The source of the last relation whose cue stands before item `at`."""
    before = [one for one in found if one.cue[0] < at and one.source is not None]
    return max(before, key=lambda one: one.cue).source if before else None


def _inside(inner: Found, outer: Found) -> bool:
    return any(start <= inner.cue[0] < end for start, end in outer.content)

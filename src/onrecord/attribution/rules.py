"""The rule engine: statements from quotation marks, reporting verbs and word order, without a trained model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from msgspec import Struct

from onrecord.attribution.grammars import Rules
from onrecord.attribution.quotation import Quotation
from onrecord.attribution.relation import Carried, Ends, Items, Parts, Relation
from onrecord.attribution.speaker_labels import labelled, signed, taking_turns
from onrecord.attribution.words import Word, sentences

_MOST_WORDS_BESIDE_QUOTATION = 2
_LONGEST_HEADING = 12
"""Words of a heading at most."""


class _Reading(Struct, frozen=True):
    """What one sentence of a paragraph says by itself."""

    paragraph: int
    whole: Ends
    """The sentence itself."""
    relations: tuple[Relation, ...] = ()
    floating: tuple[Ends, ...] = ()
    """Its quotations, if it is made of nothing else: somebody said them in a sentence nearby."""
    announced: Relation | None = None
    """A reporting clause with a colon at the end of its paragraph, its content still to come."""
    points_back: Relation | None = None
    """A reporting clause whose content is the sentence before it."""
    carried: Carried | None = None
    """How it shows that it carries on what somebody else said, if it does."""
    words: Sequence[Word] = ()
    """The sentence, if it reports nothing."""
    carries_on: bool = False
    """Whether its first relation reports the quotation that opens it, which may have begun paragraphs before."""


def relations(text: str, paragraphs: Sequence[Ends], rules: Rules, quoted: Sequence[Quotation]) -> list[Relation]:
    """The attribution relations of the `paragraphs` of a text, (start, end) offsets each, in reading order.

    `quoted` is the direct speech in them, as `spoken` finds it.
    """
    lexicon = rules.lexicon
    cut = [sentences(text, start, end, quoted, lexicon) for start, end in paragraphs]
    lines = [[word for sentence in whole for word in sentence] for whole in cut]
    labels = [labelled(line, lexicon) for line in lines]
    transcript = _is_transcript(text, labels)
    turns = taking_turns(lines)
    readings: list[_Reading] = []
    for number, (whole, label) in enumerate(zip(cut, labels, strict=True)):
        if number in turns:
            readings.append(_Reading(number, paragraphs[number], (turns[number],)))
        elif label is not None and (transcript or label.rule == "speaker label before quotation"):
            readings.append(_Reading(number, paragraphs[number], (label,)))
        else:
            readings.extend(_read(number, sentence, rules) for sentence in whole)
    joining = _Joining(text, quoted, rules)
    single = [len(whole) == 1 for whole in cut]
    for reading in readings:
        if not (single[reading.paragraph] and _is_heading(reading)):
            joining.add(reading)
    return joining.found


def _is_transcript(text: str, labels: Sequence[Relation | None]) -> bool:
    """Whether speakers' names open the paragraphs: most of them, or one name more than once.

    A single word in capitals before a colon is a place or a heading.
    """
    names = [text[slice(*label.source[0])] for label in labels if label is not None]
    return len(names) > 1 and (len(names) * 2 >= len(labels) or len(set(names)) < len(names))


def _is_heading(reading: _Reading) -> bool:
    """Whether a paragraph of one sentence that reports nothing is a heading: what is said goes on below it."""
    words = reading.words
    nothing = not (reading.announced or reading.carried or reading.floating or reading.points_back)
    return nothing and 0 < len(words) <= _LONGEST_HEADING and words[-1].kind == "word"


def _read(paragraph: int, sentence: Sequence[Word], rules: Rules) -> _Reading:
    whole = (sentence[0].start, sentence[-1].end)
    signature = signed(sentence, rules.lexicon)
    if signature is not None:
        return _Reading(paragraph, whole, (signature,))
    found = rules.in_sentence(sentence)
    if found and not found[0].content:
        return _Reading(paragraph, whole, points_back=placed(sentence, found[0]))
    coming = rules.announced(sentence)
    announced = placed(sentence, coming) if coming else None
    hedged = bool(found) and all(one.hedged for one in found)
    if found:
        here = tuple(placed(sentence, one) for one in found)
        carries_on = sentence[0].kind == "quote" and here[0].content[0][0] == sentence[0].start
        carried = rules.carried(sentence) if hedged and announced is None else None
        return _Reading(paragraph, whole, here, (), announced, None, carried, (), carries_on)
    carried = rules.carried(sentence) if announced is None else None
    return _Reading(paragraph, whole, (), _floating(sentence), announced, None, carried, sentence)


class _Joining:
    """Brings the readings of a text together, sentence by sentence.

    A floating quotation goes to the clause that announced it with a colon; or, for a quotation left open, to the
    clause that reports the paragraph carrying it on; or else to the relation before it, if that is quoted and no more
    than a paragraph away. A sentence that reports by its mood alone goes to whoever spoke before it.
    """

    def __init__(self, text: str, quoted: Sequence[Quotation], rules: Rules) -> None:
        self.found: list[Relation] = []
        self._text = text
        self._rules = rules
        self._speech = frozenset((quotation.start, quotation.end) for quotation in quoted)
        self._unclosed = frozenset(quotation.end for quotation in quoted if not quotation.closed)
        self._one_sentence = rules.lexicon.one_sentence
        self._announced: Relation | None = None
        self._held: tuple[Ends, ...] = ()
        self._last = -2  # the paragraph that the last relation reaches into
        self._before: _Reading | None = None
        self._chained = False  # whether the sentence before reports

    def add(self, reading: _Reading) -> None:
        """Take the next sentence."""
        here = list(reading.relations)
        if self._held and reading.carries_on:
            here[0] = replace(here[0], content=self._held + here[0].content)
            self._held = ()
        self._held += reading.floating
        if self._held and (here or self._held[-1][1] not in self._unclosed):
            self._place_held(reading)
        reports = bool(here or (reading.floating and self.found))  # a quotation that nobody is given chains nothing
        if here:
            told = self._chained and reading.carried is not None and self._carry_on(reading, reading.carried)
            if not told:  # else somebody else reports all of it
                self.found.extend(here)
                self._last = reading.paragraph
        elif reading.points_back is not None:
            reports = self._point_back(reading, reading.points_back)
        elif reading.carried is not None:
            reports = self._carry_on(reading, reading.carried)
        self._chained = reports
        self._announced = reading.announced or (self._announced if self._held else None)
        self._before = reading

    def _place_held(self, reading: _Reading) -> None:
        held, near = self._held, self.found and reading.paragraph - self._last <= 1
        if self._announced is not None:
            self.found.append(replace(self._announced, content=held))
        elif near and self._is_quoted(self.found[-1]) and not self._one_sentence:
            self.found[-1] = replace(self.found[-1], content=self.found[-1].content + held)
        elif near:
            self.found.append(Relation(self.found[-1].source, (), held, "quotation by itself", "speech"))
        if self._announced is not None or near:
            self._last = reading.paragraph
        self._held = ()

    def _is_quoted(self, relation: Relation) -> bool:
        start, end = relation.content[-1]
        return (start, end) in self._speech or any(mark in self._text[start:end] for mark in "\"“”„«»'‘’")

    def _point_back(self, reading: _Reading, clause: Relation) -> bool:
        """Give a clause that points to the sentence before it that sentence, or what that one reports."""
        before = self._before
        if before is None or reading.paragraph - before.paragraph > 1:
            return False
        told = before.relations[-1].content if before.relations else (before.whole,)
        self.found.append(replace(clause, content=told))
        self._last = reading.paragraph
        return True

    def _carry_on(self, reading: _Reading, carried: Carried) -> bool:
        """Give a sentence that reports by its mood alone to whoever spoke last; whether somebody did."""
        near = self._chained and (carried.sure or reading.paragraph == self._last)
        topic = self._topic(reading) if carried.sure and not self._chained else None
        if near or (carried.sure and topic is None and self.found and reading.paragraph == self._last):
            source = self.found[-1].source
        elif topic is not None:
            source = (topic,)
        elif carried.cue:
            source = ()
        else:
            return False
        last = self.found[-1] if self.found else None
        if self._chained and last is not None and last.rule == "mood" and not carried.cue and not last.cue:
            self.found[-1] = replace(last, content=(*last.content, *carried.content))
        else:
            rule = "accordingly" if carried.cue else "mood"
            self.found.append(Relation(source, carried.cue, carried.content, rule, "speech"))
        self._last = reading.paragraph
        return True

    def _topic(self, reading: _Reading) -> Ends | None:
        """The subject of the sentence before, if that reports nothing: it may be who speaks in this one."""
        before = self._before
        if before is None or before.paragraph != reading.paragraph or not before.words:
            return None
        topic = self._rules.topic(before.words)
        if topic is None or not self.found or self._last != reading.paragraph:
            return topic
        # Somebody spoke in this paragraph: only a subject that opens its sentence, or a pronoun, takes over from him.
        opens = topic[0] == before.words[0].start
        return topic if opens or self._text[slice(*topic)].islower() else None


def _floating(sentence: Sequence[Word]) -> tuple[Ends, ...]:
    """The quotations of a sentence that has no reporting clause and hardly another word."""
    if sum(word.kind == "word" for word in sentence) > _MOST_WORDS_BESIDE_QUOTATION:
        return ()
    if not any(mark in sentence[-1].text[-3:] for mark in ".!?…,"):
        return ()  # a heading that quotes
    return tuple((word.start, word.end) for word in sentence if word.kind == "quote")


def placed(sentence: Sequence[Word], found: Parts) -> Relation:
    """A relation in items of its sentence as one in offsets of the text."""

    def ends(parts: Sequence[Items]) -> tuple[Ends, ...]:
        return tuple((sentence[first].start, sentence[last - 1].end) for first, last in parts)

    return Relation(ends(found.source), ends(found.cue), ends(found.content), found.rule, found.manner)

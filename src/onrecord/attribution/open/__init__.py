"""The rules for languages whose clauses may follow one another without a mark: English."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.open.clauses import (
    Found,
    according_to,
    after_content,
    before_content,
    is_taken,
    noun_reports,
    quoting_clauses,
)
from onrecord.attribution.open.cues import cues
from onrecord.attribution.open.lexicon import Lexicon
from onrecord.attribution.open.sources import Source, source_before
from onrecord.attribution.relation import Parts
from onrecord.attribution.words import Word


class OpenRules:
    """The relations of a sentence by its verbs and the order of its words."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def in_sentence(self, sentence: Sequence[Word]) -> list[Parts]:
        """The relations of one sentence, in the order of their cues."""
        return [_parts(one) for one in _found(sentence, self.lexicon)]

    def announced(self, sentence: Sequence[Word]) -> Parts | None:
        """A reporting clause with a colon at the end of its paragraph, its content still to come."""
        if sentence[-1].text != ":":
            return None
        for cue in reversed(list(cues(sentence, self.lexicon))):
            source = source_before(sentence, cue, None, self.lexicon)
            if source is not None and cue.voice in ("finite", "gerund") and "quote" in cue.frames:
                found = Found(source, (cue.start, cue.end), (), "colon before quotation", cue.verb.manner)
                return _parts(found)
        return None

    def carried(self, sentence: Sequence[Word]) -> None:
        """Nothing: the verb of an English sentence does not show whose words it gives."""

    def topic(self, sentence: Sequence[Word]) -> None:
        """Nothing, since no sentence is carried on."""


def _parts(found: Found) -> Parts:
    source = (found.source[:2],) if found.source else ()
    shared = found.source is not None and found.source.how == "shared"
    return Parts(source, (found.cue,), found.content, found.rule, found.manner, shared)


def _found(sentence: Sequence[Word], lexicon: Lexicon) -> list[Found]:
    """The relations of one sentence; none lies inside the content of another."""
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

"""Turns of phrase that name a source without a verb: *laut X*, *nach Angaben X*, *X zufolge*, *по словам X*."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from onrecord.attribution.bounded.clauses import Clause
from onrecord.attribution.bounded.contents import around, end_of_dependent, is_finite, trimmed
from onrecord.attribution.bounded.phrases import is_part, oblique_end, phrase_end, phrases
from onrecord.attribution.bounded.table import BoundedLexicon, Phrase
from onrecord.attribution.relation import Items, Parts
from onrecord.attribution.words import Word

_MOST_BEFORE_NOUN = 4
_LONGEST_FIELD = 20
"""Items between a phrase at the head of its sentence and the verb at most."""


def turns_of_phrase(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> list[Parts]:
    """The relations that such phrases hold, each with the rest of its sentence for its content."""
    found = []
    for at, first in enumerate(sentence):
        for cue, nouns, phrase in lexicon.phrases_from.get(first.lower, ()):
            if tuple(word.lower for word in sentence[at : at + len(cue)]) != cue:
                continue
            one = _read(sentence, parts, at, at + len(cue), nouns, phrase, lexicon)
            if one is not None:
                found.append(one)
                break
    return found + _whereby(sentence, parts, lexicon)


def _read(
    sentence: Sequence[Word],
    parts: Sequence[Clause],
    at: int,
    end: int,
    nouns: tuple[str, ...],
    phrase: Phrase,
    lexicon: BoundedLexicon,
) -> Parts | None:
    placed = (
        _behind(sentence, parts, at, nouns, phrase, lexicon)
        if phrase.behind
        else _ahead(sentence, at, end, nouns, phrase, lexicon)
    )
    if placed is None:
        return None
    source, cue = placed
    if sentence[source[0]].lower in lexicon.own:
        return _of_subject(sentence, parts, (min(at, source[0]), max(end, source[1])), lexicon)
    whole = (*cue, source)
    start, stop = min(a for a, _ in whole), max(b for _, b in whole)
    verb = _verb_behind(sentence, start, stop, lexicon)
    if verb is not None:
        source = _with_description(sentence, parts, source, lexicon)
        stop = verb
    content = around(sentence, start, stop, lexicon)
    return Parts((source,), cue, content, "according to", "speech") if content else None


def _of_subject(
    sentence: Sequence[Word], parts: Sequence[Clause], phrase: Items, lexicon: BoundedLexicon
) -> Parts | None:
    """The relation of *Roe war nach eigenen Angaben verreist*: the subject is the source."""
    start, stop = phrase
    clause = next(part for part in parts if part.start <= start < part.end)
    found = phrases(sentence, clause.start, start, "nom", lexicon) or phrases(
        sentence, stop, clause.end, "nom", lexicon
    )
    content = around(sentence, start, stop, lexicon)
    return Parts((found[0],), (phrase,), content, "according to", "speech") if found and content else None


def _whereby(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> list[Parts]:
    """The relations of a clause that names its source before it: *ein Bericht, wonach der Damm hält*."""
    found = []
    for before, part in pairwise(parts):
        if sentence[part.start].lower not in lexicon.whereby or sentence[part.start - 1].text != ",":
            continue
        starts = range(before.start, before.end)
        head = next((at for at in starts if oblique_end(sentence, at, before.end, lexicon) == before.end), None)
        end = end_of_dependent(sentence, part.start, lexicon)
        content = trimmed(sentence, part.start + 1, end)
        if head is not None and content:
            cue = ((part.start, part.start + 1),)
            found.append(Parts(((head, before.end),), cue, content, "according to", "speech"))
    return found


def _verb_behind(sentence: Sequence[Word], start: int, stop: int, lexicon: BoundedLexicon) -> int | None:
    """The verb that follows a phrase at the head of its main clause: all before it belongs to the phrase."""
    if not lexicon.verb_second or start > 0 or stop >= len(sentence):
        return None
    if sentence[stop].text == ",":
        field = range(stop + 1, min(len(sentence), stop + _LONGEST_FIELD))
        return next((at for at in field if sentence[at - 1].text == "," and is_finite(sentence, at, lexicon)), None)
    at = stop
    while at < len(sentence) and is_part(sentence, at, "preposition", lexicon):
        at = oblique_end(sentence, at + 1, len(sentence), lexicon) or at + 1
    return at if stop < at < len(sentence) else None


def _with_description(
    sentence: Sequence[Word], parts: Sequence[Clause], source: Items, lexicon: BoundedLexicon
) -> Items:
    """A source with the description between commas behind it: laut Anna Roe, **der Leiterin**, …"""
    for number, part in enumerate(parts[1:], start=1):
        if parts[number - 1].end == source[1] and sentence[source[1]].text == ",":
            end = oblique_end(sentence, part.start, part.end, lexicon)
            return (source[0], part.end) if end == part.end else source
    return source


def _ahead(
    sentence: Sequence[Word], at: int, end: int, nouns: tuple[str, ...], phrase: Phrase, lexicon: BoundedLexicon
) -> tuple[Items, tuple[Items, ...]] | None:
    """The source and the cue of a phrase whose cue comes first."""
    if not nouns:
        stop = _before_complement(
            sentence, end, phrase_end(sentence, end, len(sentence), phrase.case, lexicon), lexicon
        )
        return ((end, stop), ((at, end),)) if stop is not None and not _is_moment(sentence, end, lexicon) else None
    head = next(
        (i for i in range(end, min(len(sentence), end + _MOST_BEFORE_NOUN)) if _is_noun(sentence[i], nouns)), None
    )
    if head is None or any(sentence[i].kind != "word" for i in range(end, head)):
        return None
    if phrase.opens and head > end and sentence[end].lower not in phrase.opens.split():
        return None
    if not phrase.owner:
        stop = _before_complement(sentence, end, phrase_end(sentence, end, len(sentence), "", lexicon), lexicon)
        return ((end, stop), ((at, end),)) if stop is not None and stop > head else None
    owners = [i for i in range(end, head) if sentence[i].lower in lexicon.possessives]
    if owners:
        return (owners[0], owners[0] + 1), ((at, end), (head, head + 1))
    stop = phrase_end(sentence, head + 1, len(sentence), phrase.case, lexicon)
    return ((head + 1, stop), ((at, head + 1),)) if stop is not None else None


def _before_complement(sentence: Sequence[Word], start: int, stop: int | None, lexicon: BoundedLexicon) -> int | None:
    """The end of a source without what its sentence goes on with: laut Polizei | von der Flut betroffen."""
    if stop is None or not lexicon.verb_second:
        return stop
    endings = tuple(ending for _, nouns, _ in lexicon.phrases for ending in nouns)
    joined = (at for at in range(start + 1, stop) if sentence[at].lower in lexicon.joining)
    return next((at for at in joined if not _is_noun(sentence[at - 1], endings)), stop)


def _behind(
    sentence: Sequence[Word],
    parts: Sequence[Clause],
    at: int,
    nouns: tuple[str, ...],
    phrase: Phrase,
    lexicon: BoundedLexicon,
) -> tuple[Items, tuple[Items, ...]] | None:
    """The source and the cue of a phrase whose cue comes last: the longest noun phrase that ends there."""
    clause = next((part for part in parts if part.start <= at < part.end), None)
    if clause is None or at == clause.start or (nouns and not _is_noun(sentence[at - 1], nouns)):
        return None
    for start in range(at - 2, clause.start - 1, -1) if nouns else range(clause.start, at):
        if is_part(sentence, start, "preposition", lexicon) and not nouns:
            continue
        if phrase_end(sentence, start, at, phrase.case, lexicon) == at:
            return (start, at), ((at, at + len(phrase.cue.split())),)
    return None


def _is_noun(word: Word, endings: tuple[str, ...]) -> bool:
    return word.kind == "word" and word.lower.endswith(endings)


def _is_moment(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> bool:
    return at < len(sentence) and sentence[at].lower in lexicon.moments

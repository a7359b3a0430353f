"""Sentences that report without a verb that the lexicon knows: by a colon before a quotation, or by mood alone."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.bounded.clauses import Clause
from onrecord.attribution.bounded.contents import after_mark, is_finite, is_quote, trimmed
from onrecord.attribution.bounded.moods import behind_colon, hangs_on, is_voice, main_verbs, voice
from onrecord.attribution.bounded.phrases import is_nominal, is_part, oblique_end, phrase_end
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.relation import Items, Parts
from onrecord.attribution.words import Word

_LONGEST_PIECE = 3
"""Items of a piece of a list at most."""
_SHORTEST_QUOTATION = 4
"""Words from which on a quotation behind a colon is speech and not a name."""


def unnamed(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> list[Parts]:
    """The relation of such a sentence, if it is one."""
    if not lexicon.voices or not parts:
        return []
    for read in (_titled, _before_quotation, _before_mood, _after_colon):
        found = read(sentence, parts, lexicon)
        if found is not None:
            return [found]
    return []


def _titled(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> Parts | None:
    """*Ihr positives Fazit: „…“* and *Das Fazit der Firmen: …*: the noun tells that what follows is somebody's words.

    The whole phrase is the source, since a possessive alone would pass for a speaker's pronoun. A clause without
    quotation marks must show by its mood that it is reported, unless a possessive tells whose it is.
    """
    colon = parts[0].end
    if colon + 1 >= len(sentence) or sentence[colon].text != ":" or parts[0].start > 0:
        return None
    owned = sentence[0].lower in lexicon.owners
    heads = range(colon - 1, colon) if owned else range(colon - 1)
    named = any(sentence[at].lower in lexicon.saying_nouns for at in heads)
    if not named or phrase_end(sentence, 0, colon, "nom", lexicon) != colon:
        return None
    start = after_mark(sentence, colon)
    quote = is_quote(sentence, start)
    content = ((start, start + 1),) if quote else trimmed(sentence, start, len(sentence))
    shown = any(sentence[at].lower in lexicon.subjunctive for at in range(start, len(sentence)))
    if not content or not (quote or owned or shown):
        return None
    rule = "quotation after clause" if quote else "clause after clause"
    return Parts(((0, colon),), ((colon, colon + 1),), content, rule, "speech")


def _before_quotation(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> Parts | None:
    """*Die Firma hält das für falsch: „…“*: whoever the clause is about speaks."""
    colon = next((at for at, word in enumerate(sentence) if word.text == ":"), None)
    if colon is None or colon < 1:
        return None
    quote = after_mark(sentence, colon)
    rest = all(word.kind == "mark" for word in sentence[quote + 1 :])
    if not is_quote(sentence, quote) or not rest or len(sentence[quote].text.split()) < _SHORTEST_QUOTATION:
        return None
    if any(sentence[at].lower in lexicon.subjunctive for at in main_verbs(sentence, parts[0], lexicon)):
        return None
    source = voice(sentence, parts[0].start, colon, lexicon)
    return Parts((source,), (), ((quote, quote + 1),), "quotation after clause", "speech") if source else None


def _before_mood(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> Parts | None:
    """*Von Roe kommt der Hinweis, der Damm sei sicher*: the mood of the second clause shows that it is reported."""
    for number, part in enumerate(parts):
        verbs = main_verbs(sentence, part, lexicon)
        if not any(sentence[at].lower in lexicon.subjunctive for at in verbs):
            if number == 0 and hangs_on(sentence, part, lexicon):
                return None
            continue
        starts = is_finite(sentence, part.start, lexicon)
        if number == 0 or starts or sentence[part.start - 1].text != ",":
            return None
        first = _list_start(sentence, parts, number, lexicon)
        if first > 1 and hangs_on(sentence, parts[first - 1], lexicon):
            return None  # die Annahme, unter der es entstand, …: whose it is, nobody tells
        part = parts[first]
        source = _agent(sentence, 0, part.start, lexicon) or voice(sentence, 0, part.start, lexicon)
        content = trimmed(sentence, part.start, len(sentence))
        return Parts((source,), (), content, "clause after clause", "speech") if source and content else None
    return None


def _after_colon(sentence: Sequence[Word], parts: Sequence[Clause], lexicon: BoundedLexicon) -> Parts | None:
    """*Die Leiterin sieht zwei Bedingungen: Erstens müsse es billig sein*: whoever the first clause is about speaks."""
    start = behind_colon(sentence, parts, lexicon)
    source = voice(sentence, parts[0].start, parts[0].end, lexicon) if start else None
    if source is None or source[0] != parts[0].start:
        return None
    return Parts((source,), (), trimmed(sentence, start, len(sentence)), "clause after clause", "speech")


def _list_start(sentence: Sequence[Word], parts: Sequence[Clause], number: int, lexicon: BoundedLexicon) -> int:
    """The clause that a list begins with whose last piece opens clause `number`: **alte**, neue und ferne Dämme seien …

    Its pieces are a word or two, adjectives or phrases.
    """
    while number > 1:
        piece = parts[number - 1]
        listed = sentence[piece.start - 1].text == "," and sentence[piece.end].text == ","
        short = piece.end - piece.start <= _LONGEST_PIECE
        bare = piece.end == piece.start + 1 and not is_part(sentence, piece.start, "verb", lexicon)
        if not listed or not short or not (bare or is_nominal(sentence, piece.start, piece.end, lexicon)):
            break
        number -= 1
    return number


def _agent(sentence: Sequence[Word], start: int, end: int, lexicon: BoundedLexicon) -> Items | None:
    """Whom the words come from: **von der Polizei** kam der Hinweis."""
    if sentence[start].lower not in lexicon.agents:
        return None
    stop = oblique_end(sentence, start + 1, end, lexicon)
    return (start + 1, stop) if stop is not None and is_voice(sentence, start + 1, stop, lexicon) else None

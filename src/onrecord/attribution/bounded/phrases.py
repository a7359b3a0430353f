"""Noun phrases by agreement: where one that begins at an item ends, and in which case it can stand."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.bounded.table import BoundedLexicon, Case
from onrecord.attribution.common import Form
from onrecord.attribution.words import Word

LONGEST_PHRASE = 25
_LONGEST_NAME = 60
"""Characters of a quotation that may stand inside a phrase: the paper “Morning”. Longer ones are speech."""
_LONGEST_BRACKET = 5
_MODIFIERS = ("determiner", "adjective", "number")
_DEEPEST = 4
"""Phrases within phrases at most."""

Sentence = Sequence[Word]


def forms(sentence: Sentence, at: int, lexicon: BoundedLexicon) -> tuple[Form, ...]:
    """What item `at` can be; nothing for marks and quotations."""
    word = sentence[at]
    return lexicon.analyser.readings(word.text, at == 0) if word.kind == "word" else ()


def is_part(sentence: Sentence, at: int, part: str, lexicon: BoundedLexicon) -> bool:
    """Whether item `at` can be that part of speech."""
    return at < len(sentence) and any(form.part == part for form in forms(sentence, at, lexicon))


def _stands(sentence: Sentence, at: int, part: str, case: Case, lexicon: BoundedLexicon) -> bool:
    return any(form.part == part and (not case or form.case in ("", case)) for form in forms(sentence, at, lexicon))


def phrase_end(
    sentence: Sentence, at: int, limit: int, case: Case, lexicon: BoundedLexicon, depth: int = 0
) -> int | None:
    """Where the noun phrase in `case` that begins at `at` ends; None if none begins there. No case: any will do."""
    limit = min(limit, at + LONGEST_PHRASE)
    if at >= limit:
        return None
    if sentence[at].kind == "quote":
        return at + 1 if len(sentence[at].text) <= _LONGEST_NAME else None
    if _is_pronoun(sentence, at, case, lexicon):
        return at + 1
    if is_part(sentence, at, "preposition", lexicon):
        return None
    counted = _of_many(sentence, at, limit, case, lexicon, depth)
    if counted is not None:
        return counted
    head = at
    complemented = False
    while head < limit and not _opens_head(sentence, head, limit, case, lexicon):
        if head > at and depth < _DEEPEST and is_part(sentence, head, "preposition", lexicon):
            # die in Bonn geborene Autorin: a complement before its participle
            head = oblique_end(sentence, head + 1, limit, lexicon, depth + 1) or limit
            complemented = True
            continue
        if head > at and _is_adverb_of_modifier(sentence, head, limit, lexicon):
            head += 1
            continue
        if not _is_modifier(sentence, head, case, lexicon, bare=head == at):
            return None
        behind = complemented or (head > at and sentence[head - 1].lower in lexicon.articles)
        barred = behind and is_part(sentence, head, "determiner", lexicon)
        if head > at and (barred or sentence[head].lower in lexicon.articles):
            return None  # der | die Anwohner: a relative pronoun and its object
        head += 1
    if head >= limit:
        return None
    return _with_tail(sentence, head + 1, limit, case, lexicon, depth)


def _of_many(sentence: Sentence, at: int, limit: int, case: Case, lexicon: BoundedLexicon, depth: int) -> int | None:
    """Where a phrase ends that counts some out of many: **einer der Forscher**, **zwei von ihnen**; None for others."""
    if sentence[at].lower not in lexicon.quantifiers or at + 1 >= limit or depth >= _DEEPEST:
        return None
    if sentence[at + 1].lower in lexicon.articles:
        return phrase_end(sentence, at + 1, limit, "gen", lexicon, depth + 1)
    if sentence[at + 1].lower not in lexicon.agents:
        return None
    return oblique_end(sentence, at + 2, limit, lexicon, depth + 1)


def _is_adverb_of_modifier(sentence: Sentence, at: int, limit: int, lexicon: BoundedLexicon) -> bool:
    """Whether an adverb stands before an adjective of its phrase: der **gestern** vorgelegte Bericht."""
    if not lexicon.articles or at + 1 >= limit or not sentence[at].text.islower():
        return False
    only = all(form.part == "other" for form in forms(sentence, at, lexicon))
    adjective = sentence[at + 1].text.islower() and is_part(sentence, at + 1, "adjective", lexicon)
    return only and (adjective or is_part(sentence, at + 1, "number", lexicon))


def _is_pronoun(sentence: Sentence, at: int, case: Case, lexicon: BoundedLexicon) -> bool:
    if sentence[at].lower in lexicon.possessives:
        return False
    return _stands(sentence, at, "pronoun", case, lexicon) and not any(
        _stands(sentence, at, part, case, lexicon) for part in ("determiner", "adjective")
    )


def _opens_head(sentence: Sentence, at: int, limit: int, case: Case, lexicon: BoundedLexicon) -> bool:
    if sentence[at].kind == "quote":
        return len(sentence[at].text) <= _LONGEST_NAME
    if not _stands(sentence, at, "noun", case, lexicon):
        return False
    modifies = _is_modifier(sentence, at, case, lexicon) and at + 1 < limit
    return not (modifies and _stands(sentence, at + 1, "noun", case, lexicon))


def _is_modifier(sentence: Sentence, at: int, case: Case, lexicon: BoundedLexicon, bare: bool = False) -> bool:
    """Whether a word can stand before a noun; `bare` if it opens its phrase."""
    if sentence[at].lower in lexicon.possessives:
        return True
    return any(
        form.part in _MODIFIERS and (not case or form.case in ("", case)) and not (bare and form.weak)
        for form in forms(sentence, at, lexicon)
    )


def _with_tail(sentence: Sentence, end: int, limit: int, case: Case, lexicon: BoundedLexicon, depth: int) -> int:
    """The end of a phrase with what follows its head: names, owners, brackets, a complement, another phrase."""
    while end < limit:
        further = _next_part(sentence, end, limit, case, lexicon, depth)
        if further is None:
            break
        end = further
    return end


def _next_part(sentence: Sentence, at: int, limit: int, case: Case, lexicon: BoundedLexicon, depth: int) -> int | None:
    word = sentence[at]
    if word.kind == "quote":
        named = len(word.text) <= _LONGEST_NAME and not word.text[1:2].islower()
        return at + 1 if named else None
    if word.kind == "mark":
        return _after_bracket(sentence, at, limit)
    if word.lower in lexicon.moments or _is_concept(sentence, at, lexicon):
        return None
    named_end = _name_end(sentence, at, limit, case, lexicon)
    if named_end is not None:
        return named_end
    return _attached_end(sentence, at, limit, case, lexicon, depth) if depth < _DEEPEST else None


def _name_end(sentence: Sentence, at: int, limit: int, case: Case, lexicon: BoundedLexicon) -> int | None:
    """Where a further part of a name ends that begins at `at`; None if none does."""
    word = sentence[at]
    if word.text[:1].isdigit() and not word.text.isdigit() and "/" in word.text:
        return at + 1  # Bündnis 90/Die Grünen
    between = _is_name(sentence, at - 1) and at + 1 < limit and _is_name(sentence, at + 1)
    if between and word.lower in lexicon.name_links:
        return at + 2
    if _stands(sentence, at, "noun", case, lexicon) and (_is_name(sentence, at) or not _only_this_case(sentence, at)):
        return at + 1
    if _is_name(sentence, at) and _is_name(sentence, at - 1) and _stands(sentence, at, "adjective", case, lexicon):
        return at + 1  # a surname that is declined as an adjective
    return None


def _attached_end(
    sentence: Sentence, at: int, limit: int, case: Case, lexicon: BoundedLexicon, depth: int
) -> int | None:
    """Where an owner, a complement or a second phrase ends that begins at `at`; None if none does."""
    word = sentence[at]
    if _shows(sentence, at, "gen", lexicon):
        owner = phrase_end(sentence, at, limit, "gen", lexicon, depth + 1)
        if owner is not None:
            return owner
    if word.lower in lexicon.joining and at + 1 < limit and sentence[at + 1].lower not in lexicon.moments:
        return oblique_end(sentence, at + 1, limit, lexicon, depth + 1)
    if word.lower in lexicon.joins:
        return phrase_end(sentence, at + 1, limit, case, lexicon, depth + 1) if case else None
    return None


def _is_concept(sentence: Sentence, at: int, lexicon: BoundedLexicon) -> bool:
    """Whether a noun is no part of a name: laut Airbus | Bestellungen, but Stuttgarter Zeitungen."""
    word = sentence[at].lower
    return bool(lexicon.concepts) and word.endswith(lexicon.concepts) and not sentence[at - 1].lower.endswith("er")


def _is_name(sentence: Sentence, at: int) -> bool:
    return sentence[at].text[:1].isupper()


def _shows(sentence: Sentence, at: int, case: Case, lexicon: BoundedLexicon) -> bool:
    """Whether a word shows the case by its form, and is no preposition."""
    found = forms(sentence, at, lexicon)
    return any(form.case == case and not form.weak for form in found) and all(
        form.part != "preposition" for form in found
    )


def oblique_end(sentence: Sentence, at: int, limit: int, lexicon: BoundedLexicon, depth: int = 0) -> int | None:
    """Where the longest noun phrase in another case than a subject's ends, as after a preposition."""
    ends = (phrase_end(sentence, at, limit, case, lexicon, depth) for case in lexicon.cases)
    return max((end for end in ends if end is not None), default=None)


def _only_this_case(sentence: Sentence, at: int) -> bool:
    """A second noun in lower case carries a phrase on only as its title does: "дядя Вася", "врач скорой"."""
    return sentence[at].text[:1].islower() and sentence[at - 1].text[:1].isupper()


def _after_bracket(sentence: Sentence, at: int, limit: int) -> int | None:
    if sentence[at].text != "(":
        return None
    closing = (i + 1 for i in range(at + 1, min(limit, at + _LONGEST_BRACKET + 1)) if sentence[i].text == ")")
    return next(closing, None)


def agrees(sentence: Sentence, start: int, end: int, number: str, gender: str, lexicon: BoundedLexicon) -> bool:
    """Whether a phrase can be the subject of a verb of that number and gender; nothing shown is no objection."""
    words = [form for at in range(start, end) for form in forms(sentence, at, lexicon) if form.case in ("", "nom")]
    nominals = [form for form in words if form.part in ("noun", "pronoun", "adjective", "number")]
    if number == "plur":
        joined = any(sentence[at].lower in lexicon.joins for at in range(start, end))
        return joined or any(form.number in ("", "plur") or form.part == "number" for form in nominals) or not nominals
    if number and not any(form.number in ("", number) for form in nominals):
        return not nominals
    return not gender or not nominals or any(form.gender in ("", gender) for form in nominals)


def phrases(sentence: Sentence, start: int, end: int, case: Case, lexicon: BoundedLexicon) -> list[tuple[int, int]]:
    """The noun phrases in `case` between two items, those behind a preposition left out."""
    found = []
    at = start
    while at < end:
        if is_part(sentence, at, "preposition", lexicon):
            at = oblique_end(sentence, at + 1, end, lexicon) or at + 1
            continue
        stop = phrase_end(sentence, at, end, case, lexicon)
        if stop is None and _stands(sentence, at, "pronoun", case, lexicon):
            stop = at + 1  # a relative pronoun that is an article elsewhere
        if stop is None:
            at = oblique_end(sentence, at, end, lexicon) or at + 1
            continue
        if stop > at + 1 or sentence[at].lower not in lexicon.objects:
            found.append((at, stop))
        at = stop
    return found


def is_nominal(sentence: Sentence, start: int, end: int, lexicon: BoundedLexicon) -> bool:
    """Whether nothing but noun phrases and prepositions stands between two items, a subject's first."""
    at = phrase_end(sentence, start, end, "nom", lexicon)
    while at is not None and at < end:
        word = sentence[at]
        if is_part(sentence, at, "preposition", lexicon):
            at = oblique_end(sentence, at + 1, end, lexicon)
        elif word.lower in lexicon.joins:
            at = phrase_end(sentence, at + 1, end, "nom", lexicon)
        else:
            at = phrase_end(sentence, at, end, "", lexicon)
    return at is not None

"""The subject of a reporting verb: in its clause, left of an aside, or in the clause that its own goes on from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from onrecord.attribution.bounded.clauses import DASHES, Clause, Cue
from onrecord.attribution.bounded.phrases import agrees, forms, is_nominal, is_part, oblique_end, phrase_end, phrases
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.words import Word

_FARTHEST = 5
"""Clauses between a verb and its subject at most: an aside, a relative clause, a participle."""
_LONGEST_CLAUSE = 80
"""Items before a verb without a mark among them; more are no sentence but a list or a broken page."""
_LONGEST_TIME = 3
"""Items at the head of a phrase among which a word for time makes it one of time."""
_LONGEST_FIELD = 14
_LONGEST_NAME = 4


class Source(NamedTuple):
    """The items `start` to `end` (exclusive) of a sentence, and the last clause that they reach into."""

    start: int
    end: int
    clause: int
    shared: bool = False


def subject(sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon) -> Source | None:
    """Whom a verb reports. A subject of another number or gender than the verb is none."""
    clause = parts[cue.clause]
    if cue.passive:
        return _agent(sentence, parts, cue, lexicon)
    if "impersonal" in cue.verb.frames:
        return _place(sentence, clause, cue, lexicon)
    if cue.form.kind == "gerund":
        return _from_earlier(sentence, parts, cue, lexicon)
    if lexicon.verb_second and _is_subject_pronoun(sentence, cue.pivot + 1, clause.end, lexicon):
        return Source(cue.pivot + 1, cue.pivot + 2, cue.clause)
    if lexicon.verb_second and _goes_on(sentence, clause, cue, lexicon):
        return _of_main_clause(sentence, parts, cue, lexicon)
    found = _before(sentence, clause, cue, lexicon)
    if found is not None:
        return Source(_with_name_before(sentence, parts, found, cue.clause, lexicon), found[1], cue.clause)
    aside = _left_of_aside(sentence, parts, cue, lexicon)
    if aside is not None:
        return aside
    own = _agreeing(sentence, cue.pivot + 1, clause.end, cue, lexicon)
    if own and cue.reach > cue.clause and cue.form.kind == "participle":
        return _up_to_participle(sentence, parts, own[0], cue, lexicon)
    described = _before_relative(sentence, parts, own, cue, lexicon)
    if described is not None:
        return described
    house = _house(sentence, clause, cue, lexicon)
    if own and house is not None and _may_be_object(sentence, own[0], lexicon):
        return house
    if own:
        return with_apposition(sentence, parts, _without_hearer(sentence, own[0], lexicon), cue.clause, lexicon)
    return house or _unknown_name(sentence, clause, cue, lexicon) or _from_earlier(sentence, parts, cue, lexicon)


def _is_subject_pronoun(sentence: Sequence[Word], at: int, end: int, lexicon: BoundedLexicon) -> bool:
    """Whether a pronoun that can only be a subject follows its verb: der Politik schlug **er** vor."""
    if at >= end:
        return False
    readings = forms(sentence, at, lexicon)
    return bool(readings) and all(form.part == "pronoun" and form.case == "nom" for form in readings)


def _before(sentence: Sequence[Word], clause: Clause, cue: Cue, lexicon: BoundedLexicon) -> tuple[int, int] | None:
    """The subject between the start of a clause and its verb."""
    start = clause.start
    while start < cue.pivot and sentence[start].lower in lexicon.coordinators | lexicon.as_words | lexicon.particles:
        start += 1
    if cue.pivot - start > _LONGEST_CLAUSE:
        return None
    found = _agreeing(sentence, start, cue.pivot, cue, lexicon)
    if not found:
        return None
    first = found[0]
    if first[0] == clause.start and _is_relative(sentence, clause, cue, lexicon):
        return clause.start, clause.start + 1
    subordinate = sentence[clause.start].lower in lexicon.hanging
    last = max(cue.pivot, *cue.items)
    if lexicon.verb_second and subordinate and last < clause.end - 1 and cue.clause == cue.reach:
        return None  # als Grund nannte die Stadt …: no conjunction, since the verb does not close the clause
    if not lexicon.verb_second or subordinate:
        return first
    if cue.pivot > start + 1 and _is_subject_pronoun(sentence, cue.pivot - 1, cue.pivot, lexicon):
        return cue.pivot - 1, cue.pivot
    # What stands before the verb of a main clause is one phrase: a subject at its start takes in all of it, unless a
    # second verb shares the subject.
    whole = first[0] == start and cue.pivot - start < _LONGEST_FIELD
    if whole and _is_time(sentence, start, min(cue.pivot, start + 1 + _LONGEST_TIME), lexicon):
        return None
    if whole and sentence[cue.pivot - 1].lower not in lexicon.coordinators:
        return start, _without_adverbs(sentence, start, cue.pivot, lexicon)
    return first if first[0] == start or sentence[cue.pivot - 1].lower in lexicon.coordinators else None


def _without_adverbs(sentence: Sequence[Word], start: int, end: int, lexicon: BoundedLexicon) -> int:
    """The end of a phrase without the adverbs that close it: **Anna Roe** hingegen."""
    while end - 1 > start and sentence[end - 1].text.islower():
        if any(form.part != "other" for form in forms(sentence, end - 1, lexicon)):
            break
        end -= 1
    return end


def _with_name_before(
    sentence: Sequence[Word], parts: Sequence[Clause], found: tuple[int, int], at: int, lexicon: BoundedLexicon
) -> int:
    """Where a subject begins that its second half, behind a comma, describes: **Anna Roe, the mayor** said."""
    start, end = found
    if at != 1 or start != parts[at].start or end <= start + 1 or not _is_nominal_clause(sentence, parts, 0, lexicon):
        return start
    return _skip(sentence, parts[0].start, lexicon)


def _is_relative(sentence: Sequence[Word], clause: Clause, cue: Cue, lexicon: BoundedLexicon) -> bool:
    """Whether a clause whose verb comes last opens with a relative pronoun: …, **der** die Anwohner warnte."""
    opens = clause.start > 0 and sentence[clause.start].lower in lexicon.relatives and not cue.form.particle
    return opens and sentence[clause.start - 1].text == "," and max(cue.pivot, *cue.items) == clause.end - 1


def _agreeing(
    sentence: Sequence[Word], start: int, end: int, cue: Cue, lexicon: BoundedLexicon
) -> list[tuple[int, int]]:
    return [
        (a, b)
        for a, b in phrases(sentence, start, end, "nom", lexicon)
        if not any(a <= item < b for item in cue.items)
        and not _is_time(sentence, a, b, lexicon)
        and agrees(sentence, a, b, cue.form.number, cue.form.gender, lexicon)
    ]


def _without_hearer(sentence: Sequence[Word], found: tuple[int, int], lexicon: BoundedLexicon) -> tuple[int, int]:
    """A subject behind its verb without whom it spoke to: sagte **Anna Roe** dieser Zeitung."""
    start, end = found
    pairs = ((at, f"{sentence[at].lower}_{sentence[at + 1].lower}") for at in range(start + 1, end - 1))
    return start, next((at for at, pair in pairs if pair in lexicon.hearers), end)


def _is_time(sentence: Sequence[Word], start: int, end: int, lexicon: BoundedLexicon) -> bool:
    """Whether a phrase tells when: **letzte Woche** sagte …"""
    width = _LONGEST_TIME if lexicon.verb_second else 1
    return any(word.lower in lexicon.moments for word in sentence[start : min(end, start + width)])


def _left_of_aside(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon
) -> Source | None:
    """The subject that an aside parts from its verb: **Anna Roe, the mayor,** said."""
    at = cue.clause - 1
    if at < 1 or cue.pivot != parts[cue.clause].start or sentence[cue.pivot - 1].text != ",":
        return None
    own = parts[at]
    if not _describes(sentence, own, lexicon) and not _is_attribute(sentence, own.start, own.end, lexicon):
        return None
    first = at
    while first > 0 and cue.clause - first < _FARTHEST and _is_nominal_clause(sentence, parts, first - 1, lexicon):
        first -= 1
    if first == at:
        return None
    ends = next((n for n in range(first + 1, at + 1) if not _describes(sentence, parts[n], lexicon)), at + 1)
    return Source(_skip(sentence, parts[first].start, lexicon), parts[ends - 1].end, cue.clause)


def _describes(sentence: Sequence[Word], clause: Clause, lexicon: BoundedLexicon) -> bool:
    """Whether an aside is a description by nouns, which joins the source; one by a participle does not."""
    return is_nominal(sentence, clause.start, clause.end, lexicon)


def _is_nominal_clause(sentence: Sequence[Word], parts: Sequence[Clause], at: int, lexicon: BoundedLexicon) -> bool:
    clause = parts[at]
    if clause.end < len(sentence) and sentence[clause.end].text != ",":
        return False
    start = _skip(sentence, clause.start, lexicon)
    return is_nominal(sentence, start, clause.end, lexicon) or _is_attribute(sentence, start, clause.end, lexicon)


def _is_attribute(sentence: Sequence[Word], start: int, end: int, lexicon: BoundedLexicon) -> bool:
    """Whether a clause is an adjective or participle with what belongs to it: источник, **знакомый с ситуацией**, …"""
    agrees_with = any(form.part == "adjective" and form.case == "nom" for form in forms(sentence, start, lexicon))
    if lexicon.verb_second or not agrees_with or not sentence[start].text.islower():
        return False
    return not any(is_part(sentence, at, "verb", lexicon) for at in range(start, end))


def _skip(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> int:
    return at + 1 if sentence[at].lower in lexicon.coordinators | lexicon.as_words | lexicon.particles else at


def with_apposition(
    sentence: Sequence[Word], parts: Sequence[Clause], found: tuple[int, int], at: int, lexicon: BoundedLexicon
) -> Source:
    """A subject that ends its clause, with the description in the clause after it: said Anna Roe, mayor of X."""
    start, end = found
    if end == parts[at].end and at + 1 < len(parts) and _is_aside(sentence, parts, at + 1, lexicon):
        return Source(start, parts[at + 1].end, at + 1)
    return Source(start, end, at)


def _is_aside(sentence: Sequence[Word], parts: Sequence[Clause], at: int, lexicon: BoundedLexicon) -> bool:
    """Whether a clause between commas is nothing but noun phrases."""
    clause = parts[at]
    if clause.start == 0 or sentence[clause.start - 1].text != ",":
        return False
    if lexicon.verb_second and clause.end < len(sentence) and sentence[clause.end].text in DASHES:
        return False
    return is_nominal(sentence, clause.start, clause.end, lexicon)


def _unknown_name(sentence: Sequence[Word], clause: Clause, cue: Cue, lexicon: BoundedLexicon) -> Source | None:
    """Words with capitals beside the verb, whatever case a guess gives them: foreign names are not declined."""
    start = cue.pivot
    while start > max(clause.start, cue.pivot - _LONGEST_NAME) and _may_name(sentence, start - 1, lexicon):
        start -= 1
    if start < cue.pivot and (start == 0 or not is_part(sentence, start - 1, "preposition", lexicon)):
        return Source(start, cue.pivot, cue.clause)
    end = start = cue.pivot + 1
    while end < min(clause.end, start + _LONGEST_NAME) and _may_name(sentence, end, lexicon):
        end += 1
    return Source(start, end, cue.clause) if end > start else None


def _may_name(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> bool:
    return sentence[at].text[:1].isupper() and is_part(sentence, at, "noun", lexicon)


def _from_earlier(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon
) -> Source | None:
    """The subject of a clause before, which a second verb or a participle shares."""
    for at in range(cue.clause, max(-1, cue.clause - 1 - _FARTHEST), -1):
        clause = parts[at]
        end = min(clause.end, cue.pivot)
        if at < cue.clause and hangs(sentence, clause, lexicon):
            continue
        found = _agreeing(sentence, clause.start, end, cue, lexicon)
        if found:
            start, stop = found[-1] if found[-1][1] == clause.end else found[0]
            return Source(start, stop, cue.clause, True)
    return None


def _up_to_participle(
    sentence: Sequence[Word], parts: Sequence[Clause], found: tuple[int, int], cue: Cue, lexicon: BoundedLexicon
) -> Source:
    """A subject with the description that parts it from its participle: hatte **der Leiter, Jan Roe,** erklärt."""
    start, end = found
    between = range(cue.clause + 1, cue.reach)
    if end == parts[cue.clause].end and all(_is_aside(sentence, parts, number, lexicon) for number in between):
        end = parts[cue.reach - 1].end
    return Source(start, end, cue.reach)


def _before_relative(
    sentence: Sequence[Word], parts: Sequence[Clause], own: Sequence[tuple[int, int]], cue: Cue, lexicon: BoundedLexicon
) -> Source | None:
    """The subject that a relative clause parts from its verb: **Anna Roe**, die dort wohnt, sagte Reportern …"""
    clause = parts[cue.clause]
    if not lexicon.verb_second or cue.pivot != clause.start or cue.clause < 2 or cue.form.kind == "gerund":
        return None
    told = clause.end + 1 < len(sentence) and sentence[clause.end + 1].lower in lexicon.content_openers
    ends = not told and any(stop == clause.end for _, stop in own)
    first = cue.clause - 1
    while first > 0 and sentence[parts[first].start - 1].text == "," and hangs(sentence, parts[first], lexicon):
        first -= 1
    if first == cue.clause - 1 or ends or sentence[clause.start - 1].text != ",":
        return None
    start = _skip(sentence, parts[0].start, lexicon)
    whole = all(_is_nominal_clause(sentence, parts, number, lexicon) for number in range(first + 1))
    return Source(start, parts[first].end, cue.clause) if whole else None


def _goes_on(sentence: Sequence[Word], clause: Clause, cue: Cue, lexicon: BoundedLexicon) -> bool:
    """Whether a verb shares the subject of its sentence: … **und kündigte** an; …, **fordern aber** …"""
    at = cue.pivot
    if at > 0 and sentence[at - 1].lower in lexicon.coordinators and sentence[at - 1].lower not in lexicon.contrasts:
        return True
    after = sentence[at + 1].lower if at + 1 < clause.end else ""
    return at == clause.start > 0 and after in lexicon.coordinators


def _of_main_clause(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon
) -> Source | None:
    """The subject of the first clause of a sentence that depends on no other."""
    for part in parts[: cue.clause + 1]:
        end = min(part.end, cue.pivot)
        opens = sentence[part.start].lower
        if hangs(sentence, part, lexicon) or opens in lexicon.clause_openers:
            continue
        found = _agreeing(sentence, part.start, end, cue, lexicon)
        if found:
            return Source(found[0][0], found[0][1], cue.clause, True)
    return None


def hangs(sentence: Sequence[Word], clause: Clause, lexicon: BoundedLexicon) -> bool:
    """Whether a clause depends on another and has its own subject: a conjunction or participle opens it."""
    if clause.start == 0:
        return False
    first = sentence[clause.start].lower
    if first in lexicon.subordinators | lexicon.relatives | lexicon.content_openers:
        return True
    opens = _skip(sentence, clause.start, lexicon)
    return opens < clause.end and any(is_part(sentence, opens, part, lexicon) for part in ("gerund", "preposition"))


def _agent(sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, lexicon: BoundedLexicon) -> Source | None:
    """Who did it, in the passive: wurde **von der Polizei** mitgeteilt."""
    clause = parts[cue.clause]
    for at in range(clause.start, clause.end - 1):
        if sentence[at].lower in lexicon.agents:
            end = oblique_end(sentence, at + 1, clause.end, lexicon)
            if end is not None:
                return Source(at + 1, end, cue.clause)
    return None


def _may_be_object(sentence: Sequence[Word], found: tuple[int, int], lexicon: BoundedLexicon) -> bool:
    """Whether a phrase that can be a subject can as well be the object: в МИД назвали **эти слова** ложью."""
    return phrase_end(sentence, found[0], found[1], "acc", lexicon) == found[1]


def _house(sentence: Sequence[Word], clause: Clause, cue: Cue, lexicon: BoundedLexicon) -> Source | None:
    """The house whose people a plural verb without a subject reports: в **мэрии** сообщили."""
    if cue.form.number != "plur":
        return None
    for at in [*range(clause.start, cue.pivot), *range(cue.pivot + 1, clause.end - 1)]:
        if sentence[at].lower in lexicon.house_prepositions and sentence[at + 1].lower not in lexicon.moments:
            end = oblique_end(sentence, at + 1, clause.end, lexicon)
            if end is not None and (at > cue.pivot or end <= cue.pivot):
                return Source(at + 1, end, cue.clause)
    return None


def _place(sentence: Sequence[Word], clause: Clause, cue: Cue, lexicon: BoundedLexicon) -> Source | None:
    """Where a verb without a subject reports from: **in der Mitteilung** heißt es, говорится **в обращении**."""
    order = [*range(cue.pivot + 1, clause.end), *range(clause.start, cue.pivot)]
    for at in order:
        if is_part(sentence, at, "preposition", lexicon):
            end = oblique_end(sentence, at + 1, clause.end, lexicon)
            if end is not None and sentence[end - 1].lower not in lexicon.moments:
                return Source(at + 1, end, cue.clause)
    if cue.clause > 0 and cue.pivot == clause.start and is_part(sentence, 0, "preposition", lexicon):
        end = oblique_end(sentence, 1, clause.start, lexicon)  # in der Mitteilung, die …, heißt es
        if end is not None and sentence[end].text == "," and sentence[end - 1].lower not in lexicon.moments:
            return Source(1, end, cue.clause)
    return None

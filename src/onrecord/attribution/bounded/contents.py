"""Where what is reported begins and ends, beside a reporting clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from onrecord.attribution.bounded.clauses import DASHES, Clause, Cue, is_speech
from onrecord.attribution.bounded.phrases import is_nominal, is_part, oblique_end, phrase_end
from onrecord.attribution.bounded.table import BoundedLexicon
from onrecord.attribution.relation import Items
from onrecord.attribution.words import Word

_TERMINAL = frozenset({".", "!", "?", "…", "..."})
_EDGES = DASHES | frozenset(",;:")
_SPOKEN_WORDS = 6
"""Words from which on a quotation inside a reporting clause is speech, whatever letter it begins with."""
_SHORTEST_INFINITIVE = 3
"""Items of an infinitive with its mark and its object at least."""
_INFINITIVE = re.compile(r"[a-zäöü]{2,8}zu[a-zäöü]+en")
"""An infinitive that has its mark inside: nieder**zu**legen."""
_MOST_BETWEEN = 3
"""Clauses between a verb and its that-clause at most."""
_LONGEST_BRACKET = 40
_RELATIVE = 12
"""Items between the first of a dependent clause and a phrase inside it at most."""

Content = tuple[tuple[Items, ...], str]
"""A content and the rule that found it."""


def is_quote(sentence: Sequence[Word], at: int) -> bool:
    """Whether item `at` exists and is a quotation."""
    return 0 <= at < len(sentence) and sentence[at].kind == "quote"


def before_mark(sentence: Sequence[Word], at: int) -> int:
    """The item before `at`, commas and dashes left out; -1 if there is none."""
    at -= 1
    while at >= 0 and sentence[at].kind == "mark" and sentence[at].text in DASHES | {","}:
        at -= 1
    return at


def after_mark(sentence: Sequence[Word], at: int) -> int:
    """The first item from `at` on that is no comma, colon or dash."""
    while at < len(sentence) and sentence[at].kind == "mark" and sentence[at].text in _EDGES - {";"}:
        at += 1
    return at


def trimmed(sentence: Sequence[Word], start: int, end: int) -> tuple[Items, ...]:
    """The items `start` to `end` without marks at their edges; nothing if no more is left."""
    while start < end and sentence[start].kind == "mark" and sentence[start].text in _EDGES | _TERMINAL:
        start += 1
    while start < end and sentence[end - 1].kind == "mark" and sentence[end - 1].text in _EDGES | _TERMINAL:
        end -= 1
    return ((start, end),) if start < end else ()


def around(sentence: Sequence[Word], start: int, end: int, lexicon: BoundedLexicon) -> tuple[Items, ...]:
    """What stands on both sides of a phrase or clause that reports the rest of its sentence."""
    left, limit = _bounds(sentence, start, lexicon)
    before = trimmed(sentence, left, start)
    if before and all(sentence[at].lower in lexicon.coordinators for at in range(*before[0])):
        before = ()
    if end < len(sentence) and sentence[end].text == ":" and before:
        return before
    right = after_mark(sentence, _after_bracket(sentence, end))
    stop = next((at for at in range(right, limit) if sentence[at].text == ";"), limit)
    trails = before and right > end and right < stop
    if trails and (_trails(sentence, right, lexicon) or _attends(sentence, right, stop, lexicon)):
        return before
    behind = trimmed(sentence, right, stop)
    if before and behind and lexicon.verb_second and _is_circumstance(sentence, *behind[0], lexicon):
        return before  # …, sagte Anna Roe, die Leiterin, in einer Mitteilung
    return before + behind


def _bounds(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> Items:
    """How far what a phrase at item `at` reports can reach: its bracket, its relative clause, or the sentence."""
    for back in range(at - 1, max(-1, at - _LONGEST_BRACKET), -1):
        if sentence[back].text in {")", ";"}:
            break
        if sentence[back].text == "(":
            closing = (i for i in range(at, len(sentence)) if sentence[i].text == ")")
            return back + 1, next(closing, len(sentence))
    first = _dependent(sentence, at, lexicon)
    if first is not None:
        return first, end_of_dependent(sentence, at, lexicon)
    return max((i + 1 for i in range(at) if sentence[i].text == ";"), default=0), len(sentence)


def _dependent(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> int | None:
    """Where the dependent clause around a phrase at item `at` begins; None if it stands in no such clause."""
    if sentence[at - 1].text in DASHES | {","}:
        return None
    for first in range(at - 1, max(0, at - _RELATIVE), -1):
        if sentence[first - 1].text != ",":
            continue
        lower = sentence[first].lower
        if lexicon.verb_second and lower in lexicon.clause_openers:
            return None if is_finite(sentence, first + 1, lexicon) else first
        pronoun = first + (lexicon.verb_second and is_part(sentence, first, "preposition", lexicon))
        if sentence[pronoun].lower not in lexicon.relatives:
            return None
        end = phrase_end(sentence, pronoun, at, "", lexicon)
        return first if end is None or end == pronoun + 1 else None
    return None


def end_of_dependent(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> int:
    """Where the dependent clause that holds item `at` ends: at a comma before the verb of its main clause."""
    for further in range(at, len(sentence) - 1):
        if sentence[further].text == "," and lexicon.verb_second and is_finite(sentence, further + 1, lexicon):
            return further
    return len(sentence)


def _after_bracket(sentence: Sequence[Word], at: int) -> int:
    """The item after a remark in brackets, which is the reporter's own."""
    if at >= len(sentence) or sentence[at].text != "(":
        return at
    closing = (i + 1 for i in range(at, min(len(sentence), at + _LONGEST_BRACKET)) if sentence[i].text == ")")
    return next(closing, at)


def _trails(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> bool:
    """Whether words after an interrupting clause belong to it and not to what it reports."""
    word = sentence[at]
    if word.kind != "word":
        return False
    return word.lower in lexicon.relatives | lexicon.coordinators or is_part(sentence, at, "gerund", lexicon)


def _attends(sentence: Sequence[Word], at: int, stop: int, lexicon: BoundedLexicon) -> bool:
    """Whether a clause tells what went on while somebody spoke: …, sagte Roe, **während die Kollegen nickten**."""
    if sentence[at].lower not in lexicon.attending:
        return False
    return all(word.lower not in lexicon.moody for word in sentence[at:stop])


def after(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, clause: int, lexicon: BoundedLexicon
) -> Content | None:
    """The content after a reporting clause that ends in `clause`."""
    if cue.until >= 0:
        return _before_next_verb(sentence, cue, lexicon)
    mark = parts[clause].end
    reports = bool(cue.verb.frames & {"clause", "that"})
    quotes = "quote" in cue.verb.frames
    if mark < len(sentence) and sentence[mark].text == ":":
        return _after_colon(sentence, mark + 1) if reports or is_quote(sentence, after_mark(sentence, mark)) else None
    if quotes and is_quote(sentence, mark):
        return ((mark, mark + 1),), "quotation after clause"
    answer = _answer(sentence, parts[clause], lexicon) if quotes else None
    if answer is not None:
        return (answer,), "quotation after clause"
    opener = _opener(sentence, parts, clause, lexicon) if reports else None
    if opener is not None:
        return ((opener, content_end(sentence, opener, cue, lexicon)),), "that-clause after clause"
    return _beside_mark(sentence, parts, cue, clause, lexicon) or _unmarked(sentence, parts, cue, clause, lexicon)


def _before_next_verb(sentence: Sequence[Word], cue: Cue, lexicon: BoundedLexicon) -> Content | None:
    """The content of a verb that another reporting verb of its clause follows."""
    frames, end = cue.verb.frames, cue.until
    quoted = _quoted_inside(sentence, cue.pivot + 1, end, lexicon) if "quote" in frames else None
    if quoted is not None:
        return (quoted,), "quotation after clause"
    start = _infinitive(sentence, cue, end, lexicon) if "infinitive" in frames else None
    if start is None:
        return None
    return trimmed(sentence, start, end - (sentence[end - 1].lower in lexicon.joins)), "infinitive after clause"


def _beside_mark(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, clause: int, lexicon: BoundedLexicon
) -> Content | None:
    """A quotation behind the mark that ends a reporting clause, or in the clause itself."""
    mark, frames = parts[clause].end, cue.verb.frames
    start = after_mark(sentence, mark)
    if mark < start and is_quote(sentence, start) and frames & {"quote", "clause"}:
        whole = start + 1 >= len(sentence) or sentence[start + 1].kind == "mark"
        stop = start + 1 if whole else content_end(sentence, start, cue, lexicon)
        return ((start, stop),), "quotation after clause"
    closes = lexicon.verb_second and cue.items[-1] + 1 == mark
    inside = _quoted_inside(sentence, parts[cue.clause].start if closes else cue.pivot + 1, mark, lexicon)
    return ((inside,), "quotation after clause") if inside is not None and "quote" in frames else None


def _unmarked(
    sentence: Sequence[Word], parts: Sequence[Clause], cue: Cue, clause: int, lexicon: BoundedLexicon
) -> Content | None:
    """An infinitive behind a verb, or a clause without a conjunction."""
    mark, frames = parts[clause].end, cue.verb.frames
    bare = _bare_infinitive(sentence, cue, mark, lexicon) if frames & {"clause", "that"} else None
    if bare is not None:
        return (bare,), "infinitive after clause"
    promised = _infinitive(sentence, cue, mark, lexicon) if "infinitive" in frames else None
    if promised is not None:
        return ((promised, content_end(sentence, promised, cue, lexicon)),), "infinitive after clause"
    start = after_mark(sentence, mark)
    if not lexicon.bare_clauses or "clause" not in frames or mark == start or not _opens_bare(sentence, start, lexicon):
        return None
    end = content_end(sentence, start, cue, lexicon)
    if _is_circumstance(sentence, start, end, lexicon) or is_nominal(sentence, start, end, lexicon):
        return None  # no clause: …, sagte Roe, die Leiterin, in Bonn
    return ((start, end),), "clause after clause"


def _answer(sentence: Sequence[Word], clause: Clause, lexicon: BoundedLexicon) -> Items | None:
    """The quotation behind a question that a clause answers: sagte auf die Frage, ob der Damm halte: **„Ja.“**"""
    if not any(sentence[at].lower in lexicon.asking for at in range(clause.start, clause.end)):
        return None
    colon = next((at for at in range(clause.end, len(sentence)) if sentence[at].text == ":"), len(sentence))
    return (colon + 1, colon + 2) if is_quote(sentence, colon + 1) else None


def _after_colon(sentence: Sequence[Word], start: int) -> Content | None:
    start = after_mark(sentence, start)
    if is_quote(sentence, start) and (start + 1 >= len(sentence) or sentence[start + 1].kind == "mark"):
        return ((start, start + 1),), "quotation after clause"
    content = trimmed(sentence, start, len(sentence))
    return (content, "clause after clause") if content else None


def _quoted_inside(sentence: Sequence[Word], start: int, end: int, lexicon: BoundedLexicon) -> Items | None:
    """A quotation in the reporting clause itself: Er sprach von einem „schwarzen Tag für den Hafen“.

    A short one that begins with a capital is the name of a paper or a house, unless it stands for a predicate.
    """
    for at in range(start, end):
        if is_quote(sentence, at):
            words = sentence[at].text.strip("«»„“”\"'‚‘’ ").split()
            spoken = words and (
                words[-1][-1:] in "!?"
                or words[0][:1].islower()
                or len(words) >= _SPOKEN_WORDS
                or is_speech(sentence, at)
            )
            if spoken or sentence[at - 1].lower in lexicon.predicates:
                return at, at + 1
    return None


def _opener(sentence: Sequence[Word], parts: Sequence[Clause], clause: int, lexicon: BoundedLexicon) -> int | None:
    """Where a that-clause or question begins after a reporting clause, with an aside between them or not."""
    for number in range(clause + 1, min(len(parts), clause + 1 + _MOST_BETWEEN)):
        first = parts[number].start
        if sentence[first - 1].text not in DASHES | {",", ")"}:
            return None
        lower = sentence[first].lower
        if lower in lexicon.content_openers:
            return first
        aside = lower in lexicon.relatives or is_part(sentence, first, "gerund", lexicon)
        aside = aside or _is_circumstance(sentence, first, parts[number].end, lexicon)
        if any(sentence[at].lower in lexicon.infinitive_marks for at in range(first, parts[number].end)):
            return None
        if not aside and not is_nominal(sentence, first, parts[number].end, lexicon):
            return None
    return None


def _is_circumstance(sentence: Sequence[Word], start: int, end: int, lexicon: BoundedLexicon) -> bool:
    return is_part(sentence, start, "preposition", lexicon) and oblique_end(sentence, start + 1, end, lexicon) == end


def _opens_bare(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> bool:
    """Whether a clause without a conjunction may begin at `at`, rather than a relative or an adverbial clause."""
    if at >= len(sentence) or sentence[at].kind != "word":
        return False
    lower = sentence[at].lower
    if lower in lexicon.coordinators or is_finite(sentence, at, lexicon):
        return False
    if lower in lexicon.verbless and phrase_end(sentence, at + 1, len(sentence), "nom", lexicon) is not None:
        return False
    if at + 1 >= len(sentence) or lower in lexicon.possessives or sentence[at + 1].lower in lexicon.content_openers:
        return False
    if lower in lexicon.subordinators:
        # An adverb or preposition that is spelt like a conjunction stands before the verb: damit werde …
        end = oblique_end(sentence, at + 1, len(sentence), lexicon)
        after = end if end is not None and is_part(sentence, at, "preposition", lexicon) else at + 1
        return after < len(sentence) and sentence[after].lower in lexicon.finite
    if is_part(sentence, at, "preposition", lexicon):
        pronoun = sentence[at + 1].lower in lexicon.relatives
        end = phrase_end(sentence, at + 1, len(sentence), "", lexicon) if pronoun else None
        return not pronoun or (sentence[at + 1].lower in lexicon.articles and end is not None and end > at + 2)
    if lower in lexicon.relatives:
        # An article opens a main clause, a relative pronoun stands alone.
        end = phrase_end(sentence, at, len(sentence), "", lexicon)
        return end is not None and end > at + 1
    return True


def _bare_infinitive(sentence: Sequence[Word], cue: Cue, end: int, lexicon: BoundedLexicon) -> Items | None:
    """An infinitive with *zu* that follows its verb without a comma: hat angekündigt das Amt niederzulegen."""
    start = cue.items[-1] + 1
    if not lexicon.verb_second or end - start < _SHORTEST_INFINITIVE:
        return None
    closes = sentence[end - 2].lower in lexicon.infinitive_marks or _INFINITIVE.fullmatch(sentence[end - 1].text)
    return (start, end) if closes else None


def is_finite(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> bool:
    """Whether item `at` is the finite verb of its clause, as far as a list and an ending tell."""
    word = sentence[at]
    if word.kind != "word" or not word.text.islower():
        return False
    if word.lower in lexicon.finite or any(form.kind == "finite" for form in lexicon.forms.get(word.lower, ())):
        return True
    if not lexicon.past_endings or not word.lower.endswith(lexicon.past_endings):
        return False
    modifies = at + 1 < len(sentence) and sentence[at + 1].text[:1].isupper()
    return is_part(sentence, at, "adjective", lexicon) and not modifies


def _infinitive(sentence: Sequence[Word], cue: Cue, end: int, lexicon: BoundedLexicon) -> int | None:
    """Where an infinitive begins behind its verb or behind who is to do it: призвал чиновников **не ждать**."""
    at = cue.items[-1] + 1
    for hearer in (None, *(phrase_end(sentence, at, end, case, lexicon) for case in ("acc", "dat"))):
        start = at if hearer is None else hearer
        verb = start + (start < end and sentence[start].lower in lexicon.negations)
        if verb < end and is_part(sentence, verb, "verb", lexicon):
            return start
    return None


def content_end(sentence: Sequence[Word], start: int, cue: Cue, lexicon: BoundedLexicon) -> int:
    """The item after the last one of a content that begins at `start`."""
    first = 1 if sentence[0].lower in lexicon.coordinators else 0
    introductory = cue.clause == 0 and sentence[first].lower in lexicon.subordinators
    gerund = cue.form.kind == "gerund" or introductory
    at = start + 1
    while at < len(sentence):
        word = sentence[at]
        if word.text == ";" or (word.text == "," and _breaks(sentence, at + 1, introductory, gerund, lexicon)):
            break
        if word.lower in lexicon.coordinators and _reports_again(sentence, at + 1, lexicon):
            break
        at += 1
    found = trimmed(sentence, start, at)
    return found[0][1] if found else at


def _breaks(sentence: Sequence[Word], at: int, introductory: bool, gerund: bool, lexicon: BoundedLexicon) -> bool:
    """Whether a content stops at the comma before item `at`."""
    if at >= len(sentence):
        return True
    lower = sentence[at].lower
    if lower in lexicon.contrasts:
        return True
    if lower in lexicon.coordinators:
        return _another_report(sentence, at + 1, lexicon)
    if not lexicon.verb_second and lower in lexicon.forms and is_part(sentence, at, "gerund", lexicon):
        return True  # …, уточнив, что …: the reporter goes on
    if gerund and (is_finite(sentence, at, lexicon) or is_part(sentence, at, "verb", lexicon)):
        return True
    if not introductory or lexicon.verb_second:
        return False
    return phrase_end(sentence, at, len(sentence), "nom", lexicon) is not None


def _reports_again(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> bool:
    """Whether another reporting verb follows a conjunction at once: … **and added** that …"""
    for number, word in enumerate(sentence[at : at + 2], start=at):
        if word.kind != "word":
            return False
        if lexicon.verb_second and is_finite(sentence, number, lexicon) and word.lower not in lexicon.finite:
            return at + 1 < len(sentence) and sentence[at + 1].kind == "word"
        if _reports(word, lexicon):
            return True
        if lexicon.verb_second and word.text[:1].isupper():
            return False
    return False


def _reports(word: Word, lexicon: BoundedLexicon) -> bool:
    """Whether a word by itself is a finite reporting verb, whatever else stands in its clause."""
    return any(
        form.kind == "finite" and "clause" in form.verb.frames and not form.particle and not form.companion
        for form in lexicon.forms.get(word.lower, ())
    )


_CLAUSE = 12


def _another_report(sentence: Sequence[Word], at: int, lexicon: BoundedLexicon) -> bool:
    """Whether the clause from `at` on names another source, by a verb or a phrase."""
    for number, word in enumerate(sentence[at : at + _CLAUSE], start=at):
        if word.kind != "word" or word.lower in lexicon.clause_openers:
            return False
        if _reports(word, lexicon):
            return True
        for cue, nouns, _ in lexicon.phrases:
            here = tuple(one.lower for one in sentence[number : number + len(cue)]) == cue
            if here and (not nouns or any(one.lower.endswith(nouns) for one in sentence[number + 1 : number + 4])):
                return True
    return False

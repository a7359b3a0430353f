"""The noun phrase that names who is reported: beside the cue, before a relative clause, or shared with another verb."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from onrecord.attribution.open.cues import Cue, is_auxiliary, is_past, is_pronoun
from onrecord.attribution.open.lexicon import Lexicon
from onrecord.attribution.words import Word

LONGEST_PHRASE = 25
"""Items of a source at most: 99 % of the sources in PolNeAR-train have fewer."""
LONGEST_NICKNAME = 30
"""Characters of a quotation that may stand inside a source: Joe "the Boss" Roe. Longer ones there are speech."""
_DASHES = frozenset({"—", "–", "--", "-"})
_STOPS = _DASHES | frozenset(",;:()[]")


class Source(NamedTuple):
    """The items `start` to `end` (exclusive) of a sentence, and how they were found."""

    start: int
    end: int
    how: str


def source_before(sentence: Sequence[Word], cue: Cue, earlier: Source | None, lexicon: Lexicon) -> Source | None:
    """The subject of a cue that stands after its subject.

    `earlier` is the source of the nearest cue before this one in the sentence, which a second verb or a participle
    shares ("X praised the plan **and said** …").
    """
    at = _before_moment(sentence, cue.start - 1, lexicon)
    if at < 0:
        return None
    word = sentence[at]
    if cue.voice in ("gerund", "infinitive"):
        return _subject_of_participle(sentence, cue, earlier, lexicon)
    if word.lower in lexicon.conjunctions:
        return _shared(sentence, at, earlier, lexicon)
    if word.kind == "mark":
        return _before_aside(sentence, at, earlier, lexicon) if word.text in {",", ")"} | _DASHES else None
    if word.kind == "quote":
        return None
    if word.lower in lexicon.relative or is_pronoun(word, lexicon):
        return Source(at, at + 1, "pronoun")
    if is_auxiliary(word, lexicon) or word.lower in lexicon.subordinators:
        return None
    start = phrase_start(sentence, at, lexicon)
    if start is None or (cue.verb.forms <= _PRESENT and _is_bare(sentence, start, at, lexicon)):
        return None
    return Source(start, at + 1, "subject")


_PRESENT = frozenset({"base", "third", "gerund"})


def _is_bare(sentence: Sequence[Word], start: int, last: int, lexicon: Lexicon) -> bool:
    """Whether a phrase is one small noun or adjective without an article: the verb after it is then a noun."""
    word = sentence[last]
    return start == last and word.text.islower() and word.lower not in lexicon.plurals and not word.lower.endswith("s")


def _before_moment(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> int:
    """The item before a day that stands between subject and verb: the mayor **on Monday** said."""
    if at < 1 or sentence[at].lower not in lexicon.moments:
        return at
    return at - 2 if sentence[at - 1].lower in lexicon.prepositions else at - 1


def _subject_of_participle(
    sentence: Sequence[Word], cue: Cue, earlier: Source | None, lexicon: Lexicon
) -> Source | None:
    before = sentence[cue.start - 1]
    if (
        cue.voice == "gerund"
        and before.kind == "word"
        and before.lower not in lexicon.conjunctions | lexicon.subordinators
    ):
        start = phrase_start(sentence, cue.start - 1, lexicon)
        if start is None or not any(is_verb_like(word, lexicon) for word in sentence[start : cue.start]):
            return Source(start, cue.start, "subject") if start is not None else None
        found = first_subject(sentence[start:], cue.start - start, lexicon)
        return Source(start + found[0], start + found[1], "shared") if found else None
    return _shared(sentence, cue.start - 1, earlier, lexicon)


def _shared(sentence: Sequence[Word], at: int, earlier: Source | None, lexicon: Lexicon) -> Source | None:
    clause = max((i + 1 for i in range(at) if sentence[i].text in _STOPS), default=0)
    if clause < at and earlier is not None and clause > earlier.end and _opens_clause(sentence, clause, at, lexicon):
        found = first_subject(sentence[clause:], at - clause, lexicon)
        if found:
            return Source(clause + found[0], clause + found[1], "shared")
    if earlier is not None:
        return Source(earlier.start, earlier.end, "shared")
    found = first_subject(sentence, at, lexicon)
    return Source(*found, "shared") if found else None


def _opens_clause(sentence: Sequence[Word], start: int, end: int, lexicon: Lexicon) -> bool:
    """Whether a subject and its verb stand at the beginning of the items from `start` to `end`."""
    first = sentence[start]
    if first.lower in lexicon.clause_subjects:
        return True
    return first.text[:1].isupper() and any(is_verb_like(word, lexicon) for word in sentence[start + 1 : end])


def _before_aside(sentence: Sequence[Word], at: int, earlier: Source | None, lexicon: Lexicon) -> Source | None:
    """The phrase before an aside that ends at `at`: "Anna Roe, the mayor, said", "the mayor — a lawyer — said"."""
    mark = sentence[at].text
    opening = {"(": "(", ")": "("}.get(mark, mark)
    for back in range(at - 1, max(-1, at - 40), -1):
        word = sentence[back]
        if word.kind == "mark" and word.text == opening and back > 0:
            if sentence[back + 1].lower in lexicon.conjunctions and mark == ",":
                continue
            start = phrase_start(sentence, back - 1, lexicon)
            if start is None:
                return None
            describes = _describes(sentence[back + 1], lexicon) and not is_pronoun(sentence[back - 1], lexicon)
            end = at + (mark == ")") if describes else back
            return Source(_described_name(sentence, start, lexicon) if describes else start, end, "subject")
        if word.kind == "mark" and word.text in {";", ":"}:
            break
    return None


def _described_name(sentence: Sequence[Word], start: int, lexicon: Lexicon) -> int:
    """Where a name begins that a phrase beginning at `start` describes further: "**Anna Roe**, mayor, a poet, said"."""
    while start > 1 and sentence[start - 1].text == "," and sentence[start].text[:1].islower():
        name = phrase_start(sentence, start - 2, lexicon)
        if name is None or not sentence[start - 2].text[:1].isupper() or not _describes(sentence[start], lexicon):
            break
        start = name
    return start


def _describes(word: Word, lexicon: Lexicon) -> bool:
    """Whether an aside that opens with this word says who somebody is, and so belongs to the source."""
    return word.kind == "word" and not (
        word.lower in lexicon.modifier_starts
        or word.lower in lexicon.sentence_openers
        or word.lower in lexicon.prepositions
        or word.lower in lexicon.conjunctions
        or word.lower in lexicon.subordinators - lexicon.relative
        or word.lower.endswith("ing")
    )


def source_after(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> Source | None:
    """The subject of a cue that stands before its subject: "…," said **Anna Roe**, the mayor."""
    end = at
    while end < len(sentence) and end - at < LONGEST_PHRASE:
        word = sentence[end]
        if word.kind == "quote" or (word.kind == "mark" and word.text not in "&%$'’"):
            break
        if end > at and (
            word.lower in lexicon.subordinators or word.lower in lexicon.moments or is_auxiliary(word, lexicon)
        ):
            break
        if word.lower in lexicon.prepositions and (end == at or not _joins_phrase(sentence, end, lexicon)):
            break
        end += 1
    return Source(at, _with_description(sentence, end, lexicon), "inverted") if end > at else None


def _with_description(sentence: Sequence[Word], end: int, lexicon: Lexicon) -> int:
    """The end of a phrase that began before `end`, with a party in brackets and a description after a comma."""
    if end < len(sentence) and sentence[end].text == "(":
        end = next((at + 1 for at in range(end, min(len(sentence), end + 8)) if sentence[at].text == ")"), end)
    if end + 1 >= len(sentence) or sentence[end].text != "," or not _describes(sentence[end + 1], lexicon):
        return end
    at = end + 1
    while at < len(sentence) and sentence[at].kind != "quote" and sentence[at].text not in ".;:?!":
        if sentence[at].text == "," and at + 1 < len(sentence) and not _describes(sentence[at + 1], lexicon):
            break
        at += 1
    return at


def _joins_phrase(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a preposition ties two parts of one name or title: a spokesman **for** the city, Bank **of** Crete."""
    if sentence[at].lower in lexicon.genitives:
        return True
    follows = sentence[at + 1] if at + 1 < len(sentence) else None
    return (
        sentence[at].lower in lexicon.role_links
        and follows is not None
        and follows.lower not in lexicon.moments
        and sentence[at - 1].text.islower()
    )


def phrase_start(sentence: Sequence[Word], last: int, lexicon: Lexicon) -> int | None:
    """Where the noun phrase whose last item is `last` begins; None if no noun phrase ends there."""
    if is_pronoun(sentence[last], lexicon) and sentence[last].lower not in lexicon.determiners:
        return last
    start = last
    while start > 0 and last - start < LONGEST_PHRASE and not _bounds_phrase(sentence, start - 1, lexicon):
        start -= 1
    while start < last and (
        sentence[start].lower in lexicon.sentence_openers
        or sentence[start].lower in lexicon.adverbs - lexicon.determiners
    ):
        start += 1
    counts = start < last and sentence[start].lower in lexicon.approximate and sentence[start + 1].text[0].isdigit()
    if not counts and (sentence[start].lower in lexicon.prepositions or sentence[start].lower in lexicon.moments):
        return _last_chunk(sentence, start, last, lexicon)
    if sentence[last].kind != "word" or sentence[last].lower in lexicon.prepositions:
        return None
    return start


def _bounds_phrase(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    word = sentence[at]
    if word.kind == "quote":
        return len(word.text) > LONGEST_NICKNAME or word.text.rstrip("\"'”’»")[-1:] in ",.?!"
    if word.kind == "mark":
        return word.text not in "&$%#@'’"
    if word.lower in lexicon.conjunctions:
        return not _joins_names(sentence, at, lexicon)
    if word.lower in lexicon.subordinators and word.lower not in lexicon.comparisons:
        return True
    if word.lower in lexicon.verbs and word.text.islower() and at > 0:
        return "past" in lexicon.verbs[word.lower].forms or "gerund" in lexicon.verbs[word.lower].forms
    if is_pronoun(word, lexicon) and word.lower not in lexicon.determiners and word.lower not in lexicon.quantifiers:
        return True
    return is_auxiliary(word, lexicon) or word.lower in lexicon.object_pronouns - lexicon.determiners


def _joins_names(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    if at == 0 or at + 1 >= len(sentence) or sentence[at].lower not in lexicon.joins:
        return False
    left, right = sentence[at - 1], sentence[at + 1]
    if left.kind != "word" or right.kind != "word":
        return False
    for word in reversed(sentence[max(0, at - 8) : at]):
        if word.kind != "word":
            break
        if is_auxiliary(word, lexicon) or word.lower in lexicon.verbs or word.lower.endswith("ed"):
            return False
    return left.text[:1].isupper() == right.text[:1].isupper()


def _last_chunk(sentence: Sequence[Word], start: int, last: int, lexicon: Lexicon) -> int | None:
    """The last simple phrase of a run that opens with a preposition: "On Monday **the mayor**"."""
    at = last
    if sentence[last].text[:1].isupper():
        while at > start + 1 and sentence[at - 1].text[:1].isupper() and sentence[at - 1].lower not in lexicon.moments:
            at -= 1
        if at > start + 1 and sentence[at - 1].lower in lexicon.determiners:
            at -= 1
        return at if at > start else None
    while (
        at > start
        and sentence[at].lower not in lexicon.determiners
        and sentence[at - 1].lower not in lexicon.prepositions
    ):
        at -= 1
    return at if at > start else None


def first_subject(sentence: Sequence[Word], before: int, lexicon: Lexicon) -> tuple[int, int] | None:
    """The first noun phrase of the main clause, if one opens the sentence: the subject that its verbs share."""
    at = 0
    if sentence[0].lower in lexicon.prepositions or sentence[0].lower in lexicon.subordinators:
        at = next((i + 1 for i, word in enumerate(sentence[:before]) if word.text == ","), before)
    while at < before and (sentence[at].lower in lexicon.sentence_openers or sentence[at].text == ","):
        at += 1
    if at >= before or sentence[at].kind != "word":
        return None
    if is_pronoun(sentence[at], lexicon) and sentence[at].lower not in lexicon.determiners:
        return at, at + 1
    end = at
    while end < before and end - at < 12 and not _ends_subject(sentence[end], end > at, lexicon):
        end += 1
    return (at, end) if end > at else None


def _ends_subject(word: Word, inside: bool, lexicon: Lexicon) -> bool:
    if word.kind != "word":
        return True
    if is_auxiliary(word, lexicon) or word.lower in lexicon.subordinators:
        return True
    return inside and is_verb_like(word, lexicon)


def is_verb_like(word: Word, lexicon: Lexicon) -> bool:
    if is_auxiliary(word, lexicon):
        return True
    return word.text.islower() and (word.lower in lexicon.verbs or is_past(word, lexicon))


def is_possessive(word: Word, lexicon: Lexicon) -> bool:
    """Whether the word owns what follows: the mayor's, her."""
    return word.lower in lexicon.possessives or (word.kind == "word" and word.lower.endswith(("'s", "’s", "s'", "s’")))

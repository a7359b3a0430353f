"""Where the content of a reporting clause begins and ends."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.attribution.open.cues import Cue, is_auxiliary, is_past, is_pronoun
from onrecord.attribution.open.lexicon import Lexicon
from onrecord.attribution.words import Word

_DASHES = frozenset({"—", "–", "--", "-"})
_TERMINAL = frozenset({".", "!", "?", "…", "..."})
_LOOK_AHEAD = 18
_LONGEST_HEARER = 12


def is_quote(sentence: Sequence[Word], at: int) -> bool:
    """Whether item `at` of the sentence exists and is a quotation."""
    return 0 <= at < len(sentence) and sentence[at].kind == "quote"


def at_end(sentence: Sequence[Word], at: int) -> bool:
    """Whether nothing but final marks stands from item `at` on."""
    return all(word.kind == "mark" and word.text in _TERMINAL | frozenset(")]") for word in sentence[at:])


def after_hearer(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> int:
    """The item after the person spoken to, where a verb such as *tell* is followed by one; else `at`."""
    if at >= len(sentence) or sentence[at].kind != "word":
        return at
    first = sentence[at]
    if first.lower in lexicon.object_pronouns or first.lower in lexicon.hearers:
        return at + 1
    if first.lower in lexicon.content_openers or first.lower in lexicon.prepositions:
        return at
    opener = _announced_content(sentence, at, lexicon)
    return opener if opener is not None else _after_name(sentence, at, lexicon)


def _announced_content(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> int | None:
    """Where "that" or a question word opens a content after a long hearer: told the paper's man in Cairo **that** …"""
    for ahead in range(at, min(len(sentence), at + _LONGEST_HEARER)):
        word = sentence[ahead]
        if word.lower in lexicon.content_openers and word.lower not in lexicon.infinitive_markers:
            return ahead
        if word.kind != "word" or is_auxiliary(word, lexicon) or word.lower in lexicon.clause_subjects:
            return None
    return None


def _after_name(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> int:
    """The item after a name or a short phrase."""
    capital = sentence[at].text[:1].isupper()
    end = at
    while end < len(sentence) and end - at < _LONGEST_HEARER:
        word, before = sentence[end], sentence[end - 1]
        if word.kind != "word" or word.lower in lexicon.content_openers or word.lower in lexicon.moments:
            break
        if word.lower in lexicon.prepositions - lexicon.genitives or (
            end > at and word.lower in lexicon.clause_subjects
        ):
            break
        turns = word.text[:1].isupper() != before.text[:1].isupper()
        if end > at and capital and turns and before.lower not in lexicon.determiners | lexicon.genitives:
            break
        end += 1
    return end


def after_modifiers(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> int:
    """The item after adverbs and days that stand between a verb and its content ("said Tuesday that …")."""
    while at < len(sentence):
        word = sentence[at]
        if word.kind != "word":
            break
        if word.lower in lexicon.moments or (word.lower in lexicon.adverbs - lexicon.determiners):
            at += 1
        elif word.lower in lexicon.places and at + 1 < len(sentence) and sentence[at + 1].lower in lexicon.moments:
            at += 2
        else:
            break
    return at


def past_modifier_phrase(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> int | None:
    """Where the content begins after a phrase such as "in an interview with the paper".

    That is at "that", at a quotation, or at a pronoun that can only be the subject of a clause.

    None if there is no such phrase, or nothing follows it.
    """
    if at >= len(sentence) or sentence[at].lower not in lexicon.modifier_starts:
        return None
    for ahead in range(at + 1, min(len(sentence), at + _LOOK_AHEAD)):
        word = sentence[ahead]
        if word.lower in lexicon.complementisers or (word.lower in lexicon.clause_subjects and ahead > at + 1):
            return ahead
        if word.kind == "quote" and sentence[ahead - 1].text in ",:":
            return ahead
        if word.text == "," and is_quote(sentence, ahead + 1):
            return ahead + 1
    return None


def is_trailing(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether only circumstances follow from item `at`: "…," she said **in a statement on Monday**."""
    if at >= len(sentence) or at_end(sentence, at):
        return True
    word = sentence[at]
    if word.kind == "mark":
        return word.text in {",", ";", "(", ")"} | _DASHES | _TERMINAL
    if word.kind == "quote":
        return False
    return word.lower in lexicon.modifier_starts


def content_end(
    sentence: Sequence[Word], start: int, limit: int, cue: Cue, clauses: frozenset[int], lexicon: Lexicon
) -> int:
    """The item after the last one of a content that begins at `start` and may run to `limit`.

    `clauses` are the items where a clause that reports a quotation of its own begins.
    """
    introductory = _is_introductory(sentence, start, lexicon)
    at = start if is_quote(sentence, start) and _closes_with_comma(sentence[start]) else start + 1
    while at < limit and at not in clauses:
        if sentence[at].kind == "quote" and _closes_with_comma(sentence[at]):
            if _breaks_at_comma(sentence, at, cue, introductory, lexicon):
                return at + 1
        elif at > start and _ends_content(sentence, at, cue, introductory, lexicon):
            break
        at += 1
    while (
        at > start + 1
        and sentence[at - 1].kind == "mark"
        and sentence[at - 1].text in _TERMINAL | _DASHES | frozenset(",;:")
    ):
        at -= 1
    return at


def _is_introductory(sentence: Sequence[Word], start: int, lexicon: Lexicon) -> bool:
    """Whether a content that begins at `start` lies in a circumstance before the main clause: "When X said no, Y …"."""
    first = sentence[0].lower
    if first not in lexicon.prepositions and first not in lexicon.subordinators and not first.endswith("ing"):
        return False
    return not any(word.text == "," for word in sentence[:start])


def _closes_with_comma(quote: Word) -> bool:
    return quote.text.rstrip("\"'”’»“")[-1:] == ","


def _ends_content(sentence: Sequence[Word], at: int, cue: Cue, introductory: bool, lexicon: Lexicon) -> bool:
    """Whether a content stops before item `at`."""
    word = sentence[at]
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    if word.text == ";":
        return True
    if after is None:
        return False
    takes_phrase = "clause" not in cue.frames
    if word.text == ",":
        return _breaks_at_comma(sentence, at, cue, introductory, lexicon)
    if takes_phrase and (word.lower in lexicon.object_breaks or word.text in _DASHES):
        return True
    if word.lower not in lexicon.conjunctions:
        return False
    return (takes_phrase and is_past(after, lexicon)) or _is_new_report(sentence, at + 1, cue, lexicon)


def _breaks_at_comma(sentence: Sequence[Word], at: int, cue: Cue, introductory: bool, lexicon: Lexicon) -> bool:
    """Whether a content stops at the comma that is, or closes, item `at`.

    Measured on PolNeAR-train, where a rightly begun content stops at one of these more often than it runs over it:
    a comma before a participle .52 to .78, before *but* .41 to .89, before *which* or *who* .46 to .79.
    """
    if at + 1 >= len(sentence) or sentence[at + 1].kind != "word":
        return False
    after = sentence[at + 1]
    if after.lower.endswith("ing"):
        return after.lower not in lexicon.participial_prepositions
    if after.lower in lexicon.content_breaks:
        return True
    if introductory and (speaks_of_itself(after, lexicon) or after.text[:1].isupper()):
        return True
    takes_phrase = "clause" not in cue.frames
    return after.lower in lexicon.conjunctions and (takes_phrase or _is_new_report(sentence, at + 2, cue, lexicon))


def _is_new_report(sentence: Sequence[Word], at: int, cue: Cue, lexicon: Lexicon) -> bool:
    """Whether another verb of the same form as the cue follows a conjunction: "said … **and called** …"."""
    while at < len(sentence) and (sentence[at].lower in lexicon.adverbs):
        at += 1
    if at >= len(sentence) or sentence[at].kind != "word":
        return False
    word = sentence[at]
    verb = lexicon.verbs.get(word.lower)
    if verb is not None and verb.forms & cue.verb.forms and verb.forms & {"past", "third", "gerund"}:
        return True
    if word.lower in lexicon.clause_subjects and at + 1 < len(sentence):
        follow = lexicon.verbs.get(sentence[at + 1].lower)
        return (
            follow is not None
            and bool(follow.forms & {"past", "third"})
            and not is_auxiliary(sentence[at + 1], lexicon)
        )
    return False


def speaks_of_itself(word: Word, lexicon: Lexicon) -> bool:
    """Whether the word can open a clause: a subject pronoun or an article."""
    return bool(is_pronoun(word, lexicon)) or word.lower in lexicon.determiners

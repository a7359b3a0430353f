"""The reporting verbs of a sentence, each with the auxiliaries, adverbs and particles that belong to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from onrecord.attribution.open.lexicon import CueVerb, Frame, Lexicon
from onrecord.attribution.words import Word

Voice = Literal["finite", "gerund", "infinitive", "passive", "participle"]


@dataclass(frozen=True, slots=True)
class Cue:
    """A verb group that may report: the items `start` to `end` (exclusive) of its sentence, with its verb at `at`."""

    start: int
    end: int
    at: int
    verb: CueVerb
    voice: Voice
    frames: frozenset[Frame]
    particle: bool = False
    """True if it ends in a particle of the verb: *called for*."""


def cues(sentence: Sequence[Word], lexicon: Lexicon) -> Iterator[Cue]:
    """Every verb group of the sentence, outside its quotations, that the lexicon knows as a way of reporting."""
    headline = is_headline(sentence)
    for at, word in enumerate(sentence):
        verb = lexicon.verbs.get(word.lower) if word.kind == "word" else None
        if verb is None and _reports_by_place(sentence, at, lexicon):
            yield Cue(at, at + 1, at, _BY_PLACE, "finite", _BY_PLACE.frames)
        if verb is None or (word.text[:1].isupper() and at > 0 and not headline):
            continue
        start = group_start(sentence, at, lexicon)
        voice = _voice(sentence, start, at, verb, lexicon)
        if voice is None:
            continue
        end = at + 1
        particle = end < len(sentence) and sentence[end].lower in verb.particles
        if particle:
            end += 1
        elif not verb.frames:
            continue
        yield Cue(
            start, end, at, verb, voice, verb.phrasal_frames if particle and not verb.frames else verb.frames, particle
        )


_BY_PLACE = CueVerb("", "speech", frozenset({"quote"}), frozenset(), frozenset(), frozenset({"past"}))
"""Any verb that stands where only a reporting verb can: "It is late," he groaned."""
_LONGEST_SUBJECT = 4


def _reports_by_place(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> bool:
    """Whether a past form that no list holds follows a quotation that ends in a comma, with at most a subject between.

    The subject may also come after the verb: "It is late," groaned Anna Roe.
    """
    if not is_past(sentence[at], lexicon) or is_auxiliary(sentence[at], lexicon):
        return False
    start = next((i for i in range(at - 1, max(-1, at - _LONGEST_SUBJECT - 2), -1) if sentence[i].kind != "word"), None)
    if start is None or sentence[start].kind != "quote" or sentence[start].text.rstrip("\"'”’»“")[-1:] not in ",?!":
        return False
    subject = sentence[start + 1 : at]
    if any(word.lower in lexicon.verbs or is_auxiliary(word, lexicon) or is_past(word, lexicon) for word in subject):
        return False
    if subject and subject[-1].lower in lexicon.determiners:
        return False  # an adjective: the so-called …
    first = subject[0] if subject else sentence[at + 1] if at + 1 < len(sentence) else None
    if first is None or first.kind != "word":
        return False
    return first.text[:1].isupper() or first.lower in lexicon.determiners or first.lower in lexicon.clause_subjects


def is_past(word: Word, lexicon: Lexicon) -> bool:
    """Whether the word looks like the past of some verb, known as a way of reporting or not."""
    if word.lower in lexicon.pasts:
        return True
    return word.text.islower() and word.text.isalpha() and word.lower.endswith("ed") and len(word.lower) > 4


def is_headline(sentence: Sequence[Word]) -> bool:
    """Whether a sentence is set as headlines are, nearly every longer word with a capital."""
    longer = [word.text for word in sentence if word.kind == "word" and len(word.text) > 3]
    return len(longer) > 2 and sum(word[0].isupper() for word in longer) >= 0.8 * len(longer)


def group_start(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> int:
    """Where the verb group of the verb at `at` begins: its auxiliaries, negations and adverbs come before it."""
    start = at
    while start > 0 and _belongs_to_verb(sentence[start - 1], lexicon):
        start -= 1
    while start < at and _is_adverb(sentence[start], lexicon):
        start += 1
    return (
        start
        if any(is_auxiliary(word, lexicon) for word in sentence[start:at])
        else _after_adverbs(sentence, at, lexicon)
    )


def _after_adverbs(sentence: Sequence[Word], at: int, lexicon: Lexicon) -> int:
    start = at
    while start > 0 and _is_adverb(sentence[start - 1], lexicon):
        start -= 1
    return start


def is_auxiliary(word: Word, lexicon: Lexicon) -> bool:
    """Whether the word is a form of be, have, do or a modal verb, negated or not."""
    return word.lower in lexicon.auxiliaries or word.lower.endswith(lexicon.negated)


def is_pronoun(word: Word, lexicon: Lexicon) -> bool:
    """Whether the word is a pronoun that can be a whole subject; "that" and "some" may be articles as well."""
    return word.lower in lexicon.pronouns


def _belongs_to_verb(word: Word, lexicon: Lexicon) -> bool:
    return word.kind == "word" and (is_auxiliary(word, lexicon) or _is_adverb(word, lexicon))


def _is_adverb(word: Word, lexicon: Lexicon) -> bool:
    return (
        word.lower in lexicon.adverbs
        or word.lower in lexicon.negations
        or (word.text.islower() and word.lower.endswith("ly") and len(word.lower) > 4)
    )


def _voice(sentence: Sequence[Word], start: int, at: int, verb: CueVerb, lexicon: Lexicon) -> Voice | None:
    """The voice of a verb group; None where the word is rather a noun or an adjective."""
    word = sentence[at]
    before = sentence[start - 1] if start > 0 else None
    after = sentence[at + 1] if at + 1 < len(sentence) else None
    helpers = [item for item in sentence[start:at] if is_auxiliary(item, lexicon)]
    if "gerund" in verb.forms:
        if helpers:
            return None if any(helper.lower in lexicon.modals for helper in helpers) else "finite"
        return "gerund" if before is None or _may_report_beside(before, after, verb, lexicon) else None
    if helpers and helpers[-1].lower in lexicon.be and "participle" in verb.forms:
        return "passive"
    if helpers and verb.forms == {"third"}:
        return None
    if helpers:
        # What somebody would, could or will say has not been said.
        return None if any(helper.lower in lexicon.modals for helper in helpers) else "finite"
    if word.lower in lexicon.noun_forms:
        return None
    if before is not None and before.lower in lexicon.infinitive_markers:
        return "infinitive" if start > 1 and sentence[start - 2].lower in lexicon.catenatives else None
    if "past" in verb.forms or "participle" in verb.forms:
        if before is not None and _is_modifier(before, lexicon):
            return None
        return "participle" if after is not None and after.lower in lexicon.agents else "finite"
    return _present(before, after, verb, lexicon) if word.text[:1].islower() or start > 0 else None


def _may_report_beside(before: Word, after: Word | None, verb: CueVerb, lexicon: Lexicon) -> bool:
    """Whether a participle reports ("a letter saying …") and is no noun or adjective ("wireless charging cases")."""
    if _is_modifier(before, lexicon):
        return False
    if before.kind != "word" or before.lower in lexicon.conjunctions or after is None or after.kind != "word":
        return True
    if after.lower in lexicon.content_openers | verb.particles | lexicon.determiners | lexicon.object_pronouns:
        return True
    return after.text[:1].isupper() or (verb.frames >= {"clause", "quote"} and "object" not in verb.frames)


def _is_modifier(word: Word, lexicon: Lexicon) -> bool:
    """Whether a noun rather than a verb is due after the word: an article, a possessive, a preposition."""
    if word.kind != "word":
        return False
    if word.lower in lexicon.relative or word.lower in lexicon.clause_subjects:
        return False
    if is_pronoun(word, lexicon) and word.lower not in lexicon.determiners:
        return False
    possessive = word.lower.endswith(("'s", "’s", "s'", "s’"))
    return possessive or word.lower in lexicon.determiners or word.lower in lexicon.prepositions


def _present(before: Word | None, after: Word | None, verb: CueVerb, lexicon: Lexicon) -> Voice | None:
    """A present form is a noun as often as not (plans, claims): ask what stands on both sides."""
    if before is None or (before.kind == "word" and (_is_modifier(before, lexicon) or before.text[0].isdigit())):
        return None
    if before.kind == "mark" and before.text not in ",)":
        return None
    if before.kind == "word" and not _agrees(before, verb, lexicon):
        return None
    if is_pronoun(before, lexicon):
        return "finite"
    if before.text.islower() and verb.lemma in lexicon.also_nouns and not _opens_content(after, lexicon):
        return None
    if "quote" in verb.frames and verb.frames & {"clause", "that"}:
        return None if after is not None and after.lower in lexicon.prepositions - lexicon.places else "finite"
    if after is None or (after.kind == "mark" and after.text not in ":,"):
        return None
    if after.lower in lexicon.infinitive_markers:
        return "finite" if "infinitive" in verb.frames else None
    if after.kind == "quote" or after.lower in lexicon.content_openers or after.lower in verb.particles:
        return "finite"
    opens_phrase = after.lower in lexicon.determiners or after.text[:1].isupper()
    return "finite" if before.text[:1].isupper() and opens_phrase else None


def _opens_content(after: Word | None, lexicon: Lexicon) -> bool:
    """Whether the word after a form that may be verb or noun decides for the verb: tweets **that**, claims **the**."""
    if after is None or after.kind == "mark":
        return after is not None and after.text in ":,"
    if after.kind == "quote" or after.text[:1].isupper():
        return True
    return after.lower in lexicon.content_openers | lexicon.determiners | lexicon.clause_subjects


def _agrees(subject: Word, verb: CueVerb, lexicon: Lexicon) -> bool:
    """Whether the number of a subject's last word fits the verb's form: voters say, the voter says."""
    plural = subject.lower in lexicon.plurals or (
        subject.lower.endswith("s") and not subject.lower.endswith(("ss", "us", "is"))
    )
    if subject.lower in lexicon.relative or subject.lower in lexicon.conjunctions or subject.lower in lexicon.adverbs:
        return True
    if "third" in verb.forms:
        return not plural or subject.text[:1].isupper()
    return plural

"""What the attribution stage asks of every language, whatever its grammar."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

Part = Literal["noun", "adjective", "determiner", "pronoun", "number", "preposition", "verb", "gerund", "other"]


class Form(NamedTuple):
    """One thing that a word can be: its part of speech with the grammatical endings that it shows."""

    part: Part
    case: str = ""
    """Nothing if the word does not show its case."""
    number: str = ""
    gender: str = ""
    weak: bool = False
    """Whether a determiner must stand before it: *die letzten Tage*, never *letzten Tage* for a subject."""


class CommonWords(Struct, frozen=True, forbid_unknown_fields=True):
    """Words that help to cut a text, each a string of lower-case words separated by spaces."""

    abbreviations: str
    """Abbreviations whose full stop ends no sentence, without it."""
    closing_abbreviations: str = ""
    """Words with full stops inside that end a sentence if one of `sentence_starts` follows."""
    sentence_starts: str = ""
    contracting: str = ""
    """Pronouns that an auxiliary may be glued to with an apostrophe: *he's*."""
    work_nouns: str = ""
    """Beside one of these a quotation is the title of a work or the name of a body."""
    naming_words: str = ""
    negations: str = ""
    """Words that deny the verb beside them."""
    negated: str = ""
    """Endings that deny the verb they are glued to."""
    nobody: str = ""
    """Words that open a source of which it is denied: **no** official has said that …"""
    unsaid: list[str] = []
    """Words in a cue that say that it was not said: **stopped short of** saying that …"""
    denials: list[str] = []
    """Words right before source and cue that deny or only suppose what these say: **no evidence that** she said …"""
    denying: str = ""
    """Verbs with which a negation says that it was said: *did not **dispute***."""
    dialogue_dashes: str = ""
    """Dashes that open a paragraph of speech and set off its reporting clause."""
    ordinal_nouns: str = ""
    """Words before which a number with a full stop is an ordinal: *25. Mai*."""
    ordinal_openers: str = ""
    """Words behind which it is one whatever follows: *des 1. Zusatzes*."""
    precision: dict[str, float] = {}
    """Per rule, how often it is right in this language, where that was measured."""
    one_sentence: bool = False
    """Whether a quotation that stands by itself is a statement of its own, not a further part of the one before."""
    verb_first: bool = False
    """Whether a reporting clause behind a quotation opens with its verb: „Warum?“ fragte Anna."""
    whole_letters: str = ""
    """A one-letter word that is no initial of a name when a full stop follows it: *I*."""


class Common:
    """`CommonWords` as sets, and what each grammar adds to it."""

    def __init__(self, words: CommonWords) -> None:
        self.abbreviations = frozenset(words.abbreviations.split())
        self.closing_abbreviations = frozenset(words.closing_abbreviations.split())
        self.sentence_starts = frozenset(words.sentence_starts.split())
        self.contracting = frozenset(words.contracting.split())
        self.work_nouns = frozenset(words.work_nouns.split())
        self.naming_words = frozenset(words.naming_words.split())
        self.negations = frozenset(words.negations.split())
        self.one_sentence = words.one_sentence
        self.verb_first = words.verb_first
        self.negated = tuple(words.negated.split())
        self.nobody = frozenset(words.nobody.split())
        self.unsaid = [phrase.split() for phrase in words.unsaid]
        self.denials = [phrase.split() for phrase in words.denials]
        self.denying = frozenset(words.denying.split())
        self.dialogue_dashes = frozenset(words.dialogue_dashes.split())
        self.precision = words.precision
        self.ordinal_nouns = frozenset(words.ordinal_nouns.split())
        self.ordinal_openers = frozenset(words.ordinal_openers.split())
        self.whole_letters = frozenset(words.whole_letters.split())

    def reports(self, word: str) -> bool:
        """Whether a lower-case word can be the verb of a reporting clause around a quotation."""
        raise NotImplementedError

    def is_cue(self, word: str) -> bool:
        """Whether a lower-case word is a form of a reporting verb."""
        raise NotImplementedError

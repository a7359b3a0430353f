"""What the file of a language with open clauses (English) tells this stage, compiled for look-up by word form."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from onrecord.attribution.common import Common, CommonWords
from onrecord.attribution.open.inflection import VerbForm, forms
from onrecord.schema import Manner

Frame = Literal["clause", "that", "quote", "object", "infinitive", "hearer"]


class VerbGroup(Struct, frozen=True, forbid_unknown_fields=True):
    """Verbs that share a manner and the contents they take."""

    manner: Manner
    frames: list[Frame]
    lemmas: str


class Phrasal(Struct, frozen=True, forbid_unknown_fields=True):
    """The particles of a verb, and what it takes if it reports only with one of them."""

    particles: str
    manner: Manner
    frames: list[Frame] = []


class NounGroup(Struct, frozen=True, forbid_unknown_fields=True):
    """Nouns that hold an attribution, and the words that introduce its content."""

    takes: str
    lemmas: str


class Grammar(Struct, frozen=True, forbid_unknown_fields=True):
    """Closed classes of words, each a string of lower-case words separated by spaces."""

    doubling: str
    auxiliaries: str
    be: str
    adverbs: str
    catenatives: str
    determiners: str
    pronouns: str
    relative: str
    clause_subjects: str
    object_pronouns: str
    subordinators: str
    conjunctions: str
    unfinished: str
    prepositions: str
    moments: str
    modifier_starts: str
    sentence_openers: str
    hearers: str
    questions: str
    content_openers: str
    modals: str
    nouns: str
    possessives: str
    pasts: str
    passives: str
    approximate: str
    also_nouns: str
    participial_prepositions: str
    inverting: str
    complementisers: str
    infinitive_markers: str
    comparisons: str
    agents: str
    genitives: str
    places: str
    joins: str
    role_links: str
    quantifiers: str
    plurals: str
    content_breaks: str
    object_breaks: str
    prepositional_cues: list[str]


class OpenTable(Struct, frozen=True, forbid_unknown_fields=True, tag_field="clauses", tag="open"):
    """The table `[attribution]` of a language whose clauses may follow one another without a mark."""

    verbs: list[VerbGroup]
    irregular: dict[str, str]
    phrasal: dict[str, Phrasal]
    nouns: list[NounGroup]
    common: CommonWords
    grammar: Grammar


class CueVerb(Struct, frozen=True):
    """A verb that can report, as one spelling of it: `said` is the past and the participle of `say`."""

    lemma: str
    manner: Manner
    frames: frozenset[Frame]
    """What it takes without a particle."""
    particles: frozenset[str]
    phrasal_frames: frozenset[Frame]
    """What it takes with a particle."""
    forms: frozenset[VerbForm]


class Lexicon(Common):
    """The table of one language with its words as sets and its verbs by spelling."""

    def __init__(self, table: OpenTable) -> None:
        super().__init__(table.common)
        grammar = table.grammar
        self.verbs = _verbs(table)
        self.reporting_nouns = {
            noun: frozenset(group.takes.split()) for group in table.nouns for noun in group.lemmas.split()
        }
        self.prepositional_cues: dict[str, list[tuple[str, ...]]] = {}
        """By their first words."""
        for words in map(str.split, grammar.prepositional_cues):
            self.prepositional_cues.setdefault(words[0], []).append(tuple(words))
        self.auxiliaries = frozenset(grammar.auxiliaries.split())
        self.be = frozenset(grammar.be.split())
        self.adverbs = frozenset(grammar.adverbs.split())
        self.catenatives = frozenset(grammar.catenatives.split())
        self.determiners = frozenset(grammar.determiners.split())
        self.pronouns = frozenset(grammar.pronouns.split())
        self.relative = frozenset(grammar.relative.split())
        self.clause_subjects = frozenset(grammar.clause_subjects.split())
        self.object_pronouns = frozenset(grammar.object_pronouns.split())
        self.subordinators = frozenset(grammar.subordinators.split())
        self.conjunctions = frozenset(grammar.conjunctions.split())
        self.unfinished = frozenset(grammar.unfinished.split())
        self.prepositions = frozenset(grammar.prepositions.split())
        self.moments = frozenset(grammar.moments.split())
        self.modifier_starts = frozenset(grammar.modifier_starts.split())
        self.sentence_openers = frozenset(grammar.sentence_openers.split())
        self.hearers = frozenset(grammar.hearers.split())
        self.questions = frozenset(grammar.questions.split())
        self.content_openers = frozenset(grammar.content_openers.split())
        self.modals = frozenset(grammar.modals.split())
        self.noun_forms = frozenset(grammar.nouns.split())
        self.possessives = frozenset(grammar.possessives.split())
        self.pasts = frozenset(grammar.pasts.split())
        self.passives = frozenset(grammar.passives.split())
        self.approximate = frozenset(grammar.approximate.split())
        self.also_nouns = frozenset(grammar.also_nouns.split())
        self.participial_prepositions = frozenset(grammar.participial_prepositions.split())
        self.complementisers = frozenset(grammar.complementisers.split())
        self.infinitive_markers = frozenset(grammar.infinitive_markers.split())
        self.comparisons = frozenset(grammar.comparisons.split())
        self.agents = frozenset(grammar.agents.split())
        self.genitives = frozenset(grammar.genitives.split())
        self.places = frozenset(grammar.places.split())
        self.joins = frozenset(grammar.joins.split())
        self.quantifiers = frozenset(grammar.quantifiers.split())
        self.role_links = frozenset(grammar.role_links.split())
        self.inverting = frozenset(grammar.inverting.split())
        self.plurals = frozenset(grammar.plurals.split())
        self.content_breaks = frozenset(grammar.content_breaks.split())
        self.object_breaks = frozenset(grammar.object_breaks.split())

    def reports(self, word: str) -> bool:
        """Whether a lower-case word can be the verb of a reporting clause around a quotation."""
        verb = self.verbs.get(word)
        return verb is not None and "quote" in verb.frames | verb.phrasal_frames

    def is_cue(self, word: str) -> bool:
        """Whether a lower-case word is a form of a reporting verb."""
        return word in self.verbs


def _verbs(table: OpenTable) -> dict[str, CueVerb]:
    manners: dict[str, Manner] = {}
    frames: dict[str, set[Frame]] = {}
    for group in table.verbs:
        for lemma in group.lemmas.split():
            manners.setdefault(lemma, group.manner)
            frames.setdefault(lemma, set()).update(group.frames)
    doubling = frozenset(table.grammar.doubling.split())
    for lemma, phrasal in table.phrasal.items():
        manners.setdefault(lemma, phrasal.manner)
    found: dict[str, CueVerb] = {}
    for lemma, manner in manners.items():
        phrase = table.phrasal.get(lemma)
        for spelling, kinds in forms(lemma, table.irregular, doubling).items():
            if spelling not in found or lemma in frames:
                found[spelling] = CueVerb(
                    lemma,
                    manner,
                    frozenset(frames.get(lemma, ())),
                    frozenset(phrase.particles.split() if phrase else ()),
                    frozenset(phrase.frames if phrase else ()),
                    frozenset(kinds),
                )
    return found

"""What the file of a language with bounded clauses tells the attribution stage."""

from __future__ import annotations

from typing import Literal, NamedTuple

from msgspec import Struct

from onrecord.attribution.common import Common, CommonWords, Form
from onrecord.schema import Manner

Frame = Literal["clause", "that", "quote", "infinitive", "impersonal", "act", "priced"]
Case = str
"""A case as the language's file calls it: `nom`, `gen`, `dat`, `acc` …"""


class VerbGroup(Struct, frozen=True, forbid_unknown_fields=True):
    """Verbs that share a manner and the contents they take; the file says how a lemma is written."""

    manner: Manner
    frames: list[Frame]
    lemmas: str


class Phrase(Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase that names a source without a verb: *laut X*, *nach Angaben X*, *X zufolge*, *по словам X*."""

    cue: str
    """The words before the source, or behind it."""
    case: Case = ""
    """The case of the source; nothing if any will do."""
    nouns: str = ""
    """If given, a noun with one of these endings heads the phrase after the cue."""
    opens: str = ""
    """If given, the phrase begins with one of these words or with the noun itself."""
    owner: bool = False
    """Whether the source is the owner of the noun, which then belongs to the cue; else the noun opens the source."""
    behind: bool = False
    """Whether the cue stands behind its source."""

    words: str = ""


class BoundedGrammar(Struct, frozen=True, forbid_unknown_fields=True):
    """Closed classes of words, each a string of lower-case words separated by spaces; the file explains them."""

    as_words: str
    content_openers: str
    coordinators: str
    contrasts: str
    subordinators: str
    relatives: str
    objects: str
    possessives: str
    joining: str
    joins: str
    moments: str
    cases: str
    agents: str = ""
    house_prepositions: str = ""
    articles: str = ""
    name_links: str = ""
    hearers: str = ""
    prefixes: str = ""
    asking: str = ""
    concepts: str = ""
    own: str = ""
    whereby: str = ""
    particles: str = ""
    quantifiers: str = ""
    be_perfect: str = ""
    past_endings: str = ""
    infinitive_marks: str = ""
    predicates: str = ""
    pointers: str = ""
    victims: str = ""
    attending: str = ""
    saying_nouns: str = ""
    owners: str = ""
    prices: str = ""
    raises: str = ""
    have: str = ""
    reflexives: str = ""
    passive: str = ""
    modals: str = ""
    subjunctive: str = ""
    reserved: str = ""
    accordingly: str = ""
    voices: str = ""
    conditions: str = ""
    speaking: str = ""
    not_subjunctive: str = ""
    finite: str = ""
    bare_clauses: bool = False
    """Whether a reported clause may follow its comma without a conjunction."""
    verb_second: bool = False
    """Whether the words before the verb of a main clause are one phrase."""


class BoundedTable(Struct, frozen=True, forbid_unknown_fields=True, tag_field="clauses", tag="bounded"):
    """The table `[attribution]` of a language whose clauses are bounded by marks."""

    analyser: Literal["listed", "pymorphy3"]
    verbs: list[VerbGroup]
    phrases: list[Phrase]
    common: CommonWords
    grammar: BoundedGrammar
    irregular: dict[str, str] = {}
    nominals: dict[str, dict[str, str]] = {}
    verbless: str = ""
    adverbs: str = ""
    """How adverbs end, which a capital at the start of a sentence would make nouns."""


class Verb(Struct, frozen=True):
    """A verb that can report."""

    lemma: str
    manner: Manner
    frames: frozenset[Frame]


def verbs_of(table: BoundedTable) -> list[Verb]:
    """The verbs of a table, each once: in the manner of its first list, with the frames of all."""
    found: dict[str, Verb] = {}
    for group in table.verbs:
        for lemma in group.lemmas.split():
            known = found.get(lemma)
            frames = frozenset(group.frames) | (known.frames if known else frozenset())
            found[lemma] = Verb(lemma, known.manner if known else group.manner, frames)
    return list(found.values())


class VerbForm(NamedTuple):
    """One spelling of a reporting verb."""

    verb: Verb
    kind: Literal["finite", "participle", "infinitive", "gerund"]
    number: str = ""
    gender: str = ""
    particle: str = ""
    """A separated prefix that must close its clause: *teilte … mit*."""
    companion: str = ""
    """A word that must stand in its clause: *geht davon aus*."""


class Analyser:
    """Tells the forms of a language's words. The base class knows none."""

    def verb_forms(self, table: BoundedTable) -> dict[str, tuple[VerbForm, ...]]:
        """Every lower-case spelling of the reporting verbs."""
        raise NotImplementedError

    def readings(self, word: str, first: bool) -> tuple[Form, ...]:
        """What a word can be; `first` if it opens its sentence, where a capital tells nothing."""
        raise NotImplementedError


class BoundedLexicon(Common):
    """The table of one language with its words as sets and its verbs by spelling."""

    def __init__(self, table: BoundedTable, analyser: Analyser) -> None:
        super().__init__(table.common)
        grammar = table.grammar
        self.analyser = analyser
        self.forms = analyser.verb_forms(table)
        self.phrases = [(tuple(phrase.cue.split()), tuple(phrase.nouns.split()), phrase) for phrase in table.phrases]
        self.phrases_from: dict[str, list[tuple[tuple[str, ...], tuple[str, ...], Phrase]]] = {}
        """The same by the first words of their cues."""
        for one in self.phrases:
            self.phrases_from.setdefault(one[0][0], []).append(one)
        self.verbless = frozenset(table.verbless.split())
        self.as_words = frozenset(grammar.as_words.split())
        self.content_openers = frozenset(grammar.content_openers.split())
        self.coordinators = frozenset(grammar.coordinators.split())
        self.contrasts = frozenset(grammar.contrasts.split())
        self.subordinators = frozenset(grammar.subordinators.split())
        self.relatives = frozenset(grammar.relatives.split())
        self.objects = frozenset(grammar.objects.split())
        self.possessives = frozenset(grammar.possessives.split())
        self.joining = frozenset(grammar.joining.split())
        self.joins = frozenset(grammar.joins.split())
        self.moments = frozenset(grammar.moments.split())
        self.cases = tuple(grammar.cases.split())
        self.reflexives = frozenset(grammar.reflexives.split())
        self.infinitive_marks = frozenset(grammar.infinitive_marks.split())
        self.pointers = frozenset(grammar.pointers.split())
        self.articles = frozenset(grammar.articles.split())
        self.past_endings = tuple(grammar.past_endings.split())
        self.particles = frozenset(grammar.particles.split())
        self.quantifiers = frozenset(grammar.quantifiers.split())
        self.be_perfect = frozenset(grammar.be_perfect.split())
        self.own = frozenset(grammar.own.split())
        self.whereby = frozenset(grammar.whereby.split())
        self.concepts = tuple(grammar.concepts.split())
        self.asking = frozenset(grammar.asking.split())
        self.hearers = frozenset(grammar.hearers.split())
        self.prefixes = frozenset(grammar.prefixes.split())
        self.name_links = frozenset(grammar.name_links.split())
        self.predicates = frozenset(grammar.predicates.split())
        self.saying_nouns = frozenset(grammar.saying_nouns.split())
        self.owners = frozenset(grammar.owners.split())
        self.attending = frozenset(grammar.attending.split())
        self.prices = frozenset(grammar.prices.split())
        self.raises = frozenset(grammar.raises.split())
        self.victims = frozenset(grammar.victims.split())
        self.house_prepositions = frozenset(grammar.house_prepositions.split())
        self.agents = frozenset(grammar.agents.split())
        self.have = frozenset(grammar.have.split())
        self.passive = frozenset(grammar.passive.split())
        self.modals = frozenset(grammar.modals.split())
        self.subjunctive = frozenset(grammar.subjunctive.split())
        self.conditions = frozenset(grammar.conditions.split())
        self.voices = tuple(grammar.voices.split())
        self.speaking = frozenset(grammar.speaking.split())
        self.accordingly = frozenset(grammar.accordingly.split())
        self.reserved = frozenset(grammar.reserved.split())
        self.moody = self.subjunctive | self.reserved
        self.clause_openers = self.subordinators | self.content_openers
        self.hanging = self.subordinators | self.content_openers | self.as_words
        self.not_subjunctive = frozenset(grammar.not_subjunctive.split())
        self.finite = frozenset(grammar.finite.split()) | self.have | self.passive | self.modals | self.subjunctive
        self.bare_clauses = grammar.bare_clauses
        self.verb_second = grammar.verb_second

    def reports(self, word: str) -> bool:
        """Whether a lower-case word can be the verb of a reporting clause around a quotation."""
        return word in self.verbless or any("quote" in form.verb.frames for form in self.forms.get(word, ()))

    def is_cue(self, word: str) -> bool:
        """Whether a lower-case word is a form of a reporting verb."""
        return word in self.forms

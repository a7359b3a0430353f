"""What this stage knows of a language: table `[speakers]` of `languages/<code>.toml`, made ready for look-up."""

from __future__ import annotations

from functools import cache
from typing import Literal

from msgspec import Struct

from onrecord.languages import table

Gender = Literal["m", "f", "n", ""]
NounKind = Literal["role", "group", "body", "document", "utterance"]


# Those whose file has a table for this stage.
_LANGUAGES = frozenset({"en"})


class Pronoun(Struct, frozen=True, gc=False):
    """What a pronoun asks of its antecedent, and its case."""

    gender: Gender = ""
    number: Literal["singular", "plural", ""] = ""
    person: int = 3
    owner: bool = False
    object: bool = False


class Words(Struct, frozen=True):
    """Closed classes of words; `en.toml` says what each is for."""

    relatives: frozenset[str]
    personal: frozenset[str]
    definite: frozenset[str]
    indefinite: frozenset[str]
    joins: frozenset[str]
    quantities: frozenset[str]
    cuts: frozenset[str]
    opening: frozenset[str]
    complements: frozenset[str]
    passing: frozenset[str]
    past: frozenset[str]
    destinations: frozenset[str]
    makers: frozenset[str]
    made: frozenset[str]
    locating: frozenset[str]
    leading: frozenset[str]
    voices: frozenset[str]
    name_prefixes: tuple[str, ...]
    lesser: frozenset[str]
    parties: frozenset[str]
    loose: frozenset[str]
    renaming: frozenset[str]
    states: frozenset[str]
    pairs: frozenset[str]
    aspiring: frozenset[str]
    owned: frozenset[str]
    private: frozenset[str]
    seats: frozenset[str]
    political: frozenset[str]
    placed: frozenset[str]
    aged: str
    accused: tuple[str, ...]
    partitive: frozenset[str]
    modifiers: frozenset[str]
    starts: frozenset[str]
    particles: frozenset[str]
    suffixes: frozenset[str]


class Nouns(Struct, frozen=True):
    """Common nouns for those who speak and for what speaks in their place."""

    roles: tuple[str, ...]
    men: tuple[str, ...]
    women: tuple[str, ...]
    offices: frozenset[str]
    groups: tuple[str, ...]
    crowds: tuple[str, ...]
    bodies: tuple[str, ...]
    documents: tuple[str, ...]
    utterances: tuple[str, ...]


class Organisations(Struct, frozen=True):
    """How the names of bodies are told from those of people."""

    nouns: frozenset[str]
    names: frozenset[str]
    things: frozenset[str]
    links: frozenset[str]


class FirstNames(Struct, frozen=True):
    """First names by gender, one string of words each; those in `either` tell none."""

    men: str
    women: str
    either: str
    leaning_men: str
    leaning_women: str


class Affiliation(Struct, frozen=True):
    """What the letter before a district tells of a member of parliament."""

    party: str
    country: str


class Namesake(Struct, frozen=True):
    """A place called like a country: the words in a role that tell it, and the country it lies in."""

    country: str
    words: frozenset[str]


class Table(Struct, frozen=True):
    """The shape of `[speakers]`."""

    plurals: tuple[tuple[str, str], ...]
    abbreviations: dict[str, str]
    honorifics: dict[str, Gender]
    pronouns: dict[str, Pronoun]
    words: Words
    same: dict[str, str]
    affiliations: dict[str, Affiliation]
    districts: dict[str, str]
    namesakes: dict[str, Namesake]
    nouns: Nouns
    organisations: Organisations
    first_names: FirstNames


class Noun(Struct, frozen=True, gc=False):
    """One form of a common noun."""

    kind: NounKind
    base: str
    gender: Gender = ""
    plural: bool = False
    crowd: bool = False
    """Counts only after a definite article."""


class Lexicon(Struct, frozen=True):
    """A language's table and the look-ups derived from it. Keys are in lower case."""

    words: Words
    pronouns: dict[str, Pronoun]
    honorifics: dict[str, Gender]
    abbreviations: dict[str, str]
    nouns: dict[str, Noun]
    roles: dict[str, Noun]
    """Those of the nouns that are somebody's role."""
    bodies: frozenset[str]
    """Words that make a name that of a body: "Schools", "Committee", "Reuters"."""
    base: dict[str, str]
    """For a form of a noun, an abbreviation or a synonym the word that stands for it when roles are compared."""
    spoken: frozenset[str]
    """Every word in lower case that may be, or head, a mention."""
    opening: frozenset[str]
    """Words that no name goes on with: pronouns, articles, conjunctions."""
    articles: frozenset[str]
    empty: frozenset[str]
    """Words of a role that say nothing of what it is."""
    linking: frozenset[str]
    """Words inside a name or role that cannot end one."""
    small: frozenset[str]
    """Words in lower case in titles set in capitals."""
    public: frozenset[str]
    """Roles whose holders news calls by other ones for a change."""
    offices: frozenset[str]
    utterances: frozenset[str]
    organisations: Organisations
    first_names: dict[str, Gender]
    leaning: dict[str, Gender]
    """Of first names that tell no gender, the one that most of their bearers have."""
    affiliations: dict[str, Affiliation]
    districts: dict[str, str]
    namesakes: dict[str, Namesake]

    def role(self, word: str) -> Noun | None:
        """The noun for somebody's role that this lower-case word is, if it is one."""
        noun = self.roles.get(word)
        if noun is None and "-" in word and word not in self.nouns:
            noun = self.roles.get(word.rsplit("-", 1)[1])  # "mega-donor"
        return noun

    def is_age(self, word: str) -> bool:
        """Whether a lower-case word tells somebody's age."""
        return word.endswith(self.words.aged) and word.removesuffix(self.words.aged).isdigit()

    def canonical(self, word: str) -> str:
        """The lower-case word that stands for this one and its synonyms when roles are compared."""
        word = word.rstrip(".")
        if "-" in word and word not in self.nouns and word.rsplit("-", 1)[1] in self.nouns:
            word = word.rsplit("-", 1)[1]  # "co-founder", "mega-donor"
        return self.base.get(word, word)


@cache
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language; English where there is none of it, since names look alike across languages."""
    spoken = table(lang if lang in _LANGUAGES else "en", "speakers", Table)
    words, nouns = spoken.words, _nouns(spoken)
    return Lexicon(
        words=words,
        pronouns=spoken.pronouns,
        honorifics=spoken.honorifics,
        abbreviations=spoken.abbreviations,
        nouns=nouns,
        roles={word: noun for word, noun in nouns.items() if noun.kind == "role"},
        bodies=_bodies(spoken.organisations, nouns),
        base=_bases(spoken, nouns),
        spoken=frozenset(nouns) | frozenset(spoken.pronouns),
        opening=frozenset(spoken.pronouns) | words.definite | words.indefinite | words.opening | words.joins,
        articles=words.definite | words.indefinite,
        empty=words.passing | words.complements,
        linking=spoken.organisations.links | words.complements,
        small=words.starts | words.cuts,
        public=words.renaming | words.loose | words.seats | words.political | spoken.nouns.offices,
        offices=spoken.nouns.offices,
        utterances=frozenset(
            form for word in spoken.nouns.utterances for form in (word, _plural(word, spoken.plurals))
        ),
        organisations=spoken.organisations,
        first_names=_first_names(spoken.first_names),
        leaning=_leaning(spoken.first_names),
        affiliations=spoken.affiliations,
        districts=spoken.districts,
        namesakes=spoken.namesakes,
    )


def _nouns(spoken: Table) -> dict[str, Noun]:
    """Every form of every noun; a word in several lists is what the first of them says."""
    lists: tuple[tuple[NounKind, Gender, tuple[str, ...]], ...] = (
        ("role", "m", spoken.nouns.men),
        ("role", "f", spoken.nouns.women),
        ("role", "", spoken.nouns.roles),
        ("body", "n", spoken.nouns.bodies),
        ("document", "n", spoken.nouns.documents),
        ("utterance", "n", spoken.nouns.utterances),
    )
    forms = {word: Noun("group", word, "", True) for word in spoken.nouns.groups}
    forms.update((word, Noun("group", word, "", True, True)) for word in spoken.nouns.crowds)
    for kind, gender, words in lists:
        for word in words:
            forms.setdefault(word, Noun(kind, word, gender))
            forms.setdefault(_plural(word, spoken.plurals), Noun(kind, word, gender, True))
    for short, full in spoken.abbreviations.items():
        known = forms.get(full) or forms.get(full.split()[-1])
        if known:
            forms.setdefault(short, Noun(known.kind, full, known.gender, known.plural))
    return forms


def _bases(spoken: Table, nouns: dict[str, Noun]) -> dict[str, str]:
    found = {}
    for word in {*nouns, *spoken.abbreviations, *spoken.same}:
        full = spoken.abbreviations.get(word, word)
        base = nouns[full].base if full in nouns else full
        found[word] = spoken.same.get(base, base)
    return found


def _bodies(organisations: Organisations, nouns: dict[str, Noun]) -> frozenset[str]:
    plurals = (word for word, noun in nouns.items() if noun.plural and noun.kind == "body")
    named = frozenset(word for word in plurals if nouns[word].base in organisations.nouns)
    return organisations.nouns | organisations.names | named


def _plural(word: str, rules: tuple[tuple[str, str], ...]) -> str:
    ending, replacement = next(rule for rule in rules if word.endswith(rule[0]))
    return word[: len(word) - len(ending)] + replacement


def _first_names(names: FirstNames) -> dict[str, Gender]:
    men, women, either = set(names.men.split()), set(names.women.split()), set(names.either.split())
    told: dict[str, Gender] = dict.fromkeys(men - women - either, "m")
    told.update(dict.fromkeys(women - men - either, "f"))
    told.update(dict.fromkeys((men & women) | either, ""))
    return told


def _leaning(names: FirstNames) -> dict[str, Gender]:
    men: dict[str, Gender] = dict.fromkeys(names.leaning_men.split(), "m")
    return men | dict.fromkeys(names.leaning_women.split(), "f")

"""Speakers by the words of their sources, for a language whose file describes names, pronouns and bodies in brief.

A source that names somebody in full introduces that person; a surname, a pronoun or a role after it points back. What
points to nobody is `unnamed`, and `because` says why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Literal

from msgspec import Struct, structs

from onrecord.languages import has_table, table
from onrecord.schema import Speaker, Statement
from onrecord.speakers.abroad import Abroad, Country
from onrecord.speakers.holders import Holder, apposition, holder, holders, near_before
from onrecord.speakers.naming import Listed, Name, Namer, Russian
from onrecord.speakers.repeats import repeats

_WORD = re.compile(r"\w+(?:[-’'.]\w+)*")
_CAPITAL = r"[^\W\d_a-zäöüß][^\W\d_]*(?:[-’'][^\W\d_]+)*"
# A noun and two or three words with capitals at the end of a source; such words, a comma and an article at its head.
_TITLED = rf"({_CAPITAL}) ({_CAPITAL}(?: (?:%s))* {_CAPITAL}(?: {_CAPITAL})?)(?=$|,)"
_BEFORE_ROLE = re.compile(rf"({_CAPITAL} {_CAPITAL}(?: {_CAPITAL})?), ([\w-]+)(?: |$)")
_QUOTED = re.compile(r"[«„“\"‚]([^»“”\"‘]{2,60})[»“”\"‘]")

_BY_ROLE, _BY_NEARNESS = 0.6, 0.5
"""Confidence in a holder whose role is told, and in one who is only near; neither is measured."""
Gender = Literal["m", "f", "n", ""]


class Pronoun(Struct, frozen=True, forbid_unknown_fields=True):
    """What a pronoun asks of the speaker it points to."""

    gender: Gender = ""
    plural: bool = False
    person: int = 3


class Brief(Struct, frozen=True, forbid_unknown_fields=True, tag_field="reading", tag="brief"):
    """The table `[speakers]` of such a language; strings hold words divided by spaces."""

    names: Literal["listed", "pymorphy3"]
    """How names are told: by the first names of all languages, or by a dictionary that declines them."""
    pronouns: dict[str, Pronoun]
    bodies: str
    """Nouns for bodies, or how such nouns end."""
    documents: str
    """Nouns for what speaks in the place of its maker, or how such nouns end."""
    groups: str
    """Plural nouns for people without a name."""
    determiners: str
    relatives: str
    titles: str = ""
    """How nouns end behind which a source names a person, whatever the first name."""
    singular: str = ""
    """Determiners that stand before one person only."""
    neuter: str = ""
    """Determiners that never stand before a person."""
    particles: str = ""
    """Words in lower case inside names."""
    female: str = ""
    """How nouns for women end, the plural before the singular."""
    endings: str = ""
    """What nouns and adjectives are declined with, the longer before the shorter."""
    adjectives: str = ""
    """How an adjective in front of a role ends."""
    joins: str = ""
    """What stands between two roles of one person."""
    members: str = ""
    """What a party's name in front of it makes a member of that party."""
    locating: str = ""
    """What stands before a place where somebody only is."""
    offices: dict[str, str] = {}
    """Offices, and what English calls them."""
    qualifiers: dict[str, str] = {}
    """What makes another office of an office, and what English calls it."""
    countries: dict[str, Country] = {}


class _Reading(Struct, frozen=True):
    """How the table `[speakers]` of a language is to be read; one that does not say holds the whole lexicon."""

    reading: str = ""


class _Known(Struct):
    """Somebody whom a source before has named."""

    name: Name
    role: str
    head: str
    country: str | None = None


def has_brief(lang: str) -> bool:
    """Whether the file of a language describes speakers in brief."""
    return has_table(lang, "speakers") and table(lang, "speakers", _Reading).reading == "brief"


def speakers(text: str, statements: Sequence[Statement], lang: str) -> list[Speaker | None]:
    """The speaker of each statement of one language, in the order given; None where no source is named."""
    words = _brief(lang)
    reader = _Reader(words, _namer(lang), _abroad(lang), text)
    order = sorted(range(len(statements)), key=lambda at: (statements[at].source or statements[at].content).start)
    found: list[Speaker | None] = [None] * len(statements)
    for at in order:
        if statements[at].source:
            found[at] = reader.speaker(statements[at].source.text, statements[at].source.start)
    for at, other in repeats(statements).items():
        said = found[other]
        because = f"the same words are {said.name or said.role or 'somebody'}'s elsewhere" if said else ""
        found[at] = structs.replace(said, how="repeated", because=because) if said else None
    return found


def english_office(role: str, lang: str) -> str:
    """What English calls the office that a role words in another language; empty where none is known."""
    return _abroad(lang).office(_WORD.findall(role)) if has_brief(lang) else ""


@cache
def _abroad(lang: str) -> Abroad:
    words = _brief(lang)
    return Abroad(words.countries, words.offices, words.qualifiers, words.locating.split(), _namer(lang))


@cache
def _brief(lang: str) -> Brief:
    words: Brief = table(lang, "speakers", Brief)
    return words


@cache
def _namer(lang: str) -> Namer:
    words = _brief(lang)
    if words.names == "pymorphy3":
        return Russian()
    return Listed(words.particles.split(), words.female.split(), words.endings.split())


class _Reader:
    """Reads the sources of one text in order and remembers whom they have named."""

    def __init__(self, words: Brief, namer: Namer, abroad: Abroad, text: str) -> None:
        self._namer, self._abroad = namer, abroad
        self._pronouns = words.pronouns
        self._bodies = tuple(words.bodies.split())
        self._documents = tuple(words.documents.split())
        self._groups = frozenset(words.groups.split())
        self._titles = tuple(words.titles.split())
        self._determiners = frozenset(words.determiners.split())
        self._relatives = frozenset(words.relatives.split())
        self._text = text
        self._singular = frozenset(words.singular.split())
        self._neuter = frozenset(words.neuter.split())
        self._members = tuple(words.members.split())
        named = namer.full_names(text)
        self._introduced = {name.key: name for name in reversed(named)}
        self._female = tuple(words.female.split())
        self._titled_name = re.compile(_TITLED % "|".join(words.particles.split()))
        self._holders: list[Holder] = (
            holders(text, named, self._is_title, apposition(words.adjectives, words.joins)) if self._titles else []
        )
        self._said: list[_Known] = []

    def _is_title(self, word: str) -> bool:
        return word.lower().endswith(self._titles)

    def speaker(self, source: str, at: int) -> Speaker:
        """Whom a source stands for that begins at a place in the text."""
        words = _WORD.findall(source)
        lower = [word.lower() for word in words]
        if len(words) == 1 and lower[0] in self._pronouns:
            return self._by_pronoun(words[0], self._pronouns[lower[0]])
        if len(words) == 1 and lower[0] in self._relatives:
            return _nobody(f"“{source}” points to a word before it, which is not followed")
        full = next(iter(self._namer.full_names(source)), None) or self._titled(source)
        if full is not None:
            return self._named(source, full)
        first = lower[0] if lower else ""
        while words and words[0].lower() in self._determiners:
            words.pop(0)
        if not words:
            return _nobody(f"“{source}” names nobody")
        found = self._state(words, source) or self._by_surname(words, source)
        return found or self._held(first, words, source, at) or self._described(words, source)

    def _state(self, words: Sequence[str], source: str) -> Speaker | None:
        """A country, by its name, its capital or a seat of its government, if the words say nothing else."""
        found = self._abroad.country(words)
        if found is None or (found.first, found.last) != (0, len(words)) or found.sense == "adjective":
            return None
        if found.sense == "seat":
            name = self._namer.named(words)
            because = f"“{source}” is a seat of government"
            return Speaker(name, "organisation", None, found.code, "organisation", because, 0.7)
        how = "country" if found.sense == "name" else "metonym"
        return Speaker(found.name, "country", None, found.code, how, f"“{source}” stands for {found.name}", 0.7)

    def _named(self, source: str, name: Name) -> Speaker:
        earlier = self._introduced.get(name.key)
        if earlier is not None and earlier.given == name.given:
            name = earlier if not name.sure else name
        role = source.replace(name.words, "").strip(" ,()")
        first, _, rest = role.partition(" ")
        role = rest if first.lower() in self._determiners else role
        if first.lower() in self._neuter:
            role = rest.partition(" ")[2]  # "(zitiert) das Blatt Bürgermeisterin Ada Roe"
        known = self._note(name, role, _WORD.findall(role))
        return Speaker(name.full, "person", role or None, known.country, "name", f"“{source}” names the person", 0.8)

    def _titled(self, source: str) -> Name | None:
        """The name that only its place tells: behind a title, or before a comma and an article or title."""
        found = self._titled_name.search(source) if self._titles else None
        if found and any(found[1].lower().endswith(title) for title in self._titles):
            gender: Gender = "f" if found[1].endswith(self._female) else ""
            return Name(found[2], found[2], self._namer.key(found[2].split()[-1]), found[2].split()[0].lower(), gender)
        opening = _BEFORE_ROLE.match(source) if self._titles else None
        if opening and (opening[2].lower() in self._determiners or self._is_title(opening[2])):
            words = opening[1].split()
            return Name(opening[1], opening[1], self._namer.key(words[-1]), words[0].lower(), "")
        return None

    def _note(self, name: Name, role: str, words: Sequence[str]) -> _Known:
        """Remember who has been named with which role; what is not told again is as it was."""
        country = self._abroad.country(words)
        earlier = next((one for one in reversed(self._said) if one.name.key == name.key), None)
        code = country.code if country else earlier.country if earlier else None
        known = _Known(name, role, self._namer.head(words), code)
        self._said.append(known)
        return known

    def _by_surname(self, words: Sequence[str], source: str) -> Speaker | None:
        """A surname alone or behind a role: that of somebody whom the article names in full, or as it stands."""
        last = words[-1]
        key = self._namer.key(last)
        if not last[:1].isupper() or not key:
            return None
        known = self._introduced.get(key)
        inner = known.full.split() if known else []
        role = " ".join(word for word in words[:-1] if word not in inner)
        if known is not None:
            said = self._note(known, role, words[:-1])
            because = f"“{last}” ← {known.full}"
            return Speaker(known.full, "person", role or self._role_of(known), said.country, "surname", because, 0.8)
        if not self._namer.is_surname(last):
            return None
        name = Name(last, last, key, "", self._namer.gender(last), False)
        said = self._note(name, role, words[:-1])
        return Speaker(last, "person", role or None, said.country, "surname", f"“{source}” gives no full name", 0.5)

    def _role_of(self, name: Name) -> str | None:
        return next((one.role for one in reversed(self._said) if one.name.key == name.key and one.role), None)

    def _by_pronoun(self, word: str, pronoun: Pronoun) -> Speaker:
        if pronoun.person != 3:
            return _nobody(f"“{word}” speaks of itself, and who writes is not known")
        if pronoun.plural:
            return _nobody(f"“{word}” may stand for several")
        for known in reversed(self._said):
            if known.name.gender in ("", pronoun.gender) or not pronoun.gender:
                because = f"“{word}” ← {known.name.full}, the nearest speaker it agrees with"
                role = known.role or self._role_of(known.name)
                return Speaker(known.name.full, "person", role or None, known.country, "pronoun", because, 0.6)
        return _nobody(f"“{word}” agrees with no speaker before it")

    def _held(self, determiner: str, words: Sequence[str], source: str, at: int) -> Speaker | None:
        """Who holds the role that one noun behind a determiner repeats: "der Kanzler", "der SPD-Politiker"."""
        noun = next((word for word in words if word[0].isupper()), "")
        female = noun.endswith(self._female)
        if not noun or not self._is_title(noun) or not (determiner in self._singular or female):
            return None
        gender = "f" if female else "m"
        found = holder(
            self._holders, noun, gender, at, lambda word: self._abroad.office([word]), self._members, self._female
        )
        if found is not None:
            because = f"“{source}” ← {found.worded or found.party} {found.name.full}"
            role, sure = found.worded or noun, _BY_ROLE
        else:
            found = self._only_roleless(gender, at)
            if found is None:
                return None
            because, role, sure = f"“{source}” ← {found.name.full}, the last named before it", noun, _BY_NEARNESS
        known = self._note(found.name, self._role_of(found.name) or role, words)
        return Speaker(found.name.full, "person", known.role or None, known.country, "role", because, sure)

    def _only_roleless(self, gender: str, at: int) -> Holder | None:
        """The last person named in the paragraph before a place who agrees, if no role of hers is told."""
        start = self._text.rfind("\n", 0, at) + 1
        before = near_before(self._holders, at)
        near = [one for one in before if start <= one.at and one.name.gender == gender]
        return near[-1] if near and not near[-1].roles and not self._role_of(near[-1].name) else None

    def _described(self, words: Sequence[str], source: str) -> Speaker:
        """A body, a group, or a role that somebody before has held."""
        head = self._namer.head(words)
        country = self._abroad.country(words)
        code = country.code if country else None
        if any(head.endswith(document) for document in self._documents):
            return structs.replace(_nobody(f"“{source}” is a document, and its maker is not told"), role=source)
        if any(head.endswith(body) for body in self._bodies) or self._namer.is_acronym(words[0]):
            quoted = _QUOTED.search(source)
            name = quoted.group(1) if quoted else self._namer.named(words)
            return Speaker(name, "organisation", None, code, "organisation", f"“{source}” is a body", 0.6)
        if head in self._groups:
            return Speaker(None, "unnamed", source, code, "unnamed", f"“{source}” are several without a name", 0.7)
        for known in reversed(self._said):
            if head and known.head == head and (code is None or known.country in {None, code}):
                because = f"“{source}” ← {known.role} {known.name.full}"
                return Speaker(known.name.full, "person", known.role, known.country, "role", because, 0.6)
        return structs.replace(_nobody(f"“{source}” names nobody"), role=source, country=code)


def _nobody(because: str) -> Speaker:
    return Speaker(None, "unnamed", None, None, "unnamed", because, 0.5)

"""Everybody and everything that an article mentions as able to speak, each once, under all the names it goes by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from onrecord.speakers.countries import place, places
from onrecord.speakers.knowledge import Gender, Lexicon
from onrecord.speakers.phrases import Mention
from onrecord.speakers.tokens import Tokens

ActorKind = Literal["person", "organisation", "country", "group", "document", "office", "unknown"]

# A look-up considers so many namesakes or holders of a role, the latest ones: it keeps the stage linear in the text.
_CONSIDERED = 24
# Of the article's own pronouns next to a name, this share must agree before they tell its gender.
_AGREEING = 0.8


# Most actors of an article have no roles: one empty set does for all of them, and gives the collector less to do.
_NOTHING: frozenset[str] = frozenset()


class Actor:
    """One person, body, country or group of an article; it grows while the article is read."""

    __slots__ = (
        "affiliation",
        "age",
        "count",
        "country",
        "former",
        "gender",
        "heads",
        "kind",
        "leans",
        "members",
        "name",
        "offices",
        "parts",
        "plural",
        "renamed",
        "role_words",
        "roles",
        "standing",
        "stands",
        "stood",
        "sure",
        "vague",
    )

    def __init__(self, kind: ActorKind, name: str = "", parts: tuple[str, ...] = ()) -> None:
        self.kind: ActorKind = kind
        self.name = name
        self.parts = parts
        self.roles: tuple[str, ...] = ()
        self.offices = 0
        self.role_words: frozenset[str] = _NOTHING
        self.heads: frozenset[str] = _NOTHING
        self.affiliation = ""
        self.age = ""
        self.standing: frozenset[str] = _NOTHING
        self.renamed: frozenset[str] = _NOTHING
        self.stands = ""
        self.stood: frozenset[str] = _NOTHING
        self.members: tuple[Actor, ...] = ()
        self.country: str | None = None
        self.gender: Gender = ""
        self.leans: Gender = ""
        self.plural = False
        self.vague = False
        self.former = False
        self.count = 0
        self.sure = False

    @property
    def label(self) -> str:
        """What to call the actor in an explanation."""
        return self.name or " and ".join(member.label for member in self.members) or self.role or "somebody"

    @property
    def role(self) -> str:
        """The first role that the article gives, in its words."""
        return self.roles[0] if self.roles else ""


def role_words(lexicon: Lexicon, role: str) -> list[str]:
    """The content words of a role, synonyms made one, possessive endings and function words dropped."""
    plain = role.replace("'s", "").replace("’s", "").replace("'", "").replace("’", "").replace(",", " ")
    lowers = (word.lower() for word in plain.split())
    return [part for word in lowers if word not in lexicon.empty for part in lexicon.canonical(word).split()]


def role_head(lexicon: Lexicon, role: str) -> str:
    """The word of a role that says what somebody is: "spokesman" of "Treasury Spokesman for ..."."""
    head = ""
    for word in role.replace(",", " ").split():
        lower = word.lower()
        if head and lower in lexicon.words.cuts:
            break
        noun = lexicon.role(lower.rstrip("."))
        if noun:
            head = lexicon.canonical(lower).split()[-1]
    return head


class Cast:
    """The actors of one article, found by name, surname or role."""

    def __init__(
        self, lexicon: Lexicon, written: frozenset[str] = frozenset(), capitals: frozenset[str] = frozenset()
    ) -> None:
        self.lexicon, self._written, self._capitals = lexicon, written, capitals
        self.actors: list[Actor] = []
        self._full: dict[tuple[str, str], Actor] = {}
        self._part: dict[str, list[Actor]] = {}
        self._by_head: dict[str, list[Actor]] = {}
        self._named: dict[tuple[str, str], Actor] = {}
        self._by_initials: dict[str, Actor] = {}
        self._plain: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._bearers: dict[tuple[str, ...], Sequence[Actor]] = {}
        self._heads: dict[str, str] = {}
        self._words: dict[str, list[str]] = {}
        self._countries: dict[str, str | None] = {}
        self._joint: dict[tuple[int, ...], Actor] = {}

    def add(self, kind: ActorKind, name: str, parts: tuple[str, ...] = ()) -> Actor:
        """A new actor, found from now on by every part of its name."""
        actor = Actor(kind, name, parts)
        self.actors.append(actor)
        if parts:
            self._bearers.clear()
        for part in parts:
            self._part.setdefault(part, []).append(actor)
        return actor

    def named(self, kind: ActorKind, name: str) -> Actor:
        """The body, country or group of that name, added if it is new."""
        key = (kind, name.lower())
        if key not in self._named:
            self._named[key] = self.add(kind, name)
            if kind == "organisation":
                initials = "".join([word[0] for word in name.replace("-", " ").split() if word[0].isupper()])
                self._by_initials.setdefault(initials, self._named[key])
        return self._named[key]

    def joint(self, members: Sequence[Actor]) -> Actor:
        """The group of those who are named together: "Roe and Lind"."""
        key = tuple(sorted(id(member) for member in members))
        if key not in self._joint:
            group = self._joint[key] = Actor("group")
            group.members, group.plural, group.sure = tuple(members), True, True
            self.actors.append(group)
        return self._joint[key]

    def abbreviated(self, short: str) -> Actor | None:
        """The body named before whose capitals an abbreviation gives: "PTA" for "Port Transport Association"."""
        letters = short.replace(".", "")
        if len(letters) < 2 or not letters.isupper():
            return None
        return self._by_initials.get(letters)

    def full_name(self, name: Sequence[str]) -> Actor:
        """The person of that full name; middle names and suffixes make no difference."""
        if self.epithet(name):
            meant = [actor for actor in self.bearers(name[1:]) if actor.sure]
            if meant:
                return max(meant, key=lambda actor: actor.count)
        words = self.plain(name)
        key = (words[0], words[-1])
        actor = self._full.get(key)
        if actor is None:
            longer = [
                other for other in self._part.get(words[-1], [])[-_CONSIDERED:] if other.parts[-len(words) :] == words
            ]
            actor = longer[0] if longer else self.add("person", " ".join(name), words)
            actor.leans = self.lexicon.leaning.get(words[0], "")
            self._full[key] = actor
        return actor

    def epithet(self, name: Sequence[str]) -> bool:
        """Whether a name begins with no first name but a word in front of a surname: "Young Sanders"."""
        lower = name[0].lower()
        return lower not in self.lexicon.first_names and (lower in self._written or place(name[0]) is not None)

    def common(self, word: str) -> bool:
        """Whether the article also writes a word in lower case."""
        return word.lower() in self._written

    def capital(self, word: str) -> bool:
        """Whether the article writes a word with a capital inside a sentence."""
        return word in self._capitals

    def bearers(self, name: Sequence[str]) -> Sequence[Actor]:
        """The people whom a surname (or, failing that, any other part of a name) can stand for."""
        words = tuple(name)
        if words not in self._bearers:
            self._bearers[words] = self._bearing(self.plain(words))
        return self._bearers[words]

    def _bearing(self, words: Sequence[str]) -> Sequence[Actor]:
        known = self._part.get(words[-1], [])[-_CONSIDERED:]
        if len(words) > 1:
            return [actor for actor in known if actor.parts[-len(words) :] == words]
        by_surname = [actor for actor in known if actor.parts[-1] == words[0]]
        return by_surname or known

    def plain(self, name: Sequence[str]) -> tuple[str, ...]:
        """A name for comparison: lower case, one kind of apostrophe, no "Jr."."""
        words = tuple(name)
        if words not in self._plain:
            self._plain[words] = self._made_plain(words)
        return self._plain[words]

    def _made_plain(self, name: Sequence[str]) -> tuple[str, ...]:
        suffixes = self.lexicon.words.suffixes
        lowers = tuple(word.lower().replace("’", "'") for word in name)
        kept = tuple(word for word in lowers if word.rstrip(".") not in suffixes)
        return kept or lowers

    def give_role(self, actor: Actor, role: str) -> None:
        """Let the actor be found by a role."""
        if not role or role in actor.roles:
            return
        head = self.head(role)
        loose = head in self.lexicon.words.loose
        at = len(actor.roles) if loose else actor.offices
        actor.roles = (*actor.roles[:at], role, *actor.roles[at:])
        actor.offices += not loose
        words = self.words(role)
        actor.role_words |= frozenset(words)
        actor.former = actor.former or not self.lexicon.words.past.isdisjoint(role.lower().split())
        said = role.split()
        joint = next((at for at, word in enumerate(said) if word in self.lexicon.words.joins), len(said))
        for one in (head, self.head(" ".join(said[joint + 1 :]))):  # "founder and chief executive"
            if one and one not in actor.heads:
                actor.heads |= {one}
                self._by_head.setdefault(one, []).append(actor)
        actor.country = actor.country or self.country(role)

    def head(self, role: str) -> str:
        """`role_head`, remembered."""
        if role not in self._heads:
            self._heads[role] = role_head(self.lexicon, role)
        return self._heads[role]

    def words(self, role: str) -> list[str]:
        """`role_words`, remembered."""
        if role not in self._words:
            self._words[role] = role_words(self.lexicon, role)
        return self._words[role]

    def country(self, role: str) -> str | None:
        """`country_of`, remembered."""
        if role not in self._countries:
            self._countries[role] = country_of(role, self.lexicon)
        return self._countries[role]

    def give_standing(self, actor: Actor, office: str, past: bool = False) -> None:
        """Let the actor be found by an office that the article does not give; the gazetteer does."""
        head = self.head(office)
        if past:
            actor.stood |= frozenset(self.words(office))
        else:
            actor.standing |= frozenset(self.words(office))
        if head and head not in actor.heads and actor not in self._by_head.get(head, ()):
            self._by_head.setdefault(head, []).append(actor)

    def give_affiliation(self, actor: Actor, affiliation: str) -> None:
        """Let the actor be found by a party and district: "the Texas Republican"."""
        if not affiliation or actor.affiliation:
            return
        actor.affiliation = affiliation
        words = self.words(affiliation)
        actor.role_words |= frozenset(words)
        for head in words[:1]:
            actor.heads |= {head}
            self._by_head.setdefault(head, []).append(actor)

    def holders(self, head: str) -> list[Actor]:
        """The actors who hold a role of that head noun, the latest so many of them."""
        return self._by_head.get(head, [])[-_CONSIDERED:]


def country_of(phrase: str, lexicon: Lexicon) -> str | None:
    """The code of the first country that a role names, without one it is a mission to: envoys speak for the sender."""
    if phrase.islower():
        return None  # every name of a country has a capital
    words = phrase.split()
    end = next((at for at, word in enumerate(words) if word in lexicon.words.destinations), len(words))
    plain = " ".join(words[:end]).replace("'s", " ").replace("’s", " ").replace(",", " ").replace("-", " ")
    found = list(places(plain.split()))
    strong = [p for p in found if p.sense != "part"] or found
    if not strong:
        return None
    namesake = lexicon.namesakes.get(strong[0].phrase)
    meant = namesake and not namesake.words.isdisjoint(phrase.lower().replace(".", "").split())
    return namesake.country if namesake and meant else strong[0].code


def gather(
    tokens: Tokens, lexicon: Lexicon, mentions: Sequence[Mention], sources: frozenset[int], asides: frozenset[int]
) -> Cast:
    """The cast of an article: people by their full names first, so that a surname finds them wherever it stands."""
    cast = Cast(lexicon, frozenset(tokens.words), _inner_capitals(tokens))
    people = [(at, mention) for at, mention in enumerate(mentions) if mention.kind == "person"]
    full = [(at, mention) for at, mention in people if len(mention.name) > 1 and not mention.honorific]
    for at, mention in sorted(full, key=lambda entry: (cast.epithet(entry[1].name), -len(entry[1].name))):
        _learn(cast, cast.full_name(mention.name), mention, at in sources)
    short = [(at, mention) for at, mention in people if len(mention.name) == 1 or mention.honorific]
    for at, mention in sorted(short, key=lambda entry: (not entry[1].honorific, not entry[1].sure)):
        _gather_short(cast, mention, at in sources and cast.capital(mention.name[0]))
    for _, mention in sorted(full, key=lambda entry: entry[0] in asides):
        _set_roles(cast, cast.full_name(mention.name), mention)
    _learn_genders(tokens, cast, mentions)
    return cast


def _inner_capitals(tokens: Tokens) -> frozenset[str]:
    """The words that are capitalised somewhere else than at the head of a sentence: names, most of them."""
    words, sentences = tokens.words, tokens.sentences
    return frozenset([words[at] for at in tokens.capitals if at and sentences[at - 1] == sentences[at]])


def _learn(cast: Cast, actor: Actor, mention: Mention, source: bool) -> None:
    actor.count += 1
    actor.sure = actor.sure or mention.sure or source
    actor.gender = actor.gender or mention.gender
    actor.age = actor.age or mention.age
    if mention.affiliation:
        actor.country = actor.country or mention.country


def _set_roles(cast: Cast, actor: Actor, mention: Mention) -> None:
    """Roles are given in reading order, so that the first is the one the article introduces the person with."""
    cast.give_role(actor, mention.role)
    cast.give_affiliation(actor, mention.affiliation)
    actor.country = actor.country or mention.country


def _gather_short(cast: Cast, mention: Mention, source: bool) -> None:
    """Note a surname; one that nobody's full name has makes a person if a title or a cue says it is one."""
    bearers = [actor for actor in cast.bearers(mention.name) if may_be(actor, mention)]
    if not bearers:
        if not (mention.sure or source):
            return
        if not mention.sure and (place(mention.name[0]) or len(mention.name[0]) < 2):
            return
        bearers = [cast.add("person", " ".join(mention.name), cast.plain(mention.name))]
        bearers[0].gender = mention.gender or cast.lexicon.first_names.get(bearers[0].parts[0], "")
    known_by_surname = [actor for actor in bearers if len(actor.parts) == 1]
    chosen = known_by_surname if mention.role and known_by_surname else bearers
    for actor in chosen:
        # A surname that stands alone elsewhere is a person's: nobody shortens "Wall Street" to "Street".
        shortened = len(chosen) == 1 and len(actor.parts) > 1 and actor.parts[-1] == mention.name[-1].lower()
        actor.sure = actor.sure or mention.sure or source or shortened
        if len(chosen) == 1:
            actor.count += 1
            _set_roles(cast, actor, mention)
            actor.gender = actor.gender or mention.gender
    if len(chosen) > 1:
        # A surname by itself means the one whom the article is about, the most and else the first named.
        max(chosen, key=lambda actor: actor.count).count += 1


def may_be(actor: Actor, mention: Mention) -> bool:
    """Whether a title and surname may mean an actor."""
    return actor.kind == "person" and not (mention.gender and actor.gender and mention.gender != actor.gender)


def _learn_genders(tokens: Tokens, cast: Cast, mentions: Sequence[Mention]) -> None:
    """Let the article's own pronouns tell the gender of people whose names and titles do not."""
    votes: dict[int, dict[Gender, int]] = {}
    actors: dict[int, Actor] = {}
    for people, pronouns in _neighbourhoods(tokens, cast, mentions):
        if len(people) != 1:
            continue
        actor = people[0]
        actors[id(actor)] = actor
        for gender in pronouns:
            counted = votes.setdefault(id(actor), {})
            counted[gender] = counted.get(gender, 0) + 1
    for key, counted in votes.items():
        gender = max(counted, key=lambda g: counted[g])
        if not actors[key].gender and counted[gender] >= _AGREEING * sum(counted.values()):
            actors[key].gender = gender


def _neighbourhoods(
    tokens: Tokens, cast: Cast, mentions: Sequence[Mention]
) -> Iterator[tuple[list[Actor], list[Gender]]]:
    """For each sentence that names people: they, and the pronouns after them in it or at the head of the next."""
    people: list[Actor] = []
    pronouns: list[Gender] = []
    current = -1
    for mention in mentions:
        if tokens.quoted[mention.core]:
            continue
        sentence = tokens.sentences[mention.core]
        leads_next = mention.kind == "pronoun" and sentence == current + 1 and not pronouns
        if sentence != current and not leads_next:
            yield people, pronouns
            people, pronouns, current = [], [], sentence
        if mention.kind == "pronoun" and mention.gender in {"m", "f"} and people:
            pronouns.append(mention.gender)
        elif mention.kind == "person" and len(people) < 2:
            people.extend(_new(people, cast.bearers(mention.name)[:2]))
    yield people, pronouns


def _new(known: list[Actor], found: Iterable[Actor]) -> list[Actor]:
    return [actor for actor in found if actor.sure and all(actor is not other for other in known)]

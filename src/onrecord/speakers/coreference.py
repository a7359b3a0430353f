"""Tie each mention to its actor, walking through the text once from left to right."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence

from msgspec import Struct

from onrecord.speakers import salience as weights
from onrecord.speakers.cast import Actor, ActorKind, Cast, may_be
from onrecord.speakers.countries import places
from onrecord.speakers.knowledge import Lexicon, Pronoun
from onrecord.speakers.phrases import Mention
from onrecord.speakers.renaming import aged, gender_of, pair, renamed
from onrecord.speakers.salience import Salience, agreement
from onrecord.speakers.tokens import Tokens

# A line of marks between the stories of a live blog or digest.
_BREAK = re.compile(r"^[ \t]*(?:[_*~=#•·–—-][ \t]?){3,80}\.?[ \t]*$", re.M)
# So many at most are taken to be named together.
_TOGETHER = 6
_SURE_TO_RENAME = 0.65
# Confidence at most in a holder whose office the article does not give; a holder by the article has 0.9.
_BY_STANDING = 0.8
_SHORTEST_PLURAL = 4
# A body is looked for among so many that were named last.
_BODIES = 24


class Link(Struct, frozen=True, gc=False):
    """The actor of a mention, how it was found, on what evidence."""

    actor: Actor
    how: str
    because: str
    confidence: float
    others: tuple[Actor, ...] = ()
    """For a pronoun: the next best."""


class Walk:
    """A walk through the mentions of an article; `links` has an entry for every mention that has an actor."""

    def __init__(
        self, tokens: Tokens, lexicon: Lexicon, mentions: Sequence[Mention], cast: Cast, sources: frozenset[int]
    ) -> None:
        self.tokens, self.lexicon, self.mentions, self.cast, self.sources = tokens, lexicon, mentions, cast, sources
        self.links: dict[int, Link] = {}
        self.salience = Salience()
        self.bodies: dict[str, Actor] = {}
        self._named_bodies: list[tuple[frozenset[str], Actor]] = []
        self._ending_at: dict[int, Actor] = {}
        self._sentence_subject = -1
        self._speaking: tuple[Actor | None, int] = (None, -1)
        self._latest: dict[Actor, int] = {}
        self._chain: list[Actor] = []
        self._chain_end, self._chain_weight = -1, 0.0

    def run(self) -> dict[int, Link]:
        """Walk."""
        outer_end, outer_kind = -1, ""
        breaks = deque(_breaks(self.tokens))
        for at, mention in enumerate(self.mentions):
            while breaks and breaks[0] <= self.tokens.starts[mention.core]:
                breaks.popleft()
                self.salience.forget()
                self._speaking = (None, -1)
            inside = mention.core < outer_end
            if inside and mention.kind in {"role", "group"} and outer_kind in {"person", "role"}:
                continue
            link = self._link(at, mention)
            if link:
                self.links[at] = link
                weight = self._note(at, mention, link.actor, inside)
                self._join(mention, link.actor, weight)
            if mention.last > outer_end:
                outer_end, outer_kind = mention.last, mention.kind
        return self.links

    def _join(self, mention: Mention, actor: Actor, weight: float) -> None:
        """Note who are named together, "Roe and Lind" or "Roe, Lind and Sund": "they" may mean all of them."""
        if mention.kind not in {"person", "country"} or not actor.name:
            return
        gap = self.tokens.lower[self._chain_end : mention.first] if self._chain else ["."]
        joins = self.lexicon.words.joins
        joined = gap in ([","], [",", "and"]) or (len(gap) == 1 and gap[0] in joins)
        fits = bool(self._chain) and self._chain[0].kind == actor.kind and actor not in self._chain
        if not (joined and fits and len(self._chain) < _TOGETHER):
            self._chain, self._chain_weight = [actor], weight
        else:
            self._chain.append(actor)
            if gap != [","]:
                group = self.cast.joint(self._chain)
                self.salience.raise_for(group, self._chain_weight, self.tokens.sentences[mention.core])
        self._chain_end = mention.last

    def _note(self, at: int, mention: Mention, actor: Actor, inside: bool) -> float:
        """Raise the actor's salience as much as the mention's place in its sentence deserves; how much."""
        sentence = self.tokens.sentences[mention.core]
        self._ending_at[mention.core] = actor
        before = (
            self.tokens.lower[mention.first - 1] if self.tokens.same_sentence(mention.first - 1, mention.core) else ""
        )
        if self.tokens.quoted[mention.core]:
            weight = weights.QUOTED
        elif inside or (mention.pronoun and mention.pronoun.owner):
            weight = weights.INSIDE
        elif before in self.lexicon.words.cuts and before not in self.lexicon.words.joins | self.lexicon.words.opening:
            weight = weights.AFTER_PREPOSITION
        elif self._sentence_subject != sentence:
            weight, self._sentence_subject = weights.SUBJECT, sentence
        else:
            weight = weights.OTHER
        if at in self.sources:
            weight += weights.SPEAKING if not self.tokens.quoted[mention.core] else 0.0
        if at in self.sources:
            actor.vague = False
            if not self.tokens.quoted[mention.core]:
                self._speaking = (actor, self.tokens.paragraphs[mention.core])
        self.salience.raise_for(actor, weight, sentence)
        self._latest[actor] = mention.core
        return weight

    def _link(self, at: int, mention: Mention) -> Link | None:
        match mention.kind:
            case "person":
                return self._person(mention)
            case "organisation" | "country":
                return self._body_by_name(mention)
            case "pronoun":
                return self._pronoun(at, mention)
            case "role":
                return self._role(at, mention)
            case "group":
                return self._group(mention)
            case "utterance":
                return self._utterance(mention)
            case "body" | "document":
                return self._thing(mention)

    def _person(self, mention: Mention) -> Link | None:
        if len(mention.name) > 1 and not mention.honorific:
            actor = self.cast.full_name(mention.name)
            return Link(actor, "name", f"named here: {' '.join(mention.name)}", 0.97 if actor.sure else 0.75)
        fitting = [actor for actor in self.cast.bearers(mention.name) if may_be(actor, mention)]
        if mention.honorific and mention.gender:
            fitting = [actor for actor in fitting if actor.gender == mention.gender] or fitting
        if mention.role:
            fitting = [actor for actor in fitting if actor.role_words.issuperset(self._words(mention.role))] or fitting
        if not fitting:
            return None
        sentence = self.tokens.sentences[mention.core]
        best = max(fitting, key=lambda actor: (actor.count + 2 * self.salience.of(actor, sentence), actor.sure))
        words = self.tokens.phrase(mention.core - len(mention.name) + 1, mention.core + 1)
        if len(best.parts) <= len(mention.name):
            return Link(best, "name", f"named only as {words}", 0.85 if best.sure else 0.6)
        how = "surname" if best.parts[-1] == words.split()[-1].lower().replace("’", "'") else "name"
        several = f", one of {len(fitting)} of that name" if len(fitting) > 1 else ""
        return Link(best, how, f"{words} ← {best.name}{several}", 0.93 if len(fitting) == 1 else 0.7)

    def _body_by_name(self, mention: Mention) -> Link | None:
        family = self._family(mention)
        if family:
            return Link(family, "surname", f"{' '.join(mention.name)} ← {family.label}", 0.8)
        if len(mention.name) == 1:
            bearer = next((a for a in self.cast.bearers(mention.name) if a.kind == "person" and len(a.parts) > 1), None)
            if bearer and bearer.parts[-1] == mention.name[0].lower():
                return Link(bearer, "surname", f"{mention.name[0]} ← {bearer.name}", 0.85)
        kind: ActorKind = "country" if mention.kind == "country" else "organisation"
        name = " ".join(mention.name).replace(" 's", "'s").replace(" ’s", "’s").replace(" / ", "/")
        meant = self.cast.abbreviated(name) if kind == "organisation" and len(mention.name) == 1 else None
        if meant:
            return Link(meant, "organisation", f"{name} ← {meant.name}", 0.85)
        actor = self.cast.named(kind, name)
        actor.country = actor.country or mention.country
        if kind == "organisation":
            self.bodies[self.lexicon.canonical(mention.name[-1].lower())] = actor
            self._named_bodies.append((frozenset(word.lower() for word in mention.name), actor))
            worded, how = f"the body is named: {name}", "organisation"
        elif mention.role == "capital":
            worded, how = (
                f"the capital {self.tokens.phrase(mention.first, mention.last)} stands for the state",
                "metonym",
            )
        else:
            worded, how = f"the country is named: {self.tokens.phrase(mention.first, mention.last)}", "country"
        return Link(actor, how, worded, 0.9 if how != "metonym" else 0.8)

    def _family(self, mention: Mention) -> Actor | None:
        """The two of one surname whom its plural means: "the Roes"."""
        word = mention.name[-1]
        if len(mention.name) > 1 or not word.endswith("s") or len(word) < _SHORTEST_PLURAL:
            return None
        bearers = [actor for actor in self.cast.bearers((word[:-1],)) if len(actor.parts) > 1 and actor.sure]
        return self.cast.joint(bearers) if len(bearers) == 2 else None

    def _pronoun(self, at: int, mention: Mention) -> Link | None:
        pronoun = mention.pronoun
        if pronoun is None or pronoun.person != 3 or pronoun.object:
            return None
        word = self.tokens.words[mention.core]
        ranked = self._ranked(pronoun, mention)
        if not ranked:
            return None
        best, score = ranked[0][1], ranked[0][0]
        second = ranked[1][0] if len(ranked) > 1 else 0.0
        # How far the first stands before the second; the bounds are a ranking, not probabilities.
        confidence = min(0.92, 0.5 + 0.45 * (1 - second / score) + (0.05 if agreement(best, pronoun) == 1 else 0.0))
        told = "" if best.gender or pronoun.gender not in {"m", "f"} else ", whose gender the text does not tell"
        others = tuple(actor for _, actor in ranked[1:4])
        return Link(best, "pronoun", f"{word} ← {best.label}, the nearest that agrees{told}", confidence, others)

    def _ranked(self, pronoun: Pronoun, mention: Mention) -> list[tuple[float, Actor]]:
        """The candidates for a pronoun; who spoke last in its paragraph is likely to go on: "…," she said."""
        ranked = self.salience.candidates(pronoun, self.tokens.sentences[mention.core])
        speaking, paragraph = self._speaking
        if len(ranked) < 2 or self.tokens.paragraphs[mention.core] - paragraph > 1:
            return ranked
        here = paragraph == self.tokens.paragraphs[mention.core]
        raised = [
            (score * (weights.going_on(actor, here) if actor is speaking else 1), actor) for score, actor in ranked
        ]
        return sorted(raised, key=lambda entry: -entry[0])

    def _words(self, role: str) -> list[str]:
        return self.cast.words(role)

    def _role(self, at: int, mention: Mention) -> Link | None:
        if not mention.determiner and mention.core == mention.first and self.tokens.capital(mention.core):
            called = self.cast.bearers((self.tokens.words[mention.core],))
            if called and called[-1].parts[-1] == self.tokens.lower[mention.core]:
                return Link(called[-1], "surname", f"{self.tokens.words[mention.core]} ← {called[-1].name}", 0.85)
        if mention.determiner == "a":
            return self._new_role(mention, mention.role)
        role, owner = mention.role, self._owner(mention)
        if owner and mention.owner == mention.first:
            role = f"{owner.name or owner.role}'s {role.split(' ', 1)[-1]}"
        holder = self._holder(mention, role)
        found = holder if holder and holder.actor.name else None
        found = found or self._voice(mention, owner) or self._renamed(at, mention, role)
        return found or holder or self._new_role(mention, role)

    def _voice(self, mention: Mention, owner: Actor | None) -> Link | None:
        """The body named before for which "its spokesman" or "district officials" speak."""
        core = mention.core
        if self.tokens.lower[core] not in self.lexicon.words.voices:
            return None
        body = owner if owner and owner.kind == "organisation" and owner.name else None
        if body is None and core > mention.first and mention.last == core + 1:
            named = self.tokens.capital(core - 1) and self.tokens.same_sentence(core - 2, core)
            noun = self.lexicon.nouns.get(self.tokens.lower[core - 1])
            body = (
                self.bodies.get(self.lexicon.canonical(noun.base))
                if noun and noun.kind == "body" and not named
                else None
            )
        worded = self.tokens.phrase(mention.first, mention.last)
        return Link(body, "voice", f"{worded} speak for {body.name}", 0.7) if body and body.name else None

    def _renamed(self, at: int, mention: Mention, role: str) -> Link | None:
        """The person named before whom a description without a holder means, if nearly nobody else can be meant."""
        beside = self._in_apposition(mention)
        if beside:
            self.cast.give_role(beside, role)
            return Link(beside, "role", f"{mention.role} ← {beside.name}, right before it", 0.85)
        sentence = self.tokens.sentences[mention.core]
        gender = gender_of(self.tokens, self.mentions, at)
        if mention.age:
            found = aged(self.salience, mention, gender, sentence)
        else:
            found = renamed(
                self.lexicon,
                self.salience,
                mention,
                role,
                gender,
                sentence,
                lambda actor: self._same_clause(self._latest.get(actor, -1), mention.first),
            )
        if found.confidence < _SURE_TO_RENAME:
            return None
        actor = found.ranked[0][1]
        actor.renamed.add(self.cast.head(role))
        self.cast.give_role(actor, role)
        worded = self.tokens.phrase(mention.first, mention.core + 1)
        because = f"{worded} ← {actor.name}, the most present of whom it may be said"
        return Link(actor, "role", because, found.confidence)

    def _in_apposition(self, mention: Mention) -> Actor | None:
        """The person whose name ends right before the comma in front of a description: "Roe, the former minister"."""
        comma = mention.first - 1
        if not self.tokens.same_sentence(comma - 1, mention.core) or self.tokens.words[comma] != ",":
            return None
        actor = self._ending_at.get(comma - 1)
        clash = actor and mention.gender and actor.gender and mention.gender != actor.gender
        return actor if actor and actor.kind == "person" and actor.name and not clash else None

    def _same_clause(self, core: int, at: int) -> bool:
        """Whether nothing but words stands between a mention and the token at `at`."""
        if not self.tokens.same_sentence(core, at):
            return False
        between = self.tokens.words[core + 1 : at]
        return all(word[0].isalnum() or word[0] in "'’" for word in between)

    def _holder(self, mention: Mention, role: str) -> Link | None:
        """The known actor whose role a definite phrase repeats."""
        head = self.cast.head(role)
        asked = [word for word in self.cast.words(role) if word != head]
        country = self.cast.country(role)
        sentence = self.tokens.sentences[mention.core]
        ranked: list[tuple[float, float, Actor]] = []
        parties = self.lexicon.words.parties.intersection([*asked, head])
        past = self.lexicon.words.past.intersection(role.lower().split())
        for actor in self.cast.holders(head):
            if head not in actor.heads and head not in (actor.stood if past else actor.standing):
                continue
            held = actor.role_words & self.lexicon.words.parties
            share = _share(actor, asked, role, frozenset(past))
            if actor.plural != mention.plural:
                continue
            gender_clash = mention.gender and actor.gender and mention.gender != actor.gender
            told = actor.country or actor.stands
            country_clash = country and told and country != told
            party_clash = parties and held and parties.isdisjoint(held)
            lesser = (actor.role_words or actor.standing) & self.lexicon.words.lesser
            if gender_clash or country_clash or party_clash or not lesser.issubset(asked):
                continue
            present = self.salience.of(actor, sentence)
            named = (4 if asked else 1) if actor.name else 0
            worth = share * 10 + 2 * present + named + 0.1 * min(actor.count, 10) - 3 * actor.former
            ranked.append((worth, share, actor))
        if not ranked:
            return None
        _, share, actor = max(ranked, key=lambda entry: entry[0])
        alone = sum(entry[1] >= share for entry in ranked) == 1
        if (
            share < 0.5
            and not (alone and not asked)
            and not (alone and head not in actor.renamed and _only_placed(self.lexicon, actor, asked, role))
        ):
            return None
        worded = self.tokens.phrase(mention.first, mention.core + 1)
        confidence = 0.9 if share == 1 and alone else 0.75 if share == 1 else 0.6
        known = f"{actor.role or actor.affiliation} {actor.name}".strip()
        if head not in actor.heads:
            known = f"{known}, who held that office by the gazetteer"
            confidence = min(confidence, _BY_STANDING)
            self.cast.give_role(actor, mention.role)
            actor.country = actor.country or actor.stands or None
        return Link(actor, "role", f"{worded} ← {known}", confidence)

    def _new_role(self, mention: Mention, role: str) -> Link:
        country = self.cast.country(role)
        office = mention.determiner != "a" and country and self.cast.head(role) in self.lexicon.offices
        actor = self.cast.add("office" if office else "unknown", "")
        actor.vague = mention.determiner == "a"
        actor.gender, actor.sure, actor.country = mention.gender, not self._generic(mention), mention.country
        self.cast.give_role(actor, role)
        return Link(actor, "unnamed", f"the article names nobody for: {role}", 0.8)

    def _generic(self, mention: Mention) -> bool:
        """Whether a phrase is about anybody of that kind: "your child", "man or woman"."""
        owner = self.lexicon.pronouns.get(self.tokens.lower[mention.owner]) if mention.owner >= 0 else None
        bare = not mention.determiner and not self.tokens.capital(mention.first)
        return bare or (owner is not None and owner.person == 2)

    def _group(self, mention: Mention) -> Link:
        two = pair(self.lexicon, self.tokens, self.salience, mention, self.tokens.sentences[mention.core])
        if two:
            actor = self.cast.joint(two)
            worded = self.tokens.phrase(mention.first, mention.last)
            return Link(actor, "role", f"{worded} ← {actor.label}, the two most present", 0.7)
        voice = self._voice(mention, self._owner(mention))
        if voice:
            return voice
        worded = mention.role or self.tokens.phrase(mention.first, mention.last)
        actor = self.cast.named("group", worded)
        self.cast.give_role(actor, worded)
        actor.plural = True
        actor.country = actor.country or mention.country
        return Link(actor, "unnamed", f"several, not named: {worded}", 0.85)

    def _utterance(self, mention: Mention) -> Link | None:
        owner = self._owner(mention)
        if owner is None:
            return self._thing(mention) if mention.determiner == "the" else None
        return Link(owner, "owner", f"{mention.role} are those of {owner.label}", 0.8)

    def _owner(self, mention: Mention) -> Actor | None:
        """Whose it is: the actor of the possessive pronoun, or of the name before `'s`."""
        if mention.owner < 0:
            return None
        if mention.owner == mention.first:
            pronoun = self.lexicon.pronouns.get(self.tokens.lower[mention.owner])
            if pronoun is None or pronoun.person != 3:
                return None
            ranked = self.salience.candidates(pronoun, self.tokens.sentences[mention.core])
            return ranked[0][1] if ranked else None
        end = mention.owner - 1
        inner = self._name_ending_at(end)
        if inner is None:
            return None
        link = self._person(inner) if inner.kind == "person" else self._body_by_name(inner)
        return link.actor if link else None

    def _name_ending_at(self, core: int) -> Mention | None:
        begin = bisect_right(self.mentions, core, key=lambda mention: mention.first)
        near = self.mentions[max(0, begin - 4) : begin]
        return next((m for m in near if m.core == core and m.kind in {"person", "organisation", "country"}), None)

    def _thing(self, mention: Mention) -> Link | None:
        """A body or document by a common noun: the one that the text has named, or one without a name."""
        noun = self.lexicon.canonical(self.tokens.lower[mention.core])
        start = mention.first + (mention.determiner in {"the", "a"})
        worded = self.tokens.phrase(start, mention.core + 1)
        named = any(
            self.tokens.capital(at) for at in range(start, mention.core) if at != mention.first or start > mention.first
        )
        owner = self._owner(mention)
        if mention.kind != "body" and owner:
            return Link(owner, "owner", f"{worded} is that of {owner.label}", 0.75)
        if mention.kind != "body":
            return self._document(mention, noun, start)
        self._recall(mention, start)
        if owner and owner.kind == "person":
            worded = f"{owner.parts[-1].title() if owner.parts else owner.label} {self.tokens.words[mention.core]}"
        known = self.bodies.get(noun)
        if known and not named and not owner and mention.core - start == 0 and mention.determiner in {"the", ""}:
            return Link(
                known, "organisation", f"{self.tokens.phrase(mention.first, mention.core + 1)} ← {known.label}", 0.75
            )
        ownerless = mention.owner == mention.first and not (owner and owner.kind == "person" and owner.name)
        if mention.determiner == "the" and not named and not mention.plural and mention.core > start and not owner:
            meant = self._body_with(self.tokens.lower[start : mention.core + 1])
            if meant:
                return Link(meant, "organisation", f"{worded} ← {meant.label}", 0.75)
        if (
            ownerless
            or not (named or owner or self.tokens.capital(start))
            or mention.determiner == "a"
            or mention.plural
        ):
            return self._nameless(mention, "organisation" if not mention.plural else "group")
        actor = self.cast.named("organisation", worded)
        actor.country = actor.country or self.cast.country(worded)
        self.bodies[noun] = actor
        return Link(actor, "organisation", f"the body is named: {worded}", 0.85)

    def _body_with(self, words: Sequence[str]) -> Actor | None:
        """The one body named before whose name has all those words, but for words of place: "the education department"
        for "Kent Department of Education"."""
        asked = {word for word in words if word not in self.lexicon.words.placed}
        if len(asked) < 2:
            return None
        fitting = [actor for name, actor in self._named_bodies[-_BODIES:] if asked <= name]
        return fitting[0] if len({id(actor) for actor in fitting}) == 1 else None

    def _recall(self, mention: Mention, start: int) -> None:
        """Bring to mind whose body it is: "the Roe campaign" makes the reader think of Roe."""
        if mention.core == start + 1 and self.tokens.capital(start):
            called = [actor for actor in self.cast.bearers((self.tokens.words[start],)) if actor.sure]
            if len(called) == 1:
                self.salience.raise_for(called[0], weights.INSIDE, self.tokens.sentences[mention.core])

    def _document(self, mention: Mention, noun: str, start: int) -> Link:
        """A report or poll speaks for the body that the phrase names; "the poll" for the maker of the one before."""
        maker = next(
            (
                inner
                for inner in self._inner(mention)
                if inner.kind == "organisation" and (inner.core < mention.core or mention.kind == "document")
            ),
            None,
        )
        maker = maker or self._maker_before(mention) or self._named_maker(mention)
        if maker:
            actor = self.cast.named("organisation", " ".join(maker.name).replace(" / ", "/"))
            actor.country = actor.country or maker.country
            self.bodies[noun] = actor
            return Link(actor, "document", f"{mention.role} is by {actor.name}", 0.75)
        known = self.bodies.get(noun)
        if known and mention.determiner == "the" and mention.core - mention.first <= 2:
            return Link(
                known, "document", f"{self.tokens.phrase(mention.first, mention.core + 1)} ← {known.label}", 0.6
            )
        return self._nameless(mention, "document")

    def _maker_before(self, mention: Mention) -> Mention | None:
        """The body whose name ends right before a document: "a Harbour/Kestrel poll"."""
        inner = self._name_ending_at(mention.core - 1)
        return inner if inner and inner.kind == "organisation" else None

    def _named_maker(self, mention: Mention) -> Mention | None:
        """The body that "by" names right behind a document: "a tally by the Harbour Project"."""
        if not self.tokens.same_sentence(mention.core, mention.last):
            return None
        if self.tokens.lower[mention.last] not in self.lexicon.words.makers:
            return None
        begin = bisect_right(self.mentions, mention.last, key=lambda other: other.first)
        near = (other for other in self.mentions[begin : begin + 2] if other.first <= mention.last + 2)
        return next((other for other in near if other.kind == "organisation"), None)

    def _inner(self, mention: Mention) -> list[Mention]:
        begin = bisect_right(self.mentions, mention.first - 1, key=lambda other: other.first)
        near = self.mentions[begin : begin + 8]
        return [other for other in near if other is not mention and other.core < mention.last]

    def _nameless(self, mention: Mention, kind: ActorKind) -> Link:
        role = mention.role or self.tokens.phrase(mention.first, mention.last)
        actor = self.cast.named("group" if mention.plural else "document" if kind == "document" else "unknown", role)
        actor.name, actor.plural, actor.vague = "", mention.plural, kind == "document" and mention.plural
        if not actor.roles:
            actor.roles.append(role)
            actor.country = self.cast.country(role)
        if kind == "organisation":
            actor.kind = "organisation"
        return Link(actor, "unnamed", f"the article names nobody for: {role}", 0.75)


def _breaks(tokens: Tokens) -> list[int]:
    """Where a line of marks ends one story and begins another."""
    return [match.end() for match in _BREAK.finditer(tokens.text)]


def _share(actor: Actor, asked: Sequence[str], role: str, past: frozenset[str]) -> float:
    """Which share of a role phrase's qualifying words the actor's own roles bear out."""
    if not asked:
        return 1.0
    standing = {word.lower() for p in places(role.replace("’s", "").replace("'s", "").split()) if p.sense != "part"
                and p.code == (actor.country or actor.stands) for word in p.phrase.split()}  # fmt: skip
    known = actor.role_words | standing | (actor.stood | past if past else actor.standing)
    borne = sum(word in known or word in actor.parts for word in asked)
    return borne / len(asked)


def _only_placed(lexicon: Lexicon, actor: Actor, asked: Sequence[str], role: str) -> bool:
    """Whether a phrase says no more than the actor's own role but where: "the Kent county clerk" of a "county clerk"."""
    where = {
        word.lower() for p in places(role.replace("’s", "").replace("'s", "").split()) for word in p.phrase.split()
    }
    rest = [word for word in asked if word not in where and word not in lexicon.words.placed]
    return bool(where) and bool(actor.name) and all(word in actor.role_words for word in rest)

"""Roles and groups: the actor who holds a role, whom a description renames, or a new one without a name."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from onrecord.speakers.cast import Actor
from onrecord.speakers.countries import Place, place, places
from onrecord.speakers.knowledge import Lexicon
from onrecord.speakers.links import Link
from onrecord.speakers.phrases import Mention
from onrecord.speakers.reading import Reading
from onrecord.speakers.renaming import aged, gender_of, pair, renamed

_SURE_TO_RENAME = 0.65
# Confidence at most in a holder whose office the article does not give; a holder by the article has 0.9.
_BY_STANDING = 0.8


class _Asked(Struct, frozen=True):
    """What a phrase for a role asks of whoever is meant."""

    head: str
    words: Sequence[str]
    """Its other words."""
    places: tuple[Place, ...]
    country: str | None
    parties: frozenset[str]
    past: frozenset[str]
    """Words that say that the role is held no more."""
    possessor: str

    def share(self, actor: Actor) -> float:
        """Which share of the words the actor's own roles and country bear out."""
        if not self.words:
            return 1.0
        country = actor.country or actor.stands
        placed = (found.phrase for found in self.places if found.code == country and found.sense != "part")
        known = actor.role_words.union(
            self.past | actor.stood if self.past else actor.standing, *(phrase.lower().split() for phrase in placed)
        )
        return sum(word in known or word in actor.parts for word in self.words) / len(self.words)


class Roles:
    """Reads the phrases for roles and groups of an article."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.tokens, self.lexicon, self.cast = reading.tokens, reading.lexicon, reading.cast
        self.salience = reading.salience

    def role(self, at: int, mention: Mention) -> Link:
        """The link of the phrase for one person's role that is mention number `at`."""
        if not mention.determiner and mention.core == mention.first and self.tokens.capital(mention.core):
            called = self.cast.bearers((self.tokens.words[mention.core],))
            if called and called[-1].parts[-1] == self.tokens.lower[mention.core]:
                return Link(called[-1], "surname", f"{self.tokens.words[mention.core]} ← {called[-1].name}", 0.85)
        if mention.determiner == "a":
            return self._new_role(mention, mention.role)
        role, owner = mention.role, self.reading.owner(mention)
        if owner and mention.owner == mention.first:
            role = f"{owner.name or owner.role}'s {role.split(' ', 1)[-1]}"
        holder = self._holder(mention, role)
        found = holder if holder and holder.actor.name else None
        found = found or self._voice(mention) or self._renamed(at, mention, role)
        return found or holder or self._new_role(mention, role)

    def group(self, mention: Mention) -> Link:
        """The link of a phrase for several people."""
        two = pair(self.lexicon, self.tokens, self.salience, mention, self.tokens.sentences[mention.core])
        if two:
            actor = self.cast.joint(two)
            worded = self.tokens.phrase(mention.first, mention.last)
            return Link(actor, "role", f"{worded} ← {actor.label}, the two most present", 0.7)
        voice = self._voice(mention)
        if voice:
            return voice
        worded = mention.role or self.tokens.phrase(mention.first, mention.last)
        actor = self.cast.named("group", worded)
        actor.roles, actor.plural = actor.roles or (worded,), True
        actor.country = actor.country or self.cast.country(worded) or mention.country
        return Link(actor, "unnamed", f"several, not named: {worded}", 0.85)

    def _voice(self, mention: Mention) -> Link | None:
        """The body named before for which "its spokesman" or "district officials" speak."""
        core = mention.core
        if self.tokens.lower[core] not in self.lexicon.words.voices:
            return None
        owner = self.reading.owner(mention)
        body = owner if owner and owner.kind == "organisation" and owner.name else None
        if body is None and core > mention.first and mention.last == core + 1:
            named = self.tokens.capital(core - 1) and self.tokens.same_sentence(core - 2, core)
            body = self.reading.body(self.tokens.lower[core - 1]) if not named else None
        worded = self.tokens.phrase(mention.first, mention.last)
        speak = "speak" if mention.plural else "speaks"
        return Link(body, "voice", f"{worded} {speak} for {body.name}", 0.7) if body and body.name else None

    def _renamed(self, at: int, mention: Mention, role: str) -> Link | None:
        """The person named before whom a description without a holder means, if nearly nobody else can be meant."""
        beside = self._in_apposition(mention)
        if beside:
            self.cast.give_role(beside, role)
            return Link(beside, "role", f"{mention.role} ← {beside.name}, right before it", 0.85)
        sentence = self.tokens.sentences[mention.core]
        gender = gender_of(self.tokens, self.reading.mentions, at)
        age = mention.age or next((word for word in role.split() if self.lexicon.is_age(word)), "")
        if age and mention.determiner == "the":
            found = aged(self.salience, age, gender, sentence)
        else:
            found = renamed(
                self.lexicon,
                self.salience,
                mention,
                role,
                gender,
                sentence,
                lambda actor: self._same_clause(self.reading.latest.get(actor, -1), mention.first),
            )
        if found.confidence < _SURE_TO_RENAME:
            return None
        actor = found.ranked[0][1]
        if not mention.age:
            actor.renamed |= {self.cast.head(role)}
            self.cast.give_role(actor, role)
        worded = self.tokens.phrase(mention.first, mention.core + 1)
        because = f"{worded} ← {actor.name}, the most present of whom it may be said"
        return Link(actor, "role", because, found.confidence)

    def _in_apposition(self, mention: Mention) -> Actor | None:
        """The person whose name ends right before the comma in front of a description: "Roe, the former minister"."""
        comma = mention.first - 1
        if not self.tokens.same_sentence(comma - 1, mention.core) or self.tokens.words[comma] != ",":
            return None
        actor = self.reading.ending_at.get(comma - 1)
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
        holders = self.cast.holders(head)
        if not holders:
            return None
        asked = self._asked(mention, role, head)
        sentence = self.tokens.sentences[mention.core]
        ranked: list[tuple[float, float, Actor]] = []
        for actor in holders:
            if self._barred(actor, mention, asked):
                continue
            share = asked.share(actor)
            present = self.salience.of(actor, sentence)
            named = (4 if asked.words else 1) if actor.name else 0
            worth = share * 10 + 2 * present + named + 0.1 * min(actor.count, 10) - 3 * actor.former
            ranked.append((worth, share, actor))
        if not ranked:
            return None
        _, share, actor = max(ranked, key=lambda entry: entry[0])
        alone = sum(entry[1] >= share for entry in ranked) == 1
        if share < 0.5 and not (alone and self._all_that_is_told(actor, asked)):
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

    def _asked(self, mention: Mention, role: str, head: str) -> _Asked:
        words = [word for word in self.cast.words(role) if word != head]
        by_name = mention.owner > mention.first and self.tokens.capital(mention.owner - 1)
        return _Asked(
            head=head,
            words=words,
            places=tuple(places(role.replace("’s", "").replace("'s", "").split())) if words else (),
            country=self.cast.country(role),
            parties=self.lexicon.words.parties.intersection([*words, head]),
            past=self.lexicon.words.past.intersection(role.lower().split()),
            possessor=self.tokens.words[mention.owner - 1] if by_name else "",
        )

    def _barred(self, actor: Actor, mention: Mention, asked: _Asked) -> bool:
        """Whether an actor who has held a role of that head cannot be who is asked for."""
        if asked.head not in actor.heads and asked.head not in (actor.stood if asked.past else actor.standing):
            return True
        if actor.plural != mention.plural or _elsewhere(actor, asked.possessor):
            return True
        if mention.gender and actor.gender and mention.gender != actor.gender:
            return True
        told = actor.country or actor.stands
        if asked.country and told and asked.country != told:
            return True
        held = actor.role_words & self.lexicon.words.parties
        if asked.parties and held and asked.parties.isdisjoint(held):
            return True
        return not self.lexicon.words.lesser.intersection(actor.role_words or actor.standing).issubset(asked.words)

    def _all_that_is_told(self, actor: Actor, asked: _Asked) -> bool:
        """Whether a phrase says no more than the actor's role, or adds only a place."""
        return not asked.words or (asked.head not in actor.renamed and _only_placed(self.lexicon, actor, asked))

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


def _elsewhere(actor: Actor, possessor: str) -> bool:
    """Whether a role is held with somebody whom the actor's own roles do not name: Kestrel's Roe is not "Harbour's
    chief"."""
    return bool(possessor) and possessor.lower() not in actor.role_words and place(possessor) is None


def _only_placed(lexicon: Lexicon, actor: Actor, asked: _Asked) -> bool:
    """Whether a phrase adds only a place to the actor's own role: "the Kent county clerk" of a "county clerk"."""
    where = {word.lower() for found in asked.places for word in found.phrase.split()}
    rest = [word for word in asked.words if word not in where and word not in lexicon.words.placed]
    return bool(where) and bool(actor.name) and all(word in actor.role_words for word in rest)

"""Roles and groups: the actor who holds a role, whom a description renames, or a new one without a name."""

from __future__ import annotations

from collections.abc import Sequence

from onrecord.speakers.cast import Actor
from onrecord.speakers.countries import place, places
from onrecord.speakers.knowledge import Lexicon
from onrecord.speakers.links import Link
from onrecord.speakers.phrases import Mention
from onrecord.speakers.reading import Reading
from onrecord.speakers.renaming import aged, gender_of, pair, renamed

_SURE_TO_RENAME = 0.65
# Confidence at most in a holder whose office the article does not give; a holder by the article has 0.9.
_BY_STANDING = 0.8


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
        found = found or self._voice(mention, owner) or self._renamed(at, mention, role)
        return found or holder or self._new_role(mention, role)

    def group(self, mention: Mention) -> Link:
        """The link of a phrase for several people."""
        two = pair(self.lexicon, self.tokens, self.salience, mention, self.tokens.sentences[mention.core])
        if two:
            actor = self.cast.joint(two)
            worded = self.tokens.phrase(mention.first, mention.last)
            return Link(actor, "role", f"{worded} ← {actor.label}, the two most present", 0.7)
        voice = self._voice(mention, self.reading.owner(mention))
        if voice:
            return voice
        worded = mention.role or self.tokens.phrase(mention.first, mention.last)
        actor = self.cast.named("group", worded)
        self.cast.give_role(actor, worded)
        actor.plural = True
        actor.country = actor.country or mention.country
        return Link(actor, "unnamed", f"several, not named: {worded}", 0.85)

    def _voice(self, mention: Mention, owner: Actor | None) -> Link | None:
        """The body named before for which "its spokesman" or "district officials" speak."""
        core = mention.core
        if self.tokens.lower[core] not in self.lexicon.words.voices:
            return None
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
        asked = [word for word in self.cast.words(role) if word != head]
        country = self.cast.country(role)
        sentence = self.tokens.sentences[mention.core]
        ranked: list[tuple[float, float, Actor]] = []
        parties = self.lexicon.words.parties.intersection([*asked, head])
        past = self.lexicon.words.past.intersection(role.lower().split())
        by_name = mention.owner > mention.first and self.tokens.capital(mention.owner - 1)
        possessor = self.tokens.words[mention.owner - 1] if by_name else ""
        for actor in self.cast.holders(head):
            if head not in actor.heads and head not in (actor.stood if past else actor.standing):
                continue
            held = actor.role_words & self.lexicon.words.parties
            share = _share(actor, asked, role, frozenset(past))
            if actor.plural != mention.plural or _elsewhere(actor, possessor):
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


def _elsewhere(actor: Actor, possessor: str) -> bool:
    """Whether a role is held with somebody whom the actor's own roles do not name: Kestrel's Roe is not "Harbour's
    chief"."""
    return bool(possessor) and possessor.lower() not in actor.role_words and place(possessor) is None


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
    """Whether a phrase adds only a place to the actor's own role: "the Kent county clerk" of a "county clerk"."""
    where = {
        word.lower() for p in places(role.replace("’s", "").replace("'s", "").split()) for word in p.phrase.split()
    }
    rest = [word for word in asked if word not in where and word not in lexicon.words.placed]
    return bool(where) and bool(actor.name) and all(word in actor.role_words for word in rest)

"""An article being read: its mentions, whom they have been tied to so far, and who is in the reader's mind."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from onrecord.speakers.cast import Actor, ActorKind, Cast, may_be
from onrecord.speakers.knowledge import Gender, Lexicon
from onrecord.speakers.links import Link
from onrecord.speakers.phrases import Mention
from onrecord.speakers.salience import Salience
from onrecord.speakers.tokens import Tokens

_SHORTEST_PLURAL = 4
# So many mentions behind a surname are looked through for a pronoun that tells whose it is.
_BEHIND = 5
# A body is looked for among so many that were named last.
_BODIES = 24


class Reading:
    """The state of a walk through an article, which the readers of roles, bodies and pronouns share."""

    def __init__(self, tokens: Tokens, lexicon: Lexicon, mentions: Sequence[Mention], cast: Cast) -> None:
        self.tokens, self.lexicon, self.mentions, self.cast = tokens, lexicon, mentions, cast
        self.salience = Salience()
        self.firsts = [mention.first for mention in mentions]
        """The first tokens of the mentions."""
        self.ending_at: dict[int, Actor] = {}
        """Whose mention has its head at a token."""
        self.latest: dict[Actor, int] = {}
        """The head of everybody's last mention."""
        self._bodies: dict[str, Actor] = {}
        self._named_bodies: list[tuple[frozenset[str], Actor]] = []

    def note_body(self, noun: str, actor: Actor) -> None:
        """Let "the ministry" mean a body from now on."""
        self._bodies[self.lexicon.canonical(noun)] = actor

    def body(self, noun: str) -> Actor | None:
        """The body of that kind which was named last."""
        return self._bodies.get(self.lexicon.canonical(noun))

    def body_with(self, words: Sequence[str]) -> Actor | None:
        """The one body named before whose name has all those words, but for words of place: "the education department"
        for "Kent Department of Education"."""
        asked = {word for word in words if word not in self.lexicon.words.placed}
        if len(asked) < 2:
            return None
        fitting = [actor for name, actor in self._named_bodies[-_BODIES:] if asked <= name]
        return fitting[0] if len({id(actor) for actor in fitting}) == 1 else None

    def person(self, mention: Mention) -> Link | None:
        """The person of a name; None for a surname that nobody has."""
        if len(mention.name) > 1 and not mention.honorific:
            actor = self.cast.full_name(mention.name)
            return Link(actor, "name", f"named here: {' '.join(mention.name)}", 0.97 if actor.sure else 0.75)
        fitting = [actor for actor in self.cast.bearers(mention.name) if may_be(actor, mention)]
        if mention.honorific and mention.gender:
            fitting = [actor for actor in fitting if actor.gender == mention.gender] or fitting
        if mention.role:
            fitting = [
                actor for actor in fitting if actor.role_words.issuperset(self.cast.words(mention.role))
            ] or fitting
        if not fitting:
            return None
        if len({actor.gender for actor in fitting}) > 1 and not mention.gender:
            told = self._gender_around(mention)
            fitting = [actor for actor in fitting if not told or actor.gender in {told, ""}] or fitting
        sentence = self.tokens.sentences[mention.core]
        best = max(fitting, key=lambda actor: (actor.count + 2 * self.salience.of(actor, sentence), actor.sure))
        words = self.tokens.phrase(mention.core - len(mention.name) + 1, mention.core + 1)
        if len(best.parts) <= len(mention.name):
            return Link(best, "name", f"named only as {words}", 0.85 if best.sure else 0.6)
        how = "surname" if best.parts[-1] == words.split()[-1].lower().replace("’", "'") else "name"
        several = f", one of {len(fitting)} of that name" if len(fitting) > 1 else ""
        return Link(best, how, f"{words} ← {best.name}{several}", 0.93 if len(fitting) == 1 else 0.7)

    def _gender_around(self, mention: Mention) -> Gender:
        """The gender of the first pronoun behind a name in its sentence, before anybody else is named."""
        begin = bisect_right(self.firsts, mention.core)
        for other in self.mentions[begin : begin + _BEHIND]:
            if not self.tokens.same_sentence(mention.core, other.core):
                break
            if other.pronoun and other.pronoun.gender in {"m", "f"}:
                return other.pronoun.gender
            if other.kind == "person":
                break
        return ""

    def named_body(self, mention: Mention) -> Link:
        """The body or country of a name, or the people whose surname it turns out to be."""
        family = self._family(mention)
        if family:
            return Link(family, "surname", f"{' '.join(mention.name)} ← {family.label}", 0.8)
        if len(mention.name) == 1:
            bearer = next((a for a in self.cast.bearers(mention.name) if a.kind == "person" and len(a.parts) > 1), None)
            if bearer and bearer.parts[-1] == mention.name[0].lower():
                return Link(bearer, "surname", f"{mention.name[0]} ← {bearer.name}", 0.85)
        kind: ActorKind = "country" if mention.kind == "country" else "organisation"
        name = written(mention.name)
        meant = self.cast.abbreviated(name) if kind == "organisation" and len(mention.name) == 1 else None
        if meant:
            return Link(meant, "organisation", f"{name} ← {meant.name}", 0.85)
        actor = self.cast.named(kind, name)
        actor.country = actor.country or mention.country
        if kind == "organisation":
            self.note_body(mention.name[-1].lower(), actor)
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

    def owner(self, mention: Mention) -> Actor | None:
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
        inner = self.name_ending_at(end)
        if inner is None:
            return None
        link = self.person(inner) if inner.kind == "person" else self.named_body(inner)
        return link.actor if link else None

    def name_ending_at(self, core: int) -> Mention | None:
        """The name that ends at a token."""
        begin = bisect_right(self.firsts, core)
        near = self.mentions[max(0, begin - 4) : begin]
        return next((m for m in near if m.core == core and m.kind in {"person", "organisation", "country"}), None)


def written(name: Sequence[str]) -> str:
    """A name as it stands in the text, where no blank is before its marks."""
    if len(name) == 1:
        return name[0]
    return " ".join(name).replace(" 's", "'s").replace(" ’s", "’s").replace(" / ", "/").replace(" ,", ",")

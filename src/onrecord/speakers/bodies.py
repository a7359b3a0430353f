"""Bodies, documents and utterances by common nouns: "the ministry", "her campaign", "the report", "his remarks"."""

from __future__ import annotations

from bisect import bisect_right

from onrecord.speakers import salience as weights
from onrecord.speakers.cast import Actor, ActorKind
from onrecord.speakers.links import Link
from onrecord.speakers.phrases import Mention
from onrecord.speakers.reading import Reading


class Bodies:
    """Reads the phrases for bodies and for what speaks in the place of its maker."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.tokens, self.lexicon, self.cast = reading.tokens, reading.lexicon, reading.cast

    def utterance(self, mention: Mention) -> Link | None:
        """Whose words they are."""
        owner = self.reading.owner(mention)
        if owner is None:
            return self.thing(mention) if mention.determiner == "the" else None
        return Link(owner, "owner", f"{mention.role} are those of {owner.label}", 0.8)

    def thing(self, mention: Mention) -> Link:
        """The link of a body or document: the one that the text has named, or one without a name."""
        start = mention.first + (mention.determiner in {"the", "a"})
        if mention.determiner == "owner" and self.tokens.lower[start] in self.lexicon.words.definite:
            start += 1
        worded = self.tokens.phrase(start, mention.core + 1)
        owner = self.reading.owner(mention)
        if mention.kind == "body":
            self._recall(mention, start)
            return self._known(mention, start, owner) or self._named(mention, start, owner)
        if owner:
            return Link(owner, "owner", f"{worded} is that of {owner.label}", 0.75)
        return self._document(mention, start)

    def _known(self, mention: Mention, start: int, owner: Actor | None) -> Link | None:
        """A body named before: "the ministry", "the education department"."""
        if owner or self._has_name(mention, start):
            return None
        bare = mention.core == start and mention.determiner == "the"
        known = self.reading.body(self.tokens.lower[mention.core]) if bare else None
        if known is None and mention.determiner == "the" and not mention.plural and mention.core > start:
            known = self.reading.body_with(self.tokens.lower[start : mention.core + 1])
        worded = self.tokens.phrase(mention.first, mention.core + 1)
        return Link(known, "organisation", f"{worded} ← {known.label}", 0.75) if known else None

    def _has_name(self, mention: Mention, start: int) -> bool:
        """Whether a capital inside the phrase makes it a name, more than that of a sentence."""
        inner = range(start, mention.core)
        return any(self.tokens.capital(at) for at in inner if at != mention.first or start > mention.first)

    def _named(self, mention: Mention, start: int, owner: Actor | None) -> Link:
        """A body that the phrase names, "the Roe campaign" or, for Roe, "her campaign"; or one without a name."""
        noun, led = self.tokens.lower[mention.core], owner is not None and owner.kind == "person" and bool(owner.name)
        named = bool(owner) or self._has_name(mention, start) or self.tokens.capital(start)
        owned = led and noun in self.lexicon.words.owned
        ownerless = (led or mention.owner == mention.first) and not owned
        if ownerless or not named or mention.determiner == "a" or mention.plural:
            return self._nameless(mention, "organisation" if not mention.plural else "group")
        worded = self.tokens.phrase(start, mention.core + 1)
        if owner and owner.kind == "person":
            worded = f"{owner.parts[-1].title() if owner.parts else owner.label} {self.tokens.words[mention.core]}"
        actor = self.cast.named("organisation", worded)
        actor.country = actor.country or self.cast.country(worded)
        self.reading.note_body(noun, actor)
        return Link(actor, "organisation", f"the body is named: {worded}", 0.85)

    def _recall(self, mention: Mention, start: int) -> None:
        """Bring to mind whose body it is: "the Roe campaign" makes the reader think of Roe."""
        if mention.core == start + 1 and self.tokens.capital(start):
            called = [actor for actor in self.cast.bearers((self.tokens.words[start],)) if actor.sure]
            if len(called) == 1:
                self.reading.salience.raise_for(called[0], weights.INSIDE, self.tokens.sentences[mention.core])

    def _document(self, mention: Mention, start: int) -> Link:
        """A report or poll speaks for the body that the phrase names; "the poll" for the maker of the one before."""
        noun = self.tokens.lower[mention.core]
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
            self.reading.note_body(noun, actor)
            return Link(actor, "document", f"{mention.role} is by {actor.name}", 0.75)
        known = self.reading.body(noun)
        if known and mention.determiner == "the" and mention.core - mention.first <= 2:
            return Link(
                known, "document", f"{self.tokens.phrase(mention.first, mention.core + 1)} ← {known.label}", 0.6
            )
        return self._nameless(mention, "document")

    def _maker_before(self, mention: Mention) -> Mention | None:
        """The body whose name ends right before a document: "a Harbour/Kestrel poll"."""
        inner = self.reading.name_ending_at(mention.core - 1)
        return inner if inner and inner.kind == "organisation" else None

    def _named_maker(self, mention: Mention) -> Mention | None:
        """The body that "by" names right behind a document: "a tally by the Harbour Project"."""
        if not self.tokens.same_sentence(mention.core, mention.last):
            return None
        at = mention.last
        while self.tokens.lower[at] in self.lexicon.words.made and self.tokens.same_sentence(at, at + 1):
            at += 1
        if self.tokens.lower[at] not in self.lexicon.words.makers:
            return None
        begin = bisect_right(self.reading.firsts, at)
        near = (other for other in self.reading.mentions[begin : begin + 2] if other.first <= at + 2)
        return next((other for other in near if other.kind == "organisation"), None)

    def _inner(self, mention: Mention) -> list[Mention]:
        begin = bisect_right(self.reading.firsts, mention.first - 1)
        near = self.reading.mentions[begin : begin + 8]
        return [other for other in near if other is not mention and other.core < mention.last]

    def _nameless(self, mention: Mention, kind: ActorKind) -> Link:
        role = mention.role or self.tokens.phrase(mention.first, mention.last)
        actor = self.cast.named("group" if mention.plural else "document" if kind == "document" else "unknown", role)
        actor.name, actor.plural, actor.vague = "", mention.plural, kind == "document" and mention.plural
        if not actor.roles:
            actor.roles = (role,)
            actor.country = self.cast.country(role)
        if kind == "organisation":
            actor.kind = "organisation"
        return Link(actor, "unnamed", f"the article names nobody for: {role}", 0.75)

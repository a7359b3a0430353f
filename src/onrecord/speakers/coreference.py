"""Tie each mention to its actor, walking through the text once from left to right."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence

from onrecord.speakers import salience as weights
from onrecord.speakers.bodies import Bodies
from onrecord.speakers.cast import Actor, Cast
from onrecord.speakers.knowledge import Lexicon, Pronoun
from onrecord.speakers.links import Link
from onrecord.speakers.phrases import Mention
from onrecord.speakers.reading import Reading
from onrecord.speakers.roles import Roles
from onrecord.speakers.salience import agreement
from onrecord.speakers.tokens import Tokens

# A line of marks between the stories of a live blog or digest.
_BREAK = re.compile(r"^[ \t]*(?:[_*~=#•·–—-][ \t]?){3,80}\.?[ \t]*$", re.M)
# So many at most are taken to be named together.
_TOGETHER = 6


class Walk:
    """A walk through the mentions of an article; `links` has an entry for every mention that has an actor."""

    def __init__(
        self, tokens: Tokens, lexicon: Lexicon, mentions: Sequence[Mention], cast: Cast, sources: frozenset[int]
    ) -> None:
        self.tokens, self.lexicon, self.mentions, self.cast, self.sources = tokens, lexicon, mentions, cast, sources
        self.links: dict[int, Link] = {}
        self._reading = Reading(tokens, lexicon, mentions, cast)
        self._roles, self._bodies = Roles(self._reading), Bodies(self._reading)
        self.salience = self._reading.salience
        self._introducing = lexicon.words.joins | lexicon.words.opening
        self._sentence_subject = -1
        self._subject: tuple[Actor | None, int] = (None, -1)
        self._speaking: tuple[Actor | None, int] = (None, -1)
        self._chain: list[Actor] = []
        self._chain_end, self._chain_weight = -1, 0.0

    def run(self) -> dict[int, Link]:
        """Walk."""
        outer_end, outer_kind, outer_at = -1, "", -1
        breaks = deque(_breaks(self.tokens))
        for at, mention in enumerate(self.mentions):
            while breaks and breaks[0] <= self.tokens.starts[mention.core]:
                breaks.popleft()
                self.salience.forget()
                self._speaking = (None, -1)
            inside = mention.core < outer_end
            if inside and mention.kind in {"role", "group"} and outer_kind in {"person", "role"}:
                if at in self.sources and outer_at in self.links and mention.kind == "role":
                    self.links[at] = self._described(mention, self.links[outer_at])
                continue
            link = self._link(at, mention)
            if link:
                self.links[at] = link
                weight = self._note(at, mention, link.actor, inside)
                self._join(mention, link.actor, weight)
            if mention.last > outer_end:
                outer_end, outer_kind, outer_at = mention.last, mention.kind, at
        return self.links

    def _described(self, mention: Mention, outer: Link) -> Link:
        """The link of a description that a name holds: "Roe, the former minister," where that alone is a source."""
        worded = self.tokens.phrase(mention.first, mention.core + 1)
        return Link(outer.actor, "role", f"{worded} ← {outer.actor.label}, whom it describes", outer.confidence)

    def _join(self, mention: Mention, actor: Actor, weight: float) -> None:
        """Note who are named together, "Roe and Lind" or "Roe, Lind and Sund": "they" may mean all of them."""
        if mention.kind not in {"person", "country"} or not actor.name:
            return
        near = bool(self._chain) and 1 <= mention.first - self._chain_end <= 2
        gap = self.tokens.lower[self._chain_end : mention.first] if near else []
        closed = bool(gap) and gap[-1] in self.lexicon.words.joins and gap[:-1] in ([], [","])
        fits = near and self._chain[0].kind == actor.kind and actor not in self._chain
        if not (fits and (closed or gap == [","]) and len(self._chain) < _TOGETHER):
            self._chain, self._chain_weight = [actor], weight
        else:
            self._chain.append(actor)
            if closed:
                group = self.cast.joint(self._chain)
                self.salience.raise_for(group, self._chain_weight, self.tokens.sentences[mention.core])
        self._chain_end = mention.last

    def _note(self, at: int, mention: Mention, actor: Actor, inside: bool) -> float:
        """Raise the actor's salience as much as the mention's place in its sentence deserves; how much."""
        tokens, core = self.tokens, mention.core
        sentence, quoted = tokens.sentences[core], tokens.quoted[core]
        self._reading.ending_at[core] = actor
        before = tokens.lower[mention.first - 1] if tokens.same_sentence(mention.first - 1, core) else ""
        if quoted:
            weight = weights.QUOTED
        elif inside or (mention.pronoun and mention.pronoun.owner):
            weight = weights.INSIDE
        elif before in self.lexicon.words.cuts and before not in self._introducing:
            weight = weights.AFTER_PREPOSITION
        elif self._sentence_subject != sentence:
            weight, self._sentence_subject = weights.SUBJECT, sentence
            self._subject = (actor, core)
        else:
            weight = weights.OTHER
        if at in self.sources:
            actor.vague = False
            if not quoted:
                # Whoever speaks is a subject, in "One of the planners, Anna Roe, said" too.
                weight = max(weight, weights.SUBJECT if mention.kind == "person" else 0.0) + weights.SPEAKING
                self._speaking = (actor, tokens.paragraphs[core])
        self.salience.raise_for(actor, weight, sentence)
        self._reading.latest[actor] = core
        return weight

    def _link(self, at: int, mention: Mention) -> Link | None:
        match mention.kind:
            case "person":
                return self._reading.person(mention)
            case "organisation" | "country":
                return self._reading.named_body(mention)
            case "pronoun":
                return self._pronoun(at, mention)
            case "role":
                return self._roles.role(at, mention)
            case "group":
                return self._roles.group(mention)
            case "utterance":
                return self._bodies.utterance(mention)
            case "body" | "document":
                return self._bodies.thing(mention)

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

    def _plural_subject(self, mention: Mention) -> Actor | None:
        """The several who are the subject of a pronoun's own sentence or of the one before, in its paragraph."""
        actor, core = self._subject
        near = core >= 0 and self.tokens.sentences[mention.core] - self.tokens.sentences[core] <= 1
        together = near and self.tokens.paragraphs[core] == self.tokens.paragraphs[mention.core]
        return actor if together and actor is not None and (actor.plural or actor.kind == "group") else None

    def _ranked(self, pronoun: Pronoun, mention: Mention) -> list[tuple[float, Actor]]:
        """The candidates for a pronoun; who spoke last in its paragraph is likely to go on: "…," she said."""
        ranked = self.salience.candidates(pronoun, self.tokens.sentences[mention.core])
        speaking, paragraph = self._speaking
        if len(ranked) < 2 or self.tokens.paragraphs[mention.core] - paragraph > 1:
            return ranked
        here = paragraph == self.tokens.paragraphs[mention.core]
        subject = self._plural_subject(mention) if pronoun.number == "plural" and not here else None
        going_on = speaking if subject is None else subject
        raised = [
            (score * (weights.going_on(actor, here) if actor is going_on else 1), actor) for score, actor in ranked
        ]
        return sorted(raised, key=lambda entry: -entry[0])


def _breaks(tokens: Tokens) -> list[int]:
    """Where a line of marks ends one story and begins another."""
    return [match.end() for match in _BREAK.finditer(tokens.text)]

"""Who is in the reader's mind at a point of the text: the candidates for a pronoun, best first."""

from __future__ import annotations

# Chosen by reading some 100 resolutions of PolNeAR pronouns and by the 32 pronouns of bench/speakers.py's scu figure:
# 25 right for SUBJECT 2, 22 to 23 for 1 or 3. Other values of the rest change at most 14 of PolNeAR-dev's 378 pronouns.
from onrecord.speakers.cast import Actor
from onrecord.speakers.knowledge import Pronoun

SUBJECT, OTHER, AFTER_PREPOSITION, INSIDE, QUOTED, SPEAKING = 2.0, 1.0, 0.6, 0.3, 0.15, 2.0
# What remains of an actor's salience from one sentence to the next. On the same pronouns 0.4 to 0.6 are about as good,
# 0.75 is far worse (18 of 32).
_DECAY = 0.5
_FADED = tuple(_DECAY**sentences for sentences in range(24))
_LONGEST = len(_FADED)
# What makes who spoke last in a paragraph likelier for its next pronoun. Of 135 "he said" behind another source in
# their paragraph (PolNeAR-train) 26 went to somebody else without it, 17 with 1.6 or 2.5; of nine of these that were
# read, seven were better.
GOING_ON, _GOING_ON_AFTER = 1.6, 1.3
# Beyond this many actors the least salient are forgotten, which bounds the work for a pronoun.
_REMEMBERED, _KEPT = 32, 20
# A person whose gender nothing tells stands back behind one whose gender agrees.
_GENDER_UNKNOWN = 0.55
# One whose first name is mostly that of men, or of women.
_LEANING, _LEANING_AWAY = 0.8, 0.2
# "A person", "a lawyer": most such phrases introduce nobody whom the text comes back to.
_VAGUE = 0.4
# Below this nobody is thought of any more.
_FORGOTTEN = 0.01


class Salience:
    """How present each actor is; it fades from sentence to sentence."""

    def __init__(self) -> None:
        self._held: dict[Actor, tuple[float, int]] = {}

    def raise_for(self, actor: Actor, weight: float, sentence: int) -> None:
        """Note that an actor is mentioned."""
        self._held[actor] = (self.of(actor, sentence) + weight, sentence)
        if len(self._held) > _REMEMBERED:
            kept = sorted(self._held, key=lambda other: -self.of(other, sentence))[:_KEPT]
            self._held = {other: self._held[other] for other in kept}

    def forget(self) -> None:
        """Let nobody be present any more: another story begins."""
        self._held.clear()

    def of(self, actor: Actor, sentence: int) -> float:
        """An actor's salience when the reader has come to a sentence."""
        held = self._held.get(actor)
        if held is None:
            return 0.0
        gap = sentence - held[1]
        return held[0] * _FADED[gap] if gap < _LONGEST else 0.0

    def candidates(self, pronoun: Pronoun, sentence: int) -> list[tuple[float, Actor]]:
        """The actors that a third-person pronoun may stand for, with their scores, best first."""
        found = []
        for actor, (weight, noted) in self._held.items():
            gap = sentence - noted
            present = weight * _FADED[gap] if gap < _LONGEST else 0.0
            if present > _FORGOTTEN and (score := present * agreement(actor, pronoun)) > _FORGOTTEN:
                found.append((score, actor))
        found.sort(key=_score, reverse=True)
        return found

    def present(self, sentence: int) -> list[tuple[float, Actor]]:
        """All actors that the reader has in mind, each with its salience."""
        return [(self.of(actor, sentence), actor) for actor in self._held]


def _score(entry: tuple[float, Actor]) -> float:
    return entry[0]


def agreement(actor: Actor, pronoun: Pronoun) -> float:
    """How well an actor agrees with a pronoun in gender and number: 0 not at all, 1 fully."""
    if pronoun.number == "plural":
        if actor.plural or actor.kind == "group":
            return 0.3 if actor.vague else 1.0
        return 0.4 if actor.kind == "organisation" else 0.0
    if actor.plural or actor.kind == "group":
        return 0.0
    if pronoun.gender == "n":
        return {"organisation": 1.0, "country": 0.9, "document": 0.8}.get(actor.kind, 0.0)
    if actor.kind not in {"person", "office", "unknown"} or not (actor.sure or actor.gender):
        return 0.0
    vague = _VAGUE if actor.vague else 1.0
    if not actor.gender and actor.leans:
        return (_LEANING if actor.leans == pronoun.gender else _LEANING_AWAY) * vague
    if not actor.gender:
        return _GENDER_UNKNOWN * vague
    return vague if actor.gender == pronoun.gender else 0.0


def going_on(actor: Actor, here: bool) -> float:
    """What makes the last speaker likelier for a pronoun, in the same paragraph (`here`) or the next one."""
    untold = bool(actor.name) and not (actor.gender or actor.leans)
    return (GOING_ON if here else _GOING_ON_AFTER) / (_GENDER_UNKNOWN if untold else 1.0)

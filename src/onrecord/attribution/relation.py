"""What the engines of this stage hand over: a relation in offsets of the text, whichever engine found it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from onrecord.schema import Manner

Ends = tuple[int, int]
"""Offsets into the text, end exclusive."""

Items = tuple[int, int]
"""Items of a sentence: from the first to the second, exclusive."""


class Parts(NamedTuple):
    """A relation in items of its sentence, each part in one or more runs of them."""

    source: tuple[Items, ...]
    cue: tuple[Items, ...]
    content: tuple[Items, ...]
    rule: str
    manner: Manner
    shared: bool = False
    """Whether its source is the subject of another verb."""
    hedged: bool = False
    """Whether the mood of its verb shows that somebody else reports all of it."""


class Carried(NamedTuple):
    """A sentence that carries on what somebody before it said, in offsets of the text."""

    content: tuple[Ends, ...]
    sure: bool
    """Whether it shows so by itself; if not, it must stand right behind a statement."""
    cue: tuple[Ends, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """Source, cue and content as offsets into the text, and what joined them."""

    source: tuple[Ends, ...]
    cue: tuple[Ends, ...]
    content: tuple[Ends, ...]
    rule: str
    """A key of `RULES`."""
    manner: Manner
    chance: float | None = None
    """The chance that this very relation is right, where its engine tells."""

    @property
    def confidence(self) -> float:
        """The chance that the relation is right, source and content together: its own, or else that of its rule."""
        return RULES[self.rule][0] if self.chance is None else self.chance

    @property
    def because(self) -> str:
        """The rule in words."""
        return RULES[self.rule][1]


RULES: dict[str, tuple[float, str]] = {
    "tagger": (0.5, "the trained tagger marked source, cue and content"),
    "clause after content": (0.86, "a reporting clause stands after or amid what it reports"),
    "that-clause after clause": (0.73, "a reporting clause is followed by a that-clause"),
    "according to": (0.70, "a phrase such as “according to” names the source"),
    "quotation after clause": (0.70, "a reporting clause is followed by a quotation"),
    "clause after clause": (0.58, "a reporting clause is followed by what it reports"),
    "question after clause": (0.54, "a reporting clause is followed by an indirect question"),
    "phrase after clause": (0.44, "a reporting verb has a noun phrase for its content"),
    "infinitive after clause": (0.43, "a reporting verb is followed by an infinitive"),
    "passive": (0.50, "a reporting verb in the passive names its source after “by”"),
    "content of noun": (0.46, "a reporting noun is followed by a that-clause"),
    "colon before quotation": (0.85, "a reporting clause ends its paragraph with a colon, a quotation follows"),
    "speaker label": (0.91, "a line of a transcript: a speaker's name and a colon stand before the words"),
    "speaker label before quotation": (0.75, "a name and a colon stand before a quotation"),
    "sentence before": (0.60, "a pronoun before a reporting verb points to the sentence before"),
    "act": (0.50, "a clause tells of a statement without giving its words"),
    "accordingly": (0.50, "a word such as “demnach” carries on what the sentence before it reports"),
    "mood": (0.50, "a sentence in the subjunctive carries on what the sentence before it reports"),
    "quotation by itself": (0.50, "a quotation stands by itself after a statement, which tells its speaker"),
    "signed quotation": (0.80, "a name stands behind a quotation and a dash"),
}
"""Per rule: its precision on PolNeAR-train (content overlap .8, source .5; `bench/attribution.py` prints it), and its
wording. Some figures are not from there: `signed quotation` is too rare and read off PolNeAR-dev; `act`, `accordingly`,
`sentence before` and `mood` occur in German only, whose file has measured ones; for `quotation by itself` PolNeAR has
nothing to compare with, since it joins such quotations to an earlier statement, and the figure is a guess."""

VERBATIM = frozenset({"speaker label"})
"""Rules whose content is direct speech without quotation marks around it."""

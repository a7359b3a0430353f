"""The records that travel between the stages: frozen, comparable, hashable where their parts are.

Every span counts Unicode code points of `Article.text`, end exclusive, and the text between its ends is verbatim.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

BlockKind = Literal[
    "headline",
    "standfirst",
    "byline",
    "dateline",
    "body",
    "caption",
    "credit",
    "teaser",
    "form",
    "comment",
    "navigation",
    "notice",
]
SPOKEN_IN: frozenset[BlockKind] = frozenset({"headline", "standfirst", "body", "caption"})
"""The blocks whose words the article stands for; teasers, forms and navigation belong to other pages."""
StatementKind = Literal["direct", "mixed", "indirect"]
SpeakerKind = Literal["person", "office", "organisation", "country", "unnamed"]
Manner = Literal["speech", "writing", "belief", "intention", "document"]
MediaKind = Literal["html", "text"]
Engine = Literal["model", "rules"]
ConditionKind = Literal["if", "unless", "until", "only_after", "in_return"]
OnWhom = Literal["addressee", "third_party", "circumstances"]
Strength = Literal["specific", "vague", "hedged"]
Reality = Literal["asserted", "future", "hypothetical", "past", "negated"]
Quad = Literal["VC", "VN", "VX", "M"]
"""Verbal cooperation, verbal neutral, verbal conflict, material."""


class Span(Struct, frozen=True, array_like=True, order=True):
    """A stretch of a text: `text[start:end]`."""

    start: int
    end: int


class Passage(Struct, frozen=True):
    """One or more spans of an article and the words each covers, verbatim.

    A passage without spans is false: the reporter named no source, or used no cue.
    """

    spans: tuple[Span, ...] = ()
    parts: tuple[str, ...] = ()
    """The words of each span."""

    def __bool__(self) -> bool:
        return bool(self.spans)

    @property
    def text(self) -> str:
        """The words of all spans, joined by one space."""
        return " ".join(self.parts)

    @property
    def start(self) -> int:
        """Where the first span begins; 0 if there is none."""
        return self.spans[0].start if self.spans else 0

    @property
    def end(self) -> int:
        """Where the last span ends; 0 if there is none."""
        return self.spans[-1].end if self.spans else 0

    @classmethod
    def of(cls, text: str, *ends: tuple[int, int]) -> Passage:
        """The passage of `text` that covers `ends`, in reading order; what overlaps becomes one span.

        >>> Passage.of("No, she said, never.", (14, 19), (0, 2)).parts
        ('No', 'never')
        >>> Passage.of("No, she said, never.", (4, 12), (8, 19)).parts
        ('she said, never',)
        """
        whole: list[tuple[int, int]] = []
        for start, end in sorted(ends):
            if whole and start < whole[-1][1]:
                whole[-1] = whole[-1][0], max(end, whole[-1][1])
            else:
                whole.append((start, end))
        spans = tuple(Span(start, end) for start, end in whole)
        return cls(spans, tuple(text[span.start : span.end] for span in spans))


class Page(Struct, frozen=True):
    """A page as fetched: bytes, or text where somebody else has decoded it already."""

    content: bytes | str
    input: str = ""
    """The location as the user gave it; for a line of a JSONL file, `FILE:LINE`."""
    id: str = ""
    url: str = ""
    charset: str = ""
    """The encoding that the carrier (an HTTP header, say) declared, or nothing."""
    media: MediaKind | None = None
    """What the carrier or the user says it is; None leaves it to the content."""
    lang: str = ""
    fetched: str = ""
    """ISO 8601 date and time of the fetch, if known."""
    published: str = ""
    """ISO 8601 date, or date and time, of publication as the carrier stated it, if it did."""


class Failure(Struct, frozen=True):
    """An input that gave no page, and why; the run goes on without it."""

    input: str
    error: str


class Problem(Struct, frozen=True):
    """Something about an input that its reader should know: what was wrong and what was done about it."""

    stage: str
    message: str


class Repair(Struct, frozen=True):
    """A span of the text that was mojibake: what stood there, and the steps that undid it, to be replayed in order.

    A step is `encode CODEC` or `decode CODEC`, or the name of an ftfy step.
    """

    start: int
    end: int
    original: str
    steps: tuple[str, ...]


class Block(Struct, frozen=True):
    """A run of the text with one kind."""

    kind: BlockKind
    start: int
    end: int
    lang: str = ""
    """The language of its words; that of the article unless the words clearly say otherwise."""


class Credit(Struct, frozen=True):
    """Whose a picture is, as the line below it says: the words, and who is named in them."""

    start: int
    end: int
    photographers: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


class Published(Struct, frozen=True):
    """The day an article was published, and what told it."""

    date: str
    """ISO 8601: a date, or a date and time."""
    how: str
    """`meta`, `dateline` (a full date stands there), `weekday` (the year is inferred), `text`, `url`."""


class Speaker(Struct, frozen=True):
    """Whom a source resolves to."""

    name: str | None
    """None for a speaker whom neither the article nor, for an office, the gazetteer names."""
    kind: SpeakerKind
    role: str | None = None
    country: str | None = None
    """ISO 3166-1 alpha-3."""
    how: str = ""
    """The kind of link: `name`, `surname`, `role`, `pronoun`, `continuation`, `repeated`, `unnamed`, …"""
    because: str = ""
    """The evidence, for a person to check."""
    confidence: float = 0.0
    actor: str | None = None
    """The canonical actor: an id of the gazetteer, else name, office and country joined by `|`; None if unnamed."""
    wikidata: str | None = None
    sector: str | None = None
    """PLOVER's code: GOV, LEG, MIL, JUD, …"""
    others: tuple[str, ...] = ()
    """Those who are named as speaking together with this one."""


class Act(Struct, frozen=True):
    """What a statement does, or one clause of it; `docs/positions.md` explains the scheme."""

    act: str
    """AGREE, CONSULT, SUPPORT, CONCEDE, EXPECT, ASSERT, NO_COMMENT, REQUEST, LIMIT, REJECT, DENY, ACCUSE, THREATEN; or
    SANCTION where the words themselves perform it."""
    mode: str | None = None
    condition: Span | None = None
    """What it hangs on, with the word that says so: "if …", "in return for …"."""
    condition_kind: ConditionKind | None = None
    on_whom: OnWhom | None = None
    """Whose doing the condition is."""
    reciprocal: bool = False
    """Whether one step is offered, asked or threatened for another."""
    strength: Strength = "specific"
    reality: Reality = "asserted"
    span: Span | None = None
    """The clause that proves it."""
    what: Span | None = None
    """What is agreed to, asked for, refused, …: the words behind those that tell the act."""
    source_actor: str | None = None
    """Whose act it is: ISO 3166-1 alpha-3, the code of a body of states, or the canonical actor."""
    target_actor: str | None = None
    """To or against whom."""
    topic: str | None = None
    quad: Quad = "VN"
    cameo: str = ""
    plover: str = ""
    """Empty for an act that PLOVER has no type for."""
    confidence: float = 0.0
    because: str = ""
    """The words or the model that told it."""


class Statement(Struct, frozen=True):
    """One attribution relation: somebody (source) says (cue) something (content)."""

    id: str
    kind: StatementKind
    source: Passage
    cue: Passage
    content: Passage
    manner: Manner = "speech"
    negated: bool = False
    """True if the cue says that this was *not* said, thought or done: *did not say*, *has never claimed*."""
    speaker: Speaker | None = None
    addressee: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    acts: tuple[Act, ...] = ()
    said_on: str | None = None
    venue: str | None = None
    nested_in: str | None = None
    confidence: float = 0.0
    because: str = ""
    """The rule or model that found it."""
    lang: str = ""
    """The language of the words, by whose rules it was found."""

    @property
    def content_text(self) -> str:
        """The words attributed; “ … ” stands where the reporter's own words were between them."""
        return " … ".join(self.content.parts)


class Article(Struct, frozen=True):
    """What a page says once decoded, repaired and taken apart."""

    id: str
    text: str
    input: str = ""
    url: str = ""
    canonical: str = ""
    """The address that the page declares to be its own, where it declares one."""
    lang: str = ""
    headline: str = ""
    bylines: tuple[str, ...] = ()
    publisher: str = ""
    agency: str = ""
    place: str = ""
    published: Published | None = None
    modified: Published | None = None
    """When it was last changed, if the page declares that and it is not when it was published."""
    blocks: tuple[Block, ...] = ()
    credits: tuple[Credit, ...] = ()
    """Whose the pictures are, in reading order."""
    repairs: tuple[Repair, ...] = ()
    statements: tuple[Statement, ...] = ()
    problems: tuple[Problem, ...] = ()

    def __getitem__(self, span: Span | Block | Credit | Repair) -> str:
        """The words that a span, block, credit or repair covers."""
        return self.text[span.start : span.end]

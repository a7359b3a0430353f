"""The schemas of the API's answers, made of the records themselves, so that they say what the records say.

A field's description is the text below it in the record's class.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import Struct

from onrecord.actors.records import Actor
from onrecord.archive.amending import MissedValue, SpansValue
from onrecord.archive.clusters.differences import PieceKind
from onrecord.archive.dialogue import Dialogue
from onrecord.archive.listing import Listed
from onrecord.archive.portraits import Portrait
from onrecord.archive.search import Facets, Source
from onrecord.archive.snippets import Snippet
from onrecord.archive.store import Added
from onrecord.schema import Act, Block, Credit, Manner, Problem, Published, Repair, Span, Speaker, StatementKind

_PREFIX = "#/components/schemas/"
Schema = dict[str, Any]


class StatementAnswer(Struct):
    """One statement; spans count Unicode code points of the article's text, end exclusive."""

    id: str
    kind: StatementKind
    manner: Manner
    negated: bool
    """True if the cue says that this was *not* said, thought or done."""
    source: list[Span]
    """Where those words stand that say who speaks."""
    cue: list[Span]
    """Where the words stand that report: *said*, *according to*."""
    content: list[Span]
    """Where the words attributed stand."""
    speaker: Speaker | None
    addressee: list[str]
    about: list[str]
    acts: list[Act]
    said_on: str | None
    venue: str | None
    nested_in: str | None
    """The id of the statement within which this one is reported."""
    confidence: float
    because: str
    """The rule or model that found it."""
    lang: str


class ArticleAnswer(Struct):
    """What a page says: its text, the parts of it, the statements in it."""

    id: str
    input: str
    url: str
    lang: str
    headline: str
    bylines: list[str]
    publisher: str
    agency: str
    place: str
    published: Published | None
    text: str
    blocks: list[Block]
    repairs: list[Repair]
    statements: list[StatementAnswer]
    problems: list[Problem]
    canonical: str
    """The address that the page declares to be its own, where it declares one."""
    modified: Published | None
    credits: list[Credit]


class HitAnswer(Struct):
    """A statement that was found, and where it stands."""

    number: int
    """Its number in the archive."""
    article: Source
    snippet: Snippet
    cluster: int | None
    reported: int
    """In how many articles of the archive the same utterance is reported."""
    corrected: bool
    content: str
    """The words attributed; “ … ” stands where the reporter's own words were between them."""
    statement: StatementAnswer


class ResultsAnswer(Struct):
    """A page of what was found."""

    total: int
    """How many there are, 10,000 at most."""
    more: bool
    """Whether there are more than `total`."""
    next: str | None
    """What the next page is asked for with, as `after`; null on the last."""
    hits: list[HitAnswer]
    facets: Facets | None


class ReportAnswer(HitAnswer):
    """One report of an utterance, and how its words differ from those of the earliest."""

    reprint_of: int | None
    """The article that its article reprints, if it is wire copy."""
    agency: str
    copies: list[Source]
    """Articles with the same text that hold these words too, and whose own statements were not looked for."""
    pieces: list[tuple[PieceKind, Span, Span]]
    """The stretches of the earliest report's content and of this one's that are the same or differ."""


class ReportsAnswer(Struct):
    """All reports of one utterance, the earliest published first."""

    reports: list[ReportAnswer]


class KeptAnswer(Struct):
    """An article in the archive."""

    number: int
    version: int
    current: bool
    """Whether this is the last version of its page."""
    added: str
    outlet: str
    reprint_of: int | None
    agency: str
    numbers: dict[str, int]
    """What the archive calls the statements, by their ids in the article."""
    corrected: list[str]
    """The ids of those statements that somebody has put right."""
    article: ArticleAnswer


class ArticlesAnswer(Struct):
    """A page of articles, the last added first."""

    articles: list[Listed]
    next: int | None
    """What the next page is asked for with, as `after`; null on the last."""


class CorrectionAnswer(Struct):
    """What a person put right."""

    id: int
    statement: int | None
    """The number of the statement to which it applies; null where the page no longer has it."""
    address: str
    """What identifies the page."""
    field: str
    value: Any
    machine: StatementAnswer
    """What the machine had answered."""
    note: str
    author: str
    made: str
    undone: str | None
    """When it was taken back, if it was."""
    undone_by: str


class CorrectionsAnswer(Struct):
    """A page of corrections."""

    corrections: list[CorrectionAnswer]
    next: int | None
    """What the next page is asked for with, as `after`; null on the last."""


class ActorsAnswer(Struct):
    """The actors that answer a query, best first, and names in the archive that are spelt like it."""

    actors: list[Actor]
    alike: list[str]


class ReadAsked(Struct, forbid_unknown_fields=True):
    """A page to read: its text, its HTML, or the address to fetch it from."""

    text: str = ""
    html: str = ""
    url: str = ""
    """Where the page stands; without `text` and `html` it is fetched from there, if the server does that."""
    lang: str = ""
    """The language, such as `en`; else its words tell."""


class CorrectionAsked(Struct, forbid_unknown_fields=True):
    """A field of a statement, and its right value (docs/archive.md)."""

    field: Literal["speaker", "spans", "kind", "acts", "dropped"]
    value: Any
    """`speaker`: name, kind, role, country. `spans`: source, cue, content. `acts`: act, mode, condition."""
    note: str = ""
    """Why."""


class MissedAsked(Struct, forbid_unknown_fields=True):
    """A statement that was not found, and why it is one."""

    statement: MissedValue
    note: str = ""


class ProblemAnswer(Struct):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[dict[str, str]] = []
    """Which parts of the request make no sense, where that can be told."""


_ANSWERS = (
    ResultsAnswer, ReportsAnswer, KeptAnswer, ArticleAnswer, ArticlesAnswer, CorrectionAnswer, CorrectionsAnswer,
    HitAnswer, ActorsAnswer, Portrait, Dialogue, Added, ReadAsked, CorrectionAsked, MissedAsked, ProblemAnswer,
    SpansValue,
)  # fmt: skip


def reference(kind: type) -> Schema:
    """A reference to the schema of a record."""
    return {"$ref": f"{_PREFIX}{kind.__name__}"}


@cache
def components() -> dict[str, Schema]:
    """Every schema by name."""
    _, made = msgspec.json.schema_components(_ANSWERS, ref_template=f"{_PREFIX}{{name}}")
    for kind in _structs(_ANSWERS):
        properties = made.get(kind.__name__, {}).get("properties", {})
        for field, words in _descriptions(kind).items():
            if field in properties:
                properties[field] = {**properties[field], "description": words}
    return made


def _structs(kinds: tuple[type, ...]) -> Iterator[type]:
    """The records given and all that stand in them."""
    seen: set[type] = set()
    waiting: list[Any] = list(kinds)
    while waiting:
        one = waiting.pop()
        waiting += getattr(one, "__args__", ())
        if isinstance(one, type) and issubclass(one, Struct) and one not in seen:
            seen.add(one)
            waiting += [field.type for field in msgspec.structs.fields(one)]
            yield one


def _descriptions(kind: type) -> dict[str, str]:
    """The texts below the fields of a class, and of those that it is made of."""
    found: dict[str, str] = {}
    for one in reversed(kind.__mro__):
        if one in (object, Struct) or not issubclass(one, Struct):
            continue
        body = ast.parse(inspect.cleandoc("\n" + inspect.getsource(one))).body[0]
        assert isinstance(body, ast.ClassDef)
        for field, below in zip(body.body, body.body[1:], strict=False):
            if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and _is_text(below):
                found[field.target.id] = inspect.cleandoc(below.value.value).replace("\n", " ")  # type: ignore[attr-defined]
    return found


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)

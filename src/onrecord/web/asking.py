"""The address of a search → what is asked of the archive: the filters of the command line, under the same names."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator
from starlette.requests import Request

from onrecord.archive.archive import Archive
from onrecord.archive.asking import Asked
from onrecord.archive.search import Results

MOST_A_PAGE = 100
MOST_OF_A_SIDE = 500
"""Statements of each side that a dialogue looks at, the newest: with the 2,000 of the command line one of two countries
takes a second among a million statements, and others wait as long (`bench/serve.py`)."""
_Word = Annotated[str, StringConstraints(max_length=200)]
_Words = Annotated[list[_Word], Field(max_length=20)]
_Date = Annotated[str, StringConstraints(max_length=10)]


def _any(description: str) -> Any:
    return Field(default_factory=list, description=description)


class SearchAsked(BaseModel):
    """What is sought. Several values of one field mean any of them, several fields all of them; empty ones nothing."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    q: Annotated[str, StringConstraints(max_length=1_000)] = Field(
        "", description='Words in any form, `"phrases"`, `begin*`, `OR`, `NOT` or `-`, parentheses.'
    )
    speaker: _Words = _any(
        "Who speaks: a name in any script; a country, capital or seat of government stands for all who speak for it."
    )
    country: _Words = _any("Whom the speakers belong to: a country's name, or ISO 3166-1 alpha-3.")
    role: _Words = _any("Words of the speaker's office.")
    to: _Words = _any("To whom it was said.")
    about: _Words = _any("Whose conduct or interest it concerns.")
    kind: _Words = _any("`direct`, `mixed` or `indirect`.")
    act: _Words = _any("What it does: `AGREE`, `REQUEST`, `LIMIT`, …")
    outlet: _Words = _any("Words of the publisher's name or host.")
    lang: _Words = _any("The language of the words, such as `en`.")
    conditional: bool = Field(False, description="Only what hangs on a condition.")
    since: _Date = Field("", description="Published then or later: `2021`, `2021-01` or `2021-01-24`.")
    until: _Date = Field("", description="Published then or earlier.")
    said_since: _Date = Field("", description="Said then or later.")
    said_until: _Date = Field("", description="Said then or earlier.")
    min_confidence: Annotated[float, Field(ge=0, le=1)] = Field(0.0, description="Found at least this surely.")
    sort: Literal["relevance", "newest", "oldest"] | None = Field(
        None, description="Else by relevance if words are sought, else the newest first."
    )
    limit: Annotated[int, Field(ge=1, le=MOST_A_PAGE)] = Field(20, description="How many on a page.")
    after: Annotated[str, StringConstraints(max_length=200)] = Field(
        "", description="The `next` of the page before: where to go on."
    )
    facets: bool = Field(False, description="Count what is found by speaker, outlet and month.")

    @model_validator(mode="before")
    @classmethod
    def _without_empty(cls, given: Any) -> Any:
        """What was given without empty values, which a form sends for a field that nobody filled in."""
        if not isinstance(given, dict):
            return given
        kept = {
            name: [one for one in value if one != ""] if isinstance(value, list) else value
            for name, value in given.items()
        }
        return {name: value for name, value in kept.items() if value not in ("", [])}

    @property
    def asked(self) -> Asked:
        """The filters as the archive takes them."""
        return Asked(
            speaker=tuple(self.speaker),
            country=tuple(self.country),
            role=tuple(self.role),
            addressee=tuple(self.to),
            about=tuple(self.about),
            kind=tuple(self.kind),
            act=tuple(self.act),
            outlet=tuple(self.outlet),
            lang=tuple(self.lang),
            conditional=self.conditional,
            since=self.since,
            until=self.until,
            said_since=self.said_since,
            said_until=self.said_until,
            confidence=self.min_confidence,
        )

    def pairs(self, **changed: str) -> list[tuple[str, str]]:
        """What is asked as the pairs of an address, only what was asked; `changed` goes before, "" leaves out."""
        given = {
            name: value if isinstance(value, list) else [value]
            for name, value in self.model_dump(exclude_defaults=True).items()
        }
        given |= {name: [value] if value else [] for name, value in changed.items()}
        return [(name, _said(value)) for name, values in given.items() for value in values]

    def search(self, archive: Archive) -> Results:
        """The page of results; raises `UsageError` for what makes no sense, such as a country nobody knows."""
        return archive.search(
            self.q, self.asked, sort=self.sort, limit=self.limit, after=self.after, facets=self.facets
        )


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class StrictSearch(SearchAsked):
    """The same for programs: a field that does not exist is a mistake, not passed over."""

    model_config = ConfigDict(frozen=True, extra="forbid")


StrictQuery = Annotated[StrictSearch, Query()]
"""What the address of a feed or of a call of the API asks for."""


class Typed(NamedTuple):
    """What somebody typed into the form, so that the form can be shown with it whatever it is."""

    asked: SearchAsked
    """What of it makes sense."""
    wrong: dict[str, str]
    """The values that make none, by field, as they were typed."""
    mistakes: tuple[str, ...]
    """What is wrong with each, in words."""
    passed_over: tuple[str, ...]
    """Names that are no filter."""


_EXPECTED = {
    "min_confidence": "the confidence is a number from 0 to 1",
    "limit": f"a page has from 1 to {MOST_A_PAGE} statements",
    "sort": "the order is one of relevance, newest, oldest",
    "conditional": "“only on a condition” is 1 or nothing",
    "facets": "facets is 1 or nothing",
}
_CALLED = {"q": "the words", "said_since": "said from", "said_until": "said until", "after": "the place to go on from"}
_MOST_SHOWN = 1_000


async def _typed(request: Request) -> Typed:
    given: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        given.setdefault(name, []).append(value)
    fields = SearchAsked.model_fields
    several = {name for name, field in fields.items() if field.default_factory is list}
    known = {name: values if name in several else values[-1] for name, values in given.items() if name in fields}
    unknown = tuple(name for name in given if name not in fields)
    try:
        return Typed(SearchAsked.model_validate(known), {}, (), unknown)
    except ValidationError as error:
        why = {str(one["loc"][0]): _in_words(str(one["loc"][0]), one.get("ctx", {})) for one in error.errors()}
    asked = SearchAsked.model_validate({name: value for name, value in known.items() if name not in why})
    return Typed(asked, {name: given[name][0][:_MOST_SHOWN] for name in why}, tuple(why.values()), unknown)


def _in_words(field: str, limits: dict[str, Any]) -> str:
    """What a field may hold."""
    if field in _EXPECTED:
        return _EXPECTED[field]
    unit = "values" if "actual_length" in limits else "characters"
    return f"{_CALLED.get(field, field)}: {limits.get('max_length', 0):,} {unit} at most"


TypedQuery = Annotated[Typed, Depends(_typed)]
"""What the address of the page asks for."""

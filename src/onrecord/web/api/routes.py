"""The calls of the API that read; those that write are in `writing.py`."""

from __future__ import annotations

import io
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from onrecord.actors.gazetteer import shipped
from onrecord.archive.archive import Archive
from onrecord.archive.asking import country_of
from onrecord.archive.dialogue import Dialogue
from onrecord.archive.order import is_day
from onrecord.archive.portraits import Portrait
from onrecord.archive.search import Hit
from onrecord.errors import UsageError
from onrecord.formats.actors import actor_object
from onrecord.formats.found import hit_object, report_object, results_object
from onrecord.formats.ledger import dialogue_object
from onrecord.formats.wire import article_object
from onrecord.formats.writers import WRITERS
from onrecord.web.api import answers, writing
from onrecord.web.api.answers import answered, correction_object, described, found_or_404
from onrecord.web.api.schemas import (
    ActorsAnswer,
    ArticlesAnswer,
    CorrectionsAnswer,
    HitAnswer,
    KeptAnswer,
    ReportsAnswer,
    ResultsAnswer,
)
from onrecord.web.asking import MOST_A_PAGE, MOST_OF_A_SIDE, StrictQuery
from onrecord.web.dependencies import MOST_NUMBER, Number, OpenArchive, known_only
from onrecord.web.discretion import public_article, public_hit, public_report, public_results
from onrecord.web.lanes import Slow

router = APIRouter(prefix="/api/v1", responses=answers.PROBLEMS, dependencies=[Depends(known_only)])
router.include_router(writing.router)

Limit = Annotated[int, Query(ge=1, le=MOST_A_PAGE, description="How many on a page.")]
After = Annotated[int, Query(ge=0, le=MOST_NUMBER, description="The `next` of the page before.")]
Name = Annotated[str, Query(min_length=1, max_length=200)]
Day = Annotated[str, Query(max_length=10)]
ExportForm = Literal["json", "jsonl", "csv", "html", "text", "webannotation", "schemaorg"]
_MEDIA = {
    "json": "application/json", "jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8",
    "html": "text/html; charset=utf-8", "text": "text/plain; charset=utf-8", "webannotation": "application/ld+json",
    "schemaorg": "application/ld+json",
}  # fmt: skip
_SUFFIX = {"text": "txt", "webannotation": "webannotation.json", "schemaorg": "schemaorg.json"}


@router.get("/search", tags=["search"], summary="Search for who said what", responses=described(ResultsAnswer))
def search(asked: StrictQuery, archive: OpenArchive) -> Response:
    """The statements that match the words and all filters, a page of them.

    The filters are those of `onrecord search`; several values of one mean any of them. `next` leads to the next page.
    """
    return answered(results_object(public_results(asked.search(archive))))


@router.get("/articles", tags=["articles"], summary="List articles", responses=described(ArticlesAnswer))
def articles(archive: OpenArchive, limit: Limit = 20, after: After = 0) -> Response:
    """The articles of the archive in short, the last added first."""
    found = archive.articles_listed(after, limit)
    following = found[-1].number if len(found) == limit else None
    return answered({"articles": [msgspec.to_builtins(one) for one in found], "next": following})


@router.get("/articles/{number}", tags=["articles"], summary="Get an article", responses=described(KeptAnswer))
def article(number: Number, archive: OpenArchive) -> Response:
    """An article with its text, its parts and its statements as they count, corrections included."""
    kept = found_or_404(archive.kept(number), f"no article {number} in the archive")
    plain = {
        "number": kept.number,
        "version": kept.version.version,
        "current": kept.version.current,
        "added": kept.version.added,
        "outlet": kept.outlet,
        "reprint_of": kept.reprint_of,
        "agency": kept.agency,
        "numbers": {name: one.number for name, one in kept.statements.items()},
        "corrected": [name for name, one in kept.statements.items() if one.corrected],
        "article": article_object(public_article(kept.article)),
    }
    return answered(plain)


@router.get(
    "/articles/{number}/export",
    tags=["articles"],
    summary="Download an article",
    response_class=Response,
    responses={200: {"description": "The file", "content": {media.partition(";")[0]: {} for media in _MEDIA.values()}}},
)
def export(
    number: Number,
    archive: OpenArchive,
    form: Annotated[ExportForm, Query(alias="format", description="As `onrecord read --format` writes it.")] = "json",
) -> Response:
    """An article as a file, in the forms of `onrecord read`."""
    found = found_or_404(archive.article(number), f"no article {number} in the archive")
    out = io.StringIO()
    writer = WRITERS[form](out)
    writer.send(public_article(found))
    writer.close()
    name = f"onrecord-{number}.{_SUFFIX.get(form, form)}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(out.getvalue().encode("utf-8", "replace"), 200, headers, _MEDIA[form])


@router.get("/statements/{number}", tags=["statements"], summary="Get a statement", responses=described(HitAnswer))
def statement(number: Number, archive: OpenArchive) -> Response:
    """A statement as it counts, and where it stands."""
    return answered(hit_object(public_hit(_statement(archive, number))))


def _statement(archive: Archive, number: int) -> Hit:
    return found_or_404(archive.statement(number), f"no statement {number} in the archive")


@router.get(
    "/statements/{number}/reports",
    tags=["statements"],
    summary="Who reported the same utterance",
    responses=described(ReportsAnswer),
)
def reports(number: Number, archive: OpenArchive) -> Response:
    """All reports of the utterance that a statement is one of, the earliest first, and how their wordings differ."""
    _statement(archive, number)
    return answered({"reports": [report_object(public_report(one)) for one in archive.reports(number)]})


@router.get(
    "/statements/{number}/corrections",
    tags=["corrections"],
    summary="The history of a statement",
    responses=described(CorrectionsAnswer),
)
def history(number: Number, archive: OpenArchive) -> Response:
    """Every correction of a statement in the order they were made, with those that were taken back."""
    _statement(archive, number)
    return answered(
        {"corrections": [correction_object(one) for one in archive.corrections(number, undone=True)], "next": None}
    )


@router.get("/corrections", tags=["corrections"], summary="List corrections", responses=described(CorrectionsAnswer))
def corrections(archive: OpenArchive, limit: Limit = 20, after: After = 0) -> Response:
    """Every correction, the last made first, with those that were taken back."""
    found = archive.latest_corrections(after, limit)
    following = found[-1].id if len(found) == limit else None
    return answered({"corrections": [correction_object(one) for one in found], "next": following})


@router.get("/actors", tags=["actors"], summary="Look actors up", responses=described(ActorsAnswer))
def actors(
    archive: OpenArchive,
    q: Annotated[Name, Query(description="Words of a name in any script, an office, a country.")],
    on: Annotated[Day, Query(description="Only who held an office then: `2021`, `2021-01` or `2021-01-20`.")] = "",
) -> Response:
    """The people, bodies and countries that speakers point to, as `onrecord actors` finds them."""
    if on and not is_day(on):
        raise UsageError(f"{on!r} is no date; write 2021, 2021-01 or 2021-01-20")
    known = [actor_object(one) for one in shipped().search(q, on)]
    return answered({"actors": known, "alike": archive.names_like(q)})


@router.get("/speakers", tags=["actors"], summary="What a speaker said, in figures", responses=described(Portrait))
def speaker(
    archive: OpenArchive,
    name: Annotated[Name, Query(description="The name exactly as the archive has it.")],
    country: Annotated[str | None, Query(max_length=60, description="Of which country, where several bear it.")] = None,
) -> Response:
    """To whom and about whom somebody speaks, where and when: counts of their newest statements."""
    found = archive.portrait(name, _country(country) if country else None)
    return answered(msgspec.to_builtins(found_or_404(found, f"nobody called {name!r} speaks in the archive")))


@router.get(
    "/countries/{country}", tags=["actors"], summary="What a country said, in figures", responses=described(Portrait)
)
def country(
    archive: OpenArchive,
    country: Annotated[str, Path(max_length=60, description="Its name or code, a capital, a seat of government.")],
) -> Response:
    """The same of all who speak for a country."""
    return answered(msgspec.to_builtins(archive.country_portrait(_country(country))))


def _country(name: str) -> str:
    code = country_of(name) or country_of(name.upper()) or country_of(name.title())
    return found_or_404(code, f"{name!r} is no country")


@router.get(
    "/dialogue",
    tags=["dialogue"],
    summary="Two actors, side by side",
    responses=described(Dialogue),
    dependencies=[Slow],
)
def dialogue(
    archive: OpenArchive,
    a: Annotated[Name, Query(description="A country, body, organisation or person.")],
    b: Annotated[Name, Query(description="The other one.")],
    since: Annotated[Day, Query(description="Published then or later.")] = "",
    until: Annotated[Day, Query(description="Published then or earlier.")] = "",
    topic: Annotated[str, Query(max_length=40, description="Only moves on this topic, such as `military`.")] = "",
) -> Response:
    """Two actors' offers, conditions, demands, limits, refusals and accusations toward each other, as
    `onrecord dialogue` prints them: each with its proof, where they coincide and differ, what was answered.

    Looked at are the newest 500 statements of each side that name the other; `since` and `until` lead to older ones."""
    for day in (since, until):
        if day and not is_day(day):
            raise UsageError(f"{day!r} is no date; write 2021, 2021-01 or 2021-01-20")
    return answered(dialogue_object(archive.dialogue(a, b, since, until, topic, MOST_OF_A_SIDE)))

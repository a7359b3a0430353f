"""The commands of the archive: add, search, correct, export."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from onrecord.cli_common import (
    EXIT_SOME_FAILED,
    HERE,
    OWN_ACTORS,
    By,
    Carrier,
    Where,
    complain,
    counted,
    gazetteer,
    in_language,
    known_language,
    many,
    problems_told,
    writer_of,
    written,
)
from onrecord.cli_filters import (
    Abouts,
    ActsDone,
    Addressees,
    Conditional,
    Countries,
    Kinds,
    Langs,
    Outlets,
    Roles,
    Speakers,
    Sure,
)
from onrecord.cli_semantic import INDEX, MODEL, place_of, search_alike
from onrecord.errors import UsageError
from onrecord.schema import Failure

app = typer.Typer()


class Sorting(StrEnum):
    """The order of what is found."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class FoundFormat(StrEnum):
    """What `search` can print."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


class ReportsFormat(StrEnum):
    """What `reports` can print."""

    TEXT = "text"
    JSON = "json"


class DialogueFormat(StrEnum):
    """What `dialogue` can print."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


class ExportFormat(StrEnum):
    """What an archive can be written as."""

    JSONL = "jsonl"
    CSV = "csv"
    HTML = "html"
    BRAT = "brat"
    INCEPTION = "inception"
    LABELSTUDIO = "labelstudio"
    WEBANNOTATION = "webannotation"
    SCHEMAORG = "schemaorg"
    PARQUET = "parquet"
    CORPUS = "corpus"
    CASES = "cases"


class CorrectedField(StrEnum):
    """What can be put right."""

    SPEAKER = "speaker"
    SPANS = "spans"
    KIND = "kind"
    ACTS = "acts"
    DROPPED = "dropped"


@app.command(epilog="Example: onrecord add pages/ --archive news.db   ·   onrecord add https://example.org/story")
def add(
    inputs: Annotated[
        list[str],
        typer.Argument(metavar="INPUT...", help="Files, folders, globs, http(s) addresses, or - for standard input."),
    ],
    archive: Where = HERE,
    engine: Annotated[By, typer.Option("--engine", help="The trained tagger, or the faster rules.")] = By.MODEL,
    lang: Annotated[str, typer.Option("--lang", help="The language of every input, such as en.")] = "",
    carrier: Annotated[Carrier | None, typer.Option("--as", help="What every input is; else content tells.")] = None,
    actors_file: Annotated[Path | None, typer.Option("--actors", help=OWN_ACTORS)] = None,
    again: Annotated[bool, typer.Option("--again", help="Read pages anew that are there; corrections stay.")] = False,
    articles: Annotated[
        bool,
        typer.Option(
            "--articles",
            help="INPUT is what onrecord read wrote as jsonl or parquet; told by itself of batch's folders.",
        ),
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print a line for each page once it is stored.")
    ] = False,
) -> None:
    """Read pages into an archive; what is there already stays as it is."""
    from onrecord.archive.archive import open_archive
    from onrecord.archive.reading import added, stored
    from onrecord.articles import articles_of
    from onrecord.batch.loading import is_run, loaded
    from onrecord.intake import pages

    known_language(lang)
    tally: Counter[str] = Counter()
    problems: Counter[str] = Counter()
    runs = [given for given in inputs if is_run(Path(given))]
    others = [given for given in inputs if given not in runs]
    with open_archive(archive) as opened:
        results = [stored(opened, chain(loaded(runs), articles_of(others if articles else ())), again)]
        if others and not articles:
            found = in_language(pages(others, carrier.value if carrier else None), lang)
            results.append(added(opened, found, engine.value, gazetteer(actors_file), again))
        for result in counted(chain.from_iterable(results), "pages"):
            if isinstance(result, Failure):
                tally["failed"] += 1
                complain(result.error)
                continue
            tally[result.outcome] += 1
            tally["statements"] += result.statements
            problems.update(result.problems)
            if verbose:
                print(f"{result.outcome}\t{result.article}\t{result.statements}\t{result.address}", flush=True)
    print(f"onrecord: {'; '.join([*_told(tally), *problems_told(problems)])}", file=sys.stderr)
    raise typer.Exit(EXIT_SOME_FAILED if tally["failed"] else 0)


def _told(tally: Counter[str]) -> list[str]:
    """What adding came to."""
    parts = [f"{many(tally['new'], 'page')} added, {many(tally['statements'], 'statement')}"]
    parts += [f"{many(tally['version'], 'page')} changed, the earlier version kept"] * bool(tally["version"])
    parts += [f"{many(tally['again'], 'page')} read anew"] * bool(tally["again"])
    parts += [f"{many(tally['same'], 'page')} there already"] * bool(tally["same"])
    parts += [f"{many(tally['failed'], 'input')} failed"] * bool(tally["failed"])
    return parts


@app.command(
    epilog="Example: onrecord search 'sanctions -oil' --speaker Moscow --about Washington --since 2021-01",
)
def search(
    query: Annotated[
        list[str] | None,
        typer.Argument(metavar="[QUERY]...", help='Words in any form, "phrases", begin*, OR, NOT or -, parentheses.'),
    ] = None,
    archive: Where = HERE,
    speaker: Speakers = None,
    country: Countries = None,
    role: Roles = None,
    addressee: Addressees = None,
    about: Abouts = None,
    kind: Kinds = None,
    act: ActsDone = None,
    conditional: Conditional = False,
    outlet: Outlets = None,
    lang: Langs = None,
    since: Annotated[
        str, typer.Option(metavar="DATE", help="Published then or later: 2021, 2021-01, 2021-01-24.")
    ] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Published then or earlier.")] = "",
    said_since: Annotated[str, typer.Option(metavar="DATE", help="Said then or later.")] = "",
    said_until: Annotated[str, typer.Option(metavar="DATE", help="Said then or earlier.")] = "",
    sure: Sure = 0.0,
    sort: Annotated[
        Sorting | None, typer.Option(help="Else by relevance if words are sought, else the newest first.")
    ] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="How many to print.")] = 20,
    after: Annotated[str, typer.Option(metavar="PLACE", help="Go on from the `next` of the page before.")] = "",
    facets: Annotated[bool, typer.Option("--facets", help="Count what is found by speaker, outlet, month.")] = False,
    like: Annotated[str, typer.Option(metavar="TEXT", help="Those that say something like this; see embed.")] = "",
    model: Annotated[Path | None, MODEL] = None,
    index: Annotated[Path | None, INDEX] = None,
    form: Annotated[FoundFormat, typer.Option("--format", "-f", help="What to print.")] = FoundFormat.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")] = None,
) -> None:
    """Search an archive for who said what; exit code 1 if nothing is found."""
    from onrecord.archive.archive import open_to_read
    from onrecord.archive.asking import Asked
    from onrecord.formats.found import print_results

    asked = Asked(
        speaker=tuple(speaker or ()),
        country=tuple(country or ()),
        role=tuple(role or ()),
        addressee=tuple(addressee or ()),
        about=tuple(about or ()),
        kind=tuple(kind or ()),
        act=tuple(act or ()),
        outlet=tuple(outlet or ()),
        lang=tuple(lang or ()),
        conditional=conditional,
        since=since,
        until=until,
        said_since=said_since,
        said_until=said_until,
        confidence=sure,
    )
    typed = " ".join(query or ())
    with open_to_read(archive) as opened:
        if like:
            if sort or after or facets:
                raise UsageError("--like ranks by likeness, on one page: it goes with no --sort, --after or --facets")
            results = search_alike(opened, like, place_of(archive, index), model, typed, asked, limit)
        else:
            results = opened.search(
                typed, asked, sort=sort.value if sort else None, limit=limit, after=after, facets=facets
            )
        names = [*asked.speaker, *asked.addressee, *asked.about] if not results.total else []
        alike = list(dict.fromkeys(near for name in names for near in opened.names_like(name)))
    with written(output) as out:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        print_results(results, form.value, text)
        text.detach()
    if not results.total:
        hint = f"; names like that: {', '.join(alike)}" if alike else ""
        complain(f"nothing found; fewer words or filters find more{hint}")
    raise typer.Exit(0 if results.total else EXIT_SOME_FAILED)


@app.command(epilog="Example: onrecord reports 198280923316233 --archive news.db")
def reports(
    statement: Annotated[int, typer.Argument(metavar="STATEMENT", help="Its number, as search prints it.")],
    archive: Where = HERE,
    form: Annotated[ReportsFormat, typer.Option("--format", "-f", help="What to print.")] = ReportsFormat.TEXT,
) -> None:
    """Show who reported an utterance, the earliest first, and how the wordings differ."""
    from onrecord.archive.archive import open_to_read
    from onrecord.formats.found import print_reports

    with open_to_read(archive) as opened:
        found = opened.reports(statement)
    print_reports(found, form.value, sys.stdout)


@app.command(epilog="Example: onrecord dialogue Russia 'United States' --since 2021-01 --archive news.db")
def dialogue(
    first: Annotated[str, typer.Argument(metavar="A", help="A country, body, organisation or person.")],
    second: Annotated[str, typer.Argument(metavar="B", help="The other one.")],
    archive: Where = HERE,
    since: Annotated[str, typer.Option(metavar="DATE", help="Published then or later: 2021, 2021-01.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Published then or earlier.")] = "",
    topic: Annotated[str, typer.Option(help="Only moves on this topic, such as military (docs/positions.md).")] = "",
    form: Annotated[DialogueFormat, typer.Option("--format", "-f", help="What to print.")] = DialogueFormat.TEXT,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")] = None,
) -> None:
    """Show two actors side by side: offers, conditions, demands, refusals, accusations, each with its proof."""
    from onrecord.archive.archive import open_to_read
    from onrecord.formats.ledger import print_dialogue

    with open_to_read(archive) as opened:
        found = opened.dialogue(first, second, since, until, topic)
    with written(output) as out:
        text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=True)
        print_dialogue(found, form.value, text)
        text.detach()
    if not found.moves:
        complain(f"no moves of {first} and {second} toward each other")
    raise typer.Exit(0 if found.moves else EXIT_SOME_FAILED)


@app.command(epilog="Example: onrecord export --format parquet -o out/   ·   onrecord export --corrected -f corpus")
def export(
    archive: Where = HERE,
    form: Annotated[ExportFormat, typer.Option("--format", "-f", help="What to write.")] = ExportFormat.JSONL,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="A file, a folder for what is several files.")
    ] = None,
    corrected: Annotated[bool, typer.Option("--corrected", help="Only articles that somebody has corrected.")] = False,
) -> None:
    """Write the articles of an archive, with every correction in its place."""
    from onrecord.archive.archive import open_to_read

    count = 0
    with open_to_read(archive) as opened, writer_of(form.value, output) as writer:
        for article in counted(opened.articles(corrected), "articles"):
            writer.send(article)
            count += 1
    print(f"onrecord: {many(count, 'article')} written", file=sys.stderr)


@app.command(epilog='Example: onrecord correct 198280923316233 speaker \'{"name": "Ada Quill", "role": "minister"}\'')
def correct(
    statement: Annotated[int, typer.Argument(metavar="STATEMENT", help="Its number, as search prints it.")],
    field: Annotated[CorrectedField, typer.Argument(metavar="FIELD", help="speaker, spans, kind, acts or dropped.")],
    value: Annotated[str, typer.Argument(metavar="VALUE", help="The right value, as JSON (docs/archive.md).")],
    archive: Where = HERE,
    author: Annotated[str, typer.Option(help="Who puts it right.")] = "",
    note: Annotated[str, typer.Option(help="Why.")] = "",
) -> None:
    """Put right what the machine got wrong; its answer is kept beside yours."""
    from onrecord.archive.archive import open_to_read

    try:
        given = json.loads(value)
    except ValueError as error:
        raise UsageError(f"{value!r} is no JSON ({error}); a name in it stands in double quotation marks") from error
    with open_to_read(archive) as opened:
        made = opened.correct(statement, field.value, given, author, note)
    print(f"correction {made.id}: {field.value} of statement {statement}")


@app.command(epilog="Example: onrecord undo 7 --archive news.db")
def undo(
    correction: Annotated[int, typer.Argument(metavar="CORRECTION", help="Its number.")],
    archive: Where = HERE,
    author: Annotated[str, typer.Option(help="Who takes it back.")] = "",
) -> None:
    """Take a correction back."""
    from onrecord.archive.archive import open_to_read

    with open_to_read(archive) as opened:
        made = opened.undo(correction, author)
    print(f"correction {made.id} taken back: {made.field} of statement {made.statement}")

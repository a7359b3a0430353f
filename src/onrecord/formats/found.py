"""Results of a search, for people and for programs."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import Any, TextIO

import msgspec
from rich.console import Console
from rich.text import Text

from onrecord.archive.comparing import Reported
from onrecord.archive.search import Facets, Hit, Results
from onrecord.formats.rows import cell
from onrecord.formats.terminal import inert
from onrecord.formats.wire import statement_object
from onrecord.schema import Span

_COLUMNS = (
    "statement", "published", "outlet", "headline", "url", "speaker", "role", "country", "kind", "acts", "content",
    "reported", "cluster", "article",
)  # fmt: skip
_MOST_FACETS = 8


def print_results(results: Results, form: str, out: TextIO) -> None:
    """Print a page of results as `text`, `json`, `jsonl` or `csv`."""
    if form == "json":
        out.write(_json(results_object(results)) + "\n")
    elif form == "jsonl":
        out.writelines(_json(hit_object(hit)) + "\n" for hit in results.hits)
    elif form == "csv":
        table = csv.writer(out)
        alike = any(hit.similarity is not None for hit in results.hits)
        table.writerow([*_COLUMNS, *["similarity"] * alike])
        table.writerows([*_row(hit), *[str(hit.similarity)] * alike] for hit in results.hits)
    else:
        console = Console(file=out, highlight=False, width=None if out.isatty() else 120)
        for line in _lines(results):
            console.print(line, soft_wrap=True)


def print_reports(reports: Sequence[Reported], form: str, out: TextIO) -> None:
    """Print the reports of one utterance as `text` or `json`."""
    if form == "json":
        out.write(_json([report_object(one) for one in reports]) + "\n")
        return
    console = Console(file=out, highlight=False, width=None if out.isatty() else 120)
    first = reports[0].hit.statement.content_text
    for n, one in enumerate(reports):
        for line in _report(n, one, first):
            console.print(line, soft_wrap=True)


def report_object(one: Reported) -> dict[str, Any]:
    """A report as plain lists and dictionaries; `pieces` are [kind, [start, end], [start, end]]."""
    return {
        **hit_object(one.hit),
        "reprint_of": one.reprint_of,
        "agency": one.agency,
        "copies": msgspec.to_builtins(one.copies),
        "pieces": [[piece.kind, list(_ends(piece.first)), list(_ends(piece.second))] for piece in one.pieces],
    }


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end


def _report(n: int, one: Reported, first: str) -> Iterator[Text]:
    """Where and when, and the words: what the first has and this one has not in [- -], what it has instead in {+ +}."""
    hit = one.hit
    head = Text(
        f"{(hit.article.published or 'no date')[:16]}  {inert(hit.article.outlet or hit.article.input)}", "bold"
    )
    if one.reprint_of:
        agency = f" ({one.agency})" if one.agency else ""
        head.append(f"  reprint of the text of article {one.reprint_of}{inert(agency)}", "not bold dim")
    yield head
    if n == 0:
        yield Text(f"    {inert(first)}")
    else:
        yield Text("    ").append_text(_changes(one, first))
    yield Text(inert(f"    {hit.article.url or hit.article.input}  ·  #{hit.id}"), "dim")
    for copy in one.copies:
        day = (copy.published or "no date")[:16]
        yield Text(inert(f"    same text  {day}  {copy.outlet or copy.input}  ·  {copy.url or copy.input}"), "dim")


def _changes(one: Reported, first: str) -> Text:
    words = Text()
    here = one.hit.statement.content_text
    for piece in one.pieces:
        before, after = first[piece.first.start : piece.first.end], here[piece.second.start : piece.second.end]
        if piece.kind == "same":
            words.append(inert(after))
            continue
        if before.strip():
            words.append(f"[-{inert(before.strip())}-] ", "red strike")
        if after.strip():
            words.append(f"{{+{inert(after.strip())}+}} ", "green")
    return words


def results_object(results: Results) -> dict[str, Any]:
    """A page of results as plain lists and dictionaries."""
    return {
        "total": results.total,
        "more": results.more,
        "next": results.next or None,
        "hits": [hit_object(hit) for hit in results.hits],
        "facets": msgspec.to_builtins(results.facets),
    }


def hit_object(hit: Hit) -> dict[str, Any]:
    """A hit as plain lists and dictionaries; `number` is what the archive calls the statement."""
    return ({} if hit.similarity is None else {"similarity": hit.similarity}) | {
        "number": hit.id,
        "article": msgspec.to_builtins(hit.article),
        "snippet": msgspec.to_builtins(hit.snippet),
        "cluster": hit.cluster,
        "reported": hit.reported,
        "corrected": hit.corrected,
        "content": hit.statement.content_text,
        "statement": statement_object(hit.statement),
    }


def _row(hit: Hit) -> list[str]:
    one, speaker = hit.statement, hit.statement.speaker
    values = (
        hit.id, hit.article.published, hit.article.outlet, hit.article.headline, hit.article.url,
        speaker and speaker.name, speaker and speaker.role, speaker and speaker.country, one.kind,
        "; ".join(act.act for act in one.acts), one.content_text, hit.reported, hit.cluster, hit.article.id,
    )  # fmt: skip
    return [cell("" if value is None else str(value)) for value in values]


def _lines(results: Results) -> Iterator[Text]:
    for hit in results.hits:
        yield from _hit(hit)
    if results.facets:
        yield from _facets(results.facets)
    if results.hits:
        shown = len(results.hits)
        total = f"more than {results.total:,}" if results.more else f"{results.total:,}"
        yield Text(f"{shown:,} of {total}" if shown < results.total else f"{total} found", "dim")
    if results.next:
        yield Text(f"the next page: --after {results.next}", "dim")


def _hit(hit: Hit) -> Iterator[Text]:
    """Who, what, and where it is proved."""
    speaker = hit.statement.speaker
    head = Text(inert((speaker and speaker.name) or hit.statement.source.text or "(nobody named)"), "bold")
    told = ((speaker and speaker.role), (speaker and speaker.country))
    facts = [fact for fact in told if fact and inert(fact) not in head.plain]
    if facts:
        head.append(f" ({inert(', '.join(facts))})", "not bold")
    marks = [*dict.fromkeys(act.act for act in hit.statement.acts), *["corrected"] * hit.corrected]
    if marks:
        head.append(f"  {' · '.join(marks)}", "not bold cyan")
    yield head
    words = Text("    " + inert(hit.snippet.text))
    for mark in hit.snippet.marks:
        words.stylize("bold yellow", mark.start + 4, mark.end + 4)
    yield words
    times = f"  ·  {hit.reported} reports, cluster {hit.cluster}" if hit.reported > 1 else ""
    alike = "" if hit.similarity is None else f"  ·  like {hit.similarity:.2f}"
    where = hit.article.url or hit.article.input or hit.article.key
    proof = (
        f"    {(hit.article.published or 'no date')[:10]}  {hit.article.outlet or where}{times}{alike}  ·  #{hit.id}"
    )
    yield Text(inert(proof), "dim")
    if hit.article.outlet:
        yield Text(inert(f"    {where}"), "dim")


def _facets(facets: Facets) -> Iterator[Text]:
    for name, counts in (("speakers", facets.speakers), ("outlets", facets.outlets), ("months", facets.months)):
        listed = "  ".join(f"{inert(value)} {count:,}" for value, count in counts[:_MOST_FACETS])
        yield Text(f"{name}: {listed}", "dim")


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode("utf-8")

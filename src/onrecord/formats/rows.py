"""Statements as rows of a table: CSV for spreadsheets and statistics."""

from __future__ import annotations

import csv
import io

from onrecord.schema import Article, Statement

COLUMNS = (
    "article",
    "input",
    "url",
    "published",
    "publisher",
    "headline",
    "statement",
    "kind",
    "manner",
    "negated",
    "speaker",
    "speaker_kind",
    "role",
    "country",
    "how",
    "speaker_confidence",
    "source",
    "cue",
    "content",
    "spans",
    "confidence",
    "actor",
    "wikidata",
    "sector",
    "addressee",
    "said_on",
    "venue",
    "about",
    "acts",
    "condition",
    "source_actor",
    "target_actor",
    "topic",
    "quad",
)
"""`spans` are the content's offsets in the article's text, `start-end`, those of a split content joined by `;`; so are
several acts, `ACT/mode`. What follows `acts` is that of the first of them, the weightiest."""

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def header() -> str:
    """The line with the names of the columns."""
    return _line(COLUMNS)


def article_rows(article: Article) -> str:
    """A line for each statement of the article; an empty string if it has none.

    A cell that a spreadsheet would run as a formula gets a leading apostrophe: the words come from strangers' pages.
    """
    return "".join(_line(tuple(cell(value) for value in _row(article, one))) for one in article.statements)


def _row(article: Article, statement: Statement) -> tuple[str, ...]:
    speaker = statement.speaker
    first = statement.acts[0] if statement.acts else None
    return (
        article.id,
        article.input,
        article.url,
        article.published.date if article.published else "",
        article.publisher,
        article.headline,
        statement.id,
        statement.kind,
        statement.manner,
        "true" if statement.negated else "false",
        (speaker.name or "") if speaker else "",
        speaker.kind if speaker else "",
        (speaker.role or "") if speaker else "",
        (speaker.country or "") if speaker else "",
        speaker.how if speaker else "",
        f"{speaker.confidence:.2f}" if speaker else "",
        statement.source.text,
        statement.cue.text,
        statement.content_text,
        ";".join(f"{span.start}-{span.end}" for span in statement.content.spans),
        f"{statement.confidence:.2f}",
        (speaker.actor or "") if speaker else "",
        (speaker.wikidata or "") if speaker else "",
        (speaker.sector or "") if speaker else "",
        "; ".join(statement.addressee),
        statement.said_on or "",
        statement.venue or "",
        "; ".join(statement.about),
        ";".join(f"{act.act}/{act.mode}" if act.mode else act.act for act in statement.acts),
        article[first.condition] if first and first.condition else "",
        (first.source_actor or "") if first else "",
        (first.target_actor or "") if first else "",
        (first.topic or "") if first else "",
        first.quad if first else "",
    )


def cell(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA_STARTS) else value


def _line(cells: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return out.getvalue()

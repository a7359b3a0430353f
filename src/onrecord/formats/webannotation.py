"""Articles as W3C Web Annotations in JSON-LD, and back (https://www.w3.org/TR/annotation-model/).

An article is one `AnnotationCollection` with one page; a statement is one annotation. Its targets are the stretches of
its content, source and cue, told apart by `styleClass`. Each is selected twice, as the model allows: by position and by
quotation. The model counts positions in Unicode code points, as we do, but of the text of the *source*, and what stands
on a web page is not what was read from it. Every target therefore has a `TimeState` whose `cached` copy is the
article's text, embedded in the collection; the model has states applied before selectors. So positions hold in that
text, and quotations also on the page itself, except where it was mojibake.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from onrecord import __version__
from onrecord.errors import InputError
from onrecord.formats.iris import article_iri, name_of, wikidata_iri
from onrecord.formats.wire import Json, article_from, article_object, statement_object
from onrecord.schema import Article, Span, Speaker, Statement

CONTEXT: list[Any] = [
    "http://www.w3.org/ns/anno.jsonld",
    {
        "@version": 1.1,
        "record": {"@id": "http://www.w3.org/1999/02/22-rdf-syntax-ns#value", "@type": "@json"},
        "references": {"@id": "http://purl.org/dc/terms/references", "@type": "@id"},
    },
]
"""The model's own terms and two more: `record`, a JSON value, and `references`, the text that positions count in."""

ROLES = ("content", "source", "cue")
_AROUND = 32
"""Characters before and after a quotation, as the clients of Hypothesis give them."""
_STYLE = ".content{background:#fe9}.source{font-weight:bold}.cue{font-style:italic}"


def collection(article: Article) -> Json:
    """The article as one AnnotationCollection; its statements are the items of the page under `first`.

    `references` is the article's text, `record` what else `--format json` gives of it.
    """
    name = name_of(article, "collection")
    whole = article_object(article)
    del whole["text"], whole["statements"]
    return {
        "@context": CONTEXT,
        "id": name,
        "type": "AnnotationCollection",
        "label": article.headline or article.url or article.id or "article",
        "generator": {"type": "Software", "name": f"onrecord {__version__}"},
        "total": len(article.statements),
        "references": _text(article),
        "record": whole,
        "first": {
            "id": name_of(article, "page"),
            "type": "AnnotationPage",
            "partOf": name,
            "startIndex": 0,
            "items": [annotation(article, statement) for statement in article.statements],
        },
    }


def _text(article: Article) -> Json:
    text = {"id": name_of(article, "text"), "type": "Text", "format": "text/plain", "value": article.text}
    return text | ({"language": article.lang} if article.lang else {})


def annotation(article: Article, statement: Statement) -> Json:
    """One statement as an annotation that describes its targets; without the `@context`, which its collection has."""
    targets = [_target(article, span, role) for role in ROLES for span in getattr(statement, role).spans]
    return {
        "id": name_of(article, "statement", statement.id),
        "type": "Annotation",
        "motivation": "describing",
        "stylesheet": {"type": "CssStylesheet", "value": _STYLE},
        "body": list(_bodies(statement)),
        "target": targets,
    }


def _bodies(statement: Statement) -> Iterator[Json]:
    """For people, who said it and how; for linked data, who that is; for programs, the whole record."""
    yield {"type": "TextualBody", "purpose": "describing", "format": "text/plain", "value": _described(statement)}
    yield {"type": "TextualBody", "purpose": "tagging", "format": "text/plain", "value": statement.kind}
    known = wikidata_iri(statement.speaker.wikidata) if statement.speaker else ""
    if known:
        yield {"type": "SpecificResource", "purpose": "identifying", "source": known}
    record = statement_object(statement)
    for role in ROLES:
        del record[role]
    yield {"type": "Dataset", "format": "application/json", "record": record}


def _described(statement: Statement) -> str:
    said = "not said" if statement.negated else statement.cue.text or "said"
    return f"{_called(statement.speaker)}: {said} ({statement.kind}, {statement.manner})"


def _called(speaker: Speaker | None) -> str:
    if speaker is None:
        return "speaker not known"
    return ", ".join(part for part in (speaker.name, speaker.role) if part) or "unnamed"


def _target(article: Article, span: Span, role: str) -> Json:
    text = article.text
    return {
        "type": "SpecificResource",
        "source": article_iri(article),
        "state": {"type": "TimeState", "cached": name_of(article, "text")},
        "selector": [
            {"type": "TextPositionSelector", "start": span.start, "end": span.end},
            {
                "type": "TextQuoteSelector",
                "exact": text[span.start : span.end],
                "prefix": text[max(0, span.start - _AROUND) : span.start],
                "suffix": text[span.end : span.end + _AROUND],
            },
        ],
        "styleClass": role,
    }


def article_from_collection(given: Json) -> Article:
    """The article that a collection of `collection` stands for, equal to it as `article_from` has it.

    Spans are taken from the position selectors of the targets; where a quotation stands beside a position and the text
    reads otherwise, the two contradict each other. Raises `InputError` for that and for any other object.
    """
    try:
        whole = dict(given["record"])
        whole["text"] = given["references"]["value"]
        whole["statements"] = [_statement(item, whole["text"]) for item in given["first"]["items"]]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"no annotations of onrecord: {type(error).__name__} at {error}") from error
    return article_from(whole)


def _statement(item: Json, text: str) -> Json:
    [record] = [body["record"] for body in item["body"] if "record" in body]
    spans: dict[str, list[list[int]]] = {role: [] for role in ROLES}
    for target in item["target"]:
        spans[target["styleClass"]].append(_position(target["selector"], text))
    whole: Json = record | spans
    return whole


def _position(selectors: list[Json], text: str) -> list[int]:
    by_type = {selector["type"]: selector for selector in selectors}
    start, end = (by_type["TextPositionSelector"][name] for name in ("start", "end"))
    exact = by_type.get("TextQuoteSelector", {}).get("exact")
    # The lengths first: a slice costs its length, and only a quotation as long is worth that.
    if exact is not None and (len(exact) != end - start or text[start:end] != exact):
        raise InputError(f"no annotations of onrecord: at {start}-{end} the text does not read as quoted")
    return [start, end]

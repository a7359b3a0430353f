"""Articles and statements as the plain objects of the public contract (`docs/formats.md`)."""

from __future__ import annotations

from typing import Any

from onrecord.schema import Act, Article, Passage, Published, Repair, Span, Speaker, Statement

Json = dict[str, Any]


def article_object(article: Article) -> Json:
    """The article as one JSON object: what `onrecord read --format json` prints."""
    return {
        "id": article.id,
        "input": article.input,
        "url": article.url,
        "lang": article.lang,
        "headline": article.headline,
        "bylines": list(article.bylines),
        "publisher": article.publisher,
        "agency": article.agency,
        "place": article.place,
        "published": _published(article.published),
        "text": article.text,
        "blocks": [
            {"kind": block.kind, "start": block.start, "end": block.end, "lang": block.lang} for block in article.blocks
        ],
        "repairs": [repair_object(repair) for repair in article.repairs],
        "statements": [statement_object(statement) for statement in article.statements],
        "problems": [{"stage": problem.stage, "message": problem.message} for problem in article.problems],
        "canonical": article.canonical,
        "modified": _published(article.modified),
        "credits": [
            {
                "start": credit.start,
                "end": credit.end,
                "photographers": list(credit.photographers),
                "agencies": list(credit.agencies),
            }
            for credit in article.credits
        ],
    }


def _published(day: Published | None) -> Json | None:
    return {"date": day.date, "how": day.how} if day else None


def repair_object(repair: Repair) -> Json:
    """A repair as a JSON object; its place is in the repaired text."""
    return {"start": repair.start, "end": repair.end, "original": repair.original, "steps": list(repair.steps)}


def statement_object(statement: Statement) -> Json:
    """One statement as a JSON object; spans are [start, end] pairs of offsets into the article's text."""
    return {
        "id": statement.id,
        "kind": statement.kind,
        "manner": statement.manner,
        "negated": statement.negated,
        "source": _pairs(statement.source),
        "cue": _pairs(statement.cue),
        "content": _pairs(statement.content),
        "speaker": speaker_object(statement.speaker),
        "addressee": list(statement.addressee),
        "about": list(statement.about),
        "acts": [act_object(act) for act in statement.acts],
        "said_on": statement.said_on,
        "venue": statement.venue,
        "nested_in": statement.nested_in,
        "confidence": round(statement.confidence, 3),
        "because": statement.because,
    }


def act_object(act: Act) -> Json:
    """An act as a JSON object; `condition`, `span` and `what` are [start, end] pairs or null."""
    return {
        "act": act.act,
        "mode": act.mode,
        "condition": _pair(act.condition),
        "source_actor": act.source_actor,
        "target_actor": act.target_actor,
        "condition_kind": act.condition_kind,
        "on_whom": act.on_whom,
        "reciprocal": act.reciprocal,
        "strength": act.strength,
        "reality": act.reality,
        "span": _pair(act.span),
        "what": _pair(act.what),
        "topic": act.topic,
        "quad": act.quad,
        "cameo": act.cameo,
        "plover": act.plover,
        "confidence": round(act.confidence, 3),
        "because": act.because,
    }


def attribution_object(statement: Statement) -> Json:
    """One statement as `onrecord attribute` writes it, the format of corpora and scorers."""
    return {
        "id": statement.id,
        "source": _pairs(statement.source),
        "cue": _pairs(statement.cue),
        "content": _pairs(statement.content),
        "kind": statement.kind,
        "speaker": speaker_object(statement.speaker),
        "confidence": round(statement.confidence, 3),
    }


def speaker_object(speaker: Speaker | None) -> Json | None:
    """A speaker as a JSON object, or None where there is none."""
    if speaker is None:
        return None
    return {
        "name": speaker.name,
        "kind": speaker.kind,
        "role": speaker.role,
        "country": speaker.country,
        "how": speaker.how,
        "because": speaker.because,
        "confidence": round(speaker.confidence, 3),
        "actor": speaker.actor,
        "wikidata": speaker.wikidata,
        "sector": speaker.sector,
        "others": list(speaker.others),
    }


def _pair(span: Span | None) -> list[int] | None:
    return [span.start, span.end] if span else None


def _pairs(passage: Passage) -> list[list[int]]:
    return [[span.start, span.end] for span in passage.spans]

"""Articles and statements as the plain objects of the public contract (`docs/formats.md`), and back."""

from __future__ import annotations

from typing import Any

import msgspec

from onrecord.errors import InputError, LimitError
from onrecord.formats.sound import sound
from onrecord.schema import Act, Article, Passage, Published, Repair, Span, Speaker, Statement

Json = dict[str, Any]

_PASSAGES = ("source", "cue", "content")
ARTICLE_BYTES = 250_000_000
"""The largest article read back, as JSON: ten times the largest page that is read."""


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
        "lang": statement.lang,
    }


def act_object(act: Act) -> Json:
    """An act as a JSON object: every field that the record has, a span as [start, end]."""
    fields: Json = msgspec.to_builtins(act)
    return {name: round(value, 3) if isinstance(value, float) else value for name, value in fields.items()}


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


def _pairs(passage: Passage) -> list[list[int]]:
    return [[span.start, span.end] for span in passage.spans]


def _plain(record: type[msgspec.Struct], **other: Any) -> Any:
    """A record as it stands in JSON: its passages as their spans; what a later version may add is passed over."""
    fields: list[Any] = []
    for one in msgspec.structs.fields(record):
        kind = other.get(one.name, tuple[Span, ...] if one.type is Passage else one.type)
        fields.append((one.name, kind) if one.required else (one.name, kind, one.default))
    return msgspec.defstruct(f"Plain{record.__name__}", fields, frozen=True)


_ARTICLE = msgspec.json.Decoder(_plain(Article, statements=tuple[_plain(Statement), ...]))  # type: ignore[misc]


def article_from(given: Json | bytes | str) -> Article:
    """The article that an object of `article_object`, or a line of `--format jsonl`, stands for.

    Equal to the article that was written, but for confidences, which are given to three digits. Raises `InputError`
    for whatever is no such object (a field missing or of the wrong type, offsets that are not sound) and `LimitError`
    for more than `ARTICLE_BYTES`.

    >>> import onrecord
    >>> article = onrecord.read("The bridge is safe, Mayor Anna Roe said.")
    >>> [one.speaker.name for one in article_from(onrecord.to_dict(article)).statements]
    ['Anna Roe']
    """
    try:
        packed = given if isinstance(given, bytes | str) else msgspec.json.encode(given)
        if len(packed) > ARTICLE_BYTES:
            raise LimitError(f"no article: larger than {ARTICLE_BYTES // 1_000_000} MB")
        plain = _ARTICLE.decode(packed)
    except RecursionError as error:
        raise InputError("no article: nested too deep") from error
    except (msgspec.MsgspecError, TypeError, ValueError, OverflowError) as error:
        raise InputError(f"no article: {error}") from error
    statements = tuple(_without_words(one) for one in plain.statements)
    article = sound(Article(**_fields(plain) | {"statements": statements}))
    return msgspec.structs.replace(article, statements=tuple(_worded(one, article.text) for one in statements))


def _fields(record: msgspec.Struct) -> Json:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def _without_words(plain: msgspec.Struct) -> Statement:
    """The statement with the spans of its passages but not yet their words."""
    return Statement(**_fields(plain) | {name: Passage(getattr(plain, name)) for name in _PASSAGES})


def _worded(statement: Statement, text: str) -> Statement:
    """The statement with the words of its spans."""
    worded = {
        name: Passage(spans, tuple(text[span.start : span.end] for span in spans))
        for name in _PASSAGES
        if (spans := getattr(statement, name).spans)
    }
    return msgspec.structs.replace(statement, **worded)

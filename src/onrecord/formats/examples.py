"""Corrected articles as examples: lines of a corpus to train and score with, and labelled cases to test with."""

from __future__ import annotations

import json
from typing import Any, TextIO

import msgspec

from onrecord.errors import InputError
from onrecord.formats.annotated import kind_told, merged
from onrecord.formats.sound import Cover
from onrecord.formats.wire import Json, article_from, attribution_object
from onrecord.schema import SPOKEN_IN, Article, Problem, Span, Statement

_LABEL = 60


class CorpusWriter:
    """A line an article in the format of attribution corpora: `{"id", "lang", "text", "attributions"}`.

    Of a page that has more on it than the article, `within` tells where that stands.
    """

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def send(self, article: Article) -> None:
        """Write one article."""
        said = [attribution_object(one) for one in article.statements]
        line: dict[str, Any] = {"id": article.id, "lang": article.lang, "text": article.text, "attributions": said}
        parts = [[block.start, block.end] for block in article.blocks if block.kind in SPOKEN_IN]
        if len(parts) < len(article.blocks):
            line["within"] = parts
        self._out.write(msgspec.json.encode(line).decode("utf-8") + "\n")

    def close(self) -> None:
        """Write out what is buffered."""
        self._out.flush()


class CaseWriter:
    """A labelled case an article, in TOML, of the form of onrecord's own test cases."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def send(self, article: Article) -> None:
        """Write one article."""
        label = (article.headline or article.id)[:_LABEL]
        lines = ["[[case]]", f"label = {_quoted(label)}", f"lang = {_quoted(article.lang)}"]
        lines.append(f"text = {_quoted(article.text)}")
        for one in article.statements:
            lines += ["[[case.statement]]", *_fields(article, one)]
        self._out.write("\n".join(lines) + "\n\n")

    def close(self) -> None:
        """Write out what is buffered."""
        self._out.flush()


def _fields(article: Article, one: Statement) -> list[str]:
    """The lines of a statement: its words and places, its speaker, its acts."""
    content = ", ".join(_quoted(part) for part in one.content.parts)
    spans = ", ".join(f"[{span.start}, {span.end}]" for span in one.content.spans)
    fields = [
        f"source = {_quoted(one.source.text)}",
        f"cue = {_quoted(one.cue.text)}",
        f"content = [{content}]",
        f"spans = [{spans}]",
        f"kind = {_quoted(one.kind)}",
    ]
    if one.speaker:
        known = {"name": one.speaker.name, "role": one.speaker.role, "country": one.speaker.country}
        fields += [f"speaker_{field} = {_quoted(value)}" for field, value in known.items() if value]
    if one.acts:
        fields.append(f"acts = [{', '.join(_quoted(act.act) for act in one.acts)}]")
    return fields


def _quoted(text: str) -> str:
    """A TOML string; JSON's escapes are TOML's, but for one character that only TOML forbids."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


class _Attribution(msgspec.Struct):
    """A statement as corpora have it: what they do not say is null or missing."""

    content: tuple[Span, ...] | None = None
    source: tuple[Span, ...] | None = None
    cue: tuple[Span, ...] | None = None
    id: str | int | None = None
    kind: str | None = None
    speaker: str | dict[str, Any] | None = None
    nested_in: str | None = None
    confidence: float = 1.0


class _Line(msgspec.Struct):
    id: str | int
    text: str
    attributions: list[_Attribution]
    lang: str | None = None


_LINE = msgspec.json.Decoder(_Line)


def article_from_corpus(line: bytes) -> Article:
    """The article of a line of a corpus: its text and statements.

    A kind that the corpus does not tell is told by the quotation marks; an attribution without content is no statement
    and is left out, which `problems` says. Raises `InputError` for what is no such line or has offsets that are not
    sound.

    >>> line = b'{"id": 7, "text": "No, she said.", "attributions": [{"content": [[0, 2]], "cue": [[8, 12]]}]}'
    >>> [(one.id, one.kind, one.content_text) for one in article_from_corpus(line).statements]
    [('s1', 'indirect', 'No')]
    """
    try:
        given = _LINE.decode(line)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InputError(f"no line of a corpus: {error}") from error
    cover = Cover(len(given.text))
    said = [_statement(one, n, given.text, cover) for n, one in enumerate(given.attributions, start=1) if one.content]
    article = article_from({"id": str(given.id), "lang": given.lang or "", "text": given.text, "statements": said})
    empty = len(given.attributions) - len(said)
    problems = (Problem("corpus", f"{empty} attributions without a content were left out"),) if empty else ()
    return msgspec.structs.replace(article, problems=problems)


def _statement(one: _Attribution, n: int, text: str, cover: Cover) -> Json:
    for span in one.content or ():
        cover.add(span.start, span.end)
    spans = {role: merged(getattr(one, role) or ()) for role in ("content", "source", "cue")}
    wrong = [(start, end) for ends in spans.values() for start, end in ends if not 0 <= start < end <= len(text)]
    if wrong:
        places = ", ".join(f"{start}-{end}" for start, end in wrong[:3])
        raise InputError(f"attribution {n}: {places} is no stretch of a text of {len(text):,} characters")
    own = f"s{n}" if one.id is None else str(one.id)
    return {
        **spans,
        "id": own,
        "kind": one.kind or kind_told(text, spans),
        "speaker": _speaker(one.speaker),
        "nested_in": None if one.nested_in == own else one.nested_in,
        "confidence": one.confidence,
    }


def _speaker(given: str | Json | None) -> Json | None:
    """A speaker of whom a corpus tells but the name is taken for a person, as nearly all are."""
    return {"name": given, "kind": "person", "how": "corpus", "confidence": 1.0} if isinstance(given, str) else given

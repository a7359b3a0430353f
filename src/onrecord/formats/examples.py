"""Corrected articles as examples: lines of a corpus to train and score with, and labelled cases to test with."""

from __future__ import annotations

import json
from typing import TextIO

import msgspec

from onrecord.formats.wire import attribution_object
from onrecord.schema import Article, Statement

_LABEL = 60


class CorpusWriter:
    """A line an article in the format of attribution corpora: `{"id", "lang", "text", "attributions"}`."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def send(self, article: Article) -> None:
        """Write one article."""
        said = [attribution_object(one) for one in article.statements]
        line = {"id": article.id, "lang": article.lang, "text": article.text, "attributions": said}
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

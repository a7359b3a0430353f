"""A component for spaCy: after `nlp.add_pipe("onrecord")` every document has its statements, as `doc._.statements`.

spaCy finds it by the entry point `spacy_factories`. What a document keeps is plain bytes in its `user_data`, so that it
can be written to disk or sent to another process; the spans are made when they are asked for. They are also in
`doc.spans["onrecord"]`, labelled, for displaCy and for whatever reads span groups.
"""

from typing import Literal

import msgspec
from msgspec import Struct
from spacy.language import Language
from spacy.tokens import Doc, Span

from onrecord import languages
from onrecord.errors import UsageError
from onrecord.schema import Passage, Statement

KEY = "onrecord"
"""The name of the component, and of what it leaves in `doc.user_data` and in `doc.spans`."""
_ANY_LANGUAGE = "xx"
_PARTS = ("source", "cue", "content")
_DECODER = msgspec.msgpack.Decoder(tuple[Statement, ...])


class SpokenSpans(Struct, frozen=True):
    """A statement of a document: whole tokens that hold each of its passages, and the record with the exact characters.

    A passage can be in several pieces, and a source or cue can be missing: each is a tuple of spans, maybe empty.
    """

    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    record: Statement


@Language.factory(KEY, default_config={"engine": "model", "lang": ""}, assigns=["doc._.statements"])
def make(nlp: Language, name: str, engine: Literal["model", "rules"], lang: str) -> "StatementFinder":
    """The component; `lang` overrules the language of the pipeline. Raises `UsageError` for one without rules."""
    spoken = lang or nlp.lang or _ANY_LANGUAGE
    if spoken != _ANY_LANGUAGE and spoken not in languages.codes():
        known = ", ".join(languages.codes())
        raise UsageError(f'no rules for the language {spoken!r}; there are: {known}; or add_pipe with {{"lang": "xx"}}')
    return StatementFinder(engine, lang)


class StatementFinder:
    """Puts the statements of a document into it."""

    def __init__(self, engine: Literal["model", "rules"], lang: str) -> None:
        self._engine: Literal["model", "rules"] = engine
        self._lang = lang

    def __call__(self, doc: Doc) -> Doc:
        """The document with its statements: none where it is in a language without rules."""
        from onrecord.pipeline import attribute

        lang = self._lang or doc.lang_
        try:
            found = attribute(doc.text, "" if lang == _ANY_LANGUAGE else lang, self._engine)
        except UsageError:
            found = ()
        doc.user_data[KEY] = msgspec.msgpack.encode(found)
        doc.spans[KEY] = [span for one in found for part in _PARTS for span in _spans(doc, one, part)]
        return doc


def statements_of(doc: Doc) -> tuple[SpokenSpans, ...]:
    """The statements that the component found in a document, in reading order; what `doc._.statements` gives."""
    packed = doc.user_data.get(KEY)
    found = _DECODER.decode(packed) if packed else ()
    return tuple(
        SpokenSpans(_spans(doc, one, "source"), _spans(doc, one, "cue"), _spans(doc, one, "content"), one)
        for one in found
    )


def _spans(doc: Doc, statement: Statement, part: str) -> tuple[Span, ...]:
    """A passage as spans of whole tokens; a character within a token takes the token with it."""
    passage: Passage = getattr(statement, part)
    found = (
        doc.char_span(span.start, span.end, label=part, alignment_mode="expand", span_id=statement.id)
        for span in passage.spans
    )
    return tuple(span for span in found if span is not None)


Doc.set_extension("statements", getter=statements_of)

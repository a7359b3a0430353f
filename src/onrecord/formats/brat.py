"""Articles as brat standoff, for annotators to look over and correct (https://brat.nlplab.org/standoff.html).

A statement is a text-bound `Content` with a `Source` and a `Cue`, related to it by `Said_by` and `Said_with`; kind and
manner are its attributes. An act is a text-bound `Act` over the content, related to it by `Does`, and its condition a
`Condition`. brat has no place for the rest (speaker, confidence, …): it stands as JSON in a note of the type `Record`,
and in words in a note that brat shows. Offsets are ours: brat counts code points too. Two things differ. A text-bound
annotation may not hold a line break, so one that does is cut there into fragments, as brat's own editor does; the note
tells the fragments of one span from the spans of a split content. And a carriage return of the text becomes a space,
since some readers of brat drop it, which would move every offset behind it.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence

from onrecord.formats.wire import Json, act_object, statement_object
from onrecord.schema import Act, Article, Passage, Span, Statement

ROLES = {"content": "Content", "source": "Source", "cue": "Cue"}
LINKS = {"source": "Said_by", "cue": "Said_with"}
ACTS = (
    *("AGREE", "CONSULT", "SUPPORT", "CONCEDE", "EXPECT", "ASSERT", "NO_COMMENT", "REQUEST", "LIMIT", "REJECT"),
    *("DENY", "ACCUSE", "THREATEN", "COOPERATE", "AID", "RETREAT", "SANCTION", "MOBILIZE", "COERCE", "PROTEST"),
    "ASSAULT",
)
"""The acts of the scheme (PLOVER's and six more), for an annotator to choose from."""
CONFIGURATION = f"""\
[entities]
Content
Source
Cue
Act
Condition

[relations]
Said_by Arg1:Content, Arg2:Source
Said_with Arg1:Content, Arg2:Cue
Stands_in Arg1:Content, Arg2:Content
Does Arg1:Content, Arg2:Act
Depends_on Arg1:Act, Arg2:Condition
<OVERLAP> Arg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
Kind Arg:Content, Value:direct|mixed|indirect
Manner Arg:Content, Value:speech|writing|belief|intention|document
Negated Arg:Content
Act_type Arg:Act, Value:{"|".join(ACTS)}
"""
"""What `annotation.conf` has to say for brat to show and edit these files."""

# Wherever Python, and with it brat's server, ends a line; and the tab, which separates the columns.
_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x1c-\x1e\x85\u2028\u2029]+")
_ESCAPED = {ord(character): f"\\u{ord(character):04x}" for character in "\x7f\x85\u2028\u2029"}


def text_of(article: Article) -> str:
    """What the `.txt` file holds: the article's text, a carriage return in it a space."""
    return article.text.replace("\r", " ")


def lines_of(article: Article) -> str:
    """What the `.ann` file holds, a line each; empty for an article without statements."""
    return "".join(f"{line}\n" for line in _Document(text_of(article)).lines(article.statements))


class _Document:
    """The lines of one file as they grow; brat wants ids of each type to count up."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._last: Counter[str] = Counter()

    def lines(self, statements: Sequence[Statement]) -> Iterator[str]:
        contents: dict[str, str] = {}
        for statement in statements:
            content = yield from self._text_bound("Content", statement.content.spans)
            if not content:
                continue  # nothing but line breaks
            contents[statement.id] = content
            yield from self._statement(statement, content)
        for statement in statements:
            inner, outer = contents.get(statement.id), contents.get(statement.nested_in or "")
            if inner and outer:
                yield self._relation("Stands_in", inner, outer)

    def _statement(self, statement: Statement, content: str) -> Iterator[str]:
        yield self._attribute("Kind", content, statement.kind)
        yield self._attribute("Manner", content, statement.manner)
        if statement.negated:
            yield self._attribute("Negated", content)
        for role, link in LINKS.items():
            found = yield from self._text_bound(ROLES[role], getattr(statement, role).spans)
            if found:
                yield self._relation(link, content, found)
        for act in statement.acts:
            yield from self._act(act, statement.content, content)
        yield self._note("AnnotatorNotes", content, _described(statement))
        yield self._note("Record", content, _json(statement_object(statement)))

    def _act(self, act: Act, passage: Passage, content: str) -> Iterator[str]:
        found = yield from self._text_bound("Act", passage.spans)
        yield self._relation("Does", content, found)
        yield self._attribute("Act_type", found, token(act.act))
        yield self._note("Record", found, _json(act_object(act)))
        if act.condition is not None:
            condition = yield from self._text_bound("Condition", (act.condition,))
            if condition:
                yield self._relation("Depends_on", found, condition)

    def _text_bound(self, kind: str, spans: Sequence[Span]) -> Generator[str, None, str]:
        """Yields the line and returns its id; nothing and an empty id for spans without a word."""
        parts = fragments(self._text, spans)
        if not parts:
            return ""
        ends = ";".join(f"{part.start} {part.end}" for part in parts)
        words = " ".join(self._text[part.start : part.end] for part in parts)
        name = self._next("T")
        yield f"{name}\t{kind} {ends}\t{words}"
        return name

    def _relation(self, kind: str, first: str, second: str) -> str:
        return f"{self._next('R')}\t{kind} Arg1:{first} Arg2:{second}"

    def _attribute(self, kind: str, of: str, value: str = "") -> str:
        return f"{self._next('A')}\t{kind} {of}" + f" {value}" * bool(value)

    def _note(self, kind: str, of: str, text: str) -> str:
        return f"{self._next('#')}\t{kind} {of}\t{text}"

    def _next(self, prefix: str) -> str:
        self._last[prefix] += 1
        return f"{prefix}{self._last[prefix]}"


def fragments(text: str, spans: Sequence[Span]) -> tuple[Span, ...]:
    """The spans cut at every line break and tab, those left out; none for spans that hold nothing else."""
    found = []
    for span in spans:
        start = span.start
        for gap in _BREAKS.finditer(text, span.start, span.end):
            found.append(Span(start, gap.start()))
            start = gap.end()
        found.append(Span(start, span.end))
    return tuple(part for part in found if part.start < part.end)


def only_breaks(text: str, start: int, end: int) -> bool:
    """Whether nothing but what `fragments` leaves out stands between two of them."""
    return _BREAKS.fullmatch(text, start, end) is not None


def token(words: str) -> str:
    """The words as the one that an attribute's value can be."""
    return "_".join(words.split()) or "_"


def _described(statement: Statement) -> str:
    speaker = statement.speaker
    who = ", ".join(part for part in (speaker.name, speaker.role) if part) if speaker else "speaker not known"
    facts = (who or "unnamed", speaker.because if speaker else "", f"{statement.confidence:.2f}")
    return " ".join(" — ".join(fact for fact in facts if fact).split())


def _json(record: Json) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPED)

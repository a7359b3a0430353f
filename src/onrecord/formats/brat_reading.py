"""Articles back from brat standoff: what `onrecord.formats.brat` wrote, and what annotators made of it since.

The lines that annotators see and change go before the notes that keep the rest.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import msgspec

from onrecord.errors import InputError, LimitError
from onrecord.formats.brat import LINKS, fragments, only_breaks, token
from onrecord.formats.wire import Json, article_from
from onrecord.schema import Article, Span

_TEXT_BOUND = re.compile(r"(\S+) (\d{1,9} \d{1,9}(?:;\d{1,9} \d{1,9})*)")
_RELATION = re.compile(r"(\S+) Arg1:(\S+) Arg2:(\S+)")
_ATTRIBUTE = re.compile(r"(\S+) (\S+)(?: (\S+))?")
_NOTE = re.compile(r"(\S+) (\S+)")
_TIMES = 100
_ANYWAY = 5_000_000
"""How often the annotations and notes of an article may cover its text together, or if that is more, how many
characters; 439 news pages come to 2.6 times at most (`_Lines.spend`), without acts."""


def article_from_brat(text: str, lines: str, name: str = "") -> Article:
    """The article whose `.txt` and `.ann` files hold `text` and `lines`, with `name` for its id.

    It has what brat holds: the text, and the statements. A `Content` that annotators added has an id of its own, no
    speaker, and confidence 1; it needs a `Kind`. Raises `InputError` for lines that are no brat, offsets that are not
    sound, and statements that are incomplete.
    """
    found = _Lines(text)
    for number, line in enumerate(lines.split("\n"), start=1):
        if line.strip():
            try:
                found.take(line.rstrip("\r"))
            except ValueError as error:
                raise InputError(f"line {number} of the annotations: {error}") from error
    return article_from({"id": name, "text": text, "statements": _statements(found)})


@dataclass(slots=True)
class _Lines:
    """The lines of an `.ann` file by what they say."""

    text: str
    spans: dict[str, tuple[Span, ...]] = field(default_factory=dict)
    contents: list[str] = field(default_factory=list)
    links: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    values: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    records: dict[str, Json] = field(default_factory=dict)
    covered: int = 0

    def take(self, line: str) -> None:
        """Understand one line; raises `ValueError` if it is not as the format has it."""
        name, _, rest = line.partition("\t")
        data, _, tail = rest.partition("\t")
        if name.startswith("T"):
            self._text_bound(name, data)
        elif name.startswith("R"):
            kind, first, second = _matched(_RELATION, data, "relation")
            self.links[kind, first].append(second)
        elif name.startswith("A"):
            kind, of, value = _matched(_ATTRIBUTE, data, "attribute")
            self.values[of][kind] = value or ""
        elif name.startswith("#"):
            kind, of = _matched(_NOTE, data, "note")
            if kind == "Record":
                self.records[of] = _record(tail)

    def _text_bound(self, name: str, data: str) -> None:
        kind, ends = _matched(_TEXT_BOUND, data, "text-bound annotation")
        spans = tuple(Span(*map(int, pair.split())) for pair in ends.split(";"))
        if any(not start < end <= len(self.text) for start, end in map(_ends, spans)):
            raise ValueError(f"{ends} is no stretch of a text of {len(self.text)} characters")
        self.spans[name] = spans
        if kind == "Content":
            self.contents.append(name)

    def spend(self, spans: Sequence[Span]) -> None:
        """Count what looking these and what is between them over costs; raises `LimitError` when it is too much."""
        self.covered += max(span.end for span in spans) - min(span.start for span in spans)
        self.covered += sum(span.end - span.start for span in spans)
        if self.covered > max(_TIMES * len(self.text), _ANYWAY):
            raise LimitError(f"the annotations cover the text more than {_TIMES} times")

    def linked(self, kind: str, name: str) -> list[str]:
        """The text-bound annotations that `name` is related to in this way."""
        return [other for other in self.links.get((kind, name), ()) if other in self.spans]

    def restored(self, names: Sequence[str], noted: object) -> list[list[int]]:
        """The spans that annotations stand for, those cut at line breaks made whole.

        They are those of the note as long as brat's still are what these were cut into.
        """
        names = list(dict.fromkeys(names))
        for name in names:
            self.spend(self.spans[name])
        parts = sorted({span for name in names for span in self.spans[name]})
        kept = _spans(noted, len(self.text))
        if kept:
            self.spend(kept)
            if fragments(self.text, kept) == tuple(parts):
                return [list(_ends(span)) for span in kept]
        whole: list[list[int]] = []
        for start, end in map(_ends, parts):
            if whole and only_breaks(self.text, whole[-1][1], start):
                whole[-1][1] = end
            else:
                whole.append([start, end])
        return whole


def _statements(found: _Lines) -> list[Json]:
    noted = {name: found.records.get(name, {}).get("id") for name in found.contents}
    taken = {one for one in noted.values() if isinstance(one, str)}
    # brat's own id for a statement that annotators added, made unlike any of ours
    ids = {name: one if isinstance(one, str) else _free(name, taken) for name, one in noted.items()}
    present = taken | set(ids.values())
    return [_statement(found, name, ids, present) for name in found.contents]


def _free(name: str, taken: set[str]) -> str:
    return name if name not in taken else next(one for n in count(2) if (one := f"{name}-{n}") not in taken)


def _statement(found: _Lines, name: str, ids: dict[str, str], present: set[str]) -> Json:
    record = found.records.get(name, {"confidence": 1.0, "because": "annotated in brat"})
    values = found.values.get(name, {})
    if "Kind" not in values:
        raise InputError(f"{name}: a Content without a Kind")
    passages = {"content": found.restored([name], record.get("content"))}
    for role, link in LINKS.items():
        passages[role] = found.restored(found.linked(link, name), record.get(role))
    outer = [ids[other] for other in found.linked("Stands_in", name) if other in ids]
    # One that was not written with the others cannot have a relation.
    absent = record.get("nested_in")
    told = {
        "id": ids[name],
        "kind": values["Kind"],
        "manner": values.get("Manner") or record.get("manner", "speech"),
        "negated": "Negated" in values,
        "acts": [_act(found, act) for act in found.linked("Does", name)],
        "nested_in": outer[0] if outer else absent if isinstance(absent, str) and absent not in present else None,
    }
    return record | passages | told


def _act(found: _Lines, name: str) -> Json:
    record = found.records.get(name, {})
    chosen = found.values.get(name, {}).get("Act_type", "")
    if not chosen:
        raise InputError(f"{name}: an Act without an Act_type")
    noted = record.get("act")
    act = noted if isinstance(noted, str) and token(noted) == chosen else chosen
    conditions = found.restored(found.linked("Depends_on", name), [record.get("condition")])
    return record | {"act": act, "condition": conditions[0] if conditions else None}


def _matched(pattern: re.Pattern[str], data: str, what: str) -> tuple[str, ...]:
    match = pattern.fullmatch(data.strip())
    if match is None:
        raise ValueError(f"no {what}: {data[:80]!r}")
    return match.groups()


def _record(tail: str) -> Json:
    try:
        return msgspec.json.decode(tail.encode(), type=dict[str, Any])
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise ValueError(f"a Record that is no JSON object ({error})") from error


def _spans(noted: object, length: int) -> tuple[Span, ...]:
    """The spans that a note gives; none where they are not sound."""
    try:
        spans = msgspec.convert(noted, tuple[Span, ...])
    except msgspec.MsgspecError:
        return ()
    return spans if all(0 <= start < end <= length for start, end in map(_ends, spans)) else ()


def _ends(span: Span) -> tuple[int, int]:
    return span.start, span.end

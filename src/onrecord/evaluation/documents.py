"""What is compared: documents with the spans of their statements, read from files and checked.

A figure computed from half a file is worse than none, so that whatever cannot be understood ends the evaluation, named
and counted; only what a system left out, or found in documents nobody asked for, is told and passed over.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from onrecord.corpus import opened
from onrecord.errors import FetchError, InputError, LimitError
from onrecord.exchange import articles_in, is_lines
from onrecord.formats.annotated import plain
from onrecord.formats.sound import Cover
from onrecord.formats.wire import attribution_object
from onrecord.intake.files import readable, unpacking
from onrecord.intake.lines import numbered
from onrecord.schema import Article, Failure, Span

ROLES = ("source", "cue", "content")
Documents = str | os.PathLike[str] | Iterable["Article | Mapping[str, Any]"]
"""Where documents come from: a file or folder of any form that `onrecord convert` reads, articles, or objects of the
form of the corpora's lines."""
_NAMED = 5


class Relation(Struct, frozen=True):
    """Where the parts of a statement stand, and how its content is given if the file says so."""

    content: tuple[Span, ...] | None = None
    source: tuple[Span, ...] | None = None
    cue: tuple[Span, ...] | None = None
    kind: str | None = None

    def spans(self) -> Iterator[Span]:
        """Every span, whatever its role."""
        for role in ROLES:
            yield from getattr(self, role) or ()


class Document(Struct, frozen=True):
    """One text with what was found in it."""

    id: str | int
    text: str | None = None
    lang: str | None = None
    attributions: tuple[Relation, ...] | None = None
    statements: tuple[Relation, ...] | None = None
    """What an article calls its attributions."""

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The statements, by whichever name they go."""
        return self.attributions or self.statements or ()


class Predictions(Struct, frozen=True):
    """What a system found in the documents of a gold standard, in their order."""

    name: str
    relations: tuple[tuple[Relation, ...], ...]
    missing: tuple[str, ...] = ()
    """Documents in which the system found nothing because it does not have them."""
    unknown: tuple[str, ...] = ()
    """Documents that the gold standard does not have; they are passed over."""
    joined_by_text: int = 0
    """How many documents have another id and were told by their text."""


_LINE = msgspec.json.Decoder(Document)


def gold_documents(given: Documents, name: str = "gold") -> tuple[str, list[Document]]:
    """The documents of a gold standard and what to call it.

    Raises `InputError` for a line that is no document, one without text, an id that stands there twice, spans outside
    their text, and for no document at all; `FetchError` for a file that cannot be opened.
    """
    name, documents = _read(given, name)
    _check(documents, name)
    textless = [str(one.id) for one in documents if one.text is None]
    if textless:
        raise InputError(f"{name}: {_counted(textless, 'document')} without a text; offsets need one")
    if not documents:
        raise InputError(f"{name}: no documents")
    _check_spans(name, ((one, one) for one in documents))
    return name, documents


def predictions(given: Documents, gold: Sequence[Document], name: str = "predicted") -> Predictions:
    """What a system found, joined to the gold standard by id, and where that has no such id by the text.

    Raises as `gold_documents` does, and `InputError` where a text is another one than that of the gold standard, or no
    document of it is there.
    """
    name, documents = _read(given, name)
    _check(documents, name)
    found = {str(one.id): one for one in documents}
    joined = {str(one.id): found.pop(str(one.id)) for one in gold if str(one.id) in found}
    by_text = _by_text([one for one in gold if str(one.id) not in joined], found)
    if not joined and not by_text:
        example = f", such as {str(documents[0].id)!r}," if documents else ""
        raise InputError(f"{name}: none of its {len(documents):,} documents{example} is one of the gold standard")
    other = [id for one in gold if (id := str(one.id)) in joined and not _same(one.text, joined[id].text)]
    if other:
        raise InputError(f"{name}: {_counted(other, 'document')} with another text than in the gold standard")
    joined |= by_text
    _check_spans(name, ((one, joined[id]) for one in gold if (id := str(one.id)) in joined))
    return Predictions(
        name,
        tuple(joined[id].relations if (id := str(one.id)) in joined else () for one in gold),
        tuple(id for one in gold if (id := str(one.id)) not in joined),
        tuple(found),
        len(by_text),
    )


def _by_text(missing: Sequence[Document], found: dict[str, Document]) -> dict[str, Document]:
    """Which of the documents found are the missing ones, by their text where only one has it; they leave `found`.

    Annotation tools name documents after files, and the id of a page depends on how its path was written.
    """
    alike: dict[str, list[str]] = defaultdict(list)
    for id, one in found.items():
        if one.text is not None:
            alike[plain(one.text)].append(id)
    times = Counter(plain(one.text or "") for one in missing)
    joined = {}
    for one in missing:
        text = plain(one.text or "")
        if times[text] == 1 and len(alike[text]) == 1:
            joined[str(one.id)] = found.pop(alike[text][0])
    return joined


def _same(text: str | None, other: str | None) -> bool:
    return other is None or text == other or plain(text or "") == plain(other)


def _read(given: Documents, name: str) -> tuple[str, list[Document]]:
    if not isinstance(given, str | os.PathLike):
        return name, [_of_object(one, f"{name}, document {n}") for n, one in enumerate(given, start=1)]
    path = os.fspath(given)
    try:
        if not is_lines(path):
            return path, [_of_object(_sound(one), path) for one in articles_in(Path(path))]
        with opened(path) as stream:
            return path, [_of_line(_sound(one).content, one.where) for one in numbered(unpacking(stream), path)]  # type: ignore[union-attr]
    except OSError as error:
        raise FetchError(f"{path}: {readable(error)}") from error


def _sound(one: Any) -> Any:
    if isinstance(one, Failure):
        raise InputError(one.error)
    return one


def _of_object(one: Article | Mapping[str, Any], where: str) -> Document:
    if isinstance(one, Article):
        said = [attribution_object(statement) for statement in one.statements]
        one = {"id": one.id, "lang": one.lang, "text": one.text, "attributions": said}
    try:
        return msgspec.convert(one, Document)
    except msgspec.ValidationError as error:
        raise InputError(f"{where}: {error}") from error


def _of_line(content: bytes, where: str) -> Document:
    try:
        return _LINE.decode(content)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise InputError(
            f'{where}: no document ({error}); a line is {{"id", "lang", "text", "attributions": [...]}}'
        ) from error


def _check(documents: Sequence[Document], name: str) -> None:
    """Raise `InputError` for an id that stands there twice, or a document in which nobody has looked for anything."""
    bare = [str(one.id) for one in documents if one.attributions is None and one.statements is None]
    if bare:
        raise InputError(f"{name}: {_counted(bare, 'document')} without attributions; onrecord attribute finds them")
    twice = [id for id, times in Counter(str(one.id) for one in documents).items() if times > 1]
    if twice:
        raise InputError(f"{name}: {_counted(twice, 'id')} given to more than one document; each needs its own")


def _check_spans(name: str, pairs: Iterable[tuple[Document, Document]]) -> None:
    """Raise `InputError` if a span lies outside its text, `LimitError` if there are more than any text has."""
    wrong, places = 0, []
    for gold, document in pairs:
        length, before = len(gold.text or ""), wrong
        cover = Cover(length)
        for span in (span for relation in document.relations for span in relation.spans()):
            if not 0 <= span.start < span.end <= length:
                wrong += 1
                if wrong == before + 1:
                    places.append(f"{document.id!s} [{span.start}, {span.end}] of {length}")
                continue
            try:
                cover.add(span.start, span.end)
            except LimitError as error:
                raise LimitError(f"{name}, {document.id!s}: {error}") from error
    if wrong:
        noun = "span lies" if wrong == 1 else "spans lie"
        raise InputError(f"{name}: {wrong:,} {noun} outside the text, in {_counted(places, 'document')}")


def _counted(names: Sequence[str], noun: str) -> str:
    """How many there are, and the first of them by name."""
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{len(names):,} {noun}{'' if len(names) == 1 else 's'} ({', '.join(names[:_NAMED])}{more})"

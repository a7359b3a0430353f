"""What the correcting form holds → what it changes. People give words; where these stand is found here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from starlette.datastructures import FormData

from onrecord.archive.amending import Field, SpansValue, checked, missed, relocated
from onrecord.archive.asking import country_of
from onrecord.errors import UsageError
from onrecord.schema import Article, Passage, Span, Statement

_PARTS = ("content", "source", "cue")
_BETWEEN = re.compile(r"\n[ \t]*…[ \t]*\n")
"""A line that stands for the reporter's own words between the parts of a passage."""
_MORE_ACTS = 2
"""Empty rows for acts that were missed."""
_MOST_ACTS = 20
_LONGEST = 20_000
_MOST_NOTE = 2_000


class GivenAct(Struct, frozen=True):
    """A row of the form."""

    act: str = ""
    """The act, and its mode behind a slash."""
    condition: str = ""
    """The words of the condition."""


class Given(Struct, frozen=True):
    """What the form holds, all of it text."""

    name: str = ""
    speaker_kind: str = "person"
    role: str = ""
    country: str = ""
    content: str = ""
    source: str = ""
    cue: str = ""
    kind: str = "indirect"
    acts: tuple[GivenAct, ...] = (GivenAct(),) * _MORE_ACTS
    dropped: bool = False
    note: str = ""

    def __getitem__(self, part: str) -> str:
        """The words of a part."""
        return str(getattr(self, part))


def of_statement(article: Article, one: Statement) -> Given:
    """What the form holds before anything is changed."""
    speaker = one.speaker
    acts = [
        GivenAct(f"{act.act}/{act.mode}" if act.mode else act.act, article[act.condition] if act.condition else "")
        for act in one.acts
    ]
    return Given(
        name=(speaker.name if speaker else "") or "",
        speaker_kind=speaker.kind if speaker else "unnamed",
        role=(speaker.role if speaker else "") or "",
        country=(speaker.country if speaker else "") or "",
        content=_words(one.content),
        source=_words(one.source),
        cue=_words(one.cue),
        kind=one.kind,
        acts=(*acts, *(GivenAct() for _ in range(_MORE_ACTS))),
    )


def _words(passage: Passage) -> str:
    return "\n…\n".join(passage.parts)


def given(form: FormData) -> Given:
    """What a form holds that was sent; line ends as texts have them."""

    def text(name: str, most: int = 300) -> str:
        value = form.get(name, "")
        return value.replace("\r\n", "\n")[:most] if isinstance(value, str) else ""

    acts = [str(one) for one in form.getlist("act")[:_MOST_ACTS]]
    conditions = [str(one) for one in form.getlist("condition")[:_MOST_ACTS]] + [""] * len(acts)
    return Given(
        name=text("name").strip(),
        speaker_kind=text("speaker_kind"),
        role=text("role").strip(),
        country=text("country").strip(),
        content=text("content", _LONGEST),
        source=text("source", _LONGEST),
        cue=text("cue", _LONGEST),
        kind=text("kind"),
        acts=tuple(
            GivenAct(act[:60], condition.strip()[:_LONGEST]) for act, condition in zip(acts, conditions, strict=False)
        ),
        dropped=form.get("dropped") == "1",
        note=text("note", _MOST_NOTE).strip(),
    )


def changes(article: Article, one: Statement, given: Given) -> list[tuple[Field, Any]]:
    """What differs from the statement as it stands, as corrections.

    Raises `UsageError` if any of it makes no sense.
    """
    if given.dropped:
        return [("dropped", True)]
    found = list(_changes(article, one, given))
    for field, value in found:
        checked(field, value, article.text)
    return found


def _changes(article: Article, one: Statement, given: Given) -> Iterator[tuple[Field, Any]]:
    before = of_statement(article, one)
    if _speaker(given) != _speaker(before):
        # The actor's key stays with the name; under another name it would be somebody else's.
        kept = one.speaker.actor if one.speaker and given.name == before.name else None
        yield "speaker", _speaker(given) | {"actor": kept}
    differing = [part for part in _PARTS if given[part].strip() != before[part].strip()]
    if differing:
        near = one.content.start
        yield "spans", {part: msgspec.to_builtins(_spans(article, part, given[part], near)) for part in differing}
    if given.kind != before.kind:
        yield "kind", given.kind
    if _filled(given) != _filled(before):
        yield "acts", _acts(article, given, one.content.start)


def missed_statement(article: Article, given: Given, author: str) -> dict[str, Any]:
    """The statement that the form describes; raises `UsageError` if it makes no sense."""
    if not given.content.strip():
        raise UsageError("what is said: a statement needs the words of its content")
    content = _spans(article, "content", given.content, 0)
    near = content[0].start
    value: dict[str, Any] = {
        "content": content,
        "source": _spans(article, "source", given.source, near),
        "cue": _spans(article, "cue", given.cue, near),
        "kind": given.kind,
        "acts": _acts(article, given, near),
    }
    if given.name or given.role or given.country:
        value["speaker"] = _speaker(given)
    plain: dict[str, Any] = msgspec.to_builtins(missed(article, msgspec.to_builtins(value), author))
    return plain


def _speaker(given: Given) -> dict[str, Any]:
    code = country_of(given.country) or country_of(given.country.upper()) if given.country else None
    return {
        "name": given.name or None,
        "kind": given.speaker_kind,
        "role": given.role or None,
        "country": code or given.country or None,
    }


def _spans(article: Article, part: str, words: str, near: int) -> Sequence[Span]:
    """Where the words stand in the article, nearest to a place."""
    quotes = [quote.strip() for quote in _BETWEEN.split(words) if quote.strip()]
    if not quotes:
        return ()
    value = relocated(SpansValue(quotes={part: quotes}), article.text, near)
    if value is None:
        raise UsageError(f"{part}: the article does not have exactly these words: {quotes[0][:200]}")
    return getattr(value, part) or ()


def _filled(given: Given) -> list[GivenAct]:
    return [one for one in given.acts if one.act]


def _acts(article: Article, given: Given, near: int) -> list[dict[str, Any]]:
    found = []
    for one in _filled(given):
        act, _, mode = one.act.partition("/")
        condition = _spans(article, "content", one.condition, near)
        place = [condition[0].start, condition[0].end] if condition else None
        found.append({"act": act, "mode": mode or None, "condition": place})
    return found

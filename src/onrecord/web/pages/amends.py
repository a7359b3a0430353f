"""What the correcting form holds → what it changes. People give words; where these stand is found here."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from msgspec import Struct
from starlette.datastructures import FormData

from onrecord.archive.amending import MOST_NAME, MOST_NOTE, Field, SpansValue, checked, missed, relocated
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
_LABELS = {"content": "what is said", "source": "who is named as saying it", "cue": "the verb"}
"""What the form calls the parts."""
_SHORT = {"name": "the name", "role": "the office", "country": "the country"}


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

    def text(name: str, most: int = _LONGEST) -> str:
        value = form.get(name, "")
        return value.replace("\r\n", "\n")[:most] if isinstance(value, str) else ""

    acts = [str(one) for one in form.getlist("act")[:_MOST_ACTS]]
    conditions = [str(one) for one in form.getlist("condition")[:_MOST_ACTS]] + [""] * len(acts)
    return Given(
        name=text("name").strip(),
        speaker_kind=text("speaker_kind"),
        role=text("role").strip(),
        country=text("country").strip(),
        content=text("content"),
        source=text("source"),
        cue=text("cue"),
        kind=text("kind"),
        acts=tuple(
            GivenAct(act[:60], condition.strip()[:_LONGEST]) for act, condition in zip(acts, conditions, strict=False)
        ),
        dropped=form.get("dropped") == "1",
        note=text("note").strip(),
    )


def changes(article: Article, one: Statement, given: Given) -> list[tuple[Field, Any]]:
    """What differs from the statement as it stands, as corrections.

    Raises `UsageError` if any of it makes no sense.
    """
    _check(given)
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
        if not given.content.strip():
            raise UsageError(_WORDLESS)
        near = one.content.start
        yield "spans", {part: msgspec.to_builtins(_spans(article, part, given[part], near)) for part in differing}
    if given.kind != before.kind:
        yield "kind", given.kind
    if _filled(given) != _filled(before):
        yield "acts", _acts(article, given, one.content.start)


def missed_statement(article: Article, given: Given, author: str) -> dict[str, Any]:
    """The statement that the form describes; raises `UsageError` if it makes no sense."""
    _check(given)
    if not given.content.strip():
        raise UsageError(_WORDLESS)
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


_WORDLESS = "what is said: a statement needs the words of its content; one that is none has a box of its own above"


def _check(given: Given) -> None:
    """Raise `UsageError` for what is too long to be kept, rather than cut it, and for a country nobody knows."""
    for field, label in _SHORT.items():
        if len(given[field]) > MOST_NAME:
            raise UsageError(f"{label} has {MOST_NAME} characters at most")
    if len(given.note) > MOST_NOTE:
        raise UsageError(f"a note has {MOST_NOTE:,} characters at most")
    if given.country and _country(given.country) is None:
        raise UsageError(f"there is no country {given.country!r}; give its English name or its code, such as DEU")


def _country(name: str) -> str | None:
    return country_of(name) or country_of(name.upper()) or country_of(name.title())


def _speaker(given: Given) -> dict[str, Any]:
    code = _country(given.country) if given.country else None
    return {
        "name": given.name or None,
        # Who has a name is not unnamed: the form of a statement without a speaker begins with that.
        "kind": "person" if given.name and given.speaker_kind == "unnamed" else given.speaker_kind,
        "role": given.role or None,
        "country": code or given.country or None,
    }


def _spans(article: Article, part: str, words: str, near: int, label: str = "") -> Sequence[Span]:
    """Where the words stand in the article, nearest to a place; `label` is what the form calls them."""
    quotes = [quote.strip() for quote in _BETWEEN.split(words) if quote.strip()]
    if not quotes:
        return ()
    value = relocated(SpansValue(quotes={part: quotes}), article.text, near)
    if value is None:
        raise UsageError(f"{label or _LABELS[part]}: the article does not have exactly these words: {quotes[0][:200]}")
    return getattr(value, part) or ()


def _filled(given: Given) -> list[GivenAct]:
    return [one for one in given.acts if one.act]


def _acts(article: Article, given: Given, near: int) -> list[dict[str, Any]]:
    found = []
    for one in _filled(given):
        act, _, mode = one.act.partition("/")
        condition = _spans(article, "content", one.condition, near, "the condition")
        place = [condition[0].start, condition[0].end] if condition else None
        found.append({"act": act, "mode": mode or None, "condition": place})
    return found

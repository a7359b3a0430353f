"""What a quotation does that no frame tells, by what was said before it: an answer, a question, more of the same."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from onrecord.positions.knowledge import codes, languages, lexicon
from onrecord.positions.words import Words
from onrecord.schema import Act, Article, Statement

_TURNED = 0.5
"""The confidence of an act that the turn before tells; measured only in bench/reports.py."""
_ANSWERS = {"ACCUSE": ("DENY", "accusation"), "REQUEST": ("REJECT", "refuse"), "LIMIT": ("REJECT", "refuse")}
"""What a denial in words of its own answers."""
_CARRIED = frozenset({"REJECT", "ACCUSE"})
"""The judgements that a speaker goes on with in figures of speech."""


def by_turns(article: Article) -> Article:
    """The article with the acts of verbatim statements that no frame told, where the statement before tells them."""
    said: list[Statement] = []
    for one in article.statements:
        told = _told(article.text, one, said[-1] if said else None)
        said.append(structs.replace(one, acts=(told,)) if told else one)
    return structs.replace(article, statements=tuple(said))


def _told(text: str, one: Statement, before: Statement | None) -> Act | None:
    code = (one.lang or "en").split("-")[0].lower()
    if not any(part.strip(":– —-") for part in one.cue.parts):
        return None  # questions and answers in print: nobody answers back
    if one.kind != "direct" or len(one.acts) != 1 or one.acts[0].because != "no frame fits" or code not in languages():
        return None
    words = Words(text, one.content.spans).lower
    asks = "?" in words[-2:]
    against = asks or not lexicon(code).words["negators"].isdisjoint(words)
    act = one.acts[0]
    last = before.acts[0] if before and before.acts else None
    if last and last.source_actor != act.source_actor and against and last.act in _ANSWERS:
        return _as(act, *_ANSWERS[last.act], because="answers the statement before")
    if asks:
        return _as(act, "ACCUSE", "disapprove", because="a question put to nobody")
    if last and last.source_actor == act.source_actor and last.act in _CARRIED and _is_figure(words):
        return _as(act, last.act, last.mode, because="goes on with the statement before")
    return None


def _is_figure(words: Sequence[str]) -> bool:
    """Whether a quotation may be a figure of speech: one that counts something is a fact."""
    return not any(word[0].isdigit() for word in words)


def _as(act: Act, name: str, mode: str | None, because: str) -> Act:
    row = codes()[name]
    return structs.replace(
        act,
        act=name,
        mode=mode,
        quad=row.quad,
        cameo=row.modes.get(mode or "", row.cameo),
        plover=row.plover,
        confidence=_TURNED,
        because=because,
    )

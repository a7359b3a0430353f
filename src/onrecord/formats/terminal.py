"""An article and its statements for a person at a terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from rich.console import Console, Group
from rich.padding import Padding
from rich.text import Text

from onrecord.schema import Article, Speaker, Statement

_SHORTEST_SURE = 0.5


def show(article: Article, console: Console) -> None:
    """Print the article: what it is, what was repaired, and each statement with its speaker, words and evidence.

    Control characters, which could drive the reader's terminal, are shown as U+FFFD.
    """
    console.print(Group(*_lines(article)), soft_wrap=False)


def _lines(article: Article) -> Iterator[Text | Padding]:
    yield Text(_inert(article.headline or article.input or article.url or "(no headline)"), style="bold")
    facts = [article.place, article.agency or article.publisher, *article.bylines]
    if article.published:
        facts.append(f"{article.published.date} (by {article.published.how})")
    count = len(article.statements)
    facts.append(f"{count} statement{'' if count == 1 else 's'}")
    yield Text(_inert(" · ".join(fact for fact in facts if fact)), style="dim")
    for repair in article.repairs:
        undone = Text("repaired ", style="green")
        undone.append(_inert(_short(article[repair])), style="default")
        undone.append(_inert(f"  ← {_short(repair.original)}  ({', '.join(repair.steps)})"), style="dim")
        yield undone
    for number, statement in enumerate(article.statements, start=1):
        yield Text()
        yield _heading(number, statement)
        yield Padding(Text(_inert(statement.content_text)), (0, 0, 0, 4), expand=False)
        yield Padding(_evidence(statement), (0, 0, 0, 4), expand=False)
    for problem in article.problems:
        yield Text(_inert(f"! {problem.stage}: {problem.message}"), style="yellow")
    yield Text()


def _heading(number: int, statement: Statement) -> Text:
    line = Text(f"{number:>3} ", style="dim")
    line.append(_inert(_speaker_name(statement.speaker)), style="bold cyan" if statement.speaker else "bold")
    if statement.speaker and statement.speaker.name:
        details = [statement.speaker.role, statement.speaker.country]
        line.append(_inert("".join(f", {detail}" for detail in details if detail)), style="cyan")
    elif statement.speaker and statement.speaker.country:
        line.append(f", {statement.speaker.country}", style="cyan")
    line.append(f"  {statement.kind}", style="magenta")
    return line


def _speaker_name(speaker: Speaker | None) -> str:
    if speaker is None:
        return "speaker not known"
    return speaker.name or f"unnamed ({speaker.role or 'no more is said'})"


def _evidence(statement: Statement) -> Text:
    parts = [part for part in (statement.source.text, statement.cue.text) if part]
    line = Text(_inert(f"“{' … '.join(parts)}”"), style="dim italic")
    if statement.speaker and statement.speaker.because:
        line.append(_inert(f"  {statement.speaker.because}"), style="dim")
    if statement.confidence < _SHORTEST_SURE:
        line.append("  unsure", style="yellow")
    return line


def _short(text: str, most: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def _inert(text: str) -> str:
    """The text without characters that a terminal obeys or that turn the direction of writing."""
    return "".join("\ufffd" if _is_control(character) else character for character in text)


def _is_control(character: str) -> bool:
    if character == "\n":
        return False
    return (
        unicodedata.category(character) == "Cc" or character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )

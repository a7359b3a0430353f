"""An article and its statements for a person at a terminal."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from onrecord.schema import Act, Article, Speaker, Statement

_MOST_REPAIRS = 10
_UNSURE_BELOW = 0.5
_SPEAKER_UNSURE_BELOW = 0.75
"""Of the speakers that newcomers found wrong on twelve pages, most stood at 0.70 or less."""
_LONGEST_NAME = 200
_LONGEST_VENUE = 90
_INDENT = "    "
_TURNS_DIRECTION = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def show(article: Article, console: Console) -> None:
    """Print the article: what it is, what was repaired, and each statement with its speaker, words and evidence.

    Characters that could drive the reader's terminal or turn the direction of writing are shown as U+FFFD.
    """
    for line in _lines(article, console.width):
        console.print(line, soft_wrap=True)


def _lines(article: Article, width: int) -> Iterator[Text]:
    title = (
        article.headline
        or article.url
        or ("standard input" if article.input == "-" else article.input)
        or "(no headline)"
    )
    yield from _wrapped(title, "bold", width)
    named = article.input if article.headline and article.input != "-" else ""
    facts = [named, article.place, article.agency or article.publisher, *article.bylines]
    if article.published:
        facts.append(f"{article.published.date} (by {article.published.how})")
    count = len(article.statements)
    facts.append(f"{count} statement{'' if count == 1 else 's'}")
    yield from _wrapped(" · ".join(fact for fact in dict.fromkeys(facts) if fact), "dim", width)
    for repair in article.repairs[:_MOST_REPAIRS]:
        yield Text(f"repaired  {inert(_short(article[repair]))}", style="green")
        yield Text(f"    from  {inert(_short(repair.original))}  ({', '.join(repair.steps)})", style="dim")
    if len(article.repairs) > _MOST_REPAIRS:
        yield Text(f"repaired  {len(article.repairs) - _MOST_REPAIRS:,} more places", style="green")
    for number, statement in enumerate(article.statements, start=1):
        yield Text()
        yield _heading(number, statement)
        yield from _wrapped(statement.content_text, "", width, _INDENT)
        for act in statement.acts:
            yield from _wrapped(_act(article, statement, act), "green", width, _INDENT)
        yield from _wrapped(_circumstances(statement), "dim", width, _INDENT)
        yield from _wrapped(_evidence(statement), "dim", width, _INDENT)
    for problem in article.problems:
        yield from _wrapped(f"! {problem.stage}: {problem.message}", "yellow", width)
    yield Text()


def _heading(number: int, statement: Statement) -> Text:
    speaker = statement.speaker
    line = Text(f"{number:>3} ", style="dim")
    line.append(inert(_short(_name(speaker), _LONGEST_NAME)), style="bold cyan")
    details = [] if speaker is None else [speaker.role if speaker.name else None, speaker.country]
    line.append(inert("".join(f", {_short(detail, _LONGEST_NAME)}" for detail in details if detail)), style="cyan")
    line.append(f"  {inert(_short(statement.cue.text, 40))}")
    if statement.negated:
        line.append("  NOT SAID", style="bold red")
    line.append(f"  {statement.kind}", style="magenta")
    line.append(f"  {statement.confidence:.2f}", style="dim")
    if statement.nested_in:
        line.append(f"  inside {statement.nested_in.removeprefix('s')}", style="dim")
    if statement.confidence < _UNSURE_BELOW:
        line.append("  unsure", style="yellow")
    if speaker is not None and speaker.name and speaker.confidence < _SPEAKER_UNSURE_BELOW:
        line.append("  speaker unsure", style="yellow")
    return line


def _act(article: Article, statement: Statement, act: Act) -> str:
    """An act in a line: `AGREE, conditional → USA · if … · diplomatic`; whose it is, if not the speaker's."""
    speaker = statement.speaker
    own = (None, *((speaker.country, speaker.actor, speaker.name) if speaker else ()))
    name = f"{act.act}, {act.mode}" if act.mode else act.act
    name = f"NOT {name}" if act.reality == "negated" else name
    by = f" by {_short(act.source_actor)}" if act.source_actor and act.source_actor not in own else ""
    to = f" → {_short(act.target_actor)}" if act.target_actor else ""
    hung = f"“{_short(article[act.condition])}”" if act.condition else ""
    hedged = act.strength if act.strength != "specific" else ""
    return " · ".join(part for part in (name + by + to, hung, hedged, act.topic) if part)


def _name(speaker: Speaker | None) -> str:
    if speaker is None:
        return "speaker not known"
    return speaker.name or f"unnamed ({speaker.role or 'no more is said'})"


def _circumstances(statement: Statement) -> str:
    """To whom, when and where, as far as told."""
    facts = [f"to {_short(', '.join(statement.addressee))}"] if statement.addressee else []
    facts += [f"on {statement.said_on}"] if statement.said_on else []
    facts += [_short(statement.venue, _LONGEST_VENUE)] if statement.venue else []
    return " · ".join(facts)


def _evidence(statement: Statement) -> str:
    """Source and cue in the order of the text, then why the source is that speaker."""
    told = sorted(
        (span, words)
        for passage in (statement.source, statement.cue)
        for span, words in zip(passage.spans, passage.parts, strict=True)
    )
    line = ""
    end = 0
    for span, words in told:
        line += (" " if span.start <= end + 1 else " … ") * bool(line) + words
        end = span.end
    reason = statement.speaker.because if statement.speaker else ""
    return " — ".join(part for part in (line, reason) if part)


def _short(text: str, most: int = 70) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[: most - 1]}…"


def _wrapped(text: str, style: str, width: int, indent: str = "") -> Iterator[Text]:
    for line in textwrap.wrap(inert(text), max(width, 40), initial_indent=indent, subsequent_indent=indent):
        yield Text(line, style=style)


def inert(text: str) -> str:
    return "".join("\ufffd" if _drives_terminal(character) else character for character in text)


def _drives_terminal(character: str) -> bool:
    if character in _TURNS_DIRECTION:
        return True
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") and character not in "\n\t"

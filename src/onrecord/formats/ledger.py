"""A dialogue of two actors for people (text, HTML) and for programs (JSON, CSV)."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any, TextIO

import msgspec
from rich.console import Console
from rich.text import Text

from onrecord.archive.dialogue import Dialogue, Move
from onrecord.formats.rows import cell
from onrecord.formats.terminal import inert
from onrecord.formats.webpage import style

_COLUMNS = tuple(name for name in Move.__struct_fields__ if name not in ("start", "end", "cluster"))
_QUADS = {"VC": "verbal cooperation", "VX": "verbal conflict", "VN": "neutral", "M": "deeds"}


def print_dialogue(found: Dialogue, form: str, out: TextIO) -> None:
    """Print a dialogue as `text`, `json`, `csv` or `html`."""
    if form == "json":
        out.write(msgspec.json.encode(dialogue_object(found)).decode("utf-8") + "\n")
    elif form == "csv":
        table = csv.writer(out)
        table.writerow(_COLUMNS)
        table.writerows([cell(_plain(getattr(move, name))) for name in _COLUMNS] for move in found.moves)
    elif form == "html":
        out.writelines(_page(found))
    else:
        console = Console(file=out, highlight=False, width=None if out.isatty() else 120)
        for line in _lines(found):
            console.print(line, soft_wrap=True)


def dialogue_object(found: Dialogue) -> dict[str, Any]:
    """A dialogue as plain lists and dictionaries; moves are referred to by their `n`."""
    return dict(msgspec.to_builtins(found))


def _plain(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _name(found: Dialogue, move: Move) -> str:
    return found.first if move.side == "first" else found.second


def _act(move: Move) -> str:
    return f"{move.act}, {move.mode.replace('_', ' ')}" if move.mode else move.act


def _said_by(move: Move) -> str:
    """Who says so, in words."""
    who = f"{move.speaker}, {move.role}" if move.role else move.speaker
    return f"{who}, as {move.reported_by} has it" if move.reported_by else who


def _quoted(move: Move, words: str) -> str:
    """Words of a statement: in quotation marks only where the article has all of it in them."""
    return f"“{words}”" if move.kind == "direct" else words


def _noted(move: Move) -> str:
    """In how many articles it stands, its number, and whether the other side is only understood."""
    times = f" · {move.reported} reports" if move.reported > 1 else ""
    context = " · the other side by context" if move.by_context else ""
    return f"{times} · #{move.statement}{context}"


def sections(found: Dialogue) -> Iterator[tuple[str, list[str]]]:
    """The headings below the moves, and what stands under each: moves by number, with their words."""
    by_number = {move.n: move for move in found.moves}

    def one(n: int) -> str:
        move = by_number[n]
        return f"{n} {_name(found, move)} {move.act}: {_quoted(move, move.quote)}"

    def both(pairs: Sequence[Any]) -> list[str]:
        return [f"{one(pair.first)}  —  {one(pair.second)}" for pair in pairs]

    yield "Where they coincide", both(found.coincide)
    yield "Where they differ", both(found.differ)
    yield (
        "Offers and requests that were answered",
        [
            f"{one(answer.offer)}  —  {'condition met' if answer.how == 'met' else answer.how} by {one(answer.answer)}"
            for answer in found.answers
        ],
    )
    yield "Offers and requests without an answer", [one(n) for n in found.open_offers]
    yield (
        "Conditions that remain open",
        [f"{one(n)} — open: {_quoted(by_number[n], by_number[n].condition)}" for n in found.open_conditions],
    )


def _lines(found: Dialogue) -> Iterator[Text]:
    moves = "1 move" if len(found.moves) == 1 else f"{len(found.moves):,} moves"
    yield Text(f"{inert(found.first)} and {inert(found.second)}: {moves}", "bold")
    for move in found.moves:
        colour = "cyan" if move.side == "first" else "magenta"
        head = Text(f"{move.n:>4}  {move.day or 'no date'}  ")
        head.append(f"{inert(_name(found, move))}: {_act(move)}", f"bold {colour}")
        if move.topic:
            head.append(f"  · {move.topic}", "dim")
        yield head
        yield Text(f"      {_quoted(move, inert(move.quote))}")
        if move.condition:
            yield Text(f"      {move.condition_kind or 'if'}: {_quoted(move, inert(move.condition))}", "italic")
        where = move.outlet or move.url
        yield Text(f"      {inert(_said_by(move))} · {inert(where)}{_noted(move)}", "dim")
    for heading, lines in sections(found):
        if lines:
            yield Text(heading, "bold")
            yield from (Text(f"      {inert(line)}") for line in lines)
    yield from (Text(line, "dim") for line in _counted(found))


def _counted(found: Dialogue) -> Iterator[str]:
    """The counts by side, then by month; each can be made again from the moves."""
    for side, name in (("first", found.first), ("second", found.second)):
        counts = ", ".join(f"{act} {count}" for act, count in sorted(found.counts[side].items()))
        yield f"{inert(name)}: {counts or 'no moves'}"
    for month in found.trend:
        name = found.first if month.side == "first" else found.second
        counts = ", ".join(f"{_QUADS.get(quad, quad)} {count}" for quad, count in month.counts.items())
        yield f"{month.month}  {inert(name)}: {counts}"


def _page(found: Dialogue) -> Iterator[str]:
    """A page of its own: the two sides in two columns, the sections, the counts. Nothing in it runs or is fetched."""
    title = escape(f"{found.first} and {found.second}")
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{style()}{_STYLE}</style>\n</head>\n"
        f'<body><main class="onrecord ledger"><h1>{title}</h1>\n'
        f'<table><thead><tr><th scope="col">{escape(found.first)}</th>'
        f'<th scope="col">{escape(found.second)}</th></tr></thead>\n<tbody>\n'
    )
    for move in found.moves:
        cells = ["<td></td>", f"<td>{_cell(move)}</td>"]
        yield f"<tr>{''.join(cells if move.side == 'second' else reversed(cells))}</tr>\n"
    yield "</tbody></table>\n"
    for heading, lines in sections(found):
        if lines:
            items = "".join(f"<li>{escape(line)}</li>\n" for line in lines)
            yield f"<h2>{heading}</h2>\n<ul>{items}</ul>\n"
    counts = "".join(f"<li>{escape(line)}</li>\n" for line in _counted(found))
    yield f"<h2>Counts</h2>\n<ul>{counts}</ul>\n</main></body></html>\n"


def _cell(move: Move) -> str:
    """One move in its column, with its proof."""
    condition = (
        f"<p><em>{escape(move.condition_kind or 'if')}</em>: {escape(move.condition)}</p>" if move.condition else ""
    )
    where = escape(move.outlet or move.url)
    link = f'<a href="{escape(move.url)}">{where}</a>' if move.url.startswith(("http://", "https://")) else where
    return (
        f'<article id="move-{move.n}"><p><strong>{move.n} {escape(_act(move))}</strong>'
        f" <time>{escape(move.day)}</time>{f' · {escape(move.topic)}' if move.topic else ''}</p>"
        f"<blockquote>{escape(_quoted(move, move.quote))}</blockquote>{condition}"
        f"<p><small>{escape(_said_by(move))} · {link}{escape(_noted(move))}</small></p></article>"
    )


_STYLE = """
.ledger { max-width: 70rem; margin: 2rem auto; padding: 0 1rem; display: block; }
.ledger table { width: 100%; border-collapse: collapse; table-layout: fixed; }
.ledger td, .ledger th { vertical-align: top; padding: 0.5rem; border-top: 1px solid; text-align: start; width: 50%; }
.ledger blockquote { margin: 0.3rem 0; }
"""

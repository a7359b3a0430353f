"""How things are put on a page: dates, acts, names, and the addresses that lead from one page to another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from onrecord.actors.gazetteer import country_name
from onrecord.archive.corrections import Correction
from onrecord.archive.search import Hit, Source
from onrecord.formats.iris import web_address
from onrecord.formats.marked import escaped, letters
from onrecord.positions.knowledge import codes
from onrecord.schema import Act, Article, Span, Speaker
from onrecord.web.discretion import public_place

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip

_STORY = ("headline", "standfirst", "body")
_BEGINNING = 300


def isolated(text: str | None) -> Markup:
    """A stranger's words amid ours, whose direction of writing must not turn what stands around them."""
    return Markup(f"<bdi>{escaped(text or '')}</bdi>")


def day(moment: str | None) -> str:
    """An ISO date, or date and time, as a day in words; what is no date stays as it is.

    >>> day("2024-03-01T10:05:00-05:00"), day("2024-03"), day("")
    ('1 March 2024', 'March 2024', '')
    """
    try:
        at = date.fromisoformat((moment or "")[:10])
    except ValueError:
        year, _, month = (moment or "").partition("-")
        return f"{_MONTHS[int(month) - 1]} {year}" if month.isdecimal() and 1 <= int(month) <= 12 else moment or ""
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def short(text: str, most: int = 120) -> str:
    """A text on one line, cut where it is longer: between words, unless one is longer than half of what is shown.

    >>> short("The bridge stays closed", 15), short("bridgekeeper", 6)
    ('The bridge …', 'bridg…')
    """
    flat = " ".join(text.split())
    if len(flat) <= most:
        return flat
    at = flat.rfind(" ", most // 2, most - 1)
    return f"{flat[:at]} …" if at > 0 else f"{flat[: most - 1]}…"


def act(one: Act) -> str:
    """An act and its mode.

    >>> act(Act("LIMIT", "red_line"))
    'LIMIT, red line'
    """
    name = f"{one.act}, {one.mode.replace('_', ' ')}" if one.mode else one.act
    return f"NOT {name}" if one.reality == "negated" else name


def country(code: str | None) -> str:
    """The English name of a country; its code where there is none."""
    return (country_name(code) or code) if code else ""


def called(speaker: Speaker | None) -> str:
    """What to call a speaker."""
    if speaker is None:
        return "speaker not known"
    return speaker.name or f"unnamed ({speaker.role})" if speaker.role else speaker.name or "unnamed"


def speaker_page(speaker: Speaker | None) -> str:
    """The address of a speaker's page; empty for one who has none."""
    if speaker is None or not speaker.name:
        return ""
    return name_page(speaker.name, speaker.country, speaker.kind == "country")


def name_page(name: str, code: str | None = None, is_country: bool = False) -> str:
    """The address of the page of a country, or of whoever bears a name."""
    if is_country and code:
        return f"/country/{quote(code, safe='', errors='replace')}"
    return f"/actor/{quote(name, safe='', errors='replace')}"


def search_page(**asked: Any) -> str:
    """The address of a search."""
    given = [(name, value) for name, value in asked.items() if value]
    return f"/search?{urlencode(given, doseq=True, errors='replace')}"


def dialogue_page(first: str, second: str) -> str:
    """The address of a dialogue."""
    return f"/dialogue?{urlencode({'a': first, 'b': second}, errors='replace')}"


def titled(article: Article) -> str:
    """What to call an article: its headline, else the beginning of its story."""
    story = next((block for block in article.blocks if block.kind in _STORY), None)
    return article.headline or short(article[story] if story else article.text[:_BEGINNING], 80) or "article"


def where(source: Source) -> str:
    """What to call the place of publication."""
    return source.outlet or source.url or public_place(source.input) or "source not known"


def source_title(source: Source) -> str:
    """What to call the article that a statement stands in."""
    return source.headline or where(source)


def stretch(text: str, span: Span) -> str:
    """The words of a span."""
    return text[span.start : span.end]


def marked_snippet(hit: Hit) -> Markup:
    """The part of a statement that shows what was sought, the words found marked."""
    text, at, parts = hit.snippet.text, 0, []
    for mark in hit.snippet.marks:
        parts += [escaped(text[at : mark.start]), f"<mark>{escaped(text[mark.start : mark.end])}</mark>"]
        at = mark.end
    return Markup(f"<bdi>{''.join(parts)}{escaped(text[at:])}</bdi>")


def said_of(one: Correction) -> str:
    """What a correction says, in words."""
    value = one.value
    match one.field:
        case "speaker":
            told = [value.get("name") or "nobody named", value.get("role"), value.get("country")]
            return ", ".join(part for part in told if part)
        case "spans":
            quotes = value.get("quotes") or {}
            return "; ".join(f"{part}: {' … '.join(words) or 'none'}" for part, words in quotes.items())
        case "acts":
            return ", ".join(f"{act['act']}{' ' + act['mode'] if act.get('mode') else ''}" for act in value) or "none"
        case "dropped":
            return "is no statement" if value else "is a statement"
        case "added":
            return one.machine.content_text
        case _:
            return str(value)


def machine_said(one: Correction) -> str:
    """What the machine had in the place of a correction, in words; empty where it had nothing of the kind."""
    machine = one.machine
    match one.field:
        case "speaker":
            speaker = machine.speaker
            told = [called(speaker), speaker.role, speaker.country] if speaker and speaker.name else [called(speaker)]
            return ", ".join(part for part in told if part)
        case "spans":
            parts = one.value.get("quotes") or {}
            return "; ".join(f"{part}: {' … '.join(getattr(machine, part).parts) or 'none'}" for part in parts)
        case "acts":
            return "; ".join(act(done) for done in machine.acts) or "none"
        case "kind":
            return machine.kind
        case _:
            return ""


FILTERS: dict[str, Callable[..., Any]] = {
    "bdi": isolated, "day": day, "short": short, "act": act, "country": country, "called": called, "letters": letters,
    "place": public_place,
}  # fmt: skip
GLOBALS: dict[str, Callable[..., Any]] = {
    "speaker_page": speaker_page, "name_page": name_page, "search_page": search_page, "dialogue_page": dialogue_page,
    "titled": titled, "where": where, "source_title": source_title, "stretch": stretch, "web_address": web_address,
    "marked_snippet": marked_snippet, "said_of": said_of,
    "machine_said": machine_said, "codes": codes,
}  # fmt: skip

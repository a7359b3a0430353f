"""What this stage knows of a language: table `[circumstances]` of `languages/<code>.toml`, as patterns."""

from __future__ import annotations

import re
from functools import cache

from msgspec import Struct

from onrecord.languages import has_table, table

WORD = re.compile(r"\w+")


class Table(Struct, frozen=True, forbid_unknown_fields=True):
    """The shape of `[circumstances]`; the comments there say what each list is for."""

    hearers: tuple[str, ...]
    towards: tuple[str, ...]
    with_hearer: tuple[str, ...]
    ends: tuple[str, ...]
    venues: tuple[str, ...]
    platforms: tuple[str, ...]
    into_venue: tuple[str, ...]
    before_platform: tuple[str, ...]
    of_venue: tuple[str, ...]
    determiners: tuple[str, ...]
    no_hearers: frozenset[str]
    weekdays: dict[str, int]
    months: dict[str, int]
    days_ago: dict[str, int]
    other_week: tuple[str, ...]


class Words(Struct, frozen=True):
    """The patterns of a language."""

    hearer: re.Pattern[str]
    """Behind a cue: the words up to the end of the hearer."""
    towards: re.Pattern[str]
    venue: re.Pattern[str]
    platform: re.Pattern[str]
    weekday: re.Pattern[str]
    calendar: re.Pattern[str]
    ago: re.Pattern[str]
    determiner: re.Pattern[str]
    occasion: re.Pattern[str]
    """A hearer that is an occasion as well: "the Morning programme"."""
    openings: frozenset[tuple[str, ...]]
    """What a text must hold for `towards` to be worth a search: one of these pairs of words in a row, in lower case."""
    occasions: frozenset[str]
    """What it must hold for `venue` and `platform`: one of these words."""
    days: frozenset[str]
    """The same for `weekday`, `calendar` and `ago`."""
    hearers: frozenset[str]
    no_hearers: frozenset[str]
    weekdays: dict[str, int]
    months: dict[str, int]
    days_ago: dict[str, int]


@cache
def words_of(lang: str) -> Words | None:
    """The patterns of a language; None where its file says nothing of circumstances."""
    code = lang.split("-")[0].lower()
    if not has_table(code, "circumstances"):
        return None
    known: Table = table(code, "circumstances", Table)
    determiner = rf"(?:(?:{_any(known.determiners)})\s+)?"
    word = r"(?:[A-Z]\.|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen)\.|[^\W_][\w’'&.-]*[\w’']|[^\W_])"
    stop = rf"(?!(?:{_any(known.ends)}|{_any(known.weekdays)}|{_any(known.days_ago)})\b)"
    quoted = rf"[“\"][^“”\"\n]{{1,60}}[”\"](?:\s+{stop}{word}){{0,2}}?"
    first = rf"(?!(?:{_any(known.determiners)})\b)"
    phrase = rf"{determiner}(?:{quoted}|{first}(?:{stop}{word}\s+){{0,6}}?{stop}{word})"
    after = (
        rf"(?=\s+(?:{_any(known.ends)}|{_any(known.weekdays)}|{_any(known.days_ago)})\b|\s*[,;:.!?“”\"—–(\x00]|\s*$)"
    )
    name = rf"{determiner}(?:{quoted}|{first}{stop}{word}(?:\s+{stop}{word}){{0,5}}?)"
    of_venue = rf"(?:\s+(?:{_any(known.of_venue)})\s+{name}{after})"
    inner = rf"(?!(?:{_any(known.of_venue)})\b)"
    month, weekday = _any(known.months), _any(known.weekdays)
    return Words(
        hearer=re.compile(rf"^.*?\b(?:{_any(known.hearers)})\s+({phrase}){after}", re.S),
        towards=re.compile(rf"\b(?i:{_any(known.towards)}|{_any(known.with_hearer)})\s+({phrase}){after}"),
        venue=re.compile(
            rf"\b(?i:{_any(known.into_venue)})\s+({determiner}(?:{stop}{inner}{word}\s+){{0,4}}?(?:{_any(known.venues)})\b(?:{of_venue}{{1,2}}|{after}))"
        ),
        platform=re.compile(
            rf"\b(?:{_any(known.before_platform)})\s+(?:[^\W\d_]+\s+){{0,3}}?({_any(known.platforms)})\b"
        ),
        weekday=re.compile(rf"(?<!\w)(?<!\bthe )(?:((?:{_any(known.other_week)}))\s+)?({weekday})(?!\w)"),
        calendar=re.compile(
            rf"(?<!\bthe )\b(?:({month})\.?\s+(\d{{1,2}})(?:,?\s+(\d{{4}}))?"
            rf"|(\d{{1,2}})(?:st|nd|rd|th)?\s+({month})\b\.?(?:,?\s+(\d{{4}}))?)(?![\d:])"
        ),
        ago=re.compile(rf"\b({_any(known.days_ago)})\b"),
        determiner=re.compile(rf"^(?:{_any(known.determiners)})\s+", re.I),
        occasion=re.compile(rf"\b(?:{_any(known.venues)})$"),
        openings=frozenset(tuple(_words(phrase)[-2:]) for phrase in (*known.towards, *known.with_hearer)),
        occasions=frozenset(_words(phrase)[-1] for phrase in (*known.venues, *known.platforms)),
        days=frozenset(_words(phrase)[-1] for phrase in (*known.weekdays, *known.months, *known.days_ago)),
        hearers=frozenset(known.hearers),
        no_hearers=known.no_hearers,
        weekdays=known.weekdays,
        months=known.months,
        days_ago=known.days_ago,
    )


def _words(phrase: str) -> list[str]:
    return WORD.findall(phrase.lower())


def _any(words: object) -> str:
    assert isinstance(words, tuple | dict)
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in sorted(words, key=len, reverse=True))

"""Datelines: `MOSCOW, January 24. /TASS/.`, `WASHINGTON (AP) —`, `Paris, 12 May 2022 (AFP) –`."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from onrecord.page.knowledge import Knowledge, any_of, of_language

_LONGEST = 160
_DASH = r"(?:--|[–—―]|(?<=[\s)])-)"
_DASHES = frozenset({"-", "--", "–", "—", "―"})
_CAPITAL_WORD = r"[A-ZÀ-ÖØ-ÞŁŚŻŽČŠ][\w.'’-]*"
_MIN_BARE_PLACE = 4
"""Letters of a place that stands alone before a dash; shorter capitals there are mostly bodies (`UN — `)."""


class Dateline(NamedTuple):
    """What stands before the first sentence of a report; 0 and nothing for what does not."""

    end: int
    """Where it ends in its paragraph, the separator included."""
    place: str
    agency: str
    year: int
    month: int
    day: int


@cache
def _dateline_pattern(lang: str) -> re.Pattern[str]:
    known = of_language(lang)
    month = rf"(?P<month%s>(?i:{any_of(name for names in known.months for name in names)}))\.?"
    date = (
        rf"(?:{month % 1}\s+(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<year1>\d{{4}}))?"
        rf"|(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+{month % 2}(?:,?\s+(?P<year2>\d{{4}}))?)"
    )
    weekday = rf"(?:(?i:{any_of(known.weekdays)}),?\s+)?"
    word = _CAPITAL_WORD
    # A hyphen belongs to a word: were it a separator too, a long chain of them could be cut in too many ways.
    place = rf"{word}(?:[ /](?:(?:de|of|the|al|el|la|on|am|sur|upon|du|di|da) )?{word}){{0,4}}"
    region = rf"(?:,\s+(?!{weekday}{date.replace('?P<', '?P<x_')}){word}(?:\s{word}){{0,3}}){{0,2}}"
    agency = r"(?:\((?P<agency1>[^()\n]{2,40})\)|/(?P<agency2>[^/\n]{2,40})/|\[(?P<agency3>[^\[\]\n]{2,40})\])"
    return re.compile(
        rf"[\"“]?(?:(?P<place>{place})(?P<region>{region}))?(?:[,.]?\s*{weekday}{date})?"
        rf"(?P<stop>[.,:]?)\s*(?:{agency})?(?P<end>\.?\s*(?:{_DASH}|:)(?=\s|[\"“‘'(\[A-Z])|\.(?=\s|$)"
        rf"|(?(agency2)(?=\s|$)|(?(agency1)(?=[A-Z])|(?!))))"
    )


def find_dateline(paragraph: str, lang: str = "en") -> Dateline | None:
    """The dateline that `paragraph` opens with; None if it opens with none."""
    found = _dateline_pattern(lang).match(paragraph[:_LONGEST])
    if not found or not found.end():
        return None
    known = of_language(lang)
    written = next((found[name].strip() for name in ("agency1", "agency2", "agency3") if found[name]), "")
    agency = _agency(written, known)
    month, day, year = _date(found, known)
    place = found["place"] or ""
    if place.count(".") == 1:
        place = place.removesuffix(".")
    if not _is_dateline(found, bool(agency), written, bool(day), known):
        return None
    return Dateline(found.end(), place, agency or written, year, month, day)


def _agency(written: str, known: Knowledge) -> str:
    """The agency in brackets, of several (`Reuters/AFP`, `Reuters, dpa`) the first."""
    return next((usual for part in re.split(r"[/,;]\s*", written) if (usual := known.agency(part))), "") or (
        known.agency(written)
    )


def _date(found: re.Match[str], known: Knowledge) -> tuple[int, int, int]:
    number = "1" if found["month1"] else "2"
    day = int(found["day" + number] or 0)
    if not 1 <= day <= 31:
        return 0, 0, 0
    return known.month(found["month" + number]), day, int(found["year" + number] or 0)


def _is_dateline(found: re.Match[str], agency: bool, written: str, dated: bool, known: Knowledge) -> bool:
    """Whether what has the form of a dateline is one: a place alone has to look more like it than one with a date."""
    place, dash = found["place"] or "", found["end"].strip(" .") in _DASHES
    closed = dash or found["end"].strip(" ") in (".", ":")
    if not place:
        return agency and dash
    if place.upper() in known.not_places or place in known.agencies:
        return agency and dash and dated
    if agency:
        return True
    if dated:
        return dash or (closed and place.isupper())
    if written:
        return dash and place.isupper() and not any(map(str.isdigit, written))
    return dash and place.isupper() and len(place) >= _MIN_BARE_PLACE and ":" not in found["end"]

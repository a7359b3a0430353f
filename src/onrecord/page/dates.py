"""When an article was published: from what the page declares, its dateline, its address, a weekday, its date line.

Nothing is invented: where the evidence does not give a year, there is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache

from onrecord.page.datelines import Dateline
from onrecord.page.knowledge import any_of, of_language
from onrecord.schema import Published

_URL_DATE = re.compile(r"(?<!\d)((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?!\d)")
_URL_MONTH_NAME = re.compile(r"/((?:19|20)\d\d)/([a-z]{3,9})/(\d{1,2})(?!\d)", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)-(\d\d)-(\d\d)(?!\d)")
_LONGEST_ISO = 40
_YEARS = range(1900, 2101)
_NEAR_DAYS = 3
"""A dateline and a declared date this close speak of one publication: files from afar and updates run a day or two."""
_LOOK_AHEAD_YEARS = 2
"""How far after the latest full date on a page its own year can lie. A weekday comes round to the same day of the year
after five years at the earliest, so one or two years leave no second answer."""


def published(
    dateline: Dateline | None, meta: str = "", url: str = "", head: str = "", body: str = "", fetched: str = "",
    lang: str = "en",
) -> Published | None:  # fmt: skip
    """The day of publication and what told it; None where nothing does.

    `meta` is the date that the page or its carrier declares, `head` the text around the headline (date lines,
    captions), `body` the text proper. A declared date counts first; then a full date in the dateline; then the
    dateline's month and day with the year from the address, from a full date of that day in the text, or from the
    weekday named in the report; then the address alone; then a date line.
    """
    if stated := declared(meta):
        return stated
    on_url = _url_date(url, lang)
    if dateline and dateline.day:
        return _from_dateline(dateline, on_url, head, body, fetched, lang)
    if on_url:
        return Published(on_url.isoformat(), "url")
    lines = [found for line in head.split("\n") if (found := _date_line(line, lang))]
    return Published(lines[0].isoformat(), "text") if lines else None


def declared(moment: str) -> Published | None:
    """The day or time that a page or its carrier declares, as ISO 8601; None unless it is a date that exists."""
    written = _valid_iso(moment)
    return Published(written, "meta") if written else None


def full_dates(text: str, lang: str = "en") -> Iterator[date]:
    """Every date in `text` that has day, month and year."""
    known = of_language(lang)
    for found in _full_date(lang).finditer(text):
        number = "1" if found["month1"] else "2"
        made = _made(int(found["year" + number]), known.month(found["month" + number]), int(found["day" + number]))
        if made:
            yield made
    for found in _ISO.finditer(text):
        if made := _made(*map(int, found.groups())):
            yield made


def _from_dateline(
    dateline: Dateline, on_url: date | None, head: str, body: str, fetched: str, lang: str
) -> Published | None:
    if dateline.year:
        made = _made(dateline.year, dateline.month, dateline.day)
        return Published(made.isoformat(), "dateline") if made else None
    if on_url:
        near = _made(on_url.year, dateline.month, dateline.day)
        if near and abs(near - on_url) <= timedelta(days=_NEAR_DAYS):
            return Published(near.isoformat(), "url")
        return Published(on_url.isoformat(), "url")
    dates = sorted({*full_dates(head, lang), *full_dates(body, lang)})
    for found in dates:
        if (found.month, found.day) == (dateline.month, dateline.day):
            return Published(found.isoformat(), "text")
    made = _by_weekday(dateline, dates, body, fetched, lang)
    return Published(made.isoformat(), "weekday") if made else None


def _by_weekday(dateline: Dateline, dates: list[date], body: str, fetched: str, lang: str) -> date | None:
    """The dateline's day in the year in which it falls on the weekday that the report names.

    The latest full date on the page bounds it from below, the day of the fetch from above; without a bound the
    weekday fits a year in seven and decides nothing.
    """
    named = _first_weekday(body, lang)
    if named is None:
        return None
    seen = _valid_iso(fetched)
    if dates:
        latest = dates[-1]
        years = range(latest.year, latest.year + _LOOK_AHEAD_YEARS + 1)
        candidates = [made for year in years if (made := _made(year, dateline.month, dateline.day)) and made >= latest]
    elif seen:
        until = date.fromisoformat(seen[:10])
        years = range(until.year, until.year - 2, -1)
        candidates = [made for year in years if (made := _made(year, dateline.month, dateline.day)) and made <= until]
    else:
        return None
    # Said and filed on one day is the rule; filed the day after is common.
    for days_before in (0, 1):
        for made in candidates:
            if (made - timedelta(days=days_before)).weekday() == named:
                return made
    return None


def _first_weekday(body: str, lang: str) -> int | None:
    known = of_language(lang)
    found = _weekday(lang).search(body)
    return [name.lower() for name in known.weekdays].index(found[1].lower()) if found else None


@cache
def _weekday(lang: str) -> re.Pattern[str]:
    known = of_language(lang)
    return re.compile(rf"(?i:\b(?:{any_of(known.on_weekday)})\s+({any_of(known.weekdays)}))\b")


@cache
def _full_date(lang: str) -> re.Pattern[str]:
    known = of_language(lang)
    month = rf"(?P<month%s>(?i:{any_of(name for names in known.months for name in names)}))\.?"
    return re.compile(
        rf"\b{month % 1}\s+(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year1>\d{{4}})\b"
        rf"|\b(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\s+{month % 2},?\s+(?P<year2>\d{{4}})\b"
    )


def is_date_line(line: str, lang: str = "en") -> bool:
    """Whether `line` tells when the page was published, and nothing else."""
    return _date_line(line, lang) is not None


@cache
def _date_opener(lang: str) -> re.Pattern[str]:
    known = of_language(lang)
    return re.compile(rf"(?i:(?:{any_of(known.date_openers)})\b(?:\s+on)?:?|(?:{any_of(known.weekdays)}),?)\s*")


def _date_line(line: str, lang: str) -> date | None:
    if len(line) > 80:
        return None
    rest = line.strip()
    opener = _date_opener(lang).match(rest)
    while opener and opener.end():
        rest = rest[opener.end() :]
        opener = _date_opener(lang).match(rest)
    starts = _full_date(lang).match(rest) or _ISO.match(rest)
    return next(full_dates(rest, lang), None) if starts and len(rest) - starts.end() <= 30 else None


def _url_date(url: str, lang: str) -> date | None:
    if found := _URL_MONTH_NAME.search(url):
        month = of_language(lang).month(found[2])
        if month and (made := _made(int(found[1]), month, int(found[3]))):
            return made
    for found in _URL_DATE.finditer(url):
        if made := _made(*map(int, found.groups())):
            return made
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if year in _YEARS else None
    except ValueError:
        return None


def _valid_iso(text: str) -> str:
    """`text` as ISO 8601 with its offset written `+hh:mm`; nothing unless it opens with a date that exists."""
    text = text.strip()[:_LONGEST_ISO]
    found = re.match(r"(\d{4}-\d\d-\d\d)(?!\d)", text)
    if not found:
        return ""
    try:
        written = datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", text))
    except ValueError:
        return found[1] if _made(*map(int, found[1].split("-"))) else ""
    return written.isoformat() if len(text) > len(found[1]) else found[1]

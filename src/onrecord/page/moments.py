"""Moments as pages declare them, in whatever form, → ISO 8601."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime

_LONGEST = 80
_ZONE = r"(?P<zone>Z\b|[+-]\d\d(?::?\d\d)?(?!\d)|[A-Z]{1,5}\b(?![+-]))?"
_TIME = (
    r"(?:(?:[T ,]|\s?[-–—|]\s?|\s?(?:at|um|à|alle|o|à la)\s)\s{0,3}"
    r"(?P<hour>\d{1,2})[:.h](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    rf"(?:[.,]\d{{1,9}})?\s?(?P<half>[AaPp]\.?[Mm]\.?)?(?:\s?Uhr)?\s{{0,3}}(?:GMT(?=[+-]))?{_ZONE})?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<name>Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s+)?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE if name else 0)
    for name, form in (
        (False, rf"(?P<year>\d{{4}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d){_TIME}"),
        (False, rf"(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)"
                rf"(?:T?(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?{_ZONE})?(?!\d)"),
        (False, rf"(?P<day>\d{{1,2}})\.\s?(?P<month>\d{{1,2}})\.\s?(?P<year>\d{{4}})(?!\d){_TIME}"),
        (False, rf"(?P<first>\d{{1,2}})[/-](?P<other>\d{{1,2}})[/-](?P<year>\d{{4}})(?!\d){_TIME}"),
        (True, rf"{_WEEKDAY}{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d){_TIME}"),
        (True, rf"{_WEEKDAY}(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?[\s-]+{_MONTH}[\s,-]+(?P<year>\d{{4}})(?!\d){_TIME}"),
    )
)  # fmt: skip
_SECONDS = re.compile(r"(\d{10})(?:\d{3})?(?:\.\d+)?$")
# Names of zones that mean one offset wherever they are used, as RFC 5322 and the press of Europe and North America do.
_ZONES = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip


def moment(value: object) -> str:
    """The date, or date and time, that `value` gives in one of the forms in use, as ISO 8601; else nothing.

    Seconds since 1970 are read as well, and the zones that newspapers name. Where day and month cannot be told apart,
    as in `3/4/2022`, there is no date.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    text = value.strip()[:_LONGEST]
    if seconds := _SECONDS.match(text):
        return datetime.fromtimestamp(int(seconds[1]), UTC).isoformat()
    for form in _FORMS:
        if found := form.match(text):
            return _written(found)
    return _as_mail(text)


def _written(found: re.Match[str]) -> str:
    said = found.groupdict()
    day, month = _day_and_month(said)
    try:
        date = datetime(int(said["year"] or 0), month, day).date().isoformat()
    except ValueError:
        return ""
    try:
        clock = time(_hour(said), int(said["minute"] or 0), int(said["second"] or 0)) if said.get("hour") else None
    except ValueError:
        clock = None
    return f"{date}T{clock.isoformat()}{_offset(said['zone'] or '')}" if clock else date


def _day_and_month(said: dict[str, str | None]) -> tuple[int, int]:
    """Zeroes, which are no date, if it cannot be told which of two numbers is which."""
    if name := said.get("name"):
        return int(said["day"] or 0), _MONTHS.index(name[:3].lower()) + 1
    if said.get("first"):
        first, other = int(said["first"] or 0), int(said["other"] or 0)
        if first > 12 or first == other:
            return first, other
        return (other, first) if other > 12 else (0, 0)
    return int(said["day"] or 0), int(said["month"] or 0)


def _hour(said: dict[str, str | None]) -> int:
    hour, half = int(said["hour"] or 0), (said.get("half") or "")[:1].lower()
    if half and 1 <= hour <= 12:
        return hour % 12 + 12 * (half == "p")
    return hour


def _offset(zone: str) -> str:
    if zone[:1] in ("+", "-"):
        digits = zone[1:].replace(":", "")
        return f"{zone[0]}{digits[:2]}:{digits[2:] or '00'}"
    if zone not in _ZONES:
        return ""
    return datetime(2000, 1, 1, tzinfo=timezone(timedelta(hours=_ZONES[zone]))).isoformat()[19:]


def _as_mail(text: str) -> str:
    """RFC 5322, and what programs print: `Sat May 14 10:00:00 CEST 2022`, `Sat May 14 2022 10:00:00 GMT+0200`."""
    printed = re.match(
        r"[A-Za-z]{3} ([A-Za-z]{3}) (\d\d?) (?:(\d{4}) )?(\d\d:\d\d:\d\d) (?:GMT)?([A-Z]{1,5}|[+-]\d{4})?(?: (\d{4}))?",
        text,
    )
    if printed:
        month, day, year, clock, zone, last = printed.groups()
        return moment(f"{month} {day}, {year or last} {clock} {zone or ''}") if year or last else ""
    if not re.match(r"[A-Za-z]{3},? \d|\d{1,2} [A-Z][a-z]{2} \d{4}", text):
        return ""
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError):
        return ""

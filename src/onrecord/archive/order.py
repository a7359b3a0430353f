"""Numbers of statements: they rise with the day of publication, so that the newest are found without sorting."""

from __future__ import annotations

import re
from datetime import date

_DAY = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_BITS = 28
"""Room for 268 million statements a day; days and these together stay below what JavaScript counts exactly (2⁵³)."""
PER_DAY = 1 << _BITS


def is_day(day: str) -> bool:
    """Whether this is an ISO date, month or year.

    >>> is_day("2021-01"), is_day("2021-13"), is_day("yesterday")
    (True, False, False)
    """
    try:
        return bool(_DAY.fullmatch(day)) and bool(_day(day))
    except ValueError:
        return False


def first_of(day: str) -> int:
    """The number from which on the statements of an ISO date are counted; 0 for those without a date.

    A month or year stands for its first day.

    >>> first_of("2021-01-25") - first_of("2021-01-24") == PER_DAY, first_of("")
    (True, 0)
    """
    return _day(day).toordinal() << _BITS if day else 0


def after(day: str) -> int:
    """The number that all statements up to the end of an ISO date, month or year lie below.

    >>> after("2021-01") == first_of("2021-02"), after("2021") == first_of("2022-01-01")
    (True, True)
    """
    first = _day(day)
    if len(day) >= len("2021-01-24"):
        return (first.toordinal() + 1) << _BITS
    year, month = (first.year, first.month + 1) if len(day) > len("2021") else (first.year + 1, 1)
    if month > 12:
        year, month = year + 1, 1
    return (date(year, month, 1).toordinal() if year <= date.max.year else date.max.toordinal() + 1) << _BITS


def day_of(number: int) -> str:
    """The ISO date of publication of the statement of that number; empty if it has none."""
    ordinal = number >> _BITS
    return date.fromordinal(ordinal).isoformat() if ordinal else ""


def _day(day: str) -> date:
    return date.fromisoformat((day + "-01-01"[len(day) - 4 :] if len(day) < len("2021-01-24") else day)[:10])

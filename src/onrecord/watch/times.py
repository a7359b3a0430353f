"""The clock that watching goes by, and how long to wait: after a failure, and as servers ask."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Protocol

FIRST_WAIT = 60.0
LONGEST_WAIT = 6 * 3600.0
"""Seconds before the second try, and between tries at most; each wait is twice the one before."""
_LONGEST_ASKED = 7 * 86400.0
"""What a server asks beyond a week is taken for a mistake."""


class Clock(Protocol):
    """What tells the time and passes it; tests have one of their own."""

    def now(self) -> datetime:
        """The time in UTC."""

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""


class WallClock:
    """The time as it is."""

    def now(self) -> datetime:
        """The time in UTC."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""
        time.sleep(seconds)


def iso(moment: datetime) -> str:
    """A time as the archive holds it: texts that sort as times do.

    >>> iso(datetime(2024, 3, 1, 10, tzinfo=UTC))
    '2024-03-01T10:00:00.000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


def later(moment: datetime, seconds: float) -> str:
    """The time so many seconds later, as the archive holds it."""
    return iso(moment + timedelta(seconds=seconds))


def back_off(fails: int) -> float:
    """Seconds to wait after so many failures in a row, one at least.

    >>> back_off(1), back_off(3), back_off(1000)
    (60.0, 240.0, 21600.0)
    """
    return float(min(FIRST_WAIT * 2 ** min(fails - 1, 20), LONGEST_WAIT))


def asked_to_wait(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds that an answer asks to wait (`Retry-After`: seconds or a date); 0 if it does not say.

    >>> asked_to_wait({"retry-after": "120"}, datetime(2024, 3, 1, tzinfo=UTC))
    120.0
    >>> asked_to_wait({"retry-after": "Fri, 01 Mar 2024 00:00:30 GMT"}, datetime(2024, 3, 1, tzinfo=UTC))
    30.0
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        seconds = float(said[:9])
    else:
        moment = read_date(said)
        seconds = (moment - now).total_seconds() if moment else 0.0
    return min(max(seconds, 0.0), _LONGEST_ASKED)


_LONGEST_DATE = 64


def read_date(said: str) -> datetime | None:
    """The time that a feed or header gives in ISO 8601 or as e-mail does (RFC 2822); None if it is neither.

    One without a zone is taken for UTC.

    >>> read_date("Mon, 04 Mar 2024 09:00:00 -0300").isoformat(), read_date("2024-03-04"), read_date("yesterday")
    ('2024-03-04T09:00:00-03:00', datetime.datetime(2024, 3, 4, 0, 0, tzinfo=datetime.timezone.utc), None)
    """
    said = said.strip()
    if not said or len(said) > _LONGEST_DATE:
        return None
    for reading in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            found = reading(said)
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
            found.astimezone(UTC)  # a year at either end may have no place in UTC
        except (ValueError, OverflowError, TypeError, IndexError):
            continue
        return found
    return None

"""The error tree: everything onrecord raises on purpose is an `OnrecordError`.

A message says what was wrong, where, and what to do about it, in one line.
"""


class OnrecordError(Exception):
    """Any failure that onrecord foresees."""


class UsageError(OnrecordError):
    """The call itself makes no sense: an unknown format, a language code that does not exist."""


class InputError(OnrecordError):
    """One input cannot be read; other inputs are not concerned."""


class FetchError(InputError):
    """A location gave no page: missing file, refused address, time-out, too many redirects."""


class LimitError(InputError):
    """An input is larger, deeper or slower than the stated limit."""


class PageError(InputError):
    """A page was fetched but holds no text that can be taken apart."""


class ArchiveError(OnrecordError):
    """The archive cannot be opened, read or written: missing, locked, full, unreachable, of a newer version."""


class ArchiveGoneError(ArchiveError):
    """The archive's database cannot be reached at present; it may come back."""

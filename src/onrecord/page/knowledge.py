"""What this stage knows of a language: table [page] of languages/<code>.toml."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from onrecord import languages
from onrecord.errors import UsageError


class Knowledge(Struct, frozen=True, forbid_unknown_fields=True):
    """Table [page]; the comments there say what each list is for."""

    months: tuple[tuple[str, ...], ...]
    weekdays: tuple[str, ...]
    on_weekday: tuple[str, ...]
    not_places: tuple[str, ...]
    byline_openers: tuple[str, ...]
    byline_roles: tuple[str, ...]
    credit_openers: tuple[str, ...]
    date_openers: tuple[str, ...]
    caption_openers: tuple[str, ...]
    caption_marks: tuple[str, ...]
    caption_closers: tuple[str, ...]
    form_phrases: tuple[str, ...]
    form_fields: tuple[str, ...]
    teaser_sections: tuple[str, ...]
    named_sections: tuple[str, ...]
    teaser_pointers: tuple[str, ...]
    comment_headings: tuple[str, ...]
    navigation_words: tuple[str, ...]
    notice_phrases: tuple[str, ...]
    agencies: dict[str, tuple[str, ...]]

    def month(self, name: str) -> int:
        """The number of the month called `name`; 0 if none is."""
        wanted = name.rstrip(".").lower()
        for number, names in enumerate(self.months, 1):
            if wanted in (known.lower() for known in names):
                return number
        return 0

    def agency(self, name: str) -> str:
        """The usual name of the agency called `name`; nothing if none is."""
        for usual, names in self.agencies.items():
            if name in names:
                return usual
        return ""


@cache
def of_language(lang: str) -> Knowledge:
    """What is known of the language `lang`; of English if nothing is, since news pages borrow its forms."""
    known: Knowledge
    try:
        known = languages.table(nearest(lang), "page", Knowledge)
    except UsageError:
        known = languages.table("en", "page", Knowledge)
    return known


def nearest(lang: str) -> str:
    """The code of the language whose table serves `lang`: its own if there is one, else English.

    Patterns are kept for each language asked about, so pages must not be able to make languages up.
    """
    code = lang.split("-")[0].lower()
    return code if code in languages.codes() else "en"


def any_of(words: Iterable[str]) -> str:
    """A pattern that matches any of `words`, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))

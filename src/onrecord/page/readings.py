"""The ways in which text is misread: which code page is taken for which, in what languages, and how that is undone."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

import ftfy.bad_codecs  # noqa: F401  (registers the sloppy codecs, which keep the bytes Windows-1252 leaves undefined)

from onrecord.page import letters

_WESTERN = ("sloppy-windows-1252", "latin-1")
_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso-8859-5", "cp866", "mac-cyrillic")
_CENTRAL = ("cp1250", "iso-8859-2")
_GREEK = ("cp1253", "iso-8859-7")
# Right code pages with the languages written in them, and the code pages they are mistaken for, the commonest first:
# those of the West by all, those of the same letters by each other, and the commonest of Russia by its neighbours.
_FAMILIES = (
    (("ru", "uk", "bg", "sr", "mk"), _CYRILLIC, (*_WESTERN, *_CYRILLIC, "cp1250")),
    (("el",), _GREEK, (*_WESTERN, "cp1251", *_GREEK)),
    (("pl", "cs", "sk", "hu", "ro", "sh", "sl"), _CENTRAL, (*_WESTERN, *_CENTRAL, "cp1251")),
    (("ar", "fa", "ur"), ("cp1256", "iso-8859-6"), (*_WESTERN, "cp1251")),
    (("he",), ("cp1255", "iso-8859-8"), (*_WESTERN, "cp1251")),
    (("tr",), ("cp1254",), (*_WESTERN, "cp1251", "cp1250")),
    (("lt", "lv"), ("cp1257", "iso-8859-13"), (*_WESTERN, "cp1251", "cp1250")),
)
_UTF8_TAKEN_FOR = (
    *_WESTERN, "cp1251", "koi8-r", "cp866", "sloppy-windows-1250", "iso-8859-2", "sloppy-windows-1253",
    "sloppy-windows-1254", "iso-8859-15", "mac-roman", "cp437", "cp850",
)  # fmt: skip
_LATIN_PAGES = frozenset((*_CENTRAL, "cp1254", "cp1257", "iso-8859-13", "utf-8"))
_MOST_LAYERS = 4

_UNUSUAL = {"mac-cyrillic": 4.0, "koi8-u": 1.0, "iso-8859-13": 3.0}
_LESS_COMMON = 3.0
"""Bits against a code page that is not the first of its language: what decides where two read nearly the same."""
_NOT_WESTERN = 4.0
"""Bits against having been read as something else than Windows-1252 or Latin-1."""


class Reading(NamedTuple):
    """A way of misreading: text of the code page `right`, in one of some languages, taken for `wrong`."""

    wrong: str
    right: str
    columns: tuple[int, ...]
    """The places of the languages among `letters.languages()`."""
    penalty: float
    """Bits against it."""


@cache
def readings() -> tuple[Reading, ...]:
    """All that are known."""
    places = {language: place for place, language in enumerate(letters.languages())}
    legacy = (
        Reading(
            wrong,
            right,
            tuple(places[language] for language in languages),
            _UNUSUAL.get(right, _LESS_COMMON if rank else 0.0) + (wrong not in _WESTERN) * _NOT_WESTERN,
        )
        for languages, rights, wrongs in _FAMILIES
        for rank, right in enumerate(rights)
        for wrong in wrongs
        if wrong != right
    )
    every = tuple(places.values())
    utf8 = (Reading(wrong, "utf-8", every, (wrong not in _WESTERN) * _NOT_WESTERN) for wrong in _UTF8_TAKEN_FOR)
    return (*legacy, *utf8)


@cache
def readings_by_wrong(of_latin: bool, of_utf8: bool) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """The places of the readings by the code page that text was read as: all, or those with Latin letters only, and
    those of UTF-8 only if so wished."""
    places: dict[str, list[int]] = {}
    for place, reading in enumerate(readings()):
        if (reading.right in _LATIN_PAGES or not of_latin) and (reading.right != "utf-8" or of_utf8):
            places.setdefault(reading.wrong, []).append(place)
    return tuple((wrong, tuple(found)) for wrong, found in places.items())


@lru_cache(maxsize=1 << 14)
def undone(text: str, wrong: str, right: str) -> str | None:
    """`text` as it would have been, UTF-8 as often as it was misread; None if it cannot have been misread so."""
    steps = steps_of(text, wrong, right)
    return steps[0] if steps else None


def steps_of(text: str, wrong: str, right: str) -> tuple[str, tuple[str, ...]] | None:
    """What `text` would have been, and the steps to it; None if it cannot have been misread so."""
    try:
        mended = text.encode(wrong).decode(right)
    except UnicodeError:
        return None
    steps: tuple[str, ...] = (f"encode {wrong}", f"decode {right}")
    if right == "utf-8":
        for _ in range(_MOST_LAYERS - 1):
            below = _below(mended, wrong)
            if below is None:
                break
            mended, codec = below
            steps += (f"encode {codec}", "decode utf-8")
    return mended, steps


def _below(text: str, wrong: str) -> tuple[str, str] | None:
    """The text that `text` is a misreading of once more, if it is, and the code page it was read as."""
    if text.isascii():
        return None
    for codec in dict.fromkeys((*_WESTERN, wrong)):
        try:
            mended = text.encode(codec).decode("utf-8")
        except UnicodeError:
            continue
        if letters.text_bits(mended) < letters.text_bits(text):
            return mended, codec
    return None

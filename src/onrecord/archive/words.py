"""Words as the archive indexes and seeks them: case, accents and forms of inflection make no difference.

A word is a run of letters and digits; of scripts written without spaces each character is one, so that what is sought
there is a phrase. The forms of a word share a stem, by the Snowball algorithm of its language (Porter, 2001).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import islice

import Stemmer
from msgspec import Struct

# Letters with the marks that belong to them, an apostrophe within a word left out: it is written in too many ways.
_WORD = re.compile(r"[^\W_](?:[\w\u0300-\u036f\u0900-\u0dff]|['’ʼ](?=\w))*")
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_LONGEST_WORD = 60
"""Characters of a word that count; what is longer is no word but an address or garbage."""
_APOSTROPHES = str.maketrans("", "", "'’ʼ_")
_BARE = {"ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"}

_ALGORITHMS = {
    "ar": "arabic", "hy": "armenian", "eu": "basque", "ca": "catalan", "cs": "czech", "da": "danish", "nl": "dutch",
    "en": "english", "et": "estonian", "fi": "finnish", "fr": "french", "de": "german", "el": "greek", "hi": "hindi",
    "hu": "hungarian", "id": "indonesian", "ga": "irish", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "no": "norwegian", "nb": "norwegian", "nn": "norwegian", "fa": "persian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sr": "serbian", "es": "spanish", "sv": "swedish", "ta": "tamil",
    "tr": "turkish", "yi": "yiddish", "uk": "russian", "be": "russian", "bg": "russian",
}  # fmt: skip
"""Ukrainian, Belarusian and Bulgarian have no algorithm of their own; the endings of Russian serve them in part."""


class Word(Struct, frozen=True, gc=False):
    """A word of a text, as it is sought, and where it stands."""

    bare: str
    start: int
    end: int


def words(text: str) -> Iterator[Word]:
    """The words of a text in reading order.

    >>> [word.bare for word in words("L’État, c’est “MOI”; 核兵器")]
    ['letat', 'cest', 'moi', '核', '兵', '器']
    """
    for match in _WORD.finditer(text):
        written = match.group()
        if written.isascii() or not _UNSPACED.search(written):
            yield Word(bare(written), match.start(), match.end())
        else:
            yield from _characters(written, match.start())


def bare_words(text: str, most: int) -> list[str]:
    """The first words of a text as they are sought, without their places.

    >>> bare_words("L’État, c’est “MOI”", 2)
    ['letat', 'cest']
    """
    if not text.isascii() and _UNSPACED.search(text):
        return [word.bare for word in islice(words(text), most)]
    return [bare(word) for word in _WORD.findall(text)[:most]]


def _characters(written: str, start: int) -> Iterator[Word]:
    """Each character of a script without spaces; what stands between them as one word."""
    at = 0
    for match in _UNSPACED.finditer(written):
        if match.start() > at:
            yield Word(bare(written[at : match.start()]), start + at, start + match.start())
        yield Word(match.group(), start + match.start(), start + match.end())
        at = match.end()
    if at < len(written):
        yield Word(bare(written[at:]), start + at, start + len(written))


@lru_cache(maxsize=50_000)
def bare(word: str) -> str:
    """A word in lower case without accents and apostrophes.

    >>> bare("Müller’s"), bare("Ёлка"), bare("STRASSE") == bare("Straße")
    ('mullers', 'елка', True)
    """
    lower = word[:_LONGEST_WORD].casefold().translate(_APOSTROPHES)
    if lower.isascii():
        return lower
    parts = unicodedata.normalize("NFKD", lower)
    kept = [part for part in parts if not "\u0300" <= part <= "\u036f"]
    return unicodedata.normalize("NFKC", "".join(_BARE.get(part, part) for part in kept))


@lru_cache(maxsize=100_000)
def stem(word: str, lang: str) -> str:
    """What the forms of a bare word share in a language; the word itself in a language without an algorithm.

    >>> stem("negotiations", "en") == stem("negotiating", "en"), stem("переговоров", "ru") == stem("переговоры", "ru")
    (True, True)
    """
    algorithm = _ALGORITHMS.get(lang[:2])
    return bare(_stemmer(algorithm).stemWord(word)) if algorithm else word


def stems(word: str, langs: Iterable[str]) -> frozenset[str]:
    """The stems that a bare word may have in any of the languages."""
    return frozenset(stem(word, lang) for lang in langs)


@cache
def _stemmer(algorithm: str) -> Stemmer.Stemmer:
    return Stemmer.Stemmer(algorithm)

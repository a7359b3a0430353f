"""One key for the spellings of a name: Peskov, Песков, Peskow; Зеленский, Zelenskyy, Selenskyj."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_CYRILLIC = dict(zip("абвгдеёзийклмнопрстуфыэіїєґў", "abvgdeeziiklmnoprstufyeiiegu", strict=True)) | {
    "ж": "zh", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ь": "", "ю": "yu", "я": "ya", "ј": "i",
}  # fmt: skip
_LETTERS = {"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ә": "a"}
# What languages write differently for one sound; the order counts. Applied to both sides, so nothing need be right,
# only the same.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"shch|schtsch|tsch|tch|cz|č", "ch"),
        (r"sch|sz", "sh"),
        (r"kh", "h"),
        (r"ph", "f"),
        (r"ck", "k"),
        (r"ou|oo", "u"),
        (r"w", "v"),
        (r"ff\b", "v"),
        (r"ts|tz|zh|z", "s"),
        (r"\b[yj]e", "e"),
        (r"[yj]", "i"),
        (r"c(?=[aoukrlt]|\b)", "k"),
        (r"x", "ks"),
        (r"(.)\1+", r"\1"),
    )
)
_NO_NAME = re.compile(r"[^a-z ]+")
_SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv"})


@lru_cache(maxsize=20_000)
def plain(name: str) -> str:
    """The name in lower-case Latin letters without accents and marks; whitespace made single.

    >>> plain("Дмитрий Песков"), plain("Stéphane  Dujarric")
    ('dmitrii peskov', 'stephane dujarric')
    """
    lower = "".join(_CYRILLIC.get(letter, _LETTERS.get(letter, letter)) for letter in name.lower())
    bare = "".join(letter for letter in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(letter))
    return " ".join(_NO_NAME.sub(" ", bare.replace("'", "").replace("’", "")).split())


@lru_cache(maxsize=20_000)
def key(name: str) -> str:
    """What all spellings of a name share; initials and "Jr." in it make no difference.

    >>> key("Peskov") == key("Песков") == key("Peskow")
    True
    >>> key("Joseph R. Biden Jr.")
    'iosef biden'
    """
    words = plain(name).split()
    kept = [word for word in words if len(word) > 1 and word not in _SUFFIXES] or words
    sounds = " ".join(kept)
    for pattern, sound in _SOUNDS:
        sounds = pattern.sub(sound, sounds)
    return sounds

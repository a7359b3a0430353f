"""The names in what is written where an author's name belongs."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from html import unescape
from importlib.resources import files

import msgspec
from msgspec import Struct

from onrecord.page.knowledge import any_of

_BETWEEN = re.compile(r"\s*(?:[;,|、•·]|\s(?:and|und|et|y|e|og|och|en|&|/)\s|(?<=\w\w)/(?=\w\w\w))\s*")
_INITIALS = re.compile(r"\s*[(\[][^()\[\]]{0,60}[)\]]")
_NO_NAME = re.compile(r"[@#]|://|^[\d\W]*$|\.(?:com|de|net|org)/|\d{4}")
_DASHED_ROLE = re.compile(r"\s+[-–—]\s+.*")
_ADDRESS = re.compile(r"\S*(?:://|@|www\.)\S*")
_LONGEST_FIELD = 1000
_MOST_WORDS = 6


class Words(Struct, frozen=True, forbid_unknown_fields=True):
    """`authors.toml`; the comments there say what each list is for."""

    openers: tuple[str, ...]
    jobs: frozenset[str]
    particles: frozenset[str]
    classes: frozenset[str]
    not_classes: frozenset[str]
    labels: tuple[str, ...]
    labels_with_a_colon: tuple[str, ...]
    not_names: frozenset[str]


@cache
def words() -> Words:
    """What is known of author fields."""
    written = tomllib.loads((files(__package__) / "authors.toml").read_text(encoding="utf-8"))
    return msgspec.convert(written, Words)


@cache
def opener() -> re.Pattern[str]:
    """What stands before names: `By`, `Von`."""
    return re.compile(rf"[(（]?\s*(?:{any_of(words().openers)})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)


def names_of(written: str) -> list[str]:
    """The names in one author field, which may hold several, with openers, jobs, initials and addresses."""
    written = _ADDRESS.sub("", unescape(written[:_LONGEST_FIELD])).strip()
    while opened := opener().match(written):
        written = written[opened.end() :]
    parts = [_DASHED_ROLE.sub("", part) for part in _BETWEEN.split(_INITIALS.sub("", written))]
    parts = [part.strip(" :.：*()（）\u200b") for part in parts]
    return [part for part in parts if part and not _NO_NAME.search(part) and not is_job(part)]


def is_job(part: str) -> bool:
    """Whether `part` is a job or a sentence rather than a name."""
    said = [word.strip(".,").casefold() for word in part.split()]
    return len(said) > _MOST_WORDS or not words().jobs.isdisjoint(said)


def is_full(name: str) -> bool:
    """Whether `name` has the form of a whole name, which tells it from a button and from a place."""
    parts = name.split()
    if any(map(str.isdigit, name)):
        return False
    if name.upper() == name.lower():
        return True
    return len(parts) >= 2 and all(not part[0].islower() or part in words().particles for part in parts)

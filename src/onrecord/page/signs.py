"""What a paragraph looks like, taken by itself: a form, a caption, a title, prose …"""

from __future__ import annotations

import re
from functools import cache

from onrecord.page.dates import full_dates
from onrecord.page.knowledge import Knowledge, any_of, of_language

_END_OF_SENTENCE = re.compile(r"[.!?।。！？][\"”’»'“)\]]*\s*\*?$")
_TRUNCATED = re.compile(
    r"(?:…|\.\.\.|\[…\]|\[\.\.\.\]|\[&hellip;\])\s*(?:»|\[?(?i:read more|more|continue reading)\]?)?$"
)
_QUOTED = re.compile('["“”«»„]')
_PROSE_LETTERS = 60
_TITLE_LETTERS = 220
_CAPTION_LETTERS = 700
"""Captions with the agency's second language run to 450 characters; body paragraphs with a credit in them are rare."""
_CLOSING = 60
"""Characters at the end of a caption in which the house is named that a picture is from."""
_FORM_LETTERS = 250
_NAVIGATION_LETTERS = 1000
_NAVIGATION_PART = 28
_NAME_WORD = r"(?:[^\W\d_a-zß-öø-ÿ][\w.'’-]*|de|da|del|der|den|di|du|la|le|van|von|bin|al|el|ben|ter)"
_PARTED = re.compile("[|>»›•·]")
_PARTS = re.compile(r"\s*[|>»›•·]\s*")


def is_prose(text: str) -> bool:
    """A whole sentence or more, of some length, to its end."""
    return len(text) >= _PROSE_LETTERS and bool(_END_OF_SENTENCE.search(text)) and not is_truncated(text)


def is_truncated(text: str) -> bool:
    """The beginning of a text that goes on elsewhere: `… as part of…`."""
    return bool(_TRUNCATED.search(text))


def is_title(text: str) -> bool:
    """A line as headlines are: some words, no full stop."""
    end = text.rstrip("\"”’'»)")[-1:]
    return (
        len(text) <= _TITLE_LETTERS and "\n" not in text and end not in (".", ",", ";", ":", "…") and _words(text) >= 2
    )


def _words(text: str) -> int:
    return len(text.split())


def _plain(text: str) -> str:
    return text.strip().strip(" :*.-–—|»›…").lower()


def is_form(text: str, lang: str = "en") -> bool:
    """A piece of a form: what asks for a comment, an address, a log-in."""
    if len(text) > _FORM_LETTERS or _QUOTED.search(text):
        return False
    lowered = text.lower()
    return any(map(lowered.__contains__, of_language(lang).form_phrases))


def is_form_field(text: str, lang: str = "en") -> bool:
    """The name of a field or a button."""
    return _plain(text) in of_language(lang).form_fields


def opens_teasers(text: str, lang: str = "en") -> bool:
    """A heading over other stories: `You May Also Like`, `More from Politics`."""
    plain = _plain(text)
    known = of_language(lang)
    if plain in known.teaser_sections:
        return True
    goes_on = any(plain.startswith(f"{phrase} ") for phrase in known.named_sections)
    return goes_on and len(plain) <= 45 and is_title(text)


@cache
def _pointer(lang: str) -> re.Pattern[str]:
    return re.compile(rf"(?i:(?:{any_of(of_language(lang).teaser_pointers)}))\s*(?:[:|]|[-–—]\s|$)")


def points_elsewhere(text: str, lang: str = "en") -> bool:
    """A pointer to another story: `Read more: …`."""
    return len(text) <= _TITLE_LETTERS and bool(_pointer(lang).match(text))


def opens_comments(text: str, lang: str = "en") -> bool:
    """A heading over readers' comments: `Comments`, `12 comments`, `Comments (3)`."""
    if len(text) > _TITLE_LETTERS:
        return False
    plain = re.sub(r"^\d+\s+|\s*\(\d+\)$", "", _plain(text))
    return plain in of_language(lang).comment_headings


def is_navigation(text: str, lang: str = "en") -> bool:
    """A menu entry, a row of them or a button."""
    if len(text) > _NAVIGATION_LETTERS:
        return False
    known = of_language(lang)
    if _plain(text) in known.navigation_words:
        return True
    if not _PARTED.search(text):
        return False
    parts = [part for part in _PARTS.split(text) if part]
    if len(parts) < 2 or any(len(part) > _NAVIGATION_PART or _END_OF_SENTENCE.search(part) for part in parts):
        return False
    return len(parts) >= 4 or any(_plain(part) in known.navigation_words for part in parts)


def is_notice(text: str, lang: str = "en") -> bool:
    """A word of the publisher's about the page: rights, corrections, cookies."""
    if len(text) > _FORM_LETTERS:
        return False
    lowered = text.lower()
    for phrase in of_language(lang).notice_phrases:
        if phrase not in lowered:
            continue
        if lowered.startswith(phrase):
            return True
        # A short phrase within a sentence may be what the story is about.
        if (phrase.count(" ") >= 2 or not phrase[0].isalpha()) and not _QUOTED.search(text):
            return _words(text) <= 20
    return False


def is_credit(text: str, lang: str = "en") -> bool:
    """Who worked on the story, as agencies put it at the end."""
    return len(text) <= 400 and text.startswith(of_language(lang).credit_openers)


@cache
def _slashed(lang: str) -> re.Pattern[str]:
    """A photographer beside an agency, with a slash between them."""
    known = of_language(lang)
    agencies = any_of(name for names in known.agencies.values() for name in names)
    houses = any_of(known.caption_closers)
    photographer = rf"{_NAME_WORD}(?:\s{_NAME_WORD}){{1,3}}"
    return re.compile(rf"\b{photographer}\s?/\s?(?:{agencies}|{houses})\b|\b(?:{agencies})\s?/\s?{photographer}")


@cache
def _closed(lang: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of(of_language(lang).caption_closers)})[.)\]]*$")


@cache
def _dated_caption(lang: str) -> re.Pattern[str]:
    return re.compile(rf"{_NAME_WORD}[\w .,'’-]{{1,60}}\s[-–—]\s(?P<date>[^:\n]{{6,30}}):\s")


def is_caption(text: str, lang: str = "en") -> bool:
    """Words to a picture, by their credit."""
    if len(text) > _CAPTION_LETTERS:
        return False
    known = of_language(lang)
    if text.startswith(known.caption_openers) or any(map(text.__contains__, known.caption_marks)):
        return True
    closed = _closed(lang).search(text, max(0, len(text) - _CLOSING))
    return bool(closed or ("/" in text and _slashed(lang).search(text)))


def opens_with_full_date(text: str, lang: str = "en") -> bool:
    """Place and full date before a colon, as agencies open a caption: `MINSK, BELARUS – MARCH 3, 2020: …`."""
    if len(text) > _CAPTION_LETTERS:
        return False
    opening = _dated_caption(lang).match(text)
    return any(full_dates(opening["date"], lang)) if opening else False


@cache
def _byline(lang: str) -> re.Pattern[str]:
    word = rf"(?:{_NAME_WORD}|and|&|with|for|in|the|of|at|and)"
    openers = any_of(of_language(lang).byline_openers)
    return re.compile(
        rf"(?i:(?P<opener>{openers})):?\s+(?P<names>{_NAME_WORD}(?:(?:\s*[,;|/–—]\s*|\s+-\s+|\s+){word}){{0,15}})\s*$"
    )


def byline_names(text: str, lang: str = "en") -> tuple[str, ...] | None:
    """The names in a line like `By Ann Lee and Bo Ek, Reuters`; None if `text` is no byline."""
    found = _byline(lang).match(text) if len(text) <= 160 else None
    return names_in(found["names"], lang) if found and found["opener"][0].isupper() else None


def names_in(written: str, lang: str = "en") -> tuple[str, ...]:
    """The names of people in a list of authors, without jobs and houses."""
    known = of_language(lang)
    parts = re.split(r"\s*(?:[,;|/]|\s[-–—]\s|\b(?:and|with|for|in)\b|&)\s*", written)
    return tuple(dict.fromkeys(part for part in map(str.strip, parts) if _is_name(part, known)))


def _is_name(part: str, known: Knowledge) -> bool:
    words = part.split()
    return (
        2 <= len(words) <= 5
        and not known.agency(part)
        and not any(word.lower().strip(".") in known.byline_roles for word in words)
        and not any(character.isdigit() for character in part)
        and "@" not in part
        and words[0][0].isupper()
    )

"""From an article with statements to the same article with their addressees, days and venues.

Only the reporter's own words of the sentence with the cue are read, never what is reported; what they do not say is
left empty.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from msgspec import structs

from onrecord.circumstances.words import WORD, Words, words_of
from onrecord.schema import Article, Span, Statement

_FURTHEST = 200
"""So many characters before and after the cue are looked through for the ends of its sentence."""
_LONGEST_VENUE = 90
# A line break, or a run of marks, and a quotation mark, at the end of a sentence. Both begin in one class of
# characters, which is searched for twice as fast as two ways to begin; only the first mark of a run begins one.
_STOP = re.compile(r"[.!?\n](?:(?<=\n)|(?<![.!?]{2})[.!?]*+[”\"’']?(?=\s+[“\"]?[A-ZА-ЯÄÖÜ]|\s*$))")
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|No|St))$"
)
_HOLE = "\x00"
_DIGIT = re.compile("[0-9]")
_CLAUSE = re.compile(rf",(?!\s\d{{4}})|[;:({_HOLE}]")
_NEAR = 90
"""So many characters at most of a clause are taken to tell when something was said."""


def circumstances(article: Article) -> Article:
    """The article with `addressee`, `said_on` and `venue` of each statement, where its sentence tells them."""
    if not article.statements:
        return article
    day = _day(article)
    names = _full_names(article)
    stops = _stops(article.text)
    told = tuple(_told(article.text, stops, statement, day, names) for statement in article.statements)
    return structs.replace(article, statements=told)


def _day(article: Article) -> date | None:
    try:
        return date.fromisoformat(article.published.date[:10]) if article.published else None
    except ValueError:
        return None


def _full_names(article: Article) -> dict[str, str]:
    """The full names of those who speak in the article, by surname; None of two with the same."""
    found: dict[str, str] = {}
    speakers = (statement.speaker for statement in article.statements)
    for name in dict.fromkeys(s.name for s in speakers if s and s.name and s.kind == "person" and " " in s.name):
        surname = name.rsplit(" ", 1)[1]
        found[surname] = "" if surname in found else name
    return found


def _stops(text: str) -> tuple[list[int], list[int]]:
    """Where the sentences and lines of a text may end: the starts of those marks, and their ends."""
    found = [match for match in _STOP.finditer(text) if _ends(text, match)]
    return [match.start() for match in found], [match.end() for match in found]


def _ends(text: str, match: re.Match[str]) -> bool:
    if match.group() == "\n":
        return not text[match.end() : match.end() + 1].islower()
    at = match.start()
    return not (match.group() == "." and _ABBREVIATED.search(text, max(0, at - 5), at))


def _told(
    text: str, stops: tuple[list[int], list[int]], statement: Statement, day: date | None, names: dict[str, str]
) -> Statement:
    words = words_of(statement.lang or "en")
    if words is None or not statement.cue or not statement.cue.spans:
        return statement
    before, after = _around(text, stops, statement)
    used = WORD.findall(f"{before} {after}".lower())
    addressing = not words.hearers.isdisjoint(statement.cue.text.lower().split())
    hears = addressing or not words.openings.isdisjoint(pairwise(used))
    addressee = _addressee(words, before, after, names, addressing) if hears else ()
    venue = None if words.occasions.isdisjoint(used) else _venue(words, (after, before))
    if venue is None and addressee and words.occasion.search(addressee[0]):
        venue = words.determiner.sub("", addressee[0])
    said_on = None if words.days.isdisjoint(used) else _said_on(words, _beside(before, after), day)
    return structs.replace(statement, addressee=addressee, said_on=said_on, venue=venue)


def _around(text: str, stops: tuple[list[int], list[int]], statement: Statement) -> tuple[str, str]:
    """The reporter's words in the cue's sentence: those before the cue, and the cue with those after it.

    Contents and source are blanked; a hole keeps the words on its two sides apart.
    """
    cue = statement.cue
    start, end = _sentence(text, stops, cue.start, cue.end, statement.content.spans)
    told = sorted((span.start, span.end) for span in (*statement.content.spans, *statement.source.spans))
    return _between(text, start, cue.start, told), _between(text, cue.start, end, told)


def _between(text: str, start: int, end: int, told: Iterable[tuple[int, int]]) -> str:
    """What stands from `start` to `end` on one line, with a hole in the place of each stretch that is told."""
    words = ""
    for first, last in told:
        if first < end and last > start:
            words += text[start:first] + _HOLE
            start = min(last, end)
    return (words + text[start:end]).replace("\n", " ")


def _sentence(
    text: str, stops: tuple[list[int], list[int]], start: int, end: int, contents: Iterable[Span]
) -> tuple[int, int]:
    """The bounds of the sentence around the cue, or of the reach if nearer; stops in a content do not count."""
    first, last = max(0, start - _FURTHEST), min(len(text), end + _FURTHEST)
    spans = [span for span in contents if span.end > first and span.start < last]
    starts, ends = stops

    def reported(at: int) -> bool:
        return any(span.start <= at < span.end - 2 for span in spans)

    opening = first
    at = bisect_right(ends, start) - 1
    while at >= 0 and starts[at] >= first:
        if not reported(starts[at]):
            opening = ends[at]
            break
        at -= 1
    at = bisect_left(starts, end)
    while at < len(starts) and starts[at] < last:
        if not reported(starts[at]) and not _quoted(text, end, starts[at]):
            return opening, starts[at]
        at += 1
    return opening, last


def _quoted(text: str, cue: int, at: int) -> bool:
    """Whether a place behind the cue lies inside quotation marks that open behind it."""
    between = text[cue:at]
    return between.count("“") > between.count("”")


def _addressee(words: Words, before: str, after: str, names: dict[str, str], addressing: bool) -> tuple[str, ...]:
    """The hearer, by the full name that the article gives; `addressing` if the cue is a verb that one follows."""
    reach = after.split(_HOLE, 1)[0] if _HOLE in after else after
    found = words.hearer.search(reach) if addressing else None
    for part in () if found else (after, before):
        found = found or words.towards.search(part)
    if found is None or _HOLE in found[1] or found[1].lower() in words.no_hearers or found[1].endswith(("'s", "’s")):
        return ()
    whole = " ".join(found[1].split())
    bare = words.determiner.sub("", whole)
    return (names.get(bare) or names.get(bare.split()[-1]) or whole if bare[:1].isupper() else whole,)


def _venue(words: Words, parts: Iterable[str]) -> str | None:
    for part in parts:
        found = words.venue.search(part) or words.platform.search(part)
        if found and _HOLE not in found[1] and len(found[1]) <= _LONGEST_VENUE:
            return words.determiner.sub("", " ".join(found[1].split()))
    return None


def _said_on(words: Words, parts: Iterable[str], day: date | None) -> str | None:
    """The day that the words name, counted back from the article's; None for "last week" and without a date."""
    for part in filter(str.strip, parts) if day else ():
        found = _calendar_day(words, part, day) or _weekday(words, part, day) or _days_ago(words, part, day)
        if found:
            return found.isoformat()
    return None


def _beside(before: str, after: str) -> tuple[str, ...]:
    """The words next to the cue and those that open its sentence; other dates in it belong to other events."""
    next_to = _CLAUSE.split(after, maxsplit=1)[0][:_NEAR]
    source_to_cue = before.rsplit(_HOLE, 1)[-1] if _HOLE in before else ""
    opening = _CLAUSE.split(before.lstrip(" " + _HOLE), maxsplit=1)[0]
    between = source_to_cue if len(source_to_cue) <= _NEAR else ""
    return next_to, between, opening if len(opening) <= _NEAR else ""


def _weekday(words: Words, part: str, day: date | None) -> date | None:
    found = words.weekday.search(part)
    if found is None or day is None or found[1]:
        return None
    return day - timedelta(days=(day.weekday() - words.weekdays[found[2]]) % 7)


def _days_ago(words: Words, part: str, day: date | None) -> date | None:
    found = words.ago.search(part)
    return day - timedelta(days=words.days_ago[" ".join(found[1].split())]) if found and day else None


def _calendar_day(words: Words, part: str, day: date | None) -> date | None:
    """A date with month and day; without a year the latest that is not after the article's."""
    found = words.calendar.search(part) if _DIGIT.search(part) else None
    if found is None or day is None:
        return None
    month, number = words.months[found[1] or found[5]], int(found[2] or found[4])
    year = found[3] or found[6]
    for candidate in (int(year),) if year else (day.year, day.year - 1):
        try:
            made = date(candidate, month, number)
        except ValueError:
            return None
        if made <= day:
            return made
    return None

"""Names of people in a text: by a list of first names, or by a dictionary that also declines them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise, takewhile
from typing import Any, NamedTuple, Protocol

from onrecord.actors.spelling import plain
from onrecord.attribution.bounded.analysed import morph, parses
from onrecord.speakers.knowledge import Gender, lexicon

_WORD = re.compile(r"[^\W\d_]\.|[^\W\d_]+(?:[-’'][^\W\d_]+)*")
_LONGEST = 4
# What must be left of a word without the endings that it is declined with; a shorter word for a woman is left as it is.
_SHORTEST_STEM, _SHORTEST_FEMALE = 4, 7


class Name(NamedTuple):
    """A person's name as a text gives it."""

    words: str
    """As it stands there."""
    full: str
    """In the case that names things."""
    key: str
    """The surname in the form that all its cases share, in lower case."""
    given: str
    gender: Gender
    sure: bool = True
    """Whether its form leaves no doubt about its case."""


class Namer(Protocol):
    """Tells the names of one language."""

    def full_names(self, text: str) -> list[Name]:
        """The names with a first name, in reading order."""

    def key(self, word: str) -> str:
        """The form of a surname that all its cases share; nothing if the word can be none."""

    def is_surname(self, word: str) -> bool:
        """Whether a word by itself is likely to be a surname."""

    def gender(self, word: str) -> Gender:
        """What a surname tells of its bearer."""

    def head(self, words: Sequence[str]) -> str:
        """The noun that a phrase is about, in its first form and lower case."""

    def named(self, words: Sequence[str]) -> str:
        """A phrase for a body in the case that names things."""

    def is_acronym(self, word: str) -> bool:
        """Whether a word abbreviates the name of a body."""

    def stem(self, word: str) -> str:
        """A form, in lower case, that all cases of a word share."""


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


class Listed:
    """Names told by the first names that the English file lists, which come from many languages."""

    def __init__(self, particles: Sequence[str], female: Sequence[str], endings: Sequence[str]) -> None:
        self._first = lexicon("en").first_names
        self._particles, self._female, self._endings = frozenset(particles), female, endings

    def full_names(self, text: str) -> list[Name]:
        """A listed first name and the words with capitals behind it, noble particles included."""
        found = []
        words = list(_WORD.finditer(text))
        at = 0
        while at < len(words):
            first = words[at].group()
            end = at + 1
            if not first[0].isupper():
                at = end
                continue
            given = first.lower()
            if not self._is_first(given):
                given = plain(given)  # "José"
            if not self._is_first(given):
                at = end
                continue
            while end < len(words) and end - at < _LONGEST and _adjoins(text, words[end - 1], words[end]):
                word = words[end].group()
                particle = word.lower() in self._particles and end + 1 < len(words)
                if not (word[0].isupper() or (particle and words[end + 1].group()[0].isupper())):
                    break
                end += 1
            last = words[end - 1].group()
            if end > at + 1 and last[0].isupper():
                whole = text[words[at].start() : words[end - 1].end()]
                gender = self._first.get(given) or self._first.get(given.split("-")[0], "")
                found.append(Name(whole, whole, last.lower(), given, gender))
            at = end
        return found

    def _is_first(self, lower: str) -> bool:
        return lower in self._first or lower.split("-")[0] in self._first

    def key(self, word: str) -> str:
        return word.lower()

    def is_surname(self, word: str) -> bool:
        return False  # any noun may have a capital

    def gender(self, word: str) -> Gender:
        return ""

    def head(self, words: Sequence[str]) -> str:
        """The last of the first words with capitals: of "Kieler Forscher für Moore" the second."""
        first = next((at for at, word in enumerate(words) if word[0].isupper()), len(words))
        run = takewhile(lambda word: word[0].isupper(), words[first:])
        return next((word.lower() for word in reversed(list(run))), "")

    def named(self, words: Sequence[str]) -> str:
        return " ".join(words)

    def is_acronym(self, word: str) -> bool:
        return _is_acronym(word)

    def stem(self, word: str) -> str:
        """The word without the endings that it may be declined with; nothing need be right, only the same."""
        lower = word.lower()
        if word.isupper():
            return lower
        if len(lower) > _SHORTEST_FEMALE:
            for ending in self._female:
                lower = lower.removesuffix(ending)
        ending = next((e for e in self._endings if lower.endswith(e) and len(lower) - len(e) >= _SHORTEST_STEM), "")
        return lower.removesuffix(ending)


class Russian:
    """Names told and declined by pymorphy3's dictionary."""

    def full_names(self, text: str) -> list[Name]:
        """A first name beside a surname, perhaps with a patronymic, in whatever case they share."""
        found = []
        words = [match for match in _WORD.finditer(text) if match.group()[0].isupper()]
        at = 0
        while at < len(words):
            end = at + 1
            while end < len(words) and end - at < _LONGEST - 1 and _adjoins(text, words[end - 1], words[end]):
                end += 1
            name = self._read([match.group() for match in words[at:end]])
            if name is not None:
                skipped, one = name
                found.append(one._replace(words=text[words[at + skipped].start() : words[end - 1].end()]))
                at = end
            else:
                at += 1
        return found

    def _read(self, words: Sequence[str]) -> tuple[int, Name] | None:
        for skipped, (word, after) in enumerate(pairwise(words)):
            if _with(word, "Name") and morph().word_is_known(word) and after[-1:] != ".":
                rest = words[skipped:]
                given = _with(word, "Name")
                gender = _gender(given[0])
                case = _shared_case(rest)
                forms = [_in_first_case(part, case, gender) for part in rest]
                key = self.key(rest[-1])
                sure = all(parse.tag.case == case for parse in given)
                return skipped, Name("", " ".join(forms), key, given[0].normal_form, gender, sure)
        return None

    def key(self, word: str) -> str:
        parses = _with(word, "Surn") or _with(word, "Name")
        if parses:
            return str(parses[0].normal_form)
        return "" if _common(word) else word.lower()

    def is_surname(self, word: str) -> bool:
        return bool(_with(word, "Surn")) or not _common(word)

    def gender(self, word: str) -> Gender:
        genders = {_gender(parse) for parse in _with(word, "Surn") if parse.tag.case == "nomn"}
        return genders.pop() if len(genders) == 1 else ""

    def head(self, words: Sequence[str]) -> str:
        for word in words:
            parses = _parses(word.lower())
            if parses and parses[0].tag.POS == "NOUN":
                return str(parses[0].normal_form)
        return ""

    def named(self, words: Sequence[str]) -> str:
        """The words up to the noun in the nominative; what depends on it keeps its case."""
        head = next((at for at, word in enumerate(words) if _parses(word.lower())[0].tag.POS == "NOUN"), None)
        if head is None or _agree_in_first_case([word.lower() for word in words[: head + 1]]):
            return " ".join(words)
        noun = _parses(words[head].lower())[0]
        found = list(words)
        for at, word in enumerate(words[: head + 1]):
            fitting = (p for p in _parses(word.lower()) if p.tag.case == noun.tag.case)
            first = next((p.inflect({"nomn"}) for p in fitting if p.tag.gender in (noun.tag.gender, None)), None)
            if first is not None:
                found[at] = first.word.title() if word.istitle() else first.word
        return " ".join(found)

    def is_acronym(self, word: str) -> bool:
        return _is_acronym(word)

    def stem(self, word: str) -> str:
        """The dictionary's first form."""
        return str(_parses(word.lower())[0].normal_form).replace("ё", "е")


@lru_cache(maxsize=20_000)
def _parses(word: str) -> Any:
    return parses(word)


def _with(word: str, grammeme: str) -> list[Any]:
    """The readings of a word that have a grammeme, if the likeliest reading of all is not a common noun's."""
    return [parse for parse in _parses(word) if grammeme in parse.tag and parse.score >= _LIKELY]


_LIKELY = 0.05
_PLAUSIBLE = 0.3
"""Of the readings of a noun by itself, the share in the nominative that makes it one."""


def _common(word: str) -> bool:
    """Whether the dictionary knows a word as no name."""
    return bool(morph().word_is_known(word)) and not _with(word, "Surn") and not _with(word, "Name")


def _gender(parse: Any) -> Gender:
    return "f" if parse.tag.gender == "femn" else "m" if parse.tag.gender == "masc" else ""


def _agree_in_first_case(words: Sequence[str]) -> bool:
    """Whether words can all be nominative in one number, and a noun by itself is likely to be."""
    if len(words) == 1:
        return bool(sum(p.score for p in _parses(words[0]) if p.tag.case == "nomn") >= _PLAUSIBLE)
    numbers = [{p.tag.number for p in _parses(word) if p.tag.case == "nomn"} for word in words]
    genders = {p.tag.gender for p in _parses(words[-1]) if p.tag.case == "nomn"}
    singular = all(
        any(p.tag.number == "sing" and p.tag.gender in genders for p in _parses(word) if p.tag.case == "nomn")
        for word in words
    )
    return singular or all("plur" in each for each in numbers)


def _shared_case(words: Sequence[str]) -> str:
    """The case that the words of a name can all have, the first of all cases if that is one."""
    common: set[str] | None = None
    for word in words:
        parses = _with(word, "Name") or _with(word, "Surn") or _with(word, "Patr")
        cases = {str(parse.tag.case) for parse in parses if "Fixd" not in parse.tag}
        if cases:
            common = cases if common is None else common & cases or common
    return "nomn" if not common or "nomn" in common else sorted(common)[0]


def _in_first_case(word: str, case: str, gender: Gender) -> str:
    if case == "nomn":
        return word
    wanted = {"m": "masc", "f": "femn"}.get(gender)
    for grammeme in ("Name", "Patr", "Surn"):
        for parse in _with(word, grammeme):
            if parse.tag.case == case and (wanted is None or parse.tag.gender in (wanted, None)):
                first = parse.inflect({"nomn", "sing"})
                return first.word.title() if first else word
    return word


def _adjoins(text: str, left: re.Match[str], right: re.Match[str]) -> bool:
    return text[left.end() : right.start()] == " "

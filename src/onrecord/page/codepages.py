"""Finding text of one code page that was read as another, by what letters follow each other.

A line is words that are right, in some language, and runs of words that were misread, each under one reading: a wrong
code page and a right one. What a word costs in bits as it stands, or as it would be under a reading, says how likely
that is; going over to another language costs a little, to a reading a lot. The cheapest way through the line (Viterbi)
tells which words were misread. A reading that one run has shown costs less in a second look at the line, and in the
other lines of a text: a program misreads all of a text alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from onrecord.page import letters
from onrecord.page.letters import Costs
from onrecord.page.readings import Reading, readings, readings_by_wrong, undone

_ENTRY = 14.0
"""Bits that the first misread run of a line has to save. On a fifth of what bench/neighbours.py makes, 20 restored .878
of the broken texts and 14 .913; at 10, ten of 1,216 clean texts changed, at 14 two."""
_HOME_ENTRY = 9.0
"""The same where the word before it is right and of the language that the run is in."""
_KNOWN_ENTRY = 5.0
"""The same under a reading that another run of the text has shown."""
_CHANGE = 1.5
"""Bits that a reading has to save on each character that it changes."""
_SWITCH = 6.0
"""Bits for a word in another language than the one before it."""
_FOREIGN = 6.0
"""Bits for one word of another language amid a misread run."""
_AMID = 5.0
"""Bits for a misread run that begins or ends between two words beyond ASCII: where one is broken its neighbour is."""
_PLAUSIBLE, _BEYOND_DOUBT = 5.0, 60.0
"""The bits a character, and for the end of a word, above which what a reading makes of words is no word of its
languages, unless it saves so many. Right repairs cost 3.1 in the median and 4.5 at the 98th centile; Breton, Tajik and
vowels in a row come out at 5 to 8."""
_IMPLAUSIBLE = 6.0
"""The same however much is saved: alphabets and boxes drawn with lines look like mojibake through and through."""
_LETTERS = 3
"""Letters of the longest word that a run has to have: `ä á à` are as good HE BET ALEF as not. One is enough under a
reading shown elsewhere, and for UTF-8: characters that make up a sequence are no accident."""
_SUSPECT = 4.25
"""A word costing fewer bits a character is no mojibake, and its line is left alone if all are like it: 4.6 saves a
fifth of the time on clean lines and loses .006 of the broken texts of bench/neighbours.py."""
_MOST_READINGS = 5
_MOST_TRIED = 8
"""The readings that a line is searched for are the likeliest of so many words, the longest of those under suspicion."""
_ROUNDS = 3

_WORD = re.compile(r"[^ \t\n]+")
_ASCII_LETTER = re.compile(r"[A-Za-z](?=[^\x00-\x7f])|(?<=[^\x00-\x7f])[A-Za-z]")
_MIXED = re.compile("[A-Za-z][\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z]")
_TWO_BEYOND = re.compile(r"[^\x00-\x7f]{2}")
_BEYOND = re.compile(r"[^\x00-\x7f]")
_SPACE = re.compile(r"[ \t\n]")


class Misread(NamedTuple):
    """A stretch of a line that was written in the code page `right` and read as `wrong`."""

    start: int
    end: int
    wrong: str
    right: str
    saved: float
    """Bits."""


Found: TypeAlias = tuple[Misread, Reading]


class _Word(NamedTuple):
    start: int
    end: int
    text: str
    plain: bool
    """Whether it is all ASCII, and so the same under all readings."""


def misread_spans(line: str, known: frozenset[Reading] = frozenset()) -> list[Found]:
    """The misread stretches of `line`, in order and apart, with their readings; `known` are those of other lines."""
    words = [word for word in _SPACE.split(line) if not word.isascii()]
    if not any(_is_suspect(word) for word in words) and not (known and words):
        return []
    likely = _likely(words, known)
    return _found(line, likely, known) if likely else []


def _found(line: str, likely: tuple[Reading, ...], known: frozenset[Reading]) -> list[Found]:
    words = [_Word(*found.span(), found[0], found[0].isascii()) for found in _WORD.finditer(line)]
    found: list[Found] = []
    for _ in range(_ROUNDS):
        spans = _search(words, likely, known) if likely else []
        if spans:
            shown = frozenset(reading for _, reading in spans) | known
            spans = _search(words, tuple(sorted(shown)), shown) or spans
        if not spans:
            break
        found += spans
        words = [word for word in words if not any(span.start <= word.start < span.end for span, _ in spans)]
        likely = _likely([word.text for word in words if not word.plain], known)
    return sorted(found)


@lru_cache(maxsize=1 << 14)
def _is_suspect(word: str) -> bool:
    return letters.best_bits(word) > _SUSPECT * (len(word) + 1)


def _likely(words: Sequence[str], known: frozenset[Reading]) -> tuple[Reading, ...]:
    """The readings under which `words` beyond ASCII are cheapest, as far as they can save what they have to."""
    suspects = {word for word in words if known or _is_suspect(word)}
    tried = sorted(suspects, key=lambda word: (-len(word), word))[:_MOST_TRIED]
    if not tried:
        return ()
    total: Costs = np.maximum(np.array([_savings(word) for word in tried]), 0).sum(axis=0)
    every = readings()
    enough = [int(place) for place in np.flatnonzero(total > 0) if _is_enough(float(total[place]), every[place], known)]
    enough.sort(key=lambda place: every[place].penalty - total[place])
    # Wrong code pages differ in few characters; of those for one right page, the one that explains most is enough.
    best: dict[tuple[str, tuple[int, ...]], Reading] = {}
    for place in enough:
        best.setdefault((every[place].right, every[place].columns), every[place])
    return tuple(best.values())[:_MOST_READINGS]


def _is_enough(saved: float, reading: Reading, known: frozenset[Reading]) -> bool:
    return saved > (_KNOWN_ENTRY if reading in known else _HOME_ENTRY + reading.penalty) - _SWITCH


@lru_cache(maxsize=1 << 12)
def _savings(word: str) -> Costs:
    """What each of the readings saves on `word`, in bits.

    A word with ASCII letters in it is no misread word of another script: there it stays as it is.
    """
    known = readings()
    saved = np.zeros(len(known), np.float32)
    same: dict[tuple[bytes, str, tuple[int, ...]], float] = {}
    for wrong, places in readings_by_wrong(bool(_ASCII_LETTER.search(word)), bool(_TWO_BEYOND.search(word))):
        try:
            content = word.encode(wrong)
        except UnicodeError:
            continue
        for place in places:
            key = content, known[place].right, known[place].columns
            if key not in same:
                same[key] = _saving(word, known[place])
            saved[place] = same[key]
    return saved


def _saving(word: str, reading: Reading) -> float:
    right = undone(word, reading.wrong, reading.right)
    if right is None or right == word or (reading.right != "utf-8" and _MIXED.search(right)):
        return 0.0
    changed = _changed(word, right) * _CHANGE
    return letters.best_bits(word) + _SWITCH - _cost(right, reading) - changed


def _changed(word: str, right: str) -> int:
    return len(_BEYOND.findall(word)) if len(word) != len(right) else sum(map(str.__ne__, word, right))


class _States(NamedTuple):
    """The states that a word can be in: right, in one language each; then misread, by reading and language."""

    languages: int
    readings: tuple[Reading, ...]
    entries: Costs
    """What each state costs to go over to."""
    homes: Costs
    """What each misread state costs to go over to from a right word of its language."""
    columns: tuple[int, ...]
    """The language of each misread state."""
    owners: tuple[int, ...]
    """The place of each misread state's reading."""


def _states(readings: tuple[Reading, ...], known: frozenset[Reading]) -> _States:
    entries, homes = [_SWITCH] * len(letters.languages()), list[float]()
    for reading in readings:
        penalty = 0.0 if reading in known else reading.penalty
        entries += [_KNOWN_ENTRY if reading in known else _ENTRY + penalty] * len(reading.columns)
        homes += [_KNOWN_ENTRY if reading in known else _HOME_ENTRY + penalty] * len(reading.columns)
    return _States(
        len(letters.languages()),
        readings,
        np.array(entries, np.float32),
        np.array(homes, np.float32),
        tuple(column for reading in readings for column in reading.columns),
        tuple(place for place, reading in enumerate(readings) for _ in reading.columns),
    )


def _search(words: Sequence[_Word], readings: tuple[Reading, ...], known: frozenset[Reading]) -> list[Found]:
    """The misread runs on the cheapest way through `words`."""
    states = _states(readings, known)
    costs = [
        np.concatenate((letters.word_bits(word.text), *(_costs(word.text, reading) for reading in readings)))
        for word in words
    ]
    runs = _runs(words, _cheapest(words, costs, states), states)
    return [found for first, last, reading in runs if (found := _span(words[first:last], reading, reading in known))]


def _span(run: Sequence[_Word], reading: Reading, known: bool) -> Found | None:
    """The misread stretch in `run`, without the words at its ends that stay; None if what comes out is no language."""
    mended_run = [undone(word.text, reading.wrong, reading.right) or "" for word in run]
    changed = [place for place, word in enumerate(run) if mended_run[place] != word.text]
    if not changed:
        return None
    first, last = run[changed[0]], run[changed[-1]]
    saved = sum(_saving(run[place].text, reading) for place in changed)
    mended = [mended_run[place] for place in changed]
    bits = sum(_cost(word, reading) for word in mended) / (sum(map(len, mended)) + len(mended))
    if reading.right != "utf-8" and bits > (_PLAUSIBLE if saved < _BEYOND_DOUBT else _IMPLAUSIBLE):
        return None
    longest = max(sum(map(str.isalpha, word)) for word in mended)
    if longest < (1 if known or reading.right == "utf-8" else _LETTERS):
        return None
    return Misread(first.start, last.end, reading.wrong, reading.right, saved), reading


def _cost(word: str, reading: Reading) -> float:
    return float(letters.word_bits(word)[list(reading.columns)].min())


@lru_cache(maxsize=1 << 13)
def _costs(word: str, reading: Reading) -> Costs:
    """What `word` costs in the states of a reading."""
    columns = list(reading.columns)
    right = undone(word, reading.wrong, reading.right)
    if right is None:
        return np.full(len(columns), np.inf, np.float32)
    costs = letters.word_bits(right)[columns]
    least = letters.best_bits(right) if right == word else float(costs.min())
    return np.minimum(costs, np.float32(least + _FOREIGN)) + np.float32(_changed(word, right) * _CHANGE)


def _cheapest(words: Sequence[_Word], costs: Sequence[Costs], states: _States) -> list[int]:
    """The states, word by word, on the cheapest way."""
    right = states.languages
    each, columns = np.arange(len(states.entries)), np.array(states.columns)
    before = np.concatenate((costs[0][:right], states.entries[right:] + costs[0][right:]))
    came_from: list[NDArray[np.intp]] = []
    for place in range(1, len(words)):
        amid = 0.0 if words[place].plain else _AMID
        best, best_right = int(before.argmin()), int(before[:right].argmin())
        over = before[best] + states.entries
        if best >= right:
            over[:right] += amid
        source = np.full(len(each), best)
        after = 0.0 if words[place - 1].plain else _AMID
        anywhere, home = before[best_right] + states.entries[right:], before[columns] + states.homes
        over[right:] = np.minimum(anywhere, home) + after
        source[right:] = np.where(anywhere <= home, best_right, columns)
        stays = before <= over
        came_from.append(np.where(stays, each, source))
        before = np.where(stays, before, over) + costs[place]
    way = [int(before.argmin())]
    for sources in reversed(came_from):
        way.append(int(sources[way[-1]]))
    return way[::-1]


def _runs(words: Sequence[_Word], way: Sequence[int], states: _States) -> Iterator[tuple[int, int, Reading]]:
    """The runs of words in states of one reading: first word, word after the last, reading."""
    owners = [states.owners[state - states.languages] if state >= states.languages else -1 for state in way]
    first = 0
    for place in range(1, len(words) + 1):
        if place == len(words) or owners[place] != owners[first]:
            if owners[first] >= 0:
                yield first, place, states.readings[owners[first]]
            first = place

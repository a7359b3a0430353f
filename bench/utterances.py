"""Utterances of the shapes that news quotes, the reports of them that outlets print, and others much like them.

Used by bench/clusters.py. Words and patterns stand in utterances.toml; with annotated corpora (`seeds`) contents of
real news are edited in the same ways.
"""

from __future__ import annotations

import gzip
import json
import random
import re
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pymorphy3

LANGS = ("en", "de", "ru")
YEAR = 365
SPEAKERS = 3000
LONGER = 0.5
"""How often a sentence goes on with a further clause. Half have more than 14 words; in PolNeAR half of the direct
quotations have more than 24, of all contents more than 11."""
FREE = 0.75
"""The share of clauses without a phrase that hundreds of other utterances share."""
_SLOT = re.compile(r"\{(\w+)(?::(\w+))?\}")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_SYLLABLES = {
    "en": "bal cor den far gor hal jin kel lor mar nev orl pen rus sal tor ul vin wes yar dra ber sto lin mon",
    "de": "bal ker den hagen gor hall jen kel lor mar neu ort pen rus sal tor ul win wes brück dra ber sto lin mond",
    "ru": "бал кор ден фар гор хал жин кел лор мар нев орл пен рус сал тор ул вин вес яр дра бер сто лин мон",
}
_ENDINGS = {"en": ["", "ton", "er", "ov"], "de": ["", "er", "mann", "au"], "ru": ["", "ов", "ин", "ск"]}


class Utterance(NamedTuple):
    """What somebody said, once."""

    lang: str
    sentences: tuple[str, ...]
    speaker: str
    day: int
    slots: tuple[str, str, tuple[str, ...]] = ("", "", ())
    """The pattern of the first sentence, and what filled it."""


class Reported(NamedTuple):
    """An utterance as one article has it."""

    text: str
    lang: str
    kind: str
    speaker: str | None
    day: int
    utterance: int
    edits: tuple[str, ...]
    free: bool = False
    """Whether it may be the same as another of these without our knowing."""


class Tongue:
    """One language's words and patterns."""

    def __init__(self, lang: str, rng: random.Random) -> None:
        self.lang = lang
        self.rng = rng
        table = tomllib.loads((Path(__file__).parent / "utterances.toml").read_text(encoding="utf-8"))[lang]
        self.lists = {
            name: [item.strip() for item in re.split("\n" if name in ("cores", "seconds", "free") else "[;\n]", words)]
            for name, words in table.items()
        }
        self.lists = {name: [item for item in items if item] for name, items in self.lists.items()}
        self.lists["place"] = [self._name(1) for _ in range(400)]
        self.lists["person"] = [self._name(2) for _ in range(2000)]
        self.lists |= {"month": self.lists["months"], "tail": self.lists["tails"]}
        self.names = {part for name in self.lists["place"] + self.lists["person"] for part in name.split()}
        self.maps = {
            name: dict(pair.split("/", 1) for pair in self.lists.get(name, []))
            for name in ("synonyms", "reported", "spellings", "contractions", "opposites", "negations", "brackets")
        }
        self.number_words = table["second_words"].split()

    def _name(self, words: int) -> str:
        syllables = _SYLLABLES[self.lang].split()
        made = ["".join(self.rng.choices(syllables, k=2)) + self.rng.choice(_ENDINGS[self.lang]) for _ in range(words)]
        return " ".join(name.capitalize() for name in made)

    def draw(self, name: str) -> str:
        """An item of a list, the first ones oftener, as words are in any speech."""
        if name == "number":
            return self._number()
        items = self.lists[name]
        return items[int(len(items) * self.rng.random() ** 1.6)]

    def clause(self) -> str:
        """A pattern: one of those that are little but slots, else one with phrases that statements share."""
        return self.rng.choice(self.lists["free" if self.rng.random() < FREE else "cores"])

    def _number(self) -> str:
        kind = self.rng.random()
        if kind < 0.4:
            return str(self.rng.randint(2, 12))
        if kind < 0.7:
            return f"{self.rng.uniform(0.2, 29):.1f}".replace(".", "." if self.lang == "en" else ",")
        return str(self.rng.randint(13, 950))

    def filled(self, pattern: str) -> tuple[str, ...]:
        """What fills each slot of a pattern."""
        return tuple(self._expanded(name, case) for name, case in _SLOT.findall(pattern))

    def _expanded(self, name: str, case: str) -> str:
        item = self.draw(name)
        item = _SLOT.sub(lambda slot: self._expanded(slot[1], slot[2]), item)
        return _inflected(item, case) if case else item


@cache
def _analyser() -> pymorphy3.MorphAnalyzer:
    return pymorphy3.MorphAnalyzer(lang="ru")


@cache
def _inflected(word: str, case: str) -> str:
    """A Russian word in a case, the accusative as of things; `low` is any word in small letters."""
    if case == "low":
        return word.lower()
    for parse in _analyser().parse(word):
        if "nomn" in parse.tag:
            same = parse.tag.gender in ("masc", "neut") and case == "accs"
            form = parse.inflect({"nomn" if same else case, "sing"})
            return form.word if form else word
    return word


def written(pattern: str, fillings: tuple[str, ...]) -> str:
    """The sentence that a pattern and its fillings make."""
    left = iter(fillings)
    text = _SLOT.sub(lambda _: next(left), pattern).strip()
    return text[:1].upper() + text[1:] + "."


def utterance(tongue: Tongue) -> Utterance:
    """A new utterance of one sentence, and one that may follow it."""
    rng = tongue.rng
    core = tongue.clause()
    while rng.random() < LONGER:
        core += f", {rng.choice(tongue.lists['joints'])} {tongue.clause()}"
    second = rng.choice(tongue.lists["seconds"])
    fillings = tongue.filled(core)
    sentences = written(core, fillings), written(second, tongue.filled(second))
    return Utterance(
        tongue.lang, sentences, f"a{rng.randrange(SPEAKERS)}", rng.randrange(YEAR), (core, second, fillings)
    )


# Edits: each gives the text as another outlet has it, or None where there is nothing to edit.


def _swapped(text: str, words: dict[str, str], rng: random.Random, most: int) -> str | None:
    """The text with at most so many of its words replaced by what the map has for them; phrases may be mapped too."""
    there = [word for word in words if re.search(rf"(?i)(?<!\w){re.escape(word)}(?!['’]?\w)", text)]
    if not there:
        return None
    chosen = rng.sample(there, min(most, len(there)))
    pattern = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!['’]?\w)" for word in chosen), re.IGNORECASE)
    lowered = {word.lower(): words[word] for word in chosen}

    def other(found: re.Match[str]) -> str:
        put = lowered[found[0].lower()]
        return put[:1].upper() + put[1:] if found[0][0].isupper() and found.start() == 0 else put

    return pattern.sub(other, text)


def _long_enough(words: list[str], text: str) -> str | None:
    """The text if it is worth quoting: five words, three of them of five letters or more."""
    return text if len(words) >= 5 and sum(len(word.strip(".,'’")) >= 5 for word in words) >= 3 else None


def trimmed_front(tongue: Tongue, text: str) -> str | None:
    words = text.split()
    kept = words[tongue.rng.randint(1, max(1, len(words) // 2)) :]
    return _long_enough(kept, " ".join(kept))


def trimmed_back(tongue: Tongue, text: str) -> str | None:
    words = text.split()
    kept = words[: -tongue.rng.randint(1, max(1, len(words) // 2))]
    return _long_enough(kept, " ".join(kept) + tongue.rng.choice([",", ".", "", "…"]))


def split(tongue: Tongue, text: str) -> str | None:
    words = text.split()
    if len(words) < 6:
        return None
    at = tongue.rng.randint(2, len(words) - 2)
    return " ".join(words[:at]) + tongue.rng.choice([",” … “", " … ", '," … "']) + " ".join(words[at:])


def bracketed(tongue: Tongue, text: str) -> str | None:
    if tongue.rng.random() < 0.3 and text[0].isalpha():
        return f"[{text[0]}]{text[1:]}"
    return _swapped(text, tongue.maps["brackets"], tongue.rng, 1)


def elided(tongue: Tongue, text: str) -> str | None:
    words = text.split()
    if len(words) < 10:
        return None
    length = tongue.rng.randint(1, max(1, len(words) // 4))
    at = tongue.rng.randint(3, len(words) - length - 2)
    return (
        " ".join(words[:at]) + tongue.rng.choice([" … ", " ... ", " [...] ", " (…) "]) + " ".join(words[at + length :])
    )


def requoted(tongue: Tongue, text: str) -> str | None:
    opening, closing = tongue.rng.choice(["“”", "„“", "«»", '""', "‘’", "''", "»«"])
    spaced = text.replace("'", tongue.rng.choice("'’")).replace(" ", tongue.rng.choice([" ", "\u00a0", "  "]), 3)
    return opening + spaced + closing


def respelt(tongue: Tongue, text: str) -> str | None:
    return _swapped(text, tongue.maps["spellings"], tongue.rng, 9)


def contracted(tongue: Tongue, text: str) -> str | None:
    return _swapped(text, tongue.maps["contractions"], tongue.rng, 2)


def substituted(tongue: Tongue, text: str) -> str | None:
    return _swapped(text, tongue.maps["synonyms"], tongue.rng, tongue.rng.randint(1, 2))


def indirect(tongue: Tongue, text: str) -> str | None:
    changed = _swapped(text, tongue.maps["reported"], tongue.rng, 99) or text
    if changed.split()[0].strip(",.") not in tongue.names:
        changed = changed[:1].lower() + changed[1:]
    return f"{tongue.rng.choice([tongue.lists['openers'][0], ''])} {changed.rstrip('.')}".strip()


def renumbered(tongue: Tongue, text: str) -> str | None:
    words = {str(value): word for value, word in enumerate(tongue.number_words) if value > 1}
    found = re.search(r"(?<![\d.,])(\d+)(?![\d.,])(?=\s)", text)
    if not found or found[1] not in words:
        return None
    return text[: found.start()] + words[found[1]] + text[found.end() :]


def fragment(tongue: Tongue, text: str) -> str | None:
    words = text.split()
    length = tongue.rng.randint(5, 8)
    if len(words) <= length:
        return None
    at = tongue.rng.randint(0, len(words) - length)
    kept = words[at : at + length]
    return _long_enough(kept, " ".join(kept).rstrip(".,;"))


EDITS: dict[str, Callable[[Tongue, str], str | None]] = {
    "trimmed front": trimmed_front, "trimmed back": trimmed_back, "split": split, "bracketed": bracketed,
    "ellipsis": elided, "marks": requoted, "spelling": respelt, "contraction": contracted, "substitution": substituted,
    "indirect": indirect, "numbers": renumbered, "fragment": fragment,
}  # fmt: skip
_KINDS = {"indirect": "indirect", "fragment": "mixed"}


def reports(tongue: Tongue, said: Utterance, number: int, free: bool = False) -> Iterator[Reported]:
    """Two to eight reports of an utterance, with up to two edits each."""
    rng = tongue.rng
    for _ in range(min(8, 2 + int(rng.expovariate(0.5)))):
        edits: list[str] = []
        text = said.sentences[0]
        if len(said.sentences) > 1 and rng.random() < 0.1:
            text = " ".join(said.sentences)
            edits.append("appended")
        for _ in range(rng.choices([0, 1, 2], [15, 60, 25])[0]):
            name = rng.choice(list(EDITS))
            edited = EDITS[name](tongue, text)
            if edited and name not in edits and "fragment" not in edits:
                text = edited
                edits.append(name)
        known = rng.random()
        speaker = said.speaker if known < 0.78 else None if known < 0.97 else f"a{rng.randrange(SPEAKERS)}"
        day = said.day + (rng.randint(10, 60) if rng.random() < 0.03 else rng.randint(0, 2))
        kind = next((_KINDS[name] for name in edits if name in _KINDS), "direct")
        yield Reported(text, said.lang, kind, speaker, day, number, tuple(edits) or ("verbatim",), free)


def lookalikes(tongue: Tongue, said: Utterance) -> Iterator[tuple[str, Utterance]]:
    """Other utterances that are much like one, each with the way in which it is another."""
    rng = tongue.rng
    text = said.sentences[0]
    later = said.day + rng.randint(1, 40)
    core, _, fillings = said.slots
    if fillings:
        kept = set(rng.sample(range(len(fillings)), len(fillings) // 2))
        fresh = tuple(
            old if at in kept else new for at, (old, new) in enumerate(zip(fillings, tongue.filled(core), strict=True))
        )
        if fresh != fillings:
            yield "template", Utterance(said.lang, (written(core, fresh),), said.speaker, later)
    number = re.search(r"\d+(?:[.,]\d+)?", text)
    if number:
        other = tongue.draw("number")
        while other == number[0]:
            other = tongue.draw("number")
        yield "number", said._replace(sentences=(text[: number.start()] + other + text[number.end() :],), day=later)
    for name in ("negations", "opposites"):
        changed = _swapped(text, tongue.maps[name], rng, 1)
        if changed and not re.search(r"(?i)\b(not|nicht|не) (not|never|nicht|не|никогда)\b", changed):
            yield name[:-1], said._replace(sentences=(changed,), day=later)
    names = [word for word in _WORD.findall(text) if word in tongue.names]
    if names:
        name = rng.choice(names)
        changed = text.replace(name, rng.choice(sorted(tongue.names)))
        yield "name", said._replace(sentences=(changed,), day=later)


def formulas(tongue: Tongue, count: int) -> Iterator[Utterance]:
    """What anybody says: each by another speaker on another day."""
    for _ in range(count):
        speaker = f"a{tongue.rng.randrange(SPEAKERS)}"
        yield Utterance(
            tongue.lang, (tongue.rng.choice(tongue.lists["formulas"]),), speaker, tongue.rng.randrange(YEAR)
        )


def seeds(data: Path, tongue: Tongue) -> list[Utterance]:
    """Contents of real news of at least eight words, that do not overlap, as utterances."""
    files = {"en": ("polnear-dev", "scu-sourcing-dev"), "de": ("wikinews-de-dev",), "ru": ()}[tongue.lang]
    found = []
    for name in files:
        with gzip.open(data / "attribution" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                found += _contents(json.loads(line), tongue)
    return found


def _contents(document: dict, tongue: Tongue) -> Iterator[Utterance]:  # type: ignore[type-arg]
    end_before = -1
    for row in sorted(document["attributions"], key=lambda row: row["content"]):
        text = " … ".join(document["text"][start:end] for start, end in row["content"])
        if row["content"] and row["content"][0][0] >= end_before and len(text.split()) >= 8:
            end_before = row["content"][-1][1]
            speaker = f"a{tongue.rng.randrange(SPEAKERS)}"
            yield Utterance(tongue.lang, (text,), speaker, tongue.rng.randrange(YEAR))

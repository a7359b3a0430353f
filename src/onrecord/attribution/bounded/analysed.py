"""Russian words told by pymorphy3, a dictionary that guesses what it lacks; loaded with the first Russian text."""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from typing import Any
from unicodedata import name

from onrecord.attribution.bounded.table import Analyser, BoundedTable, VerbForm, verbs_of
from onrecord.attribution.common import Form, Part

_PARTS: dict[str, Part] = {
    "NOUN": "noun",
    "LATN": "noun",
    "UNKN": "noun",
    "NPRO": "pronoun",
    "ADJF": "adjective",
    "PRTF": "adjective",
    "NUMR": "number",
    "NUMB": "number",
    "PREP": "preposition",
    "VERB": "verb",
    "INFN": "verb",
    "PRED": "verb",
    "GRND": "gerund",
}
_CASES = {"nomn": "nom", "gent": "gen", "gen2": "gen", "datv": "dat", "accs": "acc", "ablt": "ins", "loct": "loc"}
_LEAST_LIKELY = 0.02
"""A reading with less is a curiosity of the dictionary."""


@lru_cache(maxsize=1)
def morph() -> Any:
    """The analyser itself, loaded once."""
    import pymorphy3  # here, since its dictionary takes 0.2 seconds that other languages need not wait for

    return pymorphy3.MorphAnalyzer(lang="ru")


def parses(word: str) -> Any:
    """The analyser's readings of a word, the likeliest first.

    It asks for the name of every letter; one that Python's Unicode has no name for is read as a mark.
    """
    try:
        return morph().parse(word)
    except ValueError:
        return morph().parse("".join(letter if name(letter, "") else "?" for letter in word))


class Analysed(Analyser):
    """The analyser of Russian."""

    def __init__(self) -> None:
        self._readings = lru_cache(maxsize=50_000)(_readings)

    def readings(self, word: str, first: bool) -> tuple[Form, ...]:
        """What a word can be, by the dictionary, or by its ending if it is not there."""
        return self._readings(word, word[:1].isupper() and not first)

    def verb_forms(self, table: BoundedTable) -> dict[str, tuple[VerbForm, ...]]:
        """The past, the present and the adverbial participle of every verb: what will be said has not been said."""
        found: dict[str, list[VerbForm]] = defaultdict(list)
        for verb in verbs_of(table):
            parsed = (p for p in morph().parse(verb.lemma) if p.tag.POS == "INFN" and p.normal_form == verb.lemma)
            for form in (form for infinitive in parsed for form in infinitive.lexeme):
                tag = form.tag
                if tag.POS == "VERB" and tag.tense in ("past", "pres") and tag.person != "2per":
                    found[form.word].append(VerbForm(verb, "finite", tag.number or "", tag.gender or ""))
                elif tag.POS == "GRND":
                    found[form.word].append(VerbForm(verb, "gerund"))
        return {spelling: tuple(dict.fromkeys(forms)) for spelling, forms in found.items()}


def _readings(word: str, named: bool) -> tuple[Form, ...]:
    found: list[Form] = []
    likely = parses(word)
    for parse in likely:
        if parse.score < _LEAST_LIKELY and found:
            continue
        tag = parse.tag
        part = _PARTS.get(str(tag.POS or next(iter(tag.grammemes), "")), "other")
        if named and part not in ("noun", "adjective") and any(p.tag.POS == "NOUN" for p in likely):
            continue  # a capital inside a sentence: a name
        cases = ("",) if "Fixd" in tag or (part == "noun" and not tag.case) else (_CASES.get(str(tag.case), ""),)
        found.extend(Form(part, case, str(tag.number or ""), str(tag.gender or "")) for case in cases)
    if named and all(form.part == "other" for form in found):
        return (Form("noun"),)
    return tuple(dict.fromkeys(found)) or (Form("other"),)

"""The forms of an English-like regular verb, spelt by rule; what no rule gives stands in the language's file."""

from __future__ import annotations

from typing import Literal

VerbForm = Literal["base", "third", "past", "participle", "gerund"]

_VOWELS = frozenset("aeiou")


def forms(lemma: str, irregular: dict[str, str], doubling: frozenset[str]) -> dict[str, set[VerbForm]]:
    """Every spelling of the verb `lemma` and the grammatical forms it can be.

    `irregular` maps a lemma to `past participle`; `doubling` holds the lemmas that double their last letter.

    >>> sorted(forms("deny", {}, frozenset()))
    ['denied', 'denies', 'deny', 'denying']
    """
    stem = lemma + lemma[-1] if lemma in doubling else lemma
    found: dict[str, set[VerbForm]] = {}
    past, _, participle = irregular.get(lemma, _past(stem)).partition(" ")
    spelt: list[tuple[str, VerbForm]] = [
        (lemma, "base"),
        (_third(lemma), "third"),
        (past, "past"),
        (participle or past, "participle"),
        (_gerund(stem), "gerund"),
    ]
    for spelling, form in spelt:
        found.setdefault(spelling, set()).add(form)
    return found


def _ends_in_consonant_y(verb: str) -> bool:
    return verb.endswith("y") and verb[-2:-1] not in _VOWELS


def _third(verb: str) -> str:
    if _ends_in_consonant_y(verb):
        return verb[:-1] + "ies"
    if verb.endswith(("s", "x", "z", "ch", "sh", "o")):
        return verb + "es"
    return verb + "s"


def _past(verb: str) -> str:
    if _ends_in_consonant_y(verb):
        return verb[:-1] + "ied"
    return verb + ("d" if verb.endswith("e") else "ed")


def _gerund(verb: str) -> str:
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "ye", "oe")):
        return verb[:-1] + "ing"
    return verb + "ing"

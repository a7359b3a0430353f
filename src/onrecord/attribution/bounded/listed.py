"""Words told by the language's file alone: closed classes, capitals and endings. It serves German.

A lemma of a verb is its infinitive. A bar divides a prefix that leaves its verb (`mit|teilen`), a word before the
infinitive must stand in the same clause (`davon aus|gehen`). Regular forms are spelt by rule; `irregular` gives
`third past plural-past participle` of a verb without its prefix, and its plural if that is not the infinitive.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from onrecord.attribution.bounded.table import Analyser, BoundedTable, Verb, VerbForm, verbs_of
from onrecord.attribution.common import Form, Part

_INSEPARABLE = ("be", "ge", "er", "ver", "zer", "ent", "emp", "miss", "wider", "unter", "über")
_ADJECTIVE = re.compile(r"(?:e|en|er|es|em)$")
_ENDINGS = {"e": "nom acc", "en": "nom gen dat acc", "er": "nom gen dat", "es": "nom acc", "em": "dat"}
_WEAK = {"en": "nom gen"}
"""The cases that an ending has only behind a determiner."""
_SHORTEST_ADJECTIVE = 4
_MOST_REMEMBERED = 1 << 14
"""Words whose readings are kept; each is asked for many times in its sentence."""
_LONGEST_REMEMBERED = 60
"""Letters; what a hostile page may have for words is not kept."""
_PARTS: tuple[Part, ...] = ("determiner", "pronoun", "preposition", "adjective", "number", "other")


class Listed(Analyser):
    """The analyser of a language whose nouns have capitals and whose determiners show the case."""

    def __init__(self, table: BoundedTable) -> None:
        self._known: dict[str, tuple[Form, ...]] = {}
        found: dict[str, list[Form]] = defaultdict(list)
        for part in _PARTS:
            for word, cases in table.nominals.get(part, {}).items():
                for spelling in word.split():
                    found[spelling].extend(Form(part, case) for case in cases.split() or [""])
        self._known = {word: tuple(forms) for word, forms in found.items()}
        self._adverbs = tuple(table.adverbs.split()) or ("\0",)
        finite = f"{table.grammar.have} {table.grammar.passive} {table.grammar.modals} {table.grammar.finite}"
        self._finite = frozenset(f"{finite} {table.grammar.subjunctive}".split())
        self._readings = lru_cache(_MOST_REMEMBERED)(self._read)

    def readings(self, word: str, first: bool) -> tuple[Form, ...]:
        """What a word can be, by list, capital and ending."""
        return self._readings(word, first) if len(word) <= _LONGEST_REMEMBERED else self._read(word, first)

    def _read(self, word: str, first: bool) -> tuple[Form, ...]:
        lower = word.lower()
        known = self._known.get(lower)
        if known is not None:
            return known
        if word[:1].isdigit():
            return (Form("number"),)
        if lower in self._finite and (first or word.islower()):
            return (Form("verb"),)
        if not word.islower():
            if first and lower.endswith(self._adverbs):
                return (Form("other"),)
            return (*_adjective(lower), Form("noun")) if first else (Form("noun"),)
        return _adjective(lower) or (Form("other"),)

    def verb_forms(self, table: BoundedTable) -> dict[str, tuple[VerbForm, ...]]:
        """Every form of every verb, together and apart from its prefix."""
        found: dict[str, list[VerbForm]] = defaultdict(list)
        for verb in verbs_of(table):
            for spelling, form in _forms(verb, table.irregular):
                found[spelling].append(form)
        # Of several verbs with one spelling, the one that asks for more words in its clause is tried first.
        return {
            spelling: tuple(sorted(forms, key=lambda form: (not form.particle, not form.companion)))
            for spelling, forms in found.items()
        }


def _adjective(word: str) -> tuple[Form, ...]:
    """The word as an adjective, if its ending can be one's. The genitive is left out: only its determiner shows it."""
    ending = _ADJECTIVE.search(word)
    if ending is None or len(word) < _SHORTEST_ADJECTIVE:
        return ()
    weak = _WEAK.get(ending.group(), "").split()
    return tuple(Form("adjective", case, weak=case in weak) for case in _ENDINGS[ending.group()].split())


def _forms(verb: Verb, irregular: dict[str, str]) -> Iterator[tuple[str, VerbForm]]:
    *companions, infinitive = verb.lemma.replace("_", " ").split()
    companion = " ".join(companions)
    prefix, bar, simple = infinitive.rpartition("|")
    joined = prefix.replace("+", "")
    third, past, pasts, participle, *plural = irregular.get(simple, _regular(simple)).split()
    for spelling, number in (
        (third, "sing"),
        (past, "sing"),
        (pasts, "plur"),
        (plural[0] if plural else simple, "plur"),
    ):
        yield joined + spelling, VerbForm(verb, "finite", number, "", "", companion)
        if bar:
            yield spelling, VerbForm(verb, "finite", number, "", prefix, companion)
    yield joined + participle, VerbForm(verb, "participle", "", "", "", companion)
    if bar:
        yield participle, VerbForm(verb, "participle", "", "", prefix, companion)  # bekannt gegeben, in two words


def _regular(infinitive: str) -> str:
    stem = infinitive.removesuffix("n").removesuffix("e")
    link = "e" if stem.endswith(("t", "d", "chn", "ffn", "gn", "tm")) else ""
    augment = "" if infinitive.startswith(_INSEPARABLE) or infinitive.endswith("ieren") else "ge"
    return f"{stem}{link}t {stem}{link}te {stem}{link}ten {augment}{stem}{link}t"

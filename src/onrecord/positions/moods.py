"""What the words before a verb make of it: negated, wished, feared, done to somebody, or no verb at all."""

from __future__ import annotations

from msgspec import Struct

from onrecord.positions.knowledge import Lexicon
from onrecord.positions.words import Words

_FURTHEST = 7
_SUBJECT = 8
"""So many words before the auxiliaries may a subject have whose "no" negates the verb."""
_MARKS = frozenset(",;:—.?!")


class Mood(Struct, frozen=True):
    """How a word stands in its clause."""

    negated: bool = False
    future: bool = False
    hypothetical: bool = False
    pluperfect: bool = False
    infinitive: bool = False
    passive: bool = False
    noun: bool = False
    gerund: bool = False
    obliged: bool = False
    """Whether it is what somebody should or must do."""
    first: int = 0
    """The first of the words that were read as its auxiliaries."""


def mood(words: Words, at: int, lexicon: Lexicon) -> Mood:
    """How the word number `at` stands, by what goes before it."""
    known, lower = lexicon.words, words.lower
    auxiliaries, negators = known["auxiliaries"], known["negators"]
    seen: list[str] = []
    back = at - 1
    while back >= 0 and at - back <= _FURTHEST:
        word = lower[back]
        if word in auxiliaries or word in negators or word in known["modals"] or _is_adverb(word, known):
            seen.append(word)
        elif _is_contracted(lower, back, known):
            seen.append("is")
        else:
            break
        back -= 1
    spotted = frozenset(seen)
    infinitive = bool(seen) and lower[at - 1] in known["infinitives"]
    before = lower[back] if back >= 0 else ""
    verbal = (auxiliaries | known["modals"]) - known["adverbs"]
    noun = not spotted & verbal and _is_noun(lower, at, before, lexicon)
    return Mood(
        negated=bool(spotted & negators) or _no_subject(lower, back, lexicon),
        future=(bool(spotted & known["future"]) or before in known["future"])
        and (spotted.isdisjoint(known["perfects"]) or infinitive),
        hypothetical=bool(spotted & known["hypothetical"]),
        pluperfect=bool(spotted & known["pluperfect"]),
        infinitive=infinitive,
        passive=not infinitive and _is_passive(lower[at], spotted, lexicon),
        noun=noun,
        gerund=lower[at].endswith("ing") and not spotted & known["passive"],
        obliged=not spotted.isdisjoint(known["obliging"]),
        first=back + 1,
    )


def _is_contracted(lower: list[str], at: int, known: dict[str, frozenset[str]]) -> bool:
    return at > 0 and lower[at] in known["possessives"] and lower[at - 1] in known["contracting"]


def _is_adverb(word: str, known: dict[str, frozenset[str]]) -> bool:
    return word.endswith("ly") and word not in known["not_adverbs"]


def _is_passive(word: str, before: frozenset[str], lexicon: Lexicon) -> bool:
    return bool(before & lexicon.words["passive"]) and not word.endswith("ing")


def _is_noun(lower: list[str], at: int, before: str, lexicon: Lexicon) -> bool:
    """Whether what stands before a form of a verb makes a noun or an adjective of it: "the proposed", "Iran's call"."""
    known, word = lexicon.words, lower[at]
    ends = ("ed", "ing")
    if at + 1 < len(lower) and lower[at + 1] in known["behind_nouns"] and not word.endswith(ends):
        return True  # "murders are down"
    if not before or before in _MARKS:
        return False
    if before in known["determiners"] or before in known["possessives"]:
        return True
    if word.endswith("ing"):
        return at > 1 and before in known["modifiers"] and lower[at - 2] in known["determiners"]
    if word.endswith("ed"):
        return before in known["prepositions"]
    if word in lexicon.bare and known["plurals"] and not _may_take_bare(lower, at - 1, known):
        return True  # "take command", "the Lima brand"
    adjective = at > 1 and before.endswith("ed") and lower[at - 2] in known["determiners"]
    return adjective or before in known["prepositions"] or before in known["modifiers"]


def _may_take_bare(lower: list[str], at: int, known: dict[str, frozenset[str]]) -> bool:
    """Whether the word before a verb's first form may be its subject or go before it: a plural, "we", "and"."""
    joined = not known["joins"].isdisjoint(lower[max(0, at - 3) : at])  # "Lima and Quito agree"
    return joined or lower[at].endswith("s") or lower[at] in known["plurals"] or lower[at] in known["clause_joins"]


def _no_subject(lower: list[str], back: int, lexicon: Lexicon) -> bool:
    """Whether the subject before the auxiliaries is nobody: "no government will …"."""
    nobody, apart = lexicon.words["nobody"], lexicon.words["apart"]
    for at in range(back, max(-1, back - _SUBJECT), -1):
        if lower[at] in nobody:
            return (
                at == 0 or lower[at - 1] in _MARKS or lower[at - 1] in apart or lower[at - 1] in lexicon.words["joins"]
            )
        if lower[at] in _MARKS or lower[at] in apart or lower[at] in lexicon.words["prepositions"]:
            return False
    return False

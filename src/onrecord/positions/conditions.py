"""What a statement is hung on: the span from "if", "unless", "in return for" to the end of the clause."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from onrecord.positions.knowledge import Lexicon
from onrecord.positions.words import Words
from onrecord.schema import ConditionKind

_STOPS = frozenset(";:—?!.")
_LONGEST = 60
"""So many words a condition has at most."""
_NEAR = 10
"""So many words behind its opening is the verb of a clause looked for."""


class Condition(Struct, frozen=True):
    """The words numbered `first` up to, not with, `last`, and how they bind."""

    first: int
    last: int
    kind: ConditionKind
    front: bool
    """Whether it stands before what hangs on it."""
    marker: int = 1
    """How many words open it."""


def conditions(words: Words, lexicon: Lexicon, cue: Collection[int] = ()) -> list[Condition]:
    """The conditions in reading order; none inside another, and none over the words numbered in `cue`."""
    return list(_conditions(words, lexicon, cue))


def _conditions(words: Words, lexicon: Lexicon, cue: Collection[int]) -> Iterator[Condition]:
    at = 0
    while at < len(words):
        found = _opening(words, at, lexicon)
        if found is None:
            at += 1
            continue
        marker, kind = found
        front = at == 0 or words.lower[at - 1] in _STOPS or words.lower[at - 1] in {",", *lexicon.words["joins"]}
        last = _end(words, at + len(marker), lexicon)
        last = next((number for number in range(at + len(marker), last) if number in cue), last)
        if last > at + len(marker):
            yield Condition(at, last, kind, front and last < len(words) - 1, len(marker))
        at = max(last, at + 1)


def _opening(words: Words, at: int, lexicon: Lexicon) -> tuple[tuple[str, ...], ConditionKind] | None:
    lower, known = words.lower, lexicon.words
    for marker, kind in lexicon.markers.get(lower[at], ()):
        behind = at + len(marker)
        if tuple(lower[at:behind]) != marker or behind >= len(lower):
            continue
        before = lower[at - 1] if at else ""
        if before in known["no_condition_after"] or lower[behind] in known["no_condition_before"]:
            return None
        if kind == "until" and before in known["no_until_after"]:
            return None
        starting = not before or before in _STOPS or before == "," or before in known["joins"]
        if marker[0] in known["inverted"] and not _is_inverted(lower, at, starting, lexicon):
            return None
        if marker[0] in known["wants_modal"] and not (
            starting or known["modals"] & set(lower[:at]) or known["present"] & set(lower[:at])
        ):
            return None
        held = known["negators"] - {"without"} | known["staying"]
        if marker[0] in known["wants_negation"] and held.isdisjoint(lower):
            return None
        if marker[0] in known["wants_clause"] and (starting or not _is_clause(lower, behind, lexicon)):
            return None
        if (
            marker[0] in known["wants_not"]
            and before != ","
            and known["negators"].isdisjoint(lower[behind : behind + _NEAR])
        ):
            return None
        return marker, kind
    return None


def _is_inverted(lower: list[str], at: int, starting: bool, lexicon: Lexicon) -> bool:
    """Whether a "should" opens a condition: "should they leave", at the beginning or behind what hangs on it."""
    if starting and "," in lower[at : at + _LONGEST]:
        return True
    before = lower[at - 1] if at else ""
    return lower[at + 1] in lexicon.words["clause_subjects"] and before not in lexicon.words["no_inversion_after"]


def _is_clause(lower: list[str], at: int, lexicon: Lexicon) -> bool:
    """Whether a verb comes before the next mark: "after the count is over", not "after the count"."""
    for word in lower[at : at + _NEAR]:
        if word in _STOPS or word == ",":
            return False
        if word in lexicon.words["finite"] or word.endswith("ed"):
            return True
    return False


def _end(words: Words, at: int, lexicon: Lexicon) -> int:
    """Where the clause ends: at its stop or comma, but for a comma before a relative clause and the one behind it."""
    lower, relative = words.lower, False
    start = at = past_complement(words, at, lexicon)
    while at < min(len(lower), start + _LONGEST):
        word = lower[at]
        if at > start and word in lexicon.words["expletives"] and lower[at + 1 : at + 2] != ["to"]:
            return at  # "Without a census there is …"
        if word in _STOPS:
            return at
        if word == ",":
            if at + 1 < len(lower) and lower[at + 1] in lexicon.words["complements"]:
                at += 1
            elif not relative and at + 1 < len(lower) and lower[at + 1] in lexicon.words["relatives"]:
                relative = True
            else:
                return at
        at += 1
    return at


def past_complement(words: Words, at: int, lexicon: Lexicon) -> int:
    """Behind the comma and conjunction of a clause that belongs to the words before: ", что"."""
    opens = at + 1 < len(words) and words.lower[at] == "," and words.lower[at + 1] in lexicon.words["complements"]
    return at + 2 if opens else at

"""How likely an act that a frame told on a page is right, by how and where its words stand: a small logistic model.

Ordinary news uses the words of diplomacy for other things, and mostly deep in a sentence, in infinitives and about
others. `python -m training.trust` fits the weights (`trust.<code>.toml`) on statements of ordinary news; a language
without them has the shares of `binding`.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from msgspec import Struct, convert

from onrecord.positions.choosing import Reading
from onrecord.positions.hits import Hit
from onrecord.positions.knowledge import Lexicon
from onrecord.positions.who import Named

_SUBJECT = 8
"""So many words before a verb are looked at for its subject."""
_CODE, _STATES = 3, 3
"""Letters of a state's code; so many states are counted at most."""
_MARKS = frozenset(",;:—.?!")


class Trust(Struct, frozen=True, forbid_unknown_fields=True):
    """The model of a language."""

    least: float
    """An act whose chance is lower is not told."""
    weights: dict[str, float]

    def chance(self, signs: dict[str, float]) -> float:
        """How likely an act with these signs is right."""
        score = sum(self.weights.get(name, 0.0) * value for name, value in signs.items())
        return 1 / (1 + math.exp(-score))


@cache
def trust(code: str) -> Trust | None:
    """The model of a language, if there is one."""
    path = files(__package__) / f"trust.{code}.toml"
    return convert(tomllib.loads(path.read_text(encoding="utf-8")), Trust) if path.is_file() else None


def signs(reading: Reading, hit: Hit, found: Sequence[Named], verbatim: bool, lexicon: Lexicon) -> dict[str, float]:
    """What the model sees of an act, by name."""
    mood, frame = hit.mood, hit.frame
    clause = next((bounds for bounds in reading.segments if bounds[0] <= hit.first < bounds[1]), (0, 0))
    before = 0 if hit.cued else sum(at not in reading.cue for at in range(clause[0], hit.first))
    bound = any(
        clause[0] <= one.first < clause[1] and not one.first <= hit.first < one.last for one in reading.conditions
    )
    subject = _subject(reading, hit, lexicon)
    seen = {
        "always": 1.0,
        "weight": hit.weight,
        "weight of the frame": frame.weight,
        "words of the frame": float(frame.size),
        "words before": math.log1p(before),
        "clauses before": math.log1p(sum(last <= hit.first for _, last in reading.segments)),
        "words in all": math.log1p(len(reading.words)),
        "on a condition": float(bound),
        "states named": float(min(len({one.code for one in found if len(one.code) <= _CODE}), _STATES)),
        "in the cue": float(hit.cued),
        "infinitive": float(mood.infinitive),
        "passive": float(mood.passive),
        "might": float(mood.hypothetical),
        "will": float(mood.future),
        "turned": float(hit.turned),
        "verbatim": float(verbatim),
        "question": float("?" in reading.words.lower),
        "no subject": float(not subject and not hit.cued),
        "own subject": float(not lexicon.words["first_person"].isdisjoint(subject)),
        f"form {frame.form}": 1.0,
        hit.act: 1.0,
    }
    return {name: value for name, value in seen.items() if value}


def _subject(reading: Reading, hit: Hit, lexicon: Lexicon) -> list[str]:
    """The words before a verb in its clause."""
    lower, known = reading.words.lower, lexicon.words
    first = at = hit.mood.first
    while at > max(0, first - _SUBJECT):
        word = lower[at - 1]
        if word in _MARKS or word in known["relatives"] or word in known["complements"]:
            break
        at -= 1
    return lower[at:first]

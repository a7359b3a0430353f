"""Whether words that no frame decides accuse somebody or dispute what somebody says: a small linear model.

Speeches blame and contradict in plain sentences ("The convoy carried rifles, not flour"). The model is a softmax
regression on the words (actors' names masked, so that nobody is accused for being named), what frames were found, and
counts of dark and bright words. `training/README.md` is its card.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.choosing import Reading
from onrecord.positions.hits import Hit
from onrecord.positions.knowledge import Lexicon
from onrecord.positions.who import Named

CLASSES = ("ACCUSE", "DENY", "")
"""The last is neither."""
ACTOR = "<actor>"
_SUBJECT = 7
"""So many words before a verb are looked at for who says it."""
_BOUNDS = frozenset([",", ";", ".", "that"])
_AUTHORS = frozenset((word, ACTOR) for word in ("by", "of", "'s", "from"))
Floats = NDArray[np.float32]


def features(reading: Reading, top: Hit | None, found: Sequence[Named], lexicon: Lexicon) -> dict[str, float]:
    """What the model sees of a statement, by name."""
    words = _masked(reading, found)
    each = 4 / max(len(set(words)), 1) ** 0.5
    seen = {f"word {word}": each for word in words}
    for hit in reading.hits:
        seen[f"act {hit.act}"] = max(seen.get(f"act {hit.act}", 0.0), hit.weight)
        seen[f"mode {hit.act}/{hit.mode}"] = 0.5
    seen[f"top {top.act if top else '-'}"] = 1.0
    seen |= {name: value for name, value in _counts(words, lexicon).items() if value}
    return seen | _rebuttal(words, lexicon) | _blame(words, lexicon)


def _masked(reading: Reading, found: Sequence[Named]) -> list[str]:
    """The words in lower case, each name of an actor and each number as one sign."""
    named = {at for one in found for at in range(one.first, one.last)}
    masked: list[str] = []
    for at, word in enumerate(reading.words.lower):
        sign = ACTOR if at in named else "0" if word[0].isdigit() else word
        if sign != ACTOR or not masked or masked[-1] != ACTOR:
            masked.append(sign)
    return masked


def _counts(words: list[str], lexicon: Lexicon) -> dict[str, float]:
    known = lexicon.words
    dark, bright = (sum(map(known[name].__contains__, words)) for name in ("dark", "bright"))
    claims = not known["claiming"].isdisjoint(words)
    contrasts = not known["contrasting"].isdisjoint(words)
    own = not known["first_person"].isdisjoint(words)
    actors = words.count(ACTOR)
    return {
        "dark": min(dark, 5) / 2,
        "dark: some": float(dark > 0),
        "dark: several": float(dark > 1),
        "bright": min(bright, 3) / 2,
        "dark less bright": (dark - bright) / 3,
        "own side": float(own),
        "dark, not own side": min(dark, 4) / 2 * (not own),
        "actors": min(actors, 3) / 2,
        "dark, with actors": min(dark, 4) / 2 * (actors > 0),
        "claims": float(claims),
        "contrasts": float(contrasts),
        "claims, contrasts": float(claims and contrasts),
        "claims, with actors": float(claims and actors > 0),
        "question": float("?" in words),
        "length": min(len(words), 60) / 30,
    }


def _rebuttal(words: Sequence[str], lexicon: Lexicon) -> dict[str, float]:
    """Signs that somebody else's claim is told or answered: who makes it, what turns against it."""
    known = lexicon.words
    signs: set[str] = set()
    for at, word in enumerate(words):
        if word in known["hearing"] and not known["first_person"].isdisjoint(words[max(0, at - 4) : at]):
            signs.add("we heard")
        if word in known["disproving"] and not known["negating"].isdisjoint(words[max(0, at - 4) : at + 1]):
            signs.add("disproves")
        for kind in ("alleging", "telling"):
            if word in known[kind]:
                signs.update(f"{kind} {sign}" for sign in _whose(words, at, lexicon))
    if words and (words[0] in known["turning"] or list(words[:2]) == ["in", "fact"]):
        signs.add("opens by turning")
    if "never" in words or ("not" in words and "but" in words[words.index("not") :]):
        signs.add("not this but that")
    if "?" in words and words[0] in known["asking"]:
        signs.add("asks")
    return dict.fromkeys(signs, 1.0)


def _whose(words: Sequence[str], at: int, lexicon: Lexicon) -> Iterator[str]:
    """Whose claim the verb at a place tells, by the words before it in its clause, and how it goes on."""
    known = lexicon.words
    first = max(0, at - _SUBJECT)
    first = max((place + 1 for place in range(first, at) if words[place] in _BOUNDS), default=first)
    subject = words[first:at]
    if not known["first_person"].isdisjoint(subject):
        yield "own"
    elif ACTOR in subject or not known["spoken_of"].isdisjoint(subject):
        yield "another's"
        if "as" in subject or words[at + 1 : at + 2] == [","]:
            yield "another's, in passing"
        if "but" in words[at:] or "however" in words:
            yield "another's, answered"
    if "that" in words[at : at + 3]:
        yield "that"


def _blame(words: Sequence[str], lexicon: Lexicon) -> dict[str, float]:
    """Signs that a dark word is laid on an actor."""
    known = lexicon.words
    dark = known["dark"]
    signs: dict[str, float] = {}
    for at, word in enumerate(words):
        behind = words[at + 1 : at + 6]
        if word == ACTOR and not dark.isdisjoint(behind):
            signs["actor, then dark"] = min(1.5, signs.get("actor, then dark", 0.0) + 0.75)
        if word in dark and any(pair in _AUTHORS for pair in pairwise(behind)):
            signs["dark, by an actor"] = 1.0
        if word in known["turning"] and not dark.isdisjoint(words[at : at + 12]):
            signs["turns to dark"] = 1.0
        signs |= {name: 1.0 for name in ("pressing", "distancing") if word in known[name]}
    return signs


class Model:
    """Weights by feature."""

    def __init__(self, names: Sequence[str], weights: Floats, bias: Floats) -> None:
        self._names = tuple(names)
        self._row = {name: number for number, name in enumerate(names)}
        self._weights, self._bias = weights, bias

    def chances(self, seen: dict[str, float]) -> dict[str, float]:
        """The chance of each class."""
        rows, values = [], []
        for name, value in seen.items():
            row = self._row.get(name)
            if row is not None:
                rows.append(row)
                values.append(value)
        scores = self._bias + (self._weights[rows] * np.array(values, np.float32)[:, None]).sum(axis=0)
        raised = np.exp(scores - scores.max())
        return dict(zip(CLASSES, (raised / raised.sum()).tolist(), strict=True))

    def save(self, path: Path) -> None:
        """Write the weights in half precision."""
        names = np.array("\n".join(self._names))
        np.savez_compressed(path, names=names, weights=self._weights.astype(np.float16), bias=self._bias)


@cache
def shipped() -> Model:
    """The model in the package."""
    with np.load(str(files(__package__) / "conflict.npz")) as kept:
        names = cast(str, kept["names"].item()).split("\n")
        return Model(names, kept["weights"].astype(np.float32), kept["bias"].astype(np.float32))

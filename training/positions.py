"""Make the model that tells accusations and denials that no frame decides: python -m training.positions DATA [OUT]

DATA is a folder with `acts/unscon.jsonl`; `training/acts.tsv` beside this file goes in as well. Prints how good weights
are on speeches that they were not trained on (five folds by speech), with the frames and without; with OUT writes the
weights of all (`src/onrecord/positions/conflict.npz`). Takes a minute and numpy alone.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.positions.choosing import chosen, read
from onrecord.positions.conflict import CLASSES, Floats, Model, features
from onrecord.positions.knowledge import lexicon
from onrecord.positions.stage import decided
from onrecord.positions.who import named
from onrecord.positions.words import Words

_FOLDS = 5
_RARE = 2
"""A feature that fewer sentences have is left out."""
_DECAY = 10.0
"""L2 on the weights, the bias left out: 3, 10, 30 and 100 give .563, .564, .561 and .555 of macro F1 in five folds."""
_STEPS, _RATE = 400, 0.05
_OWN = 2.0
"""What a sentence of our own counts: there are a tenth as many, and they alone look like news."""


class Sentence(NamedTuple):
    text: str
    label: int
    group: str
    weight: float


def sentences(folder: Path) -> list[Sentence]:
    """UNSCon's sentences, then those of our own, which belong to no group."""
    found = []
    for line in (folder / "acts" / "unscon.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.append(Sentence(row["text"], _label(row["act"]), row["speech"], 1.0))
    for line in (Path(__file__).parent / "acts.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            act, text = line.split("\t")
            found.append(Sentence(text, _label(act), "", _OWN))
    return found


def _label(act: str) -> int:
    return CLASSES.index(act) if act in CLASSES else len(CLASSES) - 1


def seen_in(text: str) -> dict[str, float]:
    known = lexicon("en")
    words = Words(text)
    reading = read(words, known)
    hits = chosen(reading)
    return features(reading, hits[0] if hits else None, named(words, known), known)


def trained(seen: Sequence[dict[str, float]], labels: NDArray[np.int64], weights: Floats) -> Model:
    """Softmax regression, classes balanced, by Adam on all sentences at once."""
    counts = Counter(name for one in seen for name in one)
    names = sorted(name for name, times in counts.items() if times >= _RARE)
    column = {name: number for number, name in enumerate(names)}
    table = np.zeros((len(seen), len(names)), dtype=np.float32)
    for row, one in enumerate(seen):
        for name, value in one.items():
            if name in column:
                table[row, column[name]] = value
    gold = np.eye(len(CLASSES), dtype=np.float32)[labels]
    each = weights * (gold @ (len(labels) / len(CLASSES) / gold.sum(0)))
    return Model(names, *_fitted(table, gold, each.astype(np.float32)))


def _fitted(table: Floats, gold: Floats, each: Floats) -> tuple[Floats, Floats]:
    weights = np.zeros((table.shape[1], gold.shape[1]), dtype=np.float32)
    bias = np.zeros(gold.shape[1], dtype=np.float32)
    moments = [np.zeros_like(weights), np.zeros_like(weights), np.zeros_like(bias), np.zeros_like(bias)]
    for step in range(1, _STEPS + 1):
        scores = table @ weights + bias
        raised = np.exp(scores - scores.max(1, keepdims=True))
        wrong = (raised / raised.sum(1, keepdims=True) - gold) * each[:, None]
        slopes = (table.T @ wrong + _DECAY * weights, wrong.sum(0))
        for number, (value, slope) in enumerate(zip((weights, bias), slopes, strict=True)):
            first, second = moments[2 * number], moments[2 * number + 1]
            first += 0.1 * (slope - first)
            second += 0.001 * (slope**2 - second)
            value -= _RATE * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights, bias


def folds(rows: Sequence[Sentence]) -> Iterator[NDArray[np.bool_]]:
    """Which rows are held out, fold by fold; a speech is never split, and our own sentences are never held out."""
    groups = sorted({row.group for row in rows} - {""})
    part = {group: number % _FOLDS for number, group in enumerate(groups)}
    for fold in range(_FOLDS):
        yield np.array([part.get(row.group, -1) == fold for row in rows])


def crossed(rows: Sequence[Sentence]) -> tuple[list[str], list[str]]:
    """For UNSCon's rows what weights trained on other speeches tell: alone, and together with the frames."""
    seen = [seen_in(row.text) for row in rows]
    labels = np.array([row.label for row in rows])
    weights = np.array([row.weight for row in rows], dtype=np.float32)
    alone, both = [""] * len(rows), [""] * len(rows)
    for held in folds(rows):
        model = trained([one for one, out in zip(seen, held, strict=True) if not out], labels[~held], weights[~held])
        for at in np.flatnonzero(held):
            chances = model.chances(seen[at])
            alone[at] = max(chances, key=lambda name: chances[name])
            both[at] = decided(rows[at].text, model)
    kept = [at for at, row in enumerate(rows) if row.group]
    return [alone[at] for at in kept], [both[at] for at in kept]


def macro(gold: list[str], told: list[str]) -> list[float]:
    """F1 of each class."""
    pairs = list(zip(gold, told, strict=True))
    return [2 * pairs.count((name, name)) / (gold.count(name) + told.count(name)) for name in CLASSES]


def main(folder: Path, out: Path | None) -> None:
    rows = sentences(folder)
    gold = [CLASSES[row.label] for row in rows if row.group]
    for name, told in zip(("weights alone", "frames and weights"), crossed(rows), strict=True):
        each = macro(gold, [one if one in CLASSES else "" for one in told])
        shown = ", ".join(f"{act or 'neither'} {score:.2f}" for act, score in zip(CLASSES, each, strict=True))
        print(f"{name}: macro F1 {sum(each) / len(each):.3f}, {shown}")
    if out:
        labels, weights = np.array([row.label for row in rows]), np.array([row.weight for row in rows])
        trained([seen_in(row.text) for row in rows], labels, weights.astype(np.float32)).save(out)
        print(f"{out}: {out.stat().st_size:,} bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)

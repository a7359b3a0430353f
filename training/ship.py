"""Make the folder that the package ships: the int8 graph, the tokenizer, and the settings that belong to them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from onrecord.attribution.tagging.features import SIZES
from onrecord.attribution.tagging.labels import LINKS, TAGS
from onrecord.attribution.tagging.tagger import load
from training.data import Corpus, Example, read
from training.export import export, peaks
from training.model import Tagger
from training.train import collate

CALIBRATION_WINDOWS = 24
"""Windows whose inputs show how far each channel goes; the first of as many articles."""


FLOOR = 0.26
"""What costs neither precision nor recall much. On polnear-dev, by `bench/attribution.py` with floors of .22, .26, .3:
relation F1 .700, .703, .702; cue tokens .742, .741, .728; speaker .904, .904, .897; exact sources .837, .839, .830."""


def ship(net: Tagger, tokenizer: Tokenizer, corpus: Corpus, dev: Path, folder: Path) -> None:
    """Write the model folder; the confidences are fitted to the dev articles."""
    folder.mkdir(parents=True, exist_ok=True)
    net = net.eval()
    special = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
    cuts: list[tuple[Example, int]] = [(article[0], 0) for article in corpus.articles[:CALIBRATION_WINDOWS]]
    tops = peaks(net, [collate([cut], 126, *special) for cut in cuts])
    export(net, folder / "tagger.onnx", "int8", tops)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    settings = {
        "tags": TAGS,
        "links": LINKS,
        "features": SIZES,
        "transitions": [[round(float(x), 4) for x in row] for row in net.crf.transitions.detach()],
        "judge": None,
    }
    path = folder / "tagger.json"
    path.write_text(json.dumps(settings, indent=1) + "\n")
    settings["judge"] = {"weights": calibrate(folder, dev), "floor": FLOOR}
    path.write_text(json.dumps(settings, indent=1) + "\n")


def calibrate(folder: Path, dev: Path) -> list[float]:
    """The weights of `linking.evidence` that make confidences the chance of being right, by the scorer's measure.

    Prints how far off they are on articles that they were not fitted to (two halves, each fitted to the other).
    """
    rows, right, halves = _examples(folder, dev)
    chances = np.zeros(len(rows))
    for half in (0, 1):
        chances[halves == half] = _sigmoid(rows[halves == half] @ _fit(rows[halves != half], right[halves != half]))
    brier = ((chances - right) ** 2).mean()
    bins = np.minimum((chances * 10).astype(int), 9)
    gaps = [abs(chances[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())]
    print(f"confidence: {len(rows)} relations, Brier {brier:.4f}, expected calibration error {sum(gaps):.4f}")
    return [round(float(w), 4) for w in _fit(rows, right)]


def _examples(folder: Path, dev: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For each relation found in dev: its evidence, whether an annotated one matches it, and its article's half."""
    tagger, rows = load(folder), []
    for number, document in enumerate(read(dev)):
        gold = [(_characters(a["content"]), _characters(a["source"])) for a in document["attributions"]]
        for relation in tagger.relations(document["text"]):
            content, source = (
                _characters([(s.start, s.end) for s in spans]) for spans in (relation.content, relation.source)
            )
            right = any(_overlap(content, said) >= 0.8 and _overlap(source, who) >= 0.5 for said, who in gold)
            rows.append((relation.evidence, right, number % 2))
    evidence, right, halves = zip(*rows, strict=True)
    return np.array(evidence), np.array(right, dtype=float), np.array(halves)


def _characters(spans: list) -> set[int]:
    """The positions that spans cover."""
    return {at for start, end in spans for at in range(start, end)}


def _overlap(one: set[int], other: set[int]) -> float:
    """The Jaccard overlap; two empty sets agree."""
    return len(one & other) / len(one | other) if one or other else 1.0


def _fit(rows: np.ndarray, right: np.ndarray, ridge: float = 1.0, rounds: int = 30) -> np.ndarray:
    """Logistic regression by Newton's method."""
    weights = np.zeros(rows.shape[1])
    for _ in range(rounds):
        chances = _sigmoid(rows @ weights)
        slope = rows.T @ (chances - right) + ridge * weights
        bend = (rows * (chances * (1 - chances))[:, None]).T @ rows + ridge * np.eye(rows.shape[1])
        weights -= np.linalg.solve(bend, slope)
    return weights


def _sigmoid(odds: np.ndarray) -> np.ndarray:
    """Log odds as chances."""
    return 1 / (1 + np.exp(-odds))

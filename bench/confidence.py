"""How often a statement is right by the confidence it is given: `python bench/confidence.py DATA`.

DATA holds `attribution/CORPUS.jsonl.gz`. A statement is right if its content agrees with one that people marked
(overlap .8) and the sources of both do (`scoring.py`'s relation). Printed for each corpus and engine: statements by
tenths of confidence, what was expected of them (the mean confidence) and what share is right; then the expected
calibration error (the mean distance of both, weighted by statements) and the Brier score. The network's confidence
was fitted on polnear-dev itself (training/README.md has the figures of halves); that of a rule is its precision,
counted in English, for most of the German ones on wikinews-de-train; the Russian ones have those of English. Fails if
the error on polnear-dev is over what floors.json leaves of .1.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path

import floors
from attribution import CORPORA, ENGINES, documents
from onrecord.attribution import attribute
from onrecord.attribution.engines import TRAINED_FOR
from onrecord.formats.wire import attribution_object
from onrecord.schema import Engine
from scoring import Score

Judged = list[tuple[float, bool]]
"""Confidences, and whether what was found with them is right."""


def judged(corpus: list[dict[str, object]], engine: Engine) -> Judged:
    """Every statement found in a corpus: its confidence, and whether it is right."""
    found: Judged = []
    for document in corpus:
        text, score = str(document["text"]), Score()
        statements = attribute(text, lang=str(document["lang"]), engine=engine)
        right = score.add(text, document["attributions"], [attribution_object(one) for one in statements])  # type: ignore[arg-type]
        found += zip((one.confidence for one in statements), right, strict=True)
    return found


def report(name: str, found: Judged) -> float:
    """Print how one engine's confidences hold on one corpus; the expected calibration error."""
    tenths: dict[int, Judged] = defaultdict(list)
    for confidence, right in found:
        tenths[min(int(confidence * 10), 9)].append((confidence, right))
    print(f"\n| {name} | statements | expected | right |\n|---|---|---|---|")
    error = 0.0
    for tenth, rows in sorted(tenths.items()):
        expected, share = _means(rows)
        error += abs(expected - share) * len(rows) / len(found)
        print(
            f"| .{tenth} to {'.' + str(tenth + 1) if tenth < 9 else '1'} | {len(rows)} | {expected:.2f} | {share:.2f} |"
        )
    print("| all | {} | {:.2f} | {:.2f} |".format(len(found), *_means(found)))
    brier = sum((confidence - right) ** 2 for confidence, right in found) / len(found)
    print(f"expected calibration error {error:.3f}, Brier score {brier:.3f}")
    return error


def _means(rows: Judged) -> tuple[float, float]:
    """The mean confidence, and the share that is right."""
    return sum(confidence for confidence, _ in rows) / len(rows), sum(right for _, right in rows) / len(rows)


def main(data: str) -> int:
    """Measure each corpus with the engines that it can be read by."""
    errors: dict[str, float] = {}
    for name in CORPORA:
        corpus = documents(Path(data) / "attribution" / f"{name}.jsonl.gz")
        for engine in ENGINES if corpus[0]["lang"] in TRAINED_FOR else ENGINES[1:]:
            errors[f"{name}, by {engine}"] = report(f"{name}, by {engine}", judged(corpus, engine))
    return floors.check("confidence", {"left of .1, polnear-dev by model": 0.1 - errors["polnear-dev, by model"]})


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1]), 1))

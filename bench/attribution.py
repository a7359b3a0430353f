"""Measure the attribution stage: `python bench/attribution.py DATA [CORPUS …]`.

DATA holds `attribution/CORPUS.jsonl.gz` (by default `polnear-dev`, `wikinews-de-dev` and `adaq-ru-dev`). Prints, per
corpus and engine, the scores of `scoring.py` and the precision of each rule; then the speed of both engines on one
core, from English text to statements with speakers.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from onrecord.attribution import attribute
from onrecord.attribution.engines import TRAINED_FOR
from onrecord.formats.wire import attribution_object
from onrecord.pipeline import attribute as attribute_with_speakers
from onrecord.schema import Engine
from scoring import Score

MEASURES = ("tokens source", "tokens cue", "tokens content", "content exact", "content", "relation")
KINDS = ("direct", "mixed", "indirect")
WORDS_OF_AN_ARTICLE = 750
CORPORA = ("polnear-dev", "wikinews-de-dev", "adaq-ru-dev")
ENGINES: tuple[Engine, ...] = ("model", "rules")


def documents(path: Path) -> list[dict[str, Any]]:
    """The documents of a corpus."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def measure(corpus: list[dict[str, Any]], engine: Engine) -> tuple[Score, dict[str, list[int]]]:
    """The score of a corpus, and for each rule how many of its relations are right and how many there are."""
    score = Score()
    rules: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for document in corpus:
        statements = attribute(document["text"], lang=document["lang"], engine=engine)
        predicted = [attribution_object(statement) for statement in statements]
        correct = score.add(document["text"], document["attributions"], predicted)
        for statement, right in zip(statements, correct, strict=True):
            rules[statement.because][0] += right
            rules[statement.because][1] += 1
    return score, rules


def report(name: str, corpus: list[dict[str, Any]], engine: Engine) -> None:
    """Print everything about one corpus."""
    score, rules = measure(corpus, engine)
    print(f"\n{name}, by {engine}: {len(corpus)} documents")
    for one in MEASURES:
        print(f"  {one:16} P {score.precision(one):.3f}  R {score.recall(one):.3f}  F1 {score.f1(one):.3f}")
    for kind in KINDS:
        if score.gold[f"{kind} content"]:
            print(
                f"  {kind:16} {score.gold[f'{kind} content']:6} gold,"
                f" content recall {score.recall(f'{kind} content'):.3f},"
                f" relation recall {score.recall(f'{kind} relation'):.3f}"
            )
    print(f"  {'speaker':16} {score.gold['speaker']:6} gold, accuracy {score.recall('speaker'):.3f}")
    for rule, (right, found) in sorted(rules.items(), key=lambda item: -item[1][1]):
        print(f"  {right / found:.2f} of {found:5}  {rule}")


def speed(corpus: list[dict[str, Any]], engine: Engine) -> None:
    """Print how fast texts become statements with speakers, in one process."""
    attribute_with_speakers("The engine is loaded, Anna Roe said.", "en", engine)
    words = sum(len(document["text"].split()) for document in corpus)
    began = time.process_time()
    for document in corpus:
        attribute_with_speakers(document["text"], document["lang"], engine)
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    articles = words / WORDS_OF_AN_ARTICLE / spent
    print(f"{engine}: {articles:.1f} articles of {WORDS_OF_AN_ARTICLE} words a second, peak memory {peak:.0f} MB")


def main(data: str, *names: str) -> None:
    """Measure each named corpus with the engines that it can be read by, and the speed on polnear-dev."""
    folder = Path(data) / "attribution"
    for name in names or CORPORA:
        corpus = documents(folder / f"{name}.jsonl.gz")
        trained = corpus[0]["lang"] in TRAINED_FOR
        for engine in ENGINES if trained else ENGINES[1:]:
            report(name, corpus, engine)
    print("\nfrom English text to statements with speakers, on one core")
    for engine in reversed(ENGINES):
        speed(documents(folder / "polnear-dev.jsonl.gz"), engine)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Measure the attribution stage: `python bench/attribution.py DATA [CORPUS …]`.

DATA holds `attribution/CORPUS.jsonl.gz` (by default `polnear-dev`, `wikinews-de-dev` and `adaq-ru-dev`). Prints, per
corpus and engine, the scores of `scoring.py` and the precision of each rule; then both engines beside the peers that
are installed (`crf.py`, `quotations.py`), each in a process of its own: quality on polnear-dev, speed on one core from
English text to what the system gives (ours: statements with speakers), and peak memory. Exits 1 if one of ours has
sunk under its floor.
"""

from __future__ import annotations

import gzip
import importlib
import json
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import floors
from onrecord.attribution import attribute
from onrecord.attribution.engines import TRAINED_FOR
from onrecord.formats.wire import attribution_object
from onrecord.pipeline import attribute as attribute_with_speakers
from onrecord.schema import Engine
from scoring import Score

MEASURES = (
    *("tokens source", "tokens cue", "tokens content", "source spans", "cue spans", "content spans"),
    *("content exact", "content", "relation"),
)
KINDS = ("direct", "mixed", "indirect")
WORDS_OF_AN_ARTICLE = 750
CORPORA = ("polnear-dev", "wikinews-de-dev", "adaq-ru-dev")
ENGINES: tuple[Engine, ...] = ("model", "rules")
PEERS = {"CRF": "crf", "textacy": "quotations"}
ONE_SYSTEM = "--system"
Attributions = list[dict[str, Any]]


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


def reader(system: str, data: Path) -> Callable[[str], Attributions]:
    """What turns an English text into attributions: one of our engines, speakers included, or a peer."""
    if system in PEERS:
        return cast(Callable[[str], Attributions], importlib.import_module(PEERS[system]).reader(data))
    engine = cast(Engine, system)
    attribute_with_speakers("The engine is loaded, Anna Roe said.", "en", engine)
    return lambda text: [attribution_object(statement) for statement in attribute_with_speakers(text, "en", engine)]


def figures(system: str, data: Path) -> dict[str, float]:
    """The quality of a system on polnear-dev, words it reads a second, and the megabytes it takes at most."""
    read, score, words, spent = reader(system, data), Score(), 0, 0.0
    for document in documents(data / "attribution" / "polnear-dev.jsonl.gz"):
        began = time.process_time()
        found = read(document["text"])
        spent += time.process_time() - began
        words += len(document["text"].split())
        score.add(document["text"], document["attributions"], found)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    shares = {name: score.f1(name) for name in MEASURES}
    shares |= {"direct": score.recall("direct content"), "speaker": score.recall("speaker")}
    return {**shares, "words": words / spent, "memory": memory}


def side_by_side(data: Path) -> dict[str, dict[str, float]]:
    """Print the table of all systems that are installed; the figures of each."""
    print(
        "\n| polnear-dev | " + " | ".join((*MEASURES, "direct found", "speaker", "words/s", "articles/s", "MB")) + " |"
    )
    print("|" + "---|" * (len(MEASURES) + 6))
    found = {}
    for system in (*ENGINES, *PEERS):
        call = [sys.executable, __file__, ONE_SYSTEM, system, str(data)]
        done = subprocess.run(call, stdout=subprocess.PIPE, check=False)
        if done.returncode:
            print(f"| {system} | not installed |")
            continue
        row = found[system] = json.loads(done.stdout)
        shares = [f"{value:.3f}" for name, value in row.items() if name not in ("words", "memory")]
        speed = f"{row['words']:,.0f} | {row['words'] / WORDS_OF_AN_ARTICLE:.1f} | {row['memory']:.0f}"
        print(f"| {system} | " + " | ".join(shares) + f" | {speed} |", flush=True)
    return found


def main(data: str, *names: str) -> int:
    """Measure each named corpus with the engines that it can be read by, then all systems side by side."""
    if data == ONE_SYSTEM:
        try:
            print(json.dumps(figures(names[0], Path(names[1]))))
        except ImportError as missing:
            print(f"{names[0]}: {missing}", file=sys.stderr)
            return 1
        return 0
    for name in names or CORPORA:
        corpus = documents(Path(data) / "attribution" / f"{name}.jsonl.gz")
        trained = corpus[0]["lang"] in TRAINED_FOR
        for engine in ENGINES if trained else ENGINES[1:]:
            report(name, corpus, engine)
    found = side_by_side(Path(data))
    return sum(floors.check(f"attribution by {engine}", found[engine]) for engine in ENGINES)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))

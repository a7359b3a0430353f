"""Measure judged pronouns and roles: `python bench/speakers_judged.py DATA [--wrong] [--draw N SEED]`.

`speakers-judged.tsv` beside this file holds three samples of PolNeAR-dev's sources that are a pronoun or a role, drawn
by chance (seeds 11, 12, 13) and read in their articles: who is meant, by name; `-` where the article names nobody;
`A+B` for two; names divided by `/` are all accepted. Samples 11 and 12 were read while the stage was made, 13 was
judged only when it was done. A mention is *resolved* if it gets a name, or if it is said that nobody is named for it;
an unnamed answer for somebody whom the article names counts as wrong.

The confidence of all names given here and on scu-sourcing-dev is then compared with how often they are right: each
kind and strength of link gets its chance from other articles (five folds) than it is asked about. `--draw` prints N
fresh ones to judge.
"""

from __future__ import annotations

import random
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from onrecord.schema import Passage, Speaker, Statement
from onrecord.speakers import resolve
from onrecord.speakers.knowledge import lexicon
from speakers import Given, gold_article, kind_of, lines, scu

JUDGED = Path(__file__).parent / "speakers-judged.tsv"
FOLDS = 5
PRIOR = 2
"""So many names that are right as often as all count with those of a kind and strength."""
BANDS = (0.0, 0.6, 0.8, 0.9, 0.95, 1.01)


class Judged(NamedTuple):
    """A mention, and whom it means."""

    sample: str
    document: str
    attribution: str
    kind: str
    name: str


def judgements() -> list[Judged]:
    """All that was judged."""
    rows = (line.split("\t") for line in JUDGED.read_text("utf-8").splitlines() if not line.startswith("#"))
    return [Judged(*row) for row in rows]


def words(name: str) -> set[str]:
    """The words of a name."""
    return set(re.findall(r"\w+", name.lower()))


def same(gold: str, name: str) -> bool:
    """Whether a name is one of those accepted: one holds the other, or the gold's last word."""
    accepted = (one for one in gold.split("/") if one != "-")
    return any(
        words(one) <= words(name) or words(name) <= words(one) or words(one.split()[-1]) <= words(name)
        for one in accepted
    )


def right(gold: str, speaker: Speaker | None) -> bool:
    """Whether a speaker is the one meant."""
    if speaker is None or speaker.how == "unresolved":
        return False
    names = [speaker.name, *speaker.others] if speaker.name else []
    if "-" in gold.split("/") and not names:
        return True
    described = [speaker.role] if not names and speaker.role and "/" in gold else []
    told, meant = [name for name in names or described if name], gold.split("+")
    return len(told) == len(meant) and all(any(same(one, name) for name in told) for one in meant)


def measure(documents: dict[str, Any], show: bool) -> list[Given]:
    """Print the figures of each sample; all names given."""
    resolved: dict[str, dict[str, Statement]] = {}
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * 5)
    given = []
    for judged in judgements():
        if judged.document not in resolved:
            statements = resolve(gold_article(documents[judged.document])).statements
            resolved[judged.document] = {statement.id: statement for statement in statements}
        statement = resolved[judged.document][judged.attribution]
        speaker, good = statement.speaker, right(judged.name, statement.speaker)
        named = speaker is not None and bool(speaker.name)
        answered = speaker is not None and speaker.how != "unresolved"
        for sample in (judged.sample, "all"):
            for at, one in enumerate((True, answered, good, named, named and good)):
                counts[sample][at] += one
        if speaker is not None and speaker.name:
            given.append(Given(judged.document, speaker.how, speaker.confidence, good))
        if show and not good:
            print(judged, statement.source.text, speaker)
    for sample, (n, answered_, good_, named_, named_good) in sorted(counts.items()):
        print(
            f"sample {sample}: {n} mentions, {answered_} resolved, of these {good_} right "
            f"({100 * good_ / answered_:.1f} %); {named_} given a name, of these {named_good} right "
            f"({100 * named_good / named_:.1f} %)"
        )
    return given


def reliability(given: list[Given]) -> None:
    """Print how far chances hold that are fitted on other articles, by bands of the chance."""
    folds = {document: at % FOLDS for at, document in enumerate(sorted({one.document for one in given}))}
    chances = []
    for one in given:
        alike = [
            other.right
            for other in given
            if (other.how, other.confidence) == (one.how, one.confidence)
            and folds[other.document] != folds[one.document]
        ]
        others = [other.right for other in given if folds[other.document] != folds[one.document]]
        chances.append((sum(alike) + PRIOR * sum(others) / len(others)) / (len(alike) + PRIOR))
    told = [one.confidence for one in given]
    share = sum(one.right for one in given) / len(given)
    for what, values in (("fitted on other articles", chances), ("as shipped", told), ("one for all", None)):
        pairs = [(value, one.right) for value, one in zip(values or [share] * len(given), given, strict=True)]
        squares = sum((value - good) ** 2 for value, good in pairs) / len(pairs)
        print(f"{len(given)} names, {100 * share:.1f} % right; chances {what}: Brier score {squares:.4f}")
        for low, high in pairwise(BANDS) if values else ():
            band = [(value, good) for value, good in pairs if low <= value < high]
            if band:
                expected, seen = (sum(column) / len(band) for column in zip(*band, strict=True))
                print(
                    f"  {low:.2f} to {min(1, high):.2f}: {len(band):4} names, expected {expected:.3f}, right {seen:.3f}"
                )


def mentions(documents: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The sources that are a third person's pronoun or a role without a name, as document, attribution and words."""
    role = lexicon("en").role
    for document in documents.values():
        for attribution in document["attributions"]:
            source = Passage.of(document["text"], *attribution["source"]).text
            told = source.split()
            heads = [at for at, word in enumerate(told) if role(word.lower().strip(",.'"))]
            definite = bool(told) and told[0].lower() in {"the", "his", "her", "their", "its"} and bool(heads)
            named = definite and any(word[0].isupper() for word in told[heads[-1] + 1 :])
            if kind_of(source) == "pronoun" or (definite and not named):
                yield document["id"], attribution["id"], source


def draw(documents: dict[str, Any], count: int, seed: int) -> None:
    """Print a sample of what has not been judged, each with the words around it."""
    known = {(one.document, one.attribution) for one in judgements()}
    fresh = [one for one in sorted(mentions(documents)) if one[:2] not in known]
    for document, attribution, source in random.Random(seed).sample(fresh, min(count, len(fresh))):
        text = documents[document]["text"]
        [spans] = [one["source"] for one in documents[document]["attributions"] if one["id"] == attribution]
        start, end = spans[0][0], spans[-1][1]
        print(f"----- {seed}\t{document}\t{attribution}")
        print(f"{text[max(0, start - 620) : start]}[[{source}]]{text[end : end + 90]}")


def main(arguments: list[str]) -> None:
    """Measure, or draw."""
    data = Path(arguments[0]) / "attribution"
    documents = {document["id"]: document for document in lines(data / "polnear-dev.jsonl.gz")}
    if "--draw" in arguments:
        count, seed = arguments[arguments.index("--draw") + 1 :][:2]
        draw(documents, int(count), int(seed))
        return
    given = measure(documents, "--wrong" in arguments)
    reliability(given + scu(data / "scu-sourcing-dev.jsonl.gz"))


if __name__ == "__main__":
    main(sys.argv[1:])

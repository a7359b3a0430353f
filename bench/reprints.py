"""How well reprinted agency text is told: `python bench/reprints.py [COUNT]`.

Of invented articles (sentences of bench/utterances.py) each is reprinted once, cut to 60 to 100 % of its sentences,
with a new first sentence, up to three of the outlet's own and one word in fifty changed; and once quoted, two to four
of its sentences in an article of the outlet's own. Prints of the reprints the part that is found by its keys among all
bodies and told a reprint, of what is told a reprint the part that is one, the error of the share, and the time a body
takes.
Fails if a figure is under its floor.
"""

from __future__ import annotations

import random
import sys
import time
from collections import defaultdict
from typing import NamedTuple

import floors
import utterances
from onrecord.archive import clusters
from onrecord.archive.clusters import Body
from utterances import LANGS, Tongue

SEED = 20261124


class Printed(NamedTuple):
    """A body, of which original it is or quotes, and how much of it is the original's (by words)."""

    text: str
    of: int
    how: str
    share: float


def sentences(tongue: Tongue, count: int) -> list[str]:
    return [" ".join(utterances.utterance(tongue).sentences) for _ in range(count)]


def edited(tongue: Tongue, sentence: str) -> str:
    words = [word if tongue.rng.random() > 0.02 else tongue.draw("place") for word in sentence.split()]
    return " ".join(words)


def printed(tongue: Tongue, number: int) -> list[Printed]:
    """An original, its reprint, and an article that quotes it."""
    rng = tongue.rng
    original = sentences(tongue, rng.randint(12, 30))
    kept = [edited(tongue, one) for one in original[1 : max(2, int(len(original) * rng.uniform(0.6, 1)))]]
    own = sentences(tongue, rng.randint(1, 4))
    quoting = sentences(tongue, rng.randint(12, 30))
    quoted = rng.sample(original, rng.randint(2, 4))

    def share(theirs: list[str], mine: list[str]) -> float:
        words, more = len(" ".join(theirs).split()), len(" ".join(mine).split())
        return words / (words + more)

    return [
        Printed("\n".join(original), number, "original", 1.0),
        Printed("\n".join([own[0], *kept, *own[1:]]), number, "reprint", share(kept, own)),
        Printed("\n".join([*quoting, *quoted]), number, "quoting", share(quoted, quoting)),
    ]


def main(count: int) -> int:
    rng = random.Random(SEED)
    tongues = [Tongue(lang, rng) for lang in LANGS]
    articles = [one for number in range(count) for one in printed(tongues[number % len(tongues)], number)]
    began = time.process_time()
    bodies = [Body(clusters.body_signature(one.text)) for one in articles]
    took = (time.process_time() - began) / len(articles)
    by_key: dict[int, list[int]] = defaultdict(list)
    told: set[tuple[int, int]] = set()
    for index, body in enumerate(bodies):
        others = {other for key in body.signature.keys for other in by_key[key]}
        told |= {(other, index) for other in others if clusters.reprint(bodies[other], body)}
        for key in body.signature.keys:
            by_key[key].append(index)
    true = {(index - 1, index) for index, one in enumerate(articles) if one.how == "reprint"}
    figures = {"recall": len(told & true) / len(true), "precision": len(told & true) / len(told)}
    error = sum(
        abs(clusters.shared_share(bodies[first].signature, bodies[second].signature).of_second - articles[second].share)
        for first, second in true
    ) / len(true)
    words = sum(len(one.text.split()) for one in articles) / len(articles)
    print(f"{len(articles):,} bodies of {words:.0f} words, {len(true):,} of them reprints")
    print(f"reprints found: recall {figures['recall']:.4f}, precision {figures['precision']:.4f}")
    print(f"share of the original: off by {error:.3f} on average; {took * 1e6:.0f} µs a body")
    return floors.check("reprints", figures)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000))

"""The evaluation as a whole: documents in, figures out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec
import numpy as np
from msgspec import Struct

from onrecord.errors import UsageError
from onrecord.evaluation.counting import BY_KIND, MEASURES, SPEAKER, WHOLE, Text, counts_of
from onrecord.evaluation.documents import Document, Documents, Predictions, gold_documents, predictions
from onrecord.evaluation.resampling import LEVEL, Array, bootstrapped, chance_of_difference, figures, interval
from onrecord.formats.annotated import KINDS

DRAWS = 1_000
MOST_DRAWS = 100_000
Bounds = tuple[float, float]


class Score(Struct, frozen=True):
    """How well one thing was found; shares from 0 to 1, each with its interval where documents were drawn."""

    measure: str
    precision: float
    recall: float
    f1: float
    gold: int
    """How many the gold standard has."""
    found: int
    """How many of these were found."""
    given: int
    """How many the system gave."""
    right: int
    """How many of these are right: as many as were found, but for what is counted by kind."""
    precision_interval: Bounds | None = None
    recall_interval: Bounds | None = None
    f1_interval: Bounds | None = None


class System(Struct, frozen=True):
    """What one system comes to."""

    name: str
    statements: int
    missing: tuple[str, ...]
    """Documents of the gold standard that it does not have; nothing was found in them."""
    unknown: tuple[str, ...]
    """Documents that the gold standard does not have; passed over."""
    joined_by_text: int
    """Documents with another id, told by their text."""
    scores: Mapping[str, Score]
    kinds: Mapping[str, Mapping[str, Score]]
    """Content and relation by kind: recall over what the gold standard says is of it, precision over what the system
    says is."""
    languages: Mapping[str, Mapping[str, Score]]
    """By language, where the gold standard has several."""
    speaker: Score
    """Quoted statements that name a source: its `recall` is the share found with that source; no precision."""


class Difference(Struct, frozen=True):
    """How much better, in F1, the first system is than the second, by one measure."""

    measure: str
    difference: float
    interval: Bounds | None
    chance: float | None
    """Of a difference as large, either way, if the two were equally good; None if nothing was drawn."""


class Evaluation(Struct, frozen=True):
    """One or two systems against a gold standard."""

    gold: str
    documents: int
    statements: int
    systems: tuple[System, ...]
    differences: tuple[Difference, ...]
    draws: int
    seed: int
    level: float = LEVEL


def evaluate(
    gold: Documents, predicted: Documents, other: Documents | None = None, draws: int = DRAWS, seed: int = 0
) -> Evaluation:
    """How well `predicted`, and perhaps `other`, have found the statements of `gold`.

    Each is a path, or articles, or objects `{"id", "lang", "text", "attributions"}`. Intervals are of 95 % by the
    bootstrap over documents, `draws` samples drawn with `seed`; 0 for none. Two systems are compared by paired
    approximate randomisation. Raises `InputError` for what cannot be understood: see `docs/evaluation.md`.

    >>> told = {"id": "1", "text": "“No,” she said.", "attributions": [{"content": [[1, 4]], "source": [[6, 9]]}]}
    >>> evaluate([told], [told]).systems[0].scores["relation"].f1
    1.0
    """
    if not 0 <= draws <= MOST_DRAWS:
        raise UsageError(f"{draws:,} draws; give 0 to {MOST_DRAWS:,}")
    name, documents = gold_documents(gold)
    given = [predictions(predicted, documents, "predicted")]
    given += [predictions(other, documents, "other")] if other is not None else []
    texts = [Text.of(one.text or "") for one in documents]
    counted = [_counts(documents, texts, one) for one in given]
    return Evaluation(
        name,
        len(documents),
        sum(len(one.relations) for one in documents),
        tuple(_system(one, counts, documents, draws, seed) for one, counts in zip(given, counted, strict=True)),
        _differences(counted[0], counted[1], draws, seed) if other is not None else (),
        draws,
        seed,
    )


def _counts(documents: Sequence[Document], texts: Sequence[Text], found: Predictions) -> Array:
    rows = zip(documents, texts, found.relations, strict=True)
    return np.stack([counts_of(text, one.relations, given, str(one.id)) for one, text, given in rows])


def _system(found: Predictions, counts: Array, documents: Sequence[Document], draws: int, seed: int) -> System:
    scores = _scores(counts, draws, seed)
    places: dict[str, list[int]] = defaultdict(list)
    for n, one in enumerate(documents):
        places[one.lang or "unknown"].append(n)
    several = sorted(places.items()) if len(places) > 1 else []
    by_language = {lang: _scores(counts[numbers], draws, seed) for lang, numbers in several}
    return System(
        found.name,
        sum(map(len, found.relations)),
        found.missing,
        found.unknown,
        found.joined_by_text,
        {measure: scores[measure] for measure in WHOLE},
        {kind: {measure: scores[f"{measure} {kind}"] for measure in BY_KIND} for kind in KINDS},
        {lang: {measure: some[measure] for measure in WHOLE} for lang, some in by_language.items()},
        scores[SPEAKER],
    )


def _scores(counts: Array, draws: int, seed: int) -> dict[str, Score]:
    total = counts.sum(axis=0)
    values = figures(total)
    bounds = interval(figures(bootstrapped(counts, draws, np.random.default_rng(seed)))) if draws else None
    found = {}
    for n, measure in enumerate(MEASURES):
        precision, recall, f1 = map(float, values[n])
        score = Score(measure, precision, recall, f1, *map(int, total[n]))  # type: ignore[arg-type]
        found[measure] = score if bounds is None else _bounded(score, bounds[n])
    return found


def _bounded(score: Score, bounds: Array) -> Score:
    precision, recall, f1 = ((float(low), float(high)) for low, high in bounds)
    return msgspec.structs.replace(score, precision_interval=precision, recall_interval=recall, f1_interval=f1)


def _differences(first: Array, second: Array, draws: int, seed: int) -> tuple[Difference, ...]:
    """The first less the second; the interval is that of the difference in one and the same sample of documents."""
    apart = figures(first.sum(axis=0))[:, 2] - figures(second.sum(axis=0))[:, 2]
    if not draws:
        return tuple(Difference(one, float(apart[n]), None, None) for n, one in enumerate(WHOLE))
    drawn = figures(bootstrapped(np.stack([first, second], axis=1), draws, np.random.default_rng(seed)))[..., 2]
    bounds = interval(drawn[:, 0] - drawn[:, 1])
    chances = chance_of_difference(first, second, draws, np.random.default_rng(seed))
    return tuple(
        Difference(one, float(apart[n]), (float(bounds[n, 0]), float(bounds[n, 1])), float(chances[n]))
        for n, one in enumerate(WHOLE)
    )

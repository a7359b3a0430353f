"""Read annotated articles into arrays: wordpieces with offsets, features, tags and links."""

from __future__ import annotations

import gzip
import json
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from onrecord.attribution.tagging.features import features
from onrecord.attribution.tagging.labels import LINKS, OUTSIDE, ROLES, begin
from onrecord.attribution.tagging.tagger import Tagger

IGNORED = -100
"""The label of a piece that a loss passes over."""


@dataclass(frozen=True)
class Example:
    """An article as arrays, one row a wordpiece."""

    id: str
    text: str
    ids: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    features: np.ndarray
    tags: np.ndarray
    links: np.ndarray
    taught: np.ndarray | None = None
    """A teacher's tag scores, where the model is trained to give the same."""

    def __len__(self) -> int:
        return len(self.ids)


def read(path: Path) -> Iterator[dict]:
    """The documents of a JSON Lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def encode(tokenizer: Tokenizer, document: dict) -> Example:
    """The arrays of one annotated document."""
    text = document["text"]
    encoding = tokenizer.encode(text, add_special_tokens=False)
    offsets = np.asarray(encoding.offsets, dtype=np.int64).reshape(-1, 2)
    starts, ends = offsets[:, 0], offsets[:, 1]
    tags = np.full(len(starts), OUTSIDE, dtype=np.int64)
    links = np.full(len(starts), IGNORED, dtype=np.int64)
    spans = sorted({(s, e, r) for a in document["attributions"] for r in ROLES for s, e in a[r]})
    for start, end, role in spans:
        rows = _rows(starts, ends, start, end)
        if rows.stop > rows.start:
            tags[rows] = begin(role) + 1
            tags[rows.start] = begin(role)
    for (start, end), link in _links(document["attributions"]).items():
        if link in LINKS:
            links[_rows(starts, ends, start, end)] = LINKS.index(link)
    return Example(
        document["id"],
        text,
        np.asarray(encoding.ids, dtype=np.int64),
        starts,
        ends,
        features(text, starts, ends),
        tags,
        links,
    )


def _rows(starts: np.ndarray, ends: np.ndarray, start: int, end: int) -> slice:
    """The pieces that lie, by at least a character, between `start` and `end`."""
    return slice(int(np.searchsorted(ends, start, "right")), int(np.searchsorted(starts, end, "left")))


def _links(attributions: list[dict]) -> dict[tuple[int, int], int]:
    """How many cues on each content's cue is, and how many sources on each cue's source (see LINKS)."""
    cues = sorted({s for a in attributions for s, _ in a["cue"]})
    sources = sorted({s for a in attributions for s, _ in a["source"]})
    links = {}
    for a in attributions:
        if not a["cue"]:
            continue
        cue = a["cue"][0]
        links.update({tuple(span): _steps(cues, span[0], cue[0]) for span in a["content"]})
        links[tuple(cue)] = _steps(sources, cue[0], a["source"][0][0]) if a["source"] else 0
    return links


def _steps(places: list[int], origin: int, target: int) -> int:
    """How many of `places` one passes from `origin` to `target`, the target included; negative to the left.

    >>> _steps([3, 10, 20], 12, 3), _steps([3, 10, 20], 12, 20)
    (-2, 1)
    """
    here, there = bisect_left(places, origin), places.index(target)
    return there - here if there < here else there - here + 1


@dataclass(frozen=True)
class Corpus:
    """Articles, each in one version for every annotator; an epoch takes one version of each at random."""

    articles: list[list[Example]]

    @classmethod
    def load(cls, tokenizer: Tokenizer, *paths: Path) -> Corpus:
        """The articles of all files; versions of one article have ids that differ after the `#`."""
        versions: dict[str, list[Example]] = {}
        for path in paths:
            for document in read(path):
                versions.setdefault(document["id"].split("#")[0], []).append(encode(tokenizer, document))
        return cls(list(versions.values()))

    def __len__(self) -> int:
        """Wordpieces in an epoch."""
        return sum(len(article[0]) for article in self.articles)

    def taught_by(self, teacher: Tagger) -> Corpus:
        """The corpus with a teacher's tag scores; versions of one article share them."""
        known: dict[bytes, np.ndarray] = {}

        def scores(example: Example) -> np.ndarray:
            key = example.ids.tobytes()
            if key not in known:
                known[key] = teacher.scores(example.ids, example.features)[0].astype(np.float16)
            return known[key]

        return Corpus([[replace(e, taught=scores(e)) for e in article] for article in self.articles])

    def windows(self, size: int, rng: np.random.Generator) -> list[tuple[Example, int]]:
        """An epoch's windows in random order: each article cut up from a random point, full windows wherever it can.

        The last and first cut overlap their neighbours instead of being padded.
        """
        cuts = []
        for article in self.articles:
            example = article[int(rng.integers(len(article)))]
            shift = int(rng.integers(size)) if len(example) > size else 0
            last = max(0, len(example) - size)
            starts = {min(max(0, at), last) for at in range(-shift, len(example), size) if at + size > size // 8}
            cuts += [(example, start) for start in starts]
        rng.shuffle(cuts)
        return cuts

"""The trained tagger: text in, spans of sources, cues and contents out. Needs onnxruntime, tokenizers and numpy."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from msgspec import convert
from numpy.typing import NDArray

from onrecord.attribution.tagging.decoding import Floats, Tagged, constrained, decode, softmax, spans, within_paragraphs
from onrecord.attribution.tagging.features import PARAGRAPH_START, SENTENCE_START, SIZES, Ints, features
from onrecord.attribution.tagging.labels import LINKS, TAGS
from onrecord.attribution.tagging.linking import Judge, Relation, link

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Network = Callable[[Ints, Ints], tuple[Floats, Floats]]
"""Ids and features of one window, [CLS] and [SEP] included, to the tag scores and link scores of each piece."""

LONE = re.compile("[\ud800-\udfff]")
"""Half a character, which Python strings may hold and the tokenizer refuses."""

WINDOW, CONTEXT = 158, 0
"""Pieces in a window at most, and how many at each end serve as context only. On polnear-dev windows of 126, 158 and
190 differ by .003 of relation and .002 of content F1."""


class Tagger:
    """A network with the tokenizer and the transition scores that belong to it."""

    def __init__(
        self,
        tokenizer: Tokenizer,
        network: Network,
        transitions: Floats,
        judge: Judge | None = None,
        window: int = WINDOW,
        context: int = CONTEXT,
    ) -> None:
        if window <= 2 * context:
            raise ValueError(f"a window of {window} pieces leaves none between two contexts of {context}")
        self._tokenizer, self._network, self._judge = tokenizer, network, judge
        self._transitions = constrained(transitions)
        self._window, self._context = window, context
        self._edges = [np.array([tokenizer.token_to_id(name)], dtype=np.int64) for name in ("[CLS]", "[SEP]")]

    def tag(self, text: str) -> list[Tagged]:
        """The sources, cues and contents of `text` in reading order."""
        encoding = self._tokenizer.encode(LONE.sub("\ufffd", text), add_special_tokens=False)
        if not encoding.ids:
            return []
        offsets = np.asarray(encoding.offsets, dtype=np.int64)
        starts, ends = offsets[:, 0], offsets[:, 1]
        marks = features(text, starts, ends)
        scores, links = self.scores(np.asarray(encoding.ids, dtype=np.int64), marks)
        tags = decode(within_paragraphs(scores, marks[:, 2]), self._transitions)
        return spans(text, tags, softmax(scores), links, marks[:, 1], starts, ends)

    def relations(self, text: str) -> list[Relation]:
        """The attributions of `text`, in the order of their contents."""
        return link(text, self.tag(text), self._judge)

    def scores(self, ids: Ints, marks: NDArray[np.uint8]) -> tuple[Floats, Floats]:
        """The tag and link scores of each piece, each from a window in which it is no nearer the edge than it must."""
        tag_parts, link_parts = [], []
        for start, end, first, stop in windows(marks[:, 3], self._window, self._context):
            inner = np.concatenate((self._edges[0], ids[start:end], self._edges[1]))
            rows = np.zeros((end - start + 2, len(SIZES)), dtype=np.int64)
            rows[1:-1] = marks[start:end]
            tags, links = self._network(inner, rows)
            tag_parts.append(tags[1 + first - start : 1 + stop - start])
            link_parts.append(links[1 + first - start : 1 + stop - start])
        return np.concatenate(tag_parts), np.concatenate(link_parts)


def windows(breaks: NDArray[np.uint8], size: int, context: int) -> Iterator[tuple[int, int, int, int]]:
    """Windows over a text's pieces: (start, end) to read and (first, stop) to keep, which covers all pieces once.

    `breaks` tells where sentences and paragraphs start (the last column of `features`). A window ends with a paragraph
    where one ends in its second half, else with a sentence, else where it is full.

    >>> list(windows(np.array([2, 0, 0, 0, 1, 0, 0, 0, 0, 0]), 6, 1))
    [(0, 5, 0, 4), (3, 9, 4, 8), (7, 10, 8, 10)]
    """
    count, first = len(breaks), 0
    while first < count:
        full = first + size - context - min(first, context)
        stop = count if full + context >= count else _cut(breaks, first + (full - first) // 2, full)
        yield max(0, first - context), min(count, stop + context), first, stop
        first = stop


def _cut(breaks: NDArray[np.uint8], low: int, high: int) -> int:
    """The last paragraph's start after `low` and not after `high`, else the last sentence's, else `high`."""
    inner = breaks[low + 1 : high + 1]
    for kind in (PARAGRAPH_START, SENTENCE_START):
        if len(found := np.flatnonzero(inner == kind)):
            return low + 1 + int(found[-1])
    return high


def load(folder: Path, window: int = WINDOW, context: int = CONTEXT) -> Tagger:
    """The exported tagger in `folder`, for one thread."""
    import onnxruntime  # here, because whoever uses the rules alone should not wait for it
    from tokenizers import Tokenizer

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(folder / "tagger.onnx", options, providers=["CPUExecutionProvider"])
    settings = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
    if settings["tags"] != list(TAGS) or settings["features"] != list(SIZES) or settings["links"] != list(LINKS):
        raise ValueError(f"{folder}: made for other labels or features than this version's")

    def network(ids: Ints, rows: Ints) -> tuple[Floats, Floats]:
        tags, links = session.run(None, {"ids": ids[None], "features": rows[None]})
        return tags[0], links[0]

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    transitions = np.asarray(settings["transitions"], dtype=np.float32)
    judge = convert(settings["judge"], Judge) if settings["judge"] else None
    return Tagger(tokenizer, network, transitions, judge, window, context)


@cache
def shipped() -> Tagger:
    """The tagger in the package, loaded on first use."""
    return load(Path(str(files("onrecord.attribution.tagging") / "model")))


def tag(text: str) -> list[Tagged]:
    """The sources, cues and contents that the shipped model finds in `text`, in reading order."""
    return shipped().tag(text)


def relations(text: str) -> list[Relation]:
    """The attributions that the shipped model finds in `text`, in the order of their contents."""
    return shipped().relations(text)

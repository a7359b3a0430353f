"""From a network's scores for each wordpiece to spans: the best sequence of tags that is possible at all."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from onrecord.attribution.tagging.features import CLOSING, OPENING, PARAGRAPH, Ints
from onrecord.attribution.tagging.labels import OUTSIDE, ROLES, TAGS, begin

Floats = NDArray[np.float32]

IMPOSSIBLE = np.float32(-1e4)
CERTAIN = np.float32(4.0)
"""A piece whose best tag leads all others by this much is settled before the search, which then runs over the stretches
between such pieces side by side. On polnear-dev 3 to 10 gave the tags of a full search, and 4 took half its time."""


SENTENCE = 6
"""Pieces from which on a quotation is a statement and not a name: a comma after ''Hawaii Five-0,'' sets off nothing."""


class Tagged(Struct, frozen=True):
    """A span that plays a part in an attribution: `text[start:end]` is a source, a cue or a content."""

    role: str
    start: int
    end: int
    confidence: float
    """How sure the network is of the span's pieces, on average."""
    edges: float = 0.5
    """How likely it is that the span begins and ends just here."""
    links: tuple[float, ...] = ()
    """How likely each step of `labels.LINKS` is, from a content to its cue or from a cue to its source."""


def constrained(transitions: Floats) -> Floats:
    """The transition scores with those ruled out that go on with a span that was not begun."""
    allowed = transitions.astype(np.float32).copy()
    for role in ROLES:
        opened, inside = begin(role), begin(role) + 1
        for tag in range(len(TAGS)):
            if tag not in (opened, inside):
                allowed[tag, inside] = IMPOSSIBLE
    return allowed


def decode(scores: Floats, transitions: Floats) -> Ints:
    """The best tags for `scores` (pieces × tags); no span goes on from nothing, at the beginning neither.

    Cost is linear: the pieces that are certain cut the text into short stretches, which are decoded together.
    """
    tags: Ints = scores.argmax(axis=1).astype(np.int64)
    best = np.partition(scores, -2, axis=1)
    sure = best[:, -1] - best[:, -2] > CERTAIN
    before = np.concatenate(([OUTSIDE], tags[:-1]))
    torn = transitions[before, tags] <= IMPOSSIBLE
    sure &= ~torn & ~np.concatenate((torn[1:], [False]))
    edges = np.flatnonzero(np.diff(np.concatenate(([True], sure, [True])).astype(np.int8)))
    stretches = sorted(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True), key=lambda s: s[1] - s[0])
    while stretches:
        longest = stretches[-1][1] - stretches[-1][0]
        group: list[tuple[int, int]] = []
        while stretches and 2 * (stretches[-1][1] - stretches[-1][0]) >= longest and len(group) < 1024:
            group.append(stretches.pop())
        for (start, end), found in zip(group, _viterbi(scores, tags, transitions, group), strict=True):
            tags[start:end] = found[: end - start]
    return tags


def within_paragraphs(scores: Floats, gaps: NDArray[np.uint8]) -> Floats:
    """The scores with it ruled out that a span goes on after an empty line: in polnear-train one of 61,284 does."""
    bounded = scores.copy()
    bounded[np.ix_(gaps == PARAGRAPH, [begin(role) + 1 for role in ROLES])] = IMPOSSIBLE
    return bounded


def _viterbi(scores: Floats, settled: Ints, transitions: Floats, stretches: list[tuple[int, int]]) -> Ints:
    """The best tags of several stretches at once, each between settled pieces; the one after fills its row."""
    length = 1 + max(end - start for start, end in stretches)
    block = np.full((len(stretches), length, len(TAGS)), 2 * IMPOSSIBLE, dtype=np.float32)
    before = [settled[start - 1] if start else OUTSIDE for start, _ in stretches]
    for row, (start, end) in enumerate(stretches):
        block[row, : end - start] = scores[start:end]
        block[row, end - start :, settled[end] if end < len(settled) else OUTSIDE] = 0.0
    back = np.zeros((length, len(stretches), len(TAGS)), dtype=np.int8)
    best = transitions[before] + block[:, 0]
    for step in range(1, length):
        moves = best[:, :, None] + transitions
        back[step] = moves.argmax(axis=1)
        best = moves.max(axis=1) + block[:, step]
    tags = np.zeros((len(stretches), length), dtype=np.int64)
    tags[:, -1] = best.argmax(axis=1)
    rows = np.arange(len(stretches))
    for step in range(length - 1, 0, -1):
        tags[:, step - 1] = back[step, rows, tags[:, step]]
    return tags


def runs(tags: Ints) -> list[tuple[int, int, int]]:
    """The spans that a sequence of tags tells: (role's opening tag, first piece, piece after the last)."""
    opens = np.flatnonzero((tags != OUTSIDE) & (tags % 2 == 1))
    ends = np.flatnonzero((tags == OUTSIDE) | (tags % 2 == 1))
    stops = np.append(ends, len(tags))
    return [(int(tags[at]), int(at), int(stops[np.searchsorted(stops, at, "right")])) for at in opens]


def softmax(scores: Floats) -> Floats:
    """Each row's scores as probabilities."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def spans(
    text: str, tags: Ints, chances: Floats, links: Floats, quotes: NDArray[np.uint8], starts: Ints, ends: Ints
) -> list[Tagged]:
    """The tagged spans in reading order, with confidences, contents ending at the quotation marks beside them."""
    bounds = runs(tags)
    if not bounds:
        return []
    limits = np.array([limit for _, first, stop in bounds for limit in (first, stop)])
    sizes = (limits[1::2] - limits[::2]).astype(np.float32)
    picked = np.append(chances[np.arange(len(tags)), tags], np.float32(0))
    sure = np.add.reduceat(picked, limits)[::2] / sizes
    linked = softmax(np.add.reduceat(np.pad(links, ((0, 1), (0, 0))), limits, axis=0)[::2] / sizes[:, None]).tolist()
    edges = picked[limits[::2]] * np.where(limits[1::2] < len(tags), picked[limits[1::2]], np.float32(1))
    found = []
    for (opened, first, stop), share, edge, steps in zip(bounds, sure.tolist(), edges.tolist(), linked, strict=True):
        role = ROLES[opened // 2]
        if role == "content":
            first, stop = _to_marks(tags, quotes, first, stop)
            stop = _without_tail(text, quotes, starts, first, stop)
        chosen = () if role == "source" else tuple(steps)
        found.append(Tagged(role, int(starts[first]), int(ends[stop - 1]), round(share, 4), round(edge, 4), chosen))
    return found


def _to_marks(tags: Ints, quotes: NDArray[np.uint8], first: int, stop: int) -> tuple[int, int]:
    """The limits of a content with the opening mark just before it and the closing mark just after it taken in."""
    if first and tags[first - 1] == OUTSIDE and quotes[first - 1] == OPENING and quotes[first] != CLOSING:
        first -= 1
    if stop < len(tags) and tags[stop] == OUTSIDE and quotes[stop] == CLOSING:
        stop += 1
    return first, stop


def _without_tail(text: str, quotes: NDArray[np.uint8], starts: Ints, first: int, stop: int) -> int:
    """Where a content ends that opens with a mark: at the closing mark, if a comma before that sets off what follows.

    In polnear-train 42 contents of 5,760 that open with a mark go on after such a comma, many by an annotator's slip.
    """
    if quotes[first] != OPENING:
        return stop
    closing = first + np.flatnonzero(quotes[first:stop] == CLOSING)
    if not len(closing) or (quotes[closing[0] + 1 : stop] != 0).any() or closing[0] - first < SENTENCE:
        return stop
    after = int(closing[0]) + 1
    if after < stop and quotes[after] == CLOSING:
        after += 1
    return after if text[starts[closing[0]] - 1] == "," else stop

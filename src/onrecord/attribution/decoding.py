"""From a network's scores for each wordpiece to spans: the best sequence of tags that is possible at all."""

from __future__ import annotations

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from onrecord.attribution.features import CLOSING, OPENING, Ints
from onrecord.attribution.labels import OUTSIDE, ROLES, TAGS, begin

Floats = NDArray[np.float32]

IMPOSSIBLE = np.float32(-1e4)
CERTAIN = np.float32(8.0)
"""A piece whose score for no span leads all others by this much is settled before the search, which then runs over the
stretches between such pieces side by side."""


class Tagged(Struct, frozen=True):
    """A span that plays a part in an attribution: `text[start:end]` is a source, a cue or a content."""

    role: str
    start: int
    end: int
    confidence: float
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

    Cost is linear: the pieces that are certainly outside cut the text into stretches, which are decoded together.
    """
    tags = np.full(len(scores), OUTSIDE, dtype=np.int64)
    sure = scores[:, OUTSIDE] - np.delete(scores, OUTSIDE, axis=1).max(axis=1) > CERTAIN
    edges = np.flatnonzero(np.diff(np.concatenate(([True], sure, [True])).astype(np.int8)))
    stretches = sorted(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True), key=lambda s: s[1] - s[0])
    while stretches:
        longest = stretches[-1][1] - stretches[-1][0]
        group: list[tuple[int, int]] = []
        while stretches and 2 * (stretches[-1][1] - stretches[-1][0]) >= longest and len(group) < 256:
            group.append(stretches.pop())
        for (start, end), best in zip(group, _viterbi(scores, transitions, group), strict=True):
            tags[start:end] = best[: end - start]
    return tags


def _viterbi(scores: Floats, transitions: Floats, stretches: list[tuple[int, int]]) -> Ints:
    """The best tags of several stretches at once, each between pieces that are outside; short rows padded outside."""
    longest = max(end - start for start, end in stretches)
    block = np.full((len(stretches), longest, len(TAGS)), IMPOSSIBLE, dtype=np.float32)
    block[:, :, OUTSIDE] = 0.0
    for row, (start, end) in enumerate(stretches):
        block[row, : end - start] = scores[start:end]
    back = np.zeros((longest, len(stretches), len(TAGS)), dtype=np.int8)
    best = transitions[OUTSIDE] + block[:, 0]
    for step in range(1, longest):
        moves = best[:, :, None] + transitions
        back[step] = moves.argmax(axis=1)
        best = moves.max(axis=1) + block[:, step]
    tags = np.zeros((len(stretches), longest), dtype=np.int64)
    tags[:, -1] = (best + transitions[:, OUTSIDE]).argmax(axis=1)
    rows = np.arange(len(stretches))
    for step in range(longest - 1, 0, -1):
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
    tags: Ints, chances: Floats, links: Floats, quotes: NDArray[np.uint8], starts: Ints, ends: Ints
) -> list[Tagged]:
    """The tagged spans in reading order, with confidences, contents ending at the quotation marks beside them."""
    found = []
    for opened, first, stop in runs(tags):
        role = ROLES[opened // 2]
        sure = float(chances[np.arange(first, stop), tags[first:stop]].mean())
        linked = softmax(links[first:stop].mean(axis=0)).tolist() if role != "source" else ()
        if role == "content":
            first, stop = _to_marks(tags, quotes, first, stop)
        found.append(Tagged(role, int(starts[first]), int(ends[stop - 1]), round(sure, 4), tuple(linked)))
    return found


def _to_marks(tags: Ints, quotes: NDArray[np.uint8], first: int, stop: int) -> tuple[int, int]:
    """The limits of a content with the opening mark just before it and the closing mark just after it taken in."""
    if first and tags[first - 1] == OUTSIDE and quotes[first - 1] == OPENING and quotes[first] != CLOSING:
        first -= 1
    if stop < len(tags) and tags[stop] == OUTSIDE and quotes[stop] == CLOSING:
        stop += 1
    return first, stop

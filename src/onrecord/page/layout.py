"""The tree of a page's elements as arrays: which hold what, which look alike, what they are called from how far.

The nodes of a page are in reading order, so that all that a node holds follows it without a gap.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from onrecord.page.looks import Numbers
from onrecord.page.marks import name_meanings
from onrecord.page.markup import Node

FAR = 10
"""Levels from which on what an element around is called says nothing."""
_AROUND_TAGS = (
    "article", "main", "aside", "footer", "header", "nav", "form", "figure", "ul", "table", "blockquote", "section",
    "details",
)  # fmt: skip
_AROUND = {tag: place for place, tag in enumerate(_AROUND_TAGS)}
_FOR = frozenset(("article", "body", "tag_article", "tag_main", "tag_section"))
"""Meanings that speak for a story."""
CALLED = (*name_meanings(), *(f"tag_{tag}" for tag in _AROUND_TAGS))
"""What an element can be called."""
_AGAINST = [place for place, name in enumerate(CALLED) if name not in _FOR]
_NO_DIGITS = str.maketrans("", "", "0123456789")
_BETWEEN = "\0"
"""What no name holds."""


class Layout(NamedTuple):
    """The nodes of a page as arrays, ready to be summed over."""

    parent: Any
    depth: Any
    end: Any
    """The place of the next node that is not within each."""
    names: tuple[str, ...]
    """The different names of nodes."""
    name: Any
    """The place of each node's name among them."""
    tag: Any
    """The place of each node's tag among those that tell something; -1 if it is none of them."""
    signature: Any
    """A number for each kind of place: the same names but for digits on the three innermost elements."""
    holder: Any
    """The nearest element around each node that holds more text than the node does: wrappers say nothing."""

    def totals(self, nodes: Any, amounts: Numbers | None = None) -> Numbers:
        """For each node of the page, the sum of the `amounts` (ones if None) at it and below it."""
        sums = np.zeros(len(self.parent) + 1)
        np.cumsum(np.bincount(nodes, amounts, len(self.parent)), out=sums[1:])
        found: Numbers = sums[self.end] - sums[:-1]
        return found

    def above(self, node: int) -> list[int]:
        """`node` and all around it, innermost first; nothing if there is none."""
        found: list[int] = []
        while node >= 0:
            found.append(node)
            node = int(self.parent[node]) if node else -1
        return found


def lay_out(nodes: Sequence[Node], at: Any) -> Layout:
    """The arrays of `nodes`, of which those `at` hold a run."""
    tags, called, above = zip(*nodes, strict=True)
    depth, size = [0] * len(nodes), [1] * len(nodes)
    for place in range(1, len(nodes)):
        depth[place] = depth[above[place]] + 1
    for place in range(len(nodes) - 1, 0, -1):
        size[above[place]] += size[place]
    parent = np.array(above)
    names: dict[str, int] = {}
    name = np.array([names.setdefault(one, len(names)) for one in called])
    different = tuple(names)
    end = np.arange(len(nodes)) + np.array(size)
    tag = np.array([_AROUND.get(one, -1) for one in tags])
    alike = _signatures(different, name, parent)
    layout = Layout(parent, np.array(depth), end, different, name, tag, alike, parent)
    held = layout.totals(at).tolist()
    holder = [0] * len(nodes)
    for place in range(1, len(nodes)):
        around = above[place]
        holder[place] = around if held[around] > held[place] else holder[around]
    return layout._replace(holder=np.array(holder))


def _signatures(names: Sequence[str], name: Any, parent: Any) -> Any:
    bare: dict[str, int] = {}
    plain = _BETWEEN.join(names).translate(_NO_DIGITS).split(_BETWEEN)
    own = np.array([bare.setdefault(one, len(bare)) for one in plain])[name]
    around = own[parent]
    keys = (own * len(bare) + around) * len(bare) + around[parent]
    return np.unique(keys, return_inverse=True)[1]


def distances(layout: Layout, meanings: Any, at: Any, title: int) -> Numbers:
    """How far above each node `at` the next element is that is called something: a row for each of `CALLED`.

    `meanings` says what the name of each node means, as `meanings_of_names` does.
    What holds the `title` too says nothing against what else it holds: many a page is called `comments-open`.
    """
    unnamed = ~(meanings[:, None] >> np.arange(len(name_meanings()))) & 1
    silent = np.concatenate([unnamed, layout.tag[:, None] != np.arange(len(_AROUND))], axis=1).astype(np.uint8)
    silent[np.ix_(layout.above(title), _AGAINST)] = 1
    far = np.zeros((len(at), len(CALLED)), np.uint8)
    silent_so_far: Any = 1
    around = at
    for _ in range(FAR):
        silent_so_far = silent.take(around, axis=0) & silent_so_far
        far += silent_so_far
        around = layout.parent[around]
    return far.T

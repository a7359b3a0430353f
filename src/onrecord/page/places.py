"""Where a paragraph stands on its page, in numbers: what is around it, beside it and how much of the page is there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np

from onrecord.page.looks import TEXT_FEATURES, Numbers, Words, column, looks, split, words_of
from onrecord.page.marks import meaning_of_name, name_meanings
from onrecord.page.markup import Markup, Node, Run
from onrecord.page.sequence import near, since, smooth, until

_FAR = 10
"""Levels from which on what an element around is called says nothing."""
CLOSE = 4
"""Levels within which what an element is called says what it holds."""
_LEVELS = 5
"""Elements around a run, each with more text than the one before, whose share of the prose is looked at."""
_TAGS = (
    "p",
    "div",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "figcaption",
    "td",
    "dt",
    "dd",
    "blockquote",
    "pre",
    "address",
    "summary",
    "form",
    "section",
    "article",
    "body",
    "span",
)
_AROUND_TAGS = (
    "article",
    "main",
    "aside",
    "footer",
    "header",
    "nav",
    "form",
    "figure",
    "ul",
    "table",
    "blockquote",
    "section",
    "details",
)
_PROSE_LENGTH = 80
_MOSTLY = 0.75
_COMPARED = 400
"""Characters of a run that are compared with what the page declares."""
_NO_DIGITS = str.maketrans("", "", "0123456789")


class Declared(NamedTuple):
    """What the page says of its story elsewhere than in the story."""

    headline: str = ""
    summary: str = ""
    body: str = ""
    """The whole story, where the page's data repeats it."""
    authors: tuple[str, ...] = ()


class Layout(NamedTuple):
    """The tree of a page's nodes as arrays, ready to be summed over."""

    parent: np.ndarray
    levels: list[np.ndarray]
    """The nodes of each depth, outermost first."""
    depth: np.ndarray
    signature: np.ndarray
    """A number for each kind of place: the same classes on the three innermost elements."""
    holder: np.ndarray
    """The nearest element around each node that holds more text than the node does: wrappers say nothing."""

    def totals(self, nodes: np.ndarray, amounts: Numbers) -> Numbers:
        """For each node of the page, the sum of the `amounts` at it and below it."""
        total = np.bincount(nodes, amounts, len(self.parent))
        for level in reversed(self.levels[1:]):
            total += np.bincount(self.parent[level], total[level], len(self.parent))
        return total


def lay_out(nodes: Sequence[Node], at: np.ndarray) -> Layout:
    """The arrays of `nodes`, of which those `at` hold a run."""
    parent = np.array([node.parent for node in nodes])
    depth = [0] * len(nodes)
    own: dict[tuple[object, ...], int] = {}
    signature = [0] * len(nodes)
    plain = {name: name.translate(_NO_DIGITS) for name in {node.name for node in nodes}}
    bare = [plain[node.name] for node in nodes]
    for place, node in enumerate(nodes):
        above = node.parent
        if place:
            depth[place] = depth[above] + 1
        key = (bare[place], bare[above], bare[nodes[above].parent])
        signature[place] = own.setdefault(key, len(own))
    depths = np.array(depth)
    order = np.argsort(depths, kind="stable")
    levels = np.split(order, np.searchsorted(depths[order], np.arange(1, depths.max() + 1)))
    layout = Layout(parent, levels, depths, np.array(signature), parent)
    held = layout.totals(at, np.ones(len(at)))
    holder = np.zeros(len(nodes), int)
    for level in levels[1:]:
        around = parent[level]
        holder[level] = np.where(held[around] > held[level], around, holder[around])
    return layout._replace(holder=holder)


_FOR = frozenset(("article", "body", "tag_article", "tag_main", "tag_section"))
"""Meanings that speak for a story."""
_ORDER = (*name_meanings(), *(f"tag_{tag}" for tag in _AROUND_TAGS))


def _above(layout: Layout, node: int) -> list[int]:
    """`node` and all around it; nothing if there is none."""
    found: list[int] = []
    while node >= 0:
        found.append(node)
        node = int(layout.parent[node]) if node else -1
    return found


def _distances(nodes: Sequence[Node], layout: Layout, title: int) -> np.ndarray:
    """For each node and meaning of a name, how far above the next element is that is called so.

    What holds the title too says nothing against what else it holds: many a page is called `comments-open`.
    """
    kinds = len(name_meanings())
    known = {name: meaning_of_name(name) for name in {node.name for node in nodes}}
    meanings = np.array([known[node.name] for node in nodes])
    says = (meanings[:, None] >> np.arange(kinds)) & 1
    tags = np.array([_AROUND_TAGS.index(node.tag) if node.tag in _AROUND_TAGS else -1 for node in nodes])
    says = np.concatenate([says, tags[:, None] == np.arange(len(_AROUND_TAGS))], axis=1).astype(bool)
    above_title = _above(layout, title)
    says[np.ix_(above_title, [_ORDER.index(name) for name in _ORDER if name not in _FOR])] = False
    far = np.full(says.shape, _FAR, np.float32)
    for level in layout.levels:
        nearest = np.minimum(far[layout.parent[level]] + 1, _FAR)
        far[level] = np.where(says[level], 0, nearest)
    return far


def overlap(words: Sequence[Sequence[str]], bare: Sequence[str], other: Words) -> tuple[list[float], list[float]]:
    """How much of each run's words are in `other`, and how many letters it has in a row there if all are."""
    if not other.parts:
        return [-1.0] * len(words), [-1.0] * len(words)
    known, whole = other.parts.__contains__, other.whole
    share = [sum(map(known, own)) / len(own) if own else 0.0 for own in words]
    within = [
        float(len(letters)) if part > _MOSTLY and letters in whole else 0.0
        for part, letters in zip(share, bare, strict=True)
    ]
    return share, within


class Described(NamedTuple):
    """The numbers of all runs of a page."""

    rows: Numbers
    """A row for each run, in the order of `feature_names`."""

    def column(self, name: str) -> Numbers:
        """The numbers called `name`."""
        found: Numbers = self.rows[:, _places()[name]]
        return found

    def near(self) -> list[set[str]]:
        """What the elements close around each run are called."""
        first = _places()[f"in_{_ORDER[0]}"]
        found: list[set[str]] = [set() for _ in self.rows]
        for place, number in np.argwhere(self.rows[:, first : first + len(_ORDER)] <= CLOSE).tolist():
            found[place].add(_ORDER[number])
        return found


def describe(page: Markup, declared: Declared) -> Described:
    """The numbers of the runs of `page`."""
    if not page.runs:
        return Described(np.zeros((0, len(feature_names())), np.float32))
    runs = page.runs
    text = np.array([looks(run.text) for run in runs], np.float32)
    at = np.array([run.node for run in runs])
    layout = lay_out(page.nodes, at)
    facts, title = _declared(runs, declared)
    own = np.array([(run.linked, run.links, run.strong, min(run.pictured, 99), run.order) for run in runs], np.float32)
    tags = np.array([_TAGS.index(run.tag) if run.tag in _TAGS else len(_TAGS) for run in runs])
    one_hot = tags[:, None] == np.arange(len(_TAGS))
    inner = np.array([meaning_of_name(run.inner) if run.inner else 0 for run in runs])
    inner_bits = (inner[:, None] >> np.arange(len(name_meanings()))) & 1
    columns = [
        text,
        own[:, :4],
        (own[:, 0] * column(text, "length"))[:, None],
        one_hot,
        inner_bits,
        _distances(page.nodes, layout, runs[title].node if title >= 0 else -1)[at],
        _standing(runs, text, own, layout, at),
        facts,
        _from_title(runs, layout, at, title),
    ]
    own_part = np.concatenate(columns, axis=1).astype(np.float32)
    beside = _beside(text, own, one_hot, at, layout)
    return Described(np.concatenate([own_part, beside], axis=1).astype(np.float32))


def _standing(runs: Sequence[Run], text: Numbers, own: Numbers, layout: Layout, at: np.ndarray) -> Numbers:
    """How much of the page's prose is where each run is, and where the run is among it."""
    length = column(text, "length")
    plain = length * (1 - own[:, 0])
    prose = (plain >= _PROSE_LENGTH) & (column(text, "ends") > 0)
    mass = np.where(prose, plain, 0)
    total = max(float(mass.sum()), 1.0)
    masses, letters = layout.totals(at, mass), layout.totals(at, length)
    counts = layout.totals(at, np.ones(len(runs)))
    result = []
    node = at
    for level in range(_LEVELS):
        node = layout.holder[node] if level else node
        result += [masses[node] / total, masses[node] / np.maximum(letters[node], 1), counts[node]]
    signature = layout.signature[at]
    alike = np.bincount(signature, minlength=signature.max() + 1)
    alike_mass = np.bincount(signature, mass)
    alike_plain = np.bincount(signature, plain)
    parent_alike = _of_pairs(layout.holder[at], signature)
    before = (np.cumsum(mass) - mass) / total
    places = np.arange(len(runs))
    again, seen = _repeated(runs)
    depth_mass, depth_density = _alike_by_depth(runs, layout.depth[at], mass, length)
    best = np.max([alike_mass[signature] / total, *result[3:9:3]], axis=0)
    main = _main(layout, masses, total)
    inside = _inside(layout, main)
    result += [
        depth_mass / total,
        depth_density,
        best,
        best / max(float(best.max()), 1e-6),
        alike[signature],
        alike_mass[signature] / total,
        alike_plain[signature] / alike[signature],
        parent_alike,
        before,
        places,
        places / len(runs),
        np.full(len(runs), total),
        mass / total,
        since(prose),
        until(prose),
        layout.depth[at],
        layout.depth[at] - layout.depth[main],
        inside[at],
        again,
        seen,
        own[:, 4] - np.concatenate([[0], own[:-1, 4]]),
    ]
    return np.stack(result, axis=1)


def _repeated(runs: Sequence[Run]) -> tuple[np.ndarray, np.ndarray]:
    """How often each run's words stand above it, and on the whole page."""
    seen: Counter[str] = Counter()
    above = []
    for run in runs:
        above.append(seen[run.text])
        seen[run.text] += 1
    return np.array(above), np.array([seen[run.text] for run in runs])


def _alike_by_depth(runs: Sequence[Run], depth: np.ndarray, mass: Numbers, length: Numbers) -> tuple[Numbers, Numbers]:
    """How many letters of prose the runs of each one's element and depth have, and the share of all their letters."""
    tags = np.array([_TAGS.index(run.tag) if run.tag in _TAGS else len(_TAGS) for run in runs])
    _, alike = np.unique(tags * 1000 + depth, return_inverse=True)
    prose = np.bincount(alike, mass)[alike]
    return prose, prose / np.maximum(np.bincount(alike, length)[alike], 1)


def _of_pairs(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """How often each pair of numbers occurs."""
    _, inverse, counts = np.unique(left * 100_000 + right, return_inverse=True, return_counts=True)
    return counts[inverse]


def _main(layout: Layout, masses: Numbers, total: float) -> int:
    """The deepest node with most of the page's prose."""
    return int(max(np.flatnonzero(masses >= 0.6 * total), key=lambda node: layout.depth[node], default=0))


def _inside(layout: Layout, main: int) -> np.ndarray:
    inside = np.zeros(len(layout.parent), bool)
    inside[main] = True
    for level in layout.levels[1:]:
        inside[level] |= inside[layout.parent[level]]
    return inside


def _from_title(runs: Sequence[Run], layout: Layout, at: np.ndarray, title: int) -> Numbers:
    """How far each run and the title are from the innermost element that holds both, and what stands between them."""
    if title < 0:
        return np.full((len(runs), 5), -1, np.float32)
    common = np.zeros(len(layout.parent), int)
    path = _above(layout, runs[title].node)
    common[path] = path
    on_path = np.zeros(len(layout.parent), bool)
    on_path[path] = True
    for level in layout.levels[1:]:
        common[level] = np.where(on_path[level], level, common[layout.parent[level]])
    met = common[at]
    headings = np.cumsum([run.tag == "h1" for run in runs])
    second = np.cumsum([run.tag in ("h1", "h2") for run in runs])
    held = layout.totals(at, np.ones(len(at)))
    return np.stack(
        [
            layout.depth[at] - layout.depth[met],
            layout.depth[runs[title].node] - layout.depth[met],
            np.clip(headings - headings[title], -3, 9),
            np.clip(second - second[title], -9, 19),
            held[met] / len(runs),
        ],
        axis=1,
    )


def _declared(runs: Sequence[Run], declared: Declared) -> tuple[Numbers, int]:
    """What the page says elsewhere of each run, and which run is the title, -1 if none is."""
    words = [split(run.text[:_COMPARED]) for run in runs]
    bare = ["".join(own).replace("_", "") for own in words]
    headline = words_of(declared.headline)
    wanted = headline.whole
    title, title_within = overlap(words, bare, headline)
    summary, summary_within = overlap(words, bare, words_of(declared.summary))
    body, body_within = overlap(words, bare, words_of(declared.body))
    headed = np.array([t > 0.8 and w > 0.5 * len(wanted) for t, w in zip(title, title_within, strict=True)], bool)
    top = np.array([run.tag == "h1" for run in runs])
    first = int(np.argmax(headed & top)) if (headed & top).any() else int(np.argmax(top)) if top.any() else -1
    places = np.arange(len(runs))
    after = np.clip(places - first, -30, 200) if first >= 0 else np.full(len(runs), -99)
    whole = max(len(declared.summary), 1)
    authors = [float(any(name in run.text for name in declared.authors)) for run in runs]
    facts = np.stack(
        [
            title, np.array(title_within) / max(1, len(wanted)), summary, np.array(summary_within) / whole,
            body, np.minimum(body_within, 400), after, authors,
        ],
        axis=1,
    )  # fmt: skip
    return facts, first


_BESIDE = ("length", "ends", "ending", "digits", "capitals", "lower")


def _beside(text: Numbers, own: Numbers, one_hot: np.ndarray, at: np.ndarray, layout: Layout) -> Numbers:
    heading = one_hot[:, 3:7].any(axis=1)
    shown = np.stack(
        [
            *(column(text, name) for name in _BESIDE), own[:, 0], own[:, 2], one_hot[:, 0], one_hot[:, 2], heading,
            text[:, TEXT_FEATURES.index("says_share")], column(text, "says_teaser"),
        ],
        axis=1,
    ).astype(np.float32)  # fmt: skip
    result = [near(shown, step) for step in (-2, -1, 1, 2)]
    parents, signature = layout.holder[at], layout.signature[at]
    for step in (-2, -1, 1, 2):
        result.append((near(parents.astype(np.float32), step) == parents)[:, None])
        result.append((near(signature.astype(np.float32), step) == signature)[:, None])
    plain = column(text, "length") * (1 - own[:, 0])
    for span in (3, 8):
        result += [smooth(plain, span)[:, None], smooth(own[:, 0], span)[:, None]]
    result += [
        since(heading)[:, None],
        (own[:, 0] > 0.8)[:, None],
        since(own[:, 0] > 0.8)[:, None],
        until(own[:, 0] > 0.8)[:, None],
    ]
    return np.concatenate(result, axis=1)


@cache
def _places() -> dict[str, int]:
    return {name: place for place, name in enumerate(feature_names())}


@cache
def feature_names() -> tuple[str, ...]:
    """What each number of a row is."""
    kinds = name_meanings()
    beside = [
        f"{name}{step:+d}"
        for step in (-2, -1, 1, 2)
        for name in (*_BESIDE, "linked", "strong", "p", "li", "heading", "share", "teaser")
    ]
    beside += [f"{name}{step:+d}" for step in (-2, -1, 1, 2) for name in ("same_parent", "same_place")]
    return (
        *TEXT_FEATURES, "linked", "links", "strong", "pictured", "linked_letters",
        *(f"is_{tag}" for tag in _TAGS), *(f"inner_{kind}" for kind in kinds), *(f"in_{kind}" for kind in _ORDER),
        *(f"{name}_up{level}" for level in range(_LEVELS) for name in ("mass", "density", "count")),
        "depth_mass", "depth_density", "best_mass", "best_share", "alike", "alike_mass", "alike_plain", "parent_alike",
        "mass_before", "place", "place_share", "prose_total", "mass",
        "since_prose", "until_prose", "depth", "depth_in_main", "in_main", "again", "times_seen", "elements_between",
        "title_words", "title_within", "summary_words", "summary_within", "body_words", "body_within", "after_title",
        "authors",
        "below_common", "title_below_common", "titles_between", "headings_between", "common_share",
        *beside, "plain_3", "linked_3", "plain_8", "linked_8", "since_heading", "is_link", "since_link", "until_link",
    )  # fmt: skip

"""Where a paragraph stands on its page, in numbers: what is around it, beside it and how much of the page is there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import chain, repeat
from typing import Any, NamedTuple

import numpy as np

from onrecord.page.layout import CALLED, Layout, distances, lay_out
from onrecord.page.looks import SAID, TEXT_FEATURES, Numbers, look, looks, split, words_at_start
from onrecord.page.marks import meanings_of_names, name_meanings
from onrecord.page.markup import Markup, Run
from onrecord.page.sequence import near, since, smooth, until
from onrecord.page.titles import letters

CLOSE = 4
"""Levels within which what an element is called says what it holds."""
_LEVELS = 5
"""Elements around a run, each with more text than the one before, whose share of the prose is looked at."""
_TAGS = (
    "p", "div", "li", "h1", "h2", "h3", "h4", "figcaption", "td", "dt", "dd", "blockquote", "pre", "address", "summary",
    "form", "section", "article", "body", "span",
)  # fmt: skip
"""The headings stand beside each other."""
_TAG = {tag: place for place, tag in enumerate(_TAGS)}
_PROSE_LENGTH = 80
_MOSTLY = 0.75
_MOST_APART = 1_000
_MOST_PICTURED = 99


class Declared(NamedTuple):
    """What the page says of its story elsewhere than in the story."""

    headline: str = ""
    summary: str = ""
    body: str = ""
    """The whole story, where the page's data repeats it."""
    authors: tuple[str, ...] = ()


class _Shared(NamedTuple):
    """What the runs share with something that the page declares."""

    words: Numbers
    """How much of each run's words are in it; -1 if it has none."""
    within: Numbers
    """How many letters of the run it has in a row if it has nearly all its words, -1 if it has none itself."""


def _shared(runs: Sequence[Run], said: Sequence[list[str]], declared: Sequence[str]) -> list[_Shared]:
    """What the `runs`, at the start of which these words are `said`, share with each of the texts `declared`."""
    said = [split(run.text[:SAID]) if "©" in run.text else own for run, own in zip(runs, said, strict=True)]
    bits: dict[str, int] = {}
    for place, text in enumerate(declared):
        for word in frozenset(split(text)):
            bits[word] = bits.get(word, 0) | 1 << place
    sizes = np.array([len(own) for own in said])
    ends = np.cumsum(sizes)
    known = np.fromiter(map(bits.get, chain.from_iterable(said), repeat(0)), np.uint8, int(ends[-1]))
    found = []
    for place, text in enumerate(declared):
        if not any(map(str.isalnum, text)):
            found.append(_Shared(np.full(len(runs), -1.0), np.full(len(runs), -1.0)))
            continue
        sums = np.concatenate([[0], np.cumsum(known >> place & 1)])
        share = (sums[ends] - sums[ends - sizes]) / np.maximum(sizes, 1)
        within = np.zeros(len(runs))
        most = np.flatnonzero(share > _MOSTLY).tolist()
        whole = letters(text) if most else ""
        for run in most:
            own = "".join(said[run]).replace("_", "")
            within[run] = len(own) if own in whole else 0
        found.append(_Shared(share, within))
    return found


class Described(NamedTuple):
    """The numbers of all runs of a page."""

    rows: Numbers
    """A row for each run, in the order of `feature_names`."""

    def column(self, name: str) -> Numbers:
        """The numbers called `name`."""
        found: Numbers = self.rows[:, _places()[name]]
        return found

    def close(self, *called: str) -> Numbers:
        """Whether an element close around each run is `called` one of these."""
        found: Numbers = np.min([self.column(f"in_{name}") for name in called], axis=0) <= CLOSE
        return found


class _Runs(NamedTuple):
    """What the numbers of the runs are made from, a column for each run."""

    runs: Sequence[Run]
    text: Numbers
    """What `looks` says."""
    linked: Numbers
    strong: Numbers
    tag: Any
    """The place of its tag in `_TAGS`."""
    at: Any
    """Its node."""
    layout: Layout
    plain: Numbers
    """Its letters outside links."""
    title: int
    """The run that is the title; -1 if none is."""


def describe(page: Markup, declared: Declared) -> Described:
    """The numbers of the runs of `page`."""
    if not page.runs:
        return Described(np.zeros((0, len(feature_names())), np.float32))
    runs = page.runs
    texts = [run.text for run in runs]
    words = words_at_start(texts)
    text = looks(texts, words)
    at = np.array([run.node for run in runs])
    facts, title = _declared(runs, words, declared)
    linked = np.array([run.linked for run in runs], np.float32)
    strong = np.array([run.strong for run in runs], np.float32)
    tag = np.array([_TAG.get(run.tag, len(_TAGS)) for run in runs])
    length = look(text, "length")
    own = _Runs(runs, text, linked, strong, tag, at, lay_out(page.nodes, at), length * (1 - linked), title)
    names = list({run.inner: 0 for run in runs})
    meanings = np.array(meanings_of_names([*own.layout.names, *names]))
    inner = dict(zip(names, meanings[len(own.layout.names) :].tolist(), strict=True))
    columns = [
        text,
        [linked, [run.links for run in runs], strong, [min(run.pictured, _MOST_PICTURED) for run in runs]],
        [linked * length],
        tag == np.arange(len(_TAGS))[:, None],
        (np.array([inner[run.inner] for run in runs]) >> np.arange(len(name_meanings()))[:, None]) & 1,
        distances(own.layout, meanings[own.layout.name], at, runs[title].node if title >= 0 else -1),
        _standing(own),
        facts,
        _from_title(own),
        *_beside(own),
    ]
    return Described(np.concatenate(columns, dtype=np.float32, casting="unsafe").T)


def _standing(own: _Runs) -> list[Any]:
    """How much of the page's prose is where each run is, and where the run is among it."""
    layout, at, length, number = own.layout, own.at, look(own.text, "length"), len(own.at)
    prose = (own.plain >= _PROSE_LENGTH) & (look(own.text, "ends") > 0)
    mass = np.where(prose, own.plain, 0)
    total = max(float(mass.sum()), 1.0)
    masses, letters_held, counts = layout.totals(at, mass), layout.totals(at, length), layout.totals(at)
    result: list[Any] = []
    node = at
    for level in range(_LEVELS):
        node = layout.holder[node] if level else node
        result += [masses[node] / total, masses[node] / np.maximum(letters_held[node], 1), counts[node]]
    signature = layout.signature[at]
    alike = np.bincount(signature)
    alike_mass = np.bincount(signature, mass)
    before = (np.cumsum(mass) - mass) / total
    places = np.arange(number)
    depth = layout.depth[at]
    # Runs of each one's element and depth.
    _, same = np.unique(own.tag * _MOST_APART + depth, return_inverse=True)
    depth_mass = np.bincount(same, mass)[same]
    best = np.max([alike_mass[signature] / total, *result[3:9:3]], axis=0)
    main = _main(layout, masses, total)
    order = np.array([run.order for run in own.runs])
    return [
        *result,
        depth_mass / total,
        depth_mass / np.maximum(np.bincount(same, length)[same], 1),
        best,
        best / max(float(best.max()), 1e-6),
        alike[signature],
        alike_mass[signature] / total,
        np.bincount(signature, own.plain)[signature] / alike[signature],
        _of_pairs(layout.holder[at], signature),
        before,
        places,
        places / number,
        np.full(number, total),
        mass / total,
        since(prose),
        until(prose),
        depth,
        depth - layout.depth[main],
        (at >= main) & (at < layout.end[main]),
        *_repeated([run.text for run in own.runs]),
        np.diff(order, prepend=0),
    ]


def _repeated(texts: Sequence[str]) -> tuple[list[int], list[int]]:
    """How often each run's words stand above it, and on the whole page."""
    seen: dict[str, int] = {}
    above = []
    for text in texts:
        before = seen.get(text, 0)
        above.append(before)
        seen[text] = before + 1
    return above, list(map(seen.__getitem__, texts))


def _of_pairs(left: Any, right: Any) -> Any:
    """How often each pair of numbers occurs."""
    _, inverse, counts = np.unique(left * 100_000 + right, return_inverse=True, return_counts=True)
    return counts[inverse]


def _main(layout: Layout, masses: Numbers, total: float) -> int:
    """The deepest node with most of the page's prose."""
    most = np.flatnonzero(masses >= 0.6 * total)
    return int(most[layout.depth[most].argmax()]) if len(most) else 0


def _from_title(own: _Runs) -> list[Any]:
    """How far each run and the title are from the innermost element that holds both, and what stands between them."""
    layout, at, title = own.layout, own.at, own.title
    if title < 0:
        return [np.full(len(at), -1)] * 5
    common = np.zeros(len(layout.parent), int)
    for node in reversed(layout.above(int(at[title]))):
        common[node : layout.end[node]] = node
    met = common[at]
    headings = np.cumsum(own.tag == _TAG["h1"])
    second = np.cumsum((own.tag == _TAG["h1"]) | (own.tag == _TAG["h2"]))
    return [
        layout.depth[at] - layout.depth[met],
        layout.depth[at[title]] - layout.depth[met],
        np.clip(headings - headings[title], -3, 9),
        np.clip(second - second[title], -9, 19),
        layout.totals(at)[met] / len(at),
    ]


def _declared(runs: Sequence[Run], said: Sequence[list[str]], declared: Declared) -> tuple[list[Any], int]:
    """What the page says elsewhere of each run, and which run is the title, -1 if none is."""
    title, summary, body = _shared(runs, said, (declared.headline, declared.summary, declared.body))
    wanted = len(letters(declared.headline))
    top = np.array([run.tag == "h1" for run in runs])
    headed = (title.words > 0.8) & (title.within > 0.5 * wanted) & top
    first = int(np.argmax(headed)) if headed.any() else int(np.argmax(top)) if top.any() else -1
    places = np.arange(len(runs))
    after = np.clip(places - first, -30, 200) if first >= 0 else np.full(len(runs), -99)
    authors = np.zeros(len(runs), bool)
    for name in declared.authors:
        authors |= [name in run.text for run in runs]
    facts = [
        title.words, title.within / max(wanted, 1), summary.words, summary.within / max(len(declared.summary), 1),
        body.words, np.minimum(body.within, 400), after, authors,
    ]  # fmt: skip
    return facts, first


_STEPS = (-2, -1, 1, 2)
_BESIDE = ("length", "ends", "ending", "digits", "capitals", "lower")


def _beside(own: _Runs) -> list[Any]:
    heading = (own.tag >= _TAG["h1"]) & (own.tag <= _TAG["h4"])
    shown = np.array(
        [
            *(look(own.text, name) for name in _BESIDE), own.linked, own.strong, own.tag == _TAG["p"],
            own.tag == _TAG["li"], heading, look(own.text, "says_share"), look(own.text, "says_teaser"),
        ],
        np.float32,
    )  # fmt: skip
    result: list[Any] = []
    for step in _STEPS:
        for kind in (own.layout.holder[own.at], own.layout.signature[own.at]):
            result.append(near(kind, step) == kind)
    for span in (3, 8):
        result += [smooth(own.plain, span), smooth(own.linked, span)]
    is_link = own.linked > 0.8
    return [*(near(shown, step) for step in _STEPS), [*result, since(heading), is_link, since(is_link), until(is_link)]]


@cache
def _places() -> dict[str, int]:
    return {name: place for place, name in enumerate(feature_names())}


@cache
def feature_names() -> tuple[str, ...]:
    """What each number of a row is."""
    kinds = name_meanings()
    beside = [
        f"{name}{step:+d}"
        for step in _STEPS
        for name in (*_BESIDE, "linked", "strong", "p", "li", "heading", "share", "teaser")
    ]
    beside += [f"{name}{step:+d}" for step in _STEPS for name in ("same_parent", "same_place")]
    return (
        *TEXT_FEATURES, "linked", "links", "strong", "pictured", "linked_letters",
        *(f"is_{tag}" for tag in _TAGS), *(f"inner_{kind}" for kind in kinds), *(f"in_{kind}" for kind in CALLED),
        *(f"{name}_up{level}" for level in range(_LEVELS) for name in ("mass", "density", "count")),
        "depth_mass", "depth_density", "best_mass", "best_share", "alike", "alike_mass", "alike_plain", "parent_alike",
        "mass_before", "place", "place_share", "prose_total", "mass",
        "since_prose", "until_prose", "depth", "depth_in_main", "in_main", "again", "times_seen", "elements_between",
        "title_words", "title_within", "summary_words", "summary_within", "body_words", "body_within", "after_title",
        "authors",
        "below_common", "title_below_common", "titles_between", "headings_between", "common_share",
        *beside, "plain_3", "linked_3", "plain_8", "linked_8", "since_heading", "is_link", "since_link", "until_link",
    )  # fmt: skip

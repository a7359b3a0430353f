"""What the kinds of a page's paragraphs are told by: from the pages to the trees in src/onrecord/page/blocks/.

    python -m training.blocks ../shared/data/pages                     # train on all pages, write what is shipped
    python -m training.blocks ../shared/data/pages --cross-validate    # figures only, by publisher

Takes about two minutes and 1 GB; the dependency group `blocks` holds what it needs.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onrecord.page.decode import decode
from onrecord.page.html import declared_on
from onrecord.page.markup import Markup, parse, read_markup
from onrecord.page.places import Declared, Described, describe
from onrecord.page.story import Chances, label
from onrecord.page.trees import Trees
from training.boosting import fit, save
from training.pages import KINDS, Gold, containers, folds, kinds, letters, read_pages, score, tokens

SHIPPED = Path(__file__).parent.parent / "src" / "onrecord" / "page" / "blocks"
FOLDS = 10
_TREES = {"body": (300, 0.05), "caption": (100, 0.07), "standfirst": (80, 0.07)}
"""How many trees of which learning rate each kind is told by."""
Floats = npt.NDArray[np.float64]


class Example(NamedTuple):
    """A page ready to be learned from."""

    page: Gold
    markup: Markup
    declared: Declared
    described: Described
    kinds: npt.NDArray[np.int64]
    weights: Floats


def examples(folder: Path) -> list[Example]:
    """The pages in `folder` with numbers and gold kinds."""
    found = []
    for page in read_pages(folder):
        tree = parse(decode(page.content, "").text)
        if tree is None:
            continue
        markup, declared = read_markup(tree), declared_on(tree)
        gold, _ = kinds(page, [run.text for run in markup.runs], containers(markup))
        found.append(
            Example(page, markup, declared, describe(markup, declared), np.array(gold), _weights(page, markup))
        )
    return found


def _weights(page: Gold, markup: Markup) -> Floats:
    """What each run weighs: as the metric counts words, every page the same, but long runs not in full.

    In cross-validation the square root was worth .001 to .003 of F1 over the words themselves.
    """
    words = np.array([len(tokens(run.text)) + 3 for run in markup.runs], float)
    share = 100 * words / max(len(tokens(page.gold["body"])), 50)
    root: Floats = np.sqrt(np.minimum(share, 40))
    return root


def targets(name: str, example: Example) -> tuple[npt.NDArray[np.int64], Floats]:
    """Which runs are of the kind `name`, and what each weighs in telling it; 0 where the gold does not say."""
    page, own = example.page, example.kinds
    wanted = (own == KINDS.index(name)).astype(np.int64)
    if name == "body":
        # The metric takes a standfirst for neither right nor wrong, and in the other half of the data it is body.
        spared = (own == KINDS.index("standfirst")) & (page.source == "fundus")
        return wanted, np.where(spared, 0.1 * example.weights, example.weights)
    if name == "caption":
        known = page.source == "fundus" and bool(page.part("captions"))
        body = own == KINDS.index("body")
        return wanted, example.weights + 1 if known else np.where(body, example.weights, 0)
    return wanted, example.weights if page.source == "fundus" else np.zeros(len(own))


def train(data: Sequence[Example]) -> dict[str, Trees]:
    """The trees for each kind, from `data`."""
    rows = np.concatenate([example.described.rows for example in data])
    models = {}
    for name, (trees, rate) in _TREES.items():
        pairs = [targets(name, example) for example in data]
        wanted, weights = (np.concatenate(column) for column in zip(*pairs, strict=True))
        models[name] = fit(rows, wanted, weights, trees=trees, rate=rate)
    return models


def held_out(data: Sequence[Example], number: int) -> list[Chances]:
    """The chances for each page by trees that have not seen its publisher."""
    parts = folds([example.page for example in data], number)
    found: dict[int, Chances] = {}
    for fold in range(number):
        models = train([example for example, part in zip(data, parts, strict=True) if part != fold])
        for place, (example, part) in enumerate(zip(data, parts, strict=True)):
            if part == fold:
                rows = example.described.rows
                found[place] = Chances(*(models[name].chances(rows) for name in Chances._fields))
    return [found[place] for place in range(len(data))]


class Figures(NamedTuple):
    """How well a labelling of pages does."""

    precision: float
    recall: float
    leaking: float
    """The share of pages with a gold caption or a linked title inside the body."""

    @property
    def f1(self) -> float:
        """Of the two means."""
        return 2 * self.precision * self.recall / (self.precision + self.recall)


def body_figures(labelled: Sequence[tuple[Gold, str]]) -> Figures:
    """How well the bodies found on pages fit the gold."""
    pairs, leaking = [], 0
    for page, body in labelled:
        also = "\n".join([*page.part("title"), *page.part("summary")])
        pairs.append(score(body, page.gold["body"], also))
        leaking += leaks(page, body)
    precision, recall = (float(np.mean(column)) for column in zip(*pairs, strict=True))
    return Figures(precision, recall, leaking / len(labelled))


def leaks(page: Gold, body: str) -> bool:
    """Whether a caption that the gold has apart stands in `body`."""
    inside, gold = letters(body), letters(page.gold["body"])
    own = [letters(caption) for caption in page.part("captions")]
    return any(len(caption) >= 20 and caption in inside and caption not in gold for caption in own)


def caption_counts(page: Gold, found: Sequence[str]) -> tuple[int, int, int]:
    """How many captions are right, found and wanted on a page whose gold has some."""
    wanted = [letters(caption) for caption in page.part("captions")]
    own = list(dict.fromkeys(filter(None, map(letters, found))))
    right = sum(any(_same(one, other) for one in own) for other in wanted)
    fitting = sum(any(one in other or other in one for other in wanted) for one in own)
    return right, len(own) - fitting + right, len(wanted)


def _same(one: str, other: str) -> bool:
    return (one in other or other in one) and min(len(one), len(other)) >= 0.4 * len(other)


def print_figures(name: str, data: Sequence[Example], likely: Sequence[Chances]) -> None:
    """Body F1 of either half of the data, leaks, captions."""
    labelled = []
    counts = np.zeros(3)
    for example, chance in zip(data, likely, strict=True):
        found, _ = label(example.markup, example.declared, example.described, chance)
        texts = {
            kind: [r.text for r, k in zip(example.markup.runs, found, strict=True) if k == kind]
            for kind in ("body", "caption")
        }
        labelled.append((example.page, "\n".join(texts["body"])))
        if example.page.part("captions"):
            counts += caption_counts(example.page, texts["caption"])
    for source in ("aeb", "fundus"):
        figures = body_figures([pair for pair in labelled if pair[0].source == source])
        print(
            f"{name} {source}: precision {figures.precision:.4f}  recall {figures.recall:.4f}  F1 {figures.f1:.4f}",
            end="  ",
        )
        print(f"captions in the body on {figures.leaking:.1%} of pages")
    right, had, wanted = counts
    f1 = 2 * right / (had + wanted)
    print(f"{name} captions: precision {right / had:.3f}  recall {right / wanted:.3f}  F1 {f1:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    parser.add_argument("--folds", type=int, default=FOLDS)
    given = parser.parse_args()
    data = examples(given.pages)
    if given.cross_validate:
        print_figures("held out", data, held_out(data, given.folds))
        return
    for name, trees in train(data).items():
        save(trees, SHIPPED / f"{name}.npz")


if __name__ == "__main__":
    main()

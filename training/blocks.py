"""What the kinds of a page's paragraphs are told by: from the pages to the trees in src/onrecord/page/blocks/.

    python -m training.blocks PAGES                     # train on all pages, write what is shipped
    python -m training.blocks PAGES --cross-validate    # figures only, by publisher

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
from training.figures import body_figures, caption_counts
from training.pages import KINDS, Gold, containers, folds, kinds, read_pages, tokens

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


def labelled(example: Example, likely: Chances) -> tuple[str, list[str]]:
    """The body and the captions of a page by the chances of its runs."""
    found, _ = label(example.markup, example.declared, example.described, likely)
    pairs = list(zip(example.markup.runs, found, strict=True))
    body, captions = ([run.text for run, kind in pairs if kind == wanted] for wanted in ("body", "caption"))
    return "\n".join(body), captions


def print_figures(name: str, data: Sequence[Example], likely: Sequence[Chances]) -> None:
    """Body F1 of either half of the data, leaks, captions."""
    found = [labelled(example, chance) for example, chance in zip(data, likely, strict=True)]
    for source in ("aeb", "fundus"):
        pairs = [(one.page, body) for one, (body, _) in zip(data, found, strict=True) if one.page.source == source]
        figures = body_figures(pairs)
        print(f"{name} {source}: precision {figures.precision:.4f}  recall {figures.recall:.4f}", end="  ")
        print(f"F1 {figures.f1:.4f}  captions in the body on {figures.leaking:.1%} of pages")
    counts = [
        caption_counts(one.page, own) for one, (_, own) in zip(data, found, strict=True) if one.page.part("captions")
    ]
    right, had, wanted = (sum(column) for column in zip(*counts, strict=True))
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

"""The lines of plain text: what tells body from the rest, learned from the text of the same pages.

python -m training.lines PAGES                     # write src/onrecord/page/blocks/line.npz
python -m training.lines PAGES --cross-validate    # figures only, by publisher
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onrecord.page.labels import told_by
from onrecord.page.lines import describe_lines
from onrecord.page.trees import Trees
from training.blocks import SHIPPED, Example, examples
from training.boosting import fit, save
from training.pages import KINDS, folds

FOLDS = 5
_TREES, _RATE = 150, 0.07
_CROPS = 2
_BEFORE, _AFTER = 25, 40
"""Lines that a crop may have before and after the story: scrapers keep more or less of what stands around it."""
_SNIPPET = 8
_SEED = 5
_FREE = (KINDS.index("headline"), KINDS.index("standfirst"))
"""Kinds that count neither as body nor as something else, as in the metric of the data set."""


class Text(NamedTuple):
    """A page, or a part of one, as a scraper leaves it."""

    page: int
    whole: bool
    lines: list[str]
    rows: npt.NDArray[np.float32]
    body: npt.NDArray[np.bool_]
    free: npt.NDArray[np.bool_]
    letters: npt.NDArray[np.float64]


def texts(data: Sequence[Example]) -> list[Text]:
    """Each page as plain text, whole, cropped around its story, and some lines of the story alone."""
    chosen = random.Random(_SEED)
    found: list[Text] = []
    for place, example in enumerate(data):
        pairs = [
            (line.strip(), kind)
            for run, kind in zip(example.markup.runs, example.kinds.tolist(), strict=True)
            for line in run.text.split("\n")
            if line.strip()
        ]
        body = [number for number, (_, kind) in enumerate(pairs) if kind == KINDS.index("body")]
        spans = [(0, len(pairs))]
        if body:
            for _ in range(_CROPS):
                start = chosen.randint(max(0, body[0] - _BEFORE), body[0])
                spans.append((start, chosen.randint(body[-1] + 1, min(len(pairs), body[-1] + 1 + _AFTER))))
            start = chosen.choice(body)
            spans.append((start, min(start + chosen.randint(1, _SNIPPET), body[-1] + 1)))
        found += [_text(place, number == 0, pairs[start:end]) for number, (start, end) in enumerate(spans)]
    return found


def _text(page: int, whole: bool, pairs: Sequence[tuple[str, int]]) -> Text:
    lines = [line for line, _ in pairs]
    kinds = np.array([kind for _, kind in pairs], int)
    return Text(
        page,
        whole,
        lines,
        describe_lines(lines),
        kinds == KINDS.index("body"),
        np.isin(kinds, _FREE),
        np.array([len(line) for line in lines], float),
    )


def train(data: Sequence[Text]) -> Trees:
    """The trees that tell the body lines of `data` from the rest."""
    weights = [_weights(text) for text in data]
    rows, body = (np.concatenate([text[field] for text in data]) for field in (3, 4))
    return fit(rows, body.astype(int), np.concatenate(weights), trees=_TREES, rate=_RATE)


def _weights(text: Text) -> npt.NDArray[np.float64]:
    share = 100 * (text.letters + 15) / max(300, float(text.letters[text.body].sum()))
    weights: npt.NDArray[np.float64] = np.sqrt(np.minimum(share, 40)) * np.where(text.free, 0.1, 1)
    return weights if text.whole else 0.5 * weights


def print_figures(name: str, pairs: Sequence[tuple[Text, npt.NDArray[np.bool_]]]) -> None:
    """F1 of body lines against the rest: by lines, by letters, and of the means over pages of shares of letters."""
    lines, letters, pages = np.zeros(3), np.zeros(3), []
    for text, found in pairs:
        told = found & ~text.free
        cells = [told & text.body, told & ~text.body, ~told & text.body]
        lines += [cell.sum() for cell in cells]
        letters += [text.letters[cell].sum() for cell in cells]
        right = text.letters[cells[0]].sum()
        pages.append((right / max(1, text.letters[told].sum()), right / max(1, text.letters[text.body].sum())))
    precision, recall = np.mean(pages, axis=0)
    by_lines, by_letters = (2 * hit / (2 * hit + surplus + missed) for hit, surplus, missed in (lines, letters))
    mean = 2 * precision * recall / (precision + recall)
    print(f"{name}: F1 by letters {by_letters:.3f}  by lines {by_lines:.3f}  of page means {mean:.3f}")


def held_out(data: Sequence[Example]) -> list[tuple[Text, npt.NDArray[np.bool_]]]:
    """Each text with what the labeller says is body, by trees that have not seen the publisher."""
    parts = folds([example.page for example in data], FOLDS)
    all_texts, found = texts(data), []
    for fold in range(FOLDS):
        trees = train([text for text in all_texts if parts[text.page] != fold])
        found += [
            (text, np.array(told_by(text.lines, trees.chances(text.rows)), bool))
            for text in all_texts
            if parts[text.page] == fold
        ]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    given = parser.parse_args()
    data = examples(given.pages)
    if not given.cross_validate:
        save(train(texts(data)), SHIPPED / "line.npz")
        return
    pairs = held_out(data)
    print_figures("held out, text of whole pages", [pair for pair in pairs if pair[0].whole])
    cropped = [pair for pair in pairs if not pair[0].whole and len(pair[0].lines) > _SNIPPET]
    print_figures("held out, story with some of what stands around it", cropped)


if __name__ == "__main__":
    main()

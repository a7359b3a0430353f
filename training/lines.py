"""The lines of plain text: what tells body from the rest, learned from the texts that scrapers leave of the pages.

python -m training.lines PAGES                     # write src/onrecord/page/blocks/line.npz
python -m training.lines PAGES --cross-validate    # figures only, by publisher and by shape of text

Takes some four minutes; the dependency group `blocks` holds what it needs.
"""

from __future__ import annotations

import argparse
import logging
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from onrecord.languages.detection import detect
from onrecord.page.decode import decode
from onrecord.page.html import declared_on
from onrecord.page.knowledge import nearest
from onrecord.page.labels import ruled
from onrecord.page.lines import describe_lines
from onrecord.page.markup import parse
from onrecord.page.trees import Trees
from onrecord.page.weighing import weighed
from onrecord.schema import BlockKind
from training.alignment import told_lines
from training.blocks import SHIPPED
from training.boosting import fit, save
from training.pages import Gold, folds, is_of, letters, read_pages
from training.shapes import SHAPES, lines_of

FOLDS = 5
_TREES, _RATE = 200, 0.07
_CROPS, _SNIPPETS = 2, 3
_BEFORE, _AFTER = 25, 40
"""Lines that a crop may have before and after the story: scrapers keep more or less of what stands around it."""
_SNIPPET = 8
_SEED = 5
_WEIGHTS = {"page": 1.6, "crop": 0.7, "snippet": 1.5, "pieces": 0.5}
_WEIGHTS |= {"resiliparse": 0.7, "readability": 0.7, "trafilatura": 0.7}
"""What a line weighs in training: snippets have few, and a text of one line is body all the same."""
_USUAL = 30
"""Body lines up to which each of a page weighs in full: a live blog of two hundred is no more than one story."""
_SENTENCES = 0.5
"""The share of the gold's lines that end as sentences do from which on a page is prose, not a list of products."""
Flags = npt.NDArray[np.bool_]


class Text(NamedTuple):
    """A page, or a part of one, as a scraper leaves it."""

    page: int
    shape: str
    """One of `SHAPES`, `crop` or `snippet`."""
    lines: list[str]
    kinds: list[BlockKind]
    """What rules alone say."""
    body: Flags
    free: Flags
    """Lines that count neither as body nor as something else: headline and standfirst, and those without a letter."""
    rows: npt.NDArray[np.float32]
    letters: npt.NDArray[np.float64]


def texts(pages: Sequence[Gold]) -> list[Text]:
    """Each page as plain text in every shape, cropped around its story, and some lines of the story alone."""
    chosen = random.Random(_SEED)
    logging.disable(logging.ERROR)  # the scrapers' complaints about pages
    return [text for place, page in enumerate(pages) for text in _texts(place, page, chosen)]


def _texts(place: int, page: Gold, chosen: random.Random) -> Iterator[Text]:
    html = decode(page.content, "").text
    tree = parse(html)
    declared = declared_on(tree) if tree is not None else None
    heads = [*page.part("title"), *page.part("summary")]
    heads += [text for text in (declared.headline, declared.summary) if text] if declared else []
    for shape in SHAPES:
        lines = lines_of(shape, html)
        if not lines:
            continue
        body = np.array(told_lines(lines, page.gold["body"]), bool)
        free = np.array([not letters(line) or is_of(line, heads) for line in lines], bool) & ~body
        yield _text(place, shape, lines, body, free)
        if shape == "page" and body.any():
            for name, start, end in _spans(body, chosen):
                yield _text(place, name, lines[start:end], body[start:end], free[start:end])


def _spans(body: Flags, chosen: random.Random) -> Iterator[tuple[str, int, int]]:
    told = np.flatnonzero(body).tolist()
    first, last = told[0], told[-1]
    for _ in range(_CROPS):
        start = chosen.randint(max(0, first - _BEFORE), first)
        yield "crop", start, chosen.randint(last + 1, min(len(body), last + 1 + _AFTER))
    for _ in range(_SNIPPETS):
        start = chosen.choice(told)
        yield "snippet", start, min(start + chosen.randint(1, _SNIPPET), last + 1)


def _text(page: int, shape: str, lines: list[str], body: Flags, free: Flags) -> Text:
    kinds = ruled(lines, nearest(detect("\n".join(lines))))
    lengths = np.array([len(line) for line in lines], float)
    return Text(page, shape, lines, kinds, body, free, describe_lines(lines, kinds), lengths)


def train(data: Sequence[Text]) -> Trees:
    """The trees that tell the body lines of `data` from the rest."""
    rows, body, weights = (
        np.concatenate(parts) for parts in zip(*((one.rows, one.body, _weights(one)) for one in data), strict=True)
    )
    return fit(rows, body.astype(int), weights, trees=_TREES, rate=_RATE)


def _weights(text: Text) -> npt.NDArray[np.float64]:
    share = min(1.0, (_USUAL / max(1, int(text.body.sum()))) ** 0.5)
    weights: npt.NDArray[np.float64] = np.where(text.free, 0.1, 1.0) * share * _WEIGHTS[text.shape]
    return weights


class Figures(NamedTuple):
    """F1 of body lines against the rest."""

    lines: float
    """Of all lines together."""
    letters: float
    """The same with each line counted by its letters."""
    page: float
    """The mean over pages of their F1 by lines."""


def figures(pairs: Iterable[tuple[Text, Flags]]) -> Figures:
    """How well what was found to be body fits the gold."""
    lines, by_letters, pages = np.zeros(3), np.zeros(3), []
    for text, found in pairs:
        told = found & ~text.free
        cells = [told & text.body, told & ~text.body, ~told & text.body]
        counts = np.array([cell.sum() for cell in cells], float)
        lines += counts
        by_letters += [text.letters[cell].sum() for cell in cells]
        if text.body.any():
            pages.append(_f1(counts))
    return Figures(_f1(lines), _f1(by_letters), float(np.mean(pages)))


def _f1(counts: npt.NDArray[np.float64]) -> float:
    right, surplus, missed = counts
    return float(2 * right / max(1.0, 2 * right + surplus + missed))


def is_prose(page: Gold) -> bool:
    """Whether most lines of the gold body are sentences."""
    lines = [line.rstrip("\"”’»') ") for line in page.gold["body"].split("\n") if letters(line)]
    return sum(line[-1:] in tuple(".!?…。！？।") for line in lines) >= _SENTENCES * len(lines)


def held_out(pages: Sequence[Gold]) -> list[tuple[Text, Flags]]:
    """Each text with what the labeller says is body, by trees that have not seen the publisher."""
    parts = folds(pages, FOLDS)
    data, found = texts(pages), []
    for fold in range(FOLDS):
        trees = train([text for text in data if parts[text.page] != fold])
        found += [(text, _body(text, trees)) for text in data if parts[text.page] == fold]
    return found


def _body(text: Text, trees: Trees) -> Flags:
    return np.array([kind == "body" for kind in weighed(text.lines, text.kinds, trees.chances(text.rows))], bool)


def by_shape(pages: Sequence[Gold]) -> dict[str, Figures]:
    """The held-out figures of each shape of text, of all pages and of those of prose."""
    pairs = held_out(pages)
    groups: dict[str, list[tuple[Text, Flags]]] = defaultdict(list)
    for text, found in pairs:
        groups[text.shape].append((text, found))
        if is_prose(pages[text.page]):
            groups[f"{text.shape}, prose"].append((text, found))
    return {name: figures(group) for name, group in groups.items() if not name.startswith("snippet")}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    parser.add_argument("--cross-validate", action="store_true")
    given = parser.parse_args()
    pages = list(read_pages(given.pages))
    if not given.cross_validate:
        save(train(texts(pages)), SHIPPED / "line.npz")
        return
    for name, of in by_shape(pages).items():
        print(f"held out, {name}: F1 by lines {of.lines:.3f}  by letters {of.letters:.3f}  mean of pages {of.page:.3f}")


if __name__ == "__main__":
    main()

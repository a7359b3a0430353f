"""Make the model that tells how likely a frame's act is right in ordinary news: python -m training.trust DATA [OUT]

`news_acts.jsonl` beside this file holds where statements drawn at random from news stand in DATA (attribution/polnear-*
with its gold spans; English pages of DATA/pages, spans found by onrecord) and the acts that one reader gave them by
DATA/acts/SCHEME.md; none of their words. Those "held back" are not trained on. The English reports with odd numbers of
tests/cases/positions go in as well, so that diplomacy is not forgotten. Prints how good the weights are on rows they
were not trained on (ten folds); with OUT writes those of all rows (`src/onrecord/positions/trust.en.toml`).
"""

from __future__ import annotations

import gzip
import json
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from onrecord.pipeline import read_page
from onrecord.positions.choosing import chosen
from onrecord.positions.knowledge import lexicon
from onrecord.positions.spans import read_statement
from onrecord.positions.trust import signs
from onrecord.positions.who import named
from onrecord.schema import Article, Page, Passage, Statement

LABELS = Path(__file__).parent / "news_acts.jsonl"
CASES = Path(__file__).parent.parent / "tests" / "cases" / "positions"
HELD = "held back"
_FOLDS = 10
_DECAY = 3.0
"""L2 on all weights but the first; with 10 the log loss in ten folds is .005 higher."""
_ROUNDS = 25
_LEAST = 0.3
"""Below this chance an act is not told. In ten folds .3, .4 and .5 are alike right, and .3 keeps most acts."""
Row = dict[str, Any]
Floats = NDArray[np.float64]


class Told(NamedTuple):
    """An act that a frame told."""

    row: int
    act: str
    signs: dict[str, float]
    right: bool


def rows(path: Path) -> list[Row]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def texts(data: Path, names: set[str]) -> dict[tuple[str, str], str]:
    """The texts of the files named, by file and id."""
    return {(name, row["id"]): row.get("text") or row["gold"]["body"] for name in names for row in rows(data / name)}


def article(text: str, row: Row) -> Article:
    """An article with a labelled statement as its last, after the one before it."""
    statements = [_statement(text, one) for one in (row["before"], row) if one]
    return Article(id="", text=text, lang="en", statements=tuple(statements))


def _statement(text: str, row: Row) -> Statement:
    source, cue, content = (Passage.of(text, *map(tuple, row[part])) for part in ("source", "cue", "content"))
    return Statement("s", row["kind"], source, cue, content, lang="en")


def _in_news(data: Path) -> list[tuple[Article, set[str]]]:
    labelled = [row for row in rows(LABELS) if row["half"] != HELD]
    found = texts(data, {row["file"] for row in labelled})
    return [
        (article(found[row["file"], row["doc"]], row), {act.partition("/")[0] for act in row["acts"]})
        for row in labelled
    ]


def _in_reports() -> list[tuple[Article, set[str]]]:
    """The statements annotated in the English reports with odd numbers, as far as onrecord finds them."""
    acts = tomllib.loads((CASES / "first.toml").read_text(encoding="utf-8"))["act"]
    found = []
    for path in sorted(CASES.glob("reports-*.toml")):
        for report in tomllib.loads(path.read_text(encoding="utf-8"))["report"]:
            if report["lang"] != "en" or int(report["id"][-2:]) % 2 == 0:
                continue
            read = read_page(Page(report["text"], lang="en", media="text"))
            for number, quoted in enumerate(report["statement"]):
                start = read.text.index(quoted["quote"])
                gold = {act["act"] for act in acts if (act["report"], act["statement"]) == (report["id"], number)}
                for one in read.statements:
                    if one.content and start <= one.content.start < start + len(quoted["quote"]):
                        found.append((Article(id="", text=read.text, lang="en", statements=(one,)), gold))
                        break
    return found


def acts_told(data: Path) -> tuple[list[Told], list[set[str]]]:
    """The acts that frames tell of each labelled statement, with what the model sees; and the reader's acts."""
    known = lexicon("en")
    labelled = _in_news(data) + _in_reports()
    told = []
    for number, (one, gold) in enumerate(labelled):
        statement = one.statements[-1]
        cues = sorted(span for other in one.statements for span in other.cue.spans)
        reading, _ = read_statement(one.text, statement, cues, known)
        found = named(reading.words, known)
        for hit in chosen(reading):
            seen = signs(reading, hit, found, statement.kind == "direct", known)
            told.append(Told(number, hit.act, seen, hit.act in gold))
    return told, [gold for _, gold in labelled]


def fitted(told: Sequence[Told]) -> dict[str, float]:
    """The weights by Newton's method."""
    names = sorted({name for one in told for name in one.signs})
    table = np.array([[one.signs.get(name, 0.0) for name in names] for one in told])
    right = np.array([float(one.right) for one in told])
    decay = np.array([0.01 if name == "always" else _DECAY for name in names])
    weights: Floats = np.zeros(len(names))
    for _ in range(_ROUNDS):
        chance = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (right - chance) - decay * weights
        bend = (table.T * (chance * (1 - chance))) @ table + np.diag(decay)
        weights += np.linalg.solve(bend, slope)
    return dict(zip(names, map(float, weights), strict=True))


def chance(weights: dict[str, float], seen: dict[str, float]) -> float:
    return float(1 / (1 + np.exp(-sum(weights.get(name, 0.0) * value for name, value in seen.items()))))


def crossed(told: Sequence[Told]) -> list[float]:
    """The chance of each act by weights of other folds."""
    chances = [0.0] * len(told)
    for fold in range(_FOLDS):
        weights = fitted([one for one in told if one.row % _FOLDS != fold])
        for at, one in enumerate(told):
            if one.row % _FOLDS == fold:
                chances[at] = chance(weights, one.signs)
    return chances


def main(data: Path, out: Path | None) -> None:
    told, gold = acts_told(data)
    chances = crossed(told)
    loss = -np.mean([np.log(p if one.right else 1 - p) for p, one in zip(chances, told, strict=True)])
    print(f"{len(gold)} statements, {len(told)} acts told, log loss {loss:.3f} (ten folds)")
    for least in (0.0, 0.3, 0.4, 0.5):
        kept = [one for p, one in zip(chances, told, strict=True) if p >= least and one.act != "ASSERT"]
        first = {one.row: one for one in reversed(kept)}
        right = sum(first[n].right if n in first else "ASSERT" in acts for n, acts in enumerate(gold))
        print(
            f"  chance ≥ {least}: {sum(one.right for one in kept)} of {len(kept)} acts right; "
            f"first act right on {right / len(gold):.3f}"
        )
    for low, high in ((0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        inside = [(p, one.right) for p, one in zip(chances, told, strict=True) if low <= p < high]
        expected, found = np.mean(inside, axis=0)
        print(f"  of {len(inside)} with chances from {low} to {high}, {expected:.2f} expected right, {found:.2f} were")
    if out:
        lines = [f'"{name}" = {value:.3f}' for name, value in sorted(fitted(told).items())]
        head = "# Made by `python -m training.trust`; its card is in training/README.md.\n"
        out.write_text(f"{head}least = {_LEAST}\n\n[weights]\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)

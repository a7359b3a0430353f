"""How well acts, conditions and parties are told: python bench/positions.py ../shared/data

For each set of DATA/acts the accuracy and the macro-averaged F1 of the first act (verbal acts only; unscon: ACCUSE,
DENY or neither), the accuracy of the quad class and the milliseconds of processor time a sentence; a confusion table
of plover_gsr; how often a condition's span is found; how often source and target are right. Nothing that the package
ships was trained on plover_gsr, cameo_manual_nc, invented or petrarch_unit. The shipped weights were trained on unscon:
its figure is that of weights trained on other speeches (`training.positions`, five folds). With --show the errors.
Fails if a figure is under its floor.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import training.positions as training

import floors
from onrecord.actors.gazetteer import Gazetteer
from onrecord.actors.records import Actor
from onrecord.positions import acts_in
from onrecord.positions.knowledge import codes
from onrecord.schema import Act

Row = dict[str, Any]
_NEITHER = "NO_CONFLICT"
# The countries that PETRARCH's tests invent, as a user would list them, with what their towns and people are called.
_INVENTED = {
    "GON": "Gondor;Minas Tirith;Cirith Ungol",
    "ARN": "Arnor;Arnorian",
    "OSG": "Osgiliath",
    "CAL": "Calenardhon",
    "MOR": "Mordor",
    "BRE": "Bree",
    "ITH": "Ithilen",
    "ERI": "Eriador;Eriadori;Fornost",
    "DAG": "Dagolath;Dagolathi",
    "ROH": "Rohan;Rohans",
    "DOL": "Dol Amroth;Dol_Amroth",
    "SHR": "Shire",
}


def rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def macro(gold: Sequence[str], told: Sequence[str]) -> dict[str, float]:
    """F1 of each class that the gold has."""
    right = Counter(one for one, other in zip(gold, told, strict=True) if one == other)
    many, found = Counter(gold), Counter(told)
    return {name: 2 * right[name] / (many[name] + found[name]) for name in sorted(many)}


def quad(act: str) -> str:
    return codes()[act].quad if act in codes() else act


def read(data: Sequence[Row]) -> tuple[list[tuple[Act, ...]], float]:
    """The acts of each row, and the milliseconds that one takes."""
    acts_in("Lima urged Quito to sign.")
    acts_in("Лима призвала Кито подписать.", "ru")
    began = time.process_time()
    told = [acts_in(row["text"], row["lang"]) for row in data]
    return told, (time.process_time() - began) / len(data) * 1e3


def scored(name: str, data: Sequence[Row], told: Sequence[str], spent: float) -> dict[str, float]:
    """The figures of a set, printed as a row of the table."""
    gold = [row["act"] for row in data]
    each = macro(gold, told)
    pairs = list(zip(gold, told, strict=True))
    figures = {
        "accuracy": sum(one == other for one, other in pairs) / len(pairs),
        "macro F1": sum(each.values()) / len(each),
        "quad": sum(quad(one) == quad(other) for one, other in pairs) / len(pairs),
    }
    shown = " | ".join(f"{value:.3f}" for value in figures.values())
    print(
        f"| {name} | {len(data)} | {shown} | {spent:.2f} | " + ", ".join(f"{k} {v:.2f}" for k, v in each.items()) + " |"
    )
    return figures


def confusion(data: Sequence[Row], told: Sequence[str]) -> None:
    """Gold acts down, ours across."""
    names = [name for name in codes() if name in {*(row["act"] for row in data), *told}]
    table = Counter(zip((row["act"] for row in data), told, strict=True))
    print("\n| gold \\ told | " + " | ".join(names) + " |\n|---|" + "---|" * len(names))
    for name in names:
        if any(table[name, other] for other in names):
            print(f"| {name} | " + " | ".join(str(table[name, other] or "") for other in names) + " |")


def show_errors(data: Sequence[Row], told: Sequence[tuple[Act, ...]]) -> None:
    for row, acts in zip(data, told, strict=True):
        if acts[0].act != row["act"]:
            print(f"  {row['act']} told {acts[0].act} ({acts[0].because}): {row['text']}")


def condition_spans(data: Sequence[Row]) -> float:
    """The share of conditions whose words are found, as worded by the annotator."""
    gold = [row for row in data if row.get("condition")]
    right = 0
    for row in gold:
        spans = [act.condition for act in acts_in(row["text"], row["lang"]) if act.condition]
        right += any(row["text"][span.start : span.end] == row["condition"] for span in spans)
    print(f"\nconditions: {right} of {len(gold)} spans as annotated")
    return right / len(gold)


def parties(name: str, data: Sequence[Row], show: bool) -> dict[str, float]:
    """The share of sources and of targets right, of rows whose code is that of a country."""
    known = {*_INVENTED, *countries()}
    own = Gazetteer([_actor(code, *names.split(";")) for code, names in _INVENTED.items()])
    seen: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for row in data:
        act = acts_in(row["text"], "en", own)[0]
        for side, told in (("source", act.source_actor), ("target", act.target_actor)):
            gold = str(row.get(f"{side}_code") or row[f"{side}_actor"])[:3]
            if gold not in known:
                continue
            seen[side] += 1
            right[side] += gold == (told or "")[:3]
            if show and gold != (told or "")[:3]:
                print(f"  {side} {gold} told {told} ({act.because}): {row['text']}")
    figures = {f"{name} {side}": right[side] / seen[side] for side in seen}
    print(f"who to whom, {name}: " + ", ".join(f"{side} {right[side]} of {seen[side]}" for side in seen))
    return figures


def countries() -> set[str]:
    """The codes of all countries."""
    table = json.loads((files("onrecord.speakers") / "countries.en.json").read_text(encoding="utf-8"))
    return set(table)


def _actor(code: str, name: str, *aliases: str) -> Actor:
    return Actor(code, name, "country", code, aliases=aliases)


def main(folder: Path, show: bool) -> int:
    acts = folder / "acts"
    figures: dict[str, float] = {}
    print("| set | sentences | accuracy | macro F1 | quad class | ms | F1 of each |\n|---|---|---|---|---|---|---|")
    for name in ("plover_gsr", "cameo_manual_nc", "invented"):
        data = [row for row in rows(acts / f"{name}.jsonl") if row.get("verbal", True)]
        told, spent = read(data)
        firsts = [each[0].act for each in told]
        figures |= {f"{name} {key}": value for key, value in scored(name, data, firsts, spent).items()}
        if name == "plover_gsr":
            kept = data, firsts
            figures["sentences a second"] = 1000 / spent
        if show:
            show_errors(data, told)
    sentences = training.sentences(folder)
    data = [{"act": training.CLASSES[one.label] or _NEITHER} for one in sentences if one.group]
    alone, both = (
        [one if one in training.CLASSES else _NEITHER for one in told] for told in training.crossed(sentences)
    )
    both = [one or _NEITHER for one in both]
    figures |= {f"unscon {key}": value for key, value in scored("unscon, other folds' weights", data, both, 0).items()}
    scored("the same, weights alone", data, [one or _NEITHER for one in alone], 0)
    confusion(*kept)
    figures["conditions"] = condition_spans(rows(acts / "invented.jsonl"))
    for name in ("petrarch_unit", "plover_gsr"):
        figures |= parties(name, rows(acts / f"{name}.jsonl"), show)
    return floors.check("positions", figures)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), "--show" in sys.argv))

"""How much mojibake is undone, and how much clean text is harmed: python bench/repair.py shared/data/mojibake/dev.jsonl

Prints a table of ours and of the peers that are installed: for each way of breaking (the prefix of `how`) the share of
broken rows restored exactly, the share of clean rows left alone, and the time a clean row takes. Then, for ours, each
pair of code pages; with --show every row that came out wrong. A detector reads the row's bytes, as windows-1252 has
them, in the encoding that it takes them for. Fails if ours is under its floors.
"""

import importlib
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import ftfy
import ftfy.bad_codecs

import floors
from onrecord.page.repair import repair, replay

Row = dict[str, str]


def ours(text: str) -> str:
    """Repaired by onrecord; every repair is replayed."""
    fixed, repairs = repair(text)
    for done in repairs:
        assert replay(done.original, done.steps) == fixed[done.start : done.end]
    return fixed


def detecting(name: str) -> Callable[[str], str] | None:
    """A repair by a detector's guess; None if the detector is not installed."""
    try:
        detect = importlib.import_module(name).detect
    except ImportError:
        print(f"{name} is not installed: left out", file=sys.stderr)
        return None

    def redecoded(text: str) -> str:
        try:
            content = text.encode("sloppy-windows-1252")
            return content.decode(detect(content)["encoding"] or "sloppy-windows-1252")
        except (UnicodeError, LookupError):
            return text

    return redecoded


def groups(row: Row) -> tuple[str, ...]:
    """The rows of the table that a row counts for."""
    if row["broken"] == row["fixed"]:
        return ("clean",)
    prefix, _, _ = row["how"].rpartition(":")
    return ("broken", prefix or "whole")


def measured(rows: list[Row], repaired: Callable[[str], str]) -> tuple[dict[str, float], list[tuple[Row, str]]]:
    """The share right of each group and the microseconds a clean row takes; the rows that are wrong."""
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    wrong, spent = [], 0.0
    for row in rows:
        began = time.perf_counter()
        text = repaired(row["broken"])
        spent += (time.perf_counter() - began) * (row["broken"] == row["fixed"])
        for group in groups(row):
            seen[group] += 1
            right[group] += text == row["fixed"]
        if text != row["fixed"]:
            wrong.append((row, text))
    return {**{group: right[group] / seen[group] for group in sorted(seen)}, "µs": spent / seen["clean"] * 1e6}, wrong


def main(path: str) -> int:
    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").split("\n") if line]
    tools = {"onrecord": ours, "ftfy": ftfy.fix_encoding}
    tools |= {name: tool for name in ("cchardet", "chardet", "charset_normalizer") if (tool := detecting(name))}
    figures, wrong = measured(rows, ours)
    print("| | " + " | ".join(figures) + " |\n|---|" + "---|" * len(figures))
    for name, tool in tools.items():
        shares = figures if tool is ours else measured(rows, tool)[0]
        told = [f"{value:.0f}" if group == "µs" else f"{value:.1%}" for group, value in shares.items()]
        print(f"| {name} | " + " | ".join(told) + " |", flush=True)
    pairs = Counter(row["how"].rpartition(":")[2] for row in rows if row["broken"] != row["fixed"])
    missed = Counter(row["how"].rpartition(":")[2] for row, _ in wrong if row["broken"] != row["fixed"])
    print("\nonrecord by code pages:")
    for pair, count in sorted(pairs.items()):
        print(f"{pair:32} {count - missed[pair]:5} of {count:5} restored {1 - missed[pair] / count:7.1%}")
    if "--show" in sys.argv:
        for row, text in wrong:
            print(f"{row['how']}\n  want {row['fixed']!r}\n  have {text!r}")
    return floors.check("repair", {"restored": figures["broken"], "untouched": figures["clean"]})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

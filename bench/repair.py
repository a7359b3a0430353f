"""How much mojibake is undone, and how much clean text is harmed: python bench/repair.py shared/data/mojibake/dev.jsonl

Prints, for each way of breaking (the prefix of `how`, then each code page pair), the share of broken rows restored
exactly, and for each kind of clean row the share changed.
"""

import json
import sys
from collections import Counter
from pathlib import Path

from onrecord.page.repair import repair, replay


def main(path: str) -> None:
    right: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    wrong: list[tuple[str, str, str]] = []
    for line in Path(path).read_text(encoding="utf-8").split("\n"):
        if not line:
            continue
        row = json.loads(line)
        text, repairs = repair(row["broken"])
        for done in repairs:
            assert replay(done.original, done.steps) == text[done.start : done.end]
        clean = row["broken"] == row["fixed"]
        prefix, _, pair = row["how"].rpartition(":")
        groups = (row["how"],) if clean else (f"{prefix or 'whole'}:", pair)
        groups += ("clean rows",) if clean else ("broken rows",)
        for group in groups:
            seen[group] += 1
            right[group] += text == row["fixed"]
        if text != row["fixed"]:
            wrong.append((row["how"], row["fixed"], text))
    for group in sorted(seen, key=lambda name: (name.endswith("rows"), name.startswith("clean"), ">" in name, name)):
        if group.startswith("clean"):
            print(f"{group:32} {seen[group] - right[group]:5} of {seen[group]:5} changed")
        else:
            print(f"{group:32} {right[group]:5} of {seen[group]:5} restored {right[group] / seen[group]:7.1%}")
    if "--show" in sys.argv:
        for how, fixed, text in wrong:
            print(f"{how}\n  want {fixed!r}\n  have {text!r}")


if __name__ == "__main__":
    main(sys.argv[1])

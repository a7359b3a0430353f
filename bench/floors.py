"""Floors under the figures of the benches: what falls under one fails the bench."""

import json
from pathlib import Path


def check(section: str, figures: dict[str, float]) -> int:
    """How many of a bench's figures are under their floors in floors.json; each is printed."""
    floors = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))[section]
    under = {name: floor for name, floor in floors.items() if figures[name] < floor}
    for name, floor in under.items():
        print(f"UNDER ITS FLOOR: {section} {name} is {figures[name]:.4f}, not {floor}")
    return len(under)

"""Pages with gold articles → how well the body lines of plain text are told from the rest, by shape of the text.

    python bench/lines.py PAGES

Five folds by publisher; a line that is headline, standfirst or without a letter counts neither way. `prose` are the
pages whose gold body is mostly sentences, the others lists of products and the like. Needs the dependency group
`blocks`, and some four minutes.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from training.lines import by_shape
from training.pages import read_pages

import floors


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", type=Path)
    given = parser.parse_args()
    found = by_shape(list(read_pages(given.pages)))
    print("| shape of the text | F1 by lines | by letters | mean of pages, by lines |\n|---|---|---|---|")
    for name, of in found.items():
        print(f"| {name} | {of.lines:.3f} | {of.letters:.3f} | {of.page:.3f} |")
    figures = {f"{name}, by lines": of.lines for name, of in found.items()}
    return floors.check("plain text", figures | {f"{name}, by letters": of.letters for name, of in found.items()})


if __name__ == "__main__":
    sys.exit(min(main(), 1))

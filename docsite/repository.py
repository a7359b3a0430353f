"""Files of the repository that the site shows or hands out, and their links turned to where they stand there.

Pages in docs/ link as GitHub reads them (`../training/README.md`). On the site such a file is a page of its own, if it
is in `PAGES`, or a file under `repository/`.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = "docs"
PAGES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "training/README.md": "model-card.md",
    "training/blocks.md": "model-card-pages.md",
}
"""Files of the repository by the page that shows them; `index.md` is written for the site and stands for the README."""
LINK = re.compile(r"(\]\()(?!\w+:|#)([^)\s#]+)([^)]*\))")


def on_site(path: str) -> str:
    """Where on the site a file of the repository stands, by its path from the root."""
    inside = path.removeprefix(f"{DOCS}/")
    return inside if inside != path else PAGES.get(path, f"repository/{path}")


def turned(markdown: str, path: str) -> str:
    """The Markdown of the file `path` with its links leading to where their targets stand on the site."""
    here = posixpath.dirname(on_site(path))

    def turn(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link[2]))
        return link[1] + posixpath.relpath(on_site(target), here or ".") + link[3]

    return LINK.sub(turn, markdown)


def handed_out() -> set[str]:
    """The files outside docs/ that pages link to and that are no pages themselves, by their paths from the root."""
    found: set[str] = set()
    for page in [*sorted((ROOT / DOCS).rglob("*.md")), *(ROOT / path for path in PAGES if path != "README.md")]:
        path = page.relative_to(ROOT).as_posix()
        for link in LINK.finditer(page.read_text(encoding="utf-8")):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), link[2]))
            if target not in PAGES and not target.startswith(f"{DOCS}/"):
                found.add(target)
    return found

"""Lay out what the site is built from: `python -m docsite FOLDER`.

FOLDER gets the pages of docs/, those made from code, and the files of the repository that pages lead to, with all links
turned to where things stand there. It is plain Markdown, so that any builder of sites can take it.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from docsite import commands, python, repository

ROOT = repository.ROOT


def pages() -> dict[str, str]:
    """The Markdown of every page of the site by its path there."""
    made = {"commands.md": commands.page(), "python.md": python.page()}
    kept = {path.relative_to(ROOT).as_posix() for path in (ROOT / repository.DOCS).rglob("*.md")}
    for path in sorted(kept | set(repository.PAGES) - {"README.md"}):
        text = repository.turned((ROOT / path).read_text(encoding="utf-8"), path)
        made[repository.on_site(path)] = text.replace("<!-- table of errors -->", python.errors_table())
    return made


def lay_out(folder: Path) -> None:
    """Fill `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / repository.DOCS, folder, ignore=shutil.ignore_patterns("*.md", "*.py"))
    for name, text in pages().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for path in sorted(repository.handed_out()):
        target = folder / repository.on_site(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target)


if __name__ == "__main__":
    lay_out(Path(sys.argv[1]))

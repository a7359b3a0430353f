"""The documentation as its tests see it: pages, and what stands in their fences."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
    *sorted((ROOT / "training").glob("*.md")),
]
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
_INLINE = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


class Fence(NamedTuple):
    language: str
    text: str


class Call(NamedTuple):
    """A command as a page shows it, and what the page says that it prints, if it does."""

    command: str
    shown: str | None = None


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def fences(page: Path) -> list[Fence]:
    found = _FENCE.findall(page.read_text(encoding="utf-8"))
    return [Fence(language, re.sub(f"^{indent}", "", text, flags=re.MULTILINE)) for indent, language, text in found]


def inline(page: Path) -> list[str]:
    """What stands between single backticks outside fences."""
    return _INLINE.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def unfenced(page: Path) -> str:
    return _FENCE.sub("", page.read_text(encoding="utf-8"))


def calls(page: Path) -> Iterator[Call]:
    """Every command of a page in order, those of `console` fences with what they print."""
    for fence in fences(page):
        if fence.language == "console":
            command, _, shown = fence.text.removeprefix("$ ").partition("\n")
            yield Call(command, shown)
        elif fence.language == "sh":
            yield from (Call(command) for command in commands(fence.text))


def commands(text: str) -> Iterator[str]:
    """The commands of a shell fence, comments left out; one that goes on after a backslash is one."""
    for line in text.replace("\\\n", " ").splitlines():
        if shlex.split(line, comments=True):
            yield line

"""What the package ships that a program made: whether it is what `training/artefacts.toml` says it is.

`python -m release.artefacts` prints what is wrong, and exits 1 if anything is.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path

from release.building import PACKAGE, ROOT, digest

_MADE = {".db", ".npz", ".onnx"}
"""Endings of files that nobody writes by hand."""


@dataclass(frozen=True)
class Artefact:
    """A file in the package, and all that is needed to make it again."""

    path: str
    type: str
    """What CycloneDX calls it."""
    sha256: str
    command: str
    data: str
    seed: str
    needs: str
    card: str
    again: str
    """What became of making it again, when, and by which commit."""


def stated(root: Path = ROOT) -> tuple[Artefact, ...]:
    """The artefacts that the list names, in its order; raises `TypeError` for an entry that lacks or adds something."""
    text = (root / "training" / "artefacts.toml").read_text(encoding="utf-8")
    return tuple(Artefact(**entry) for entry in tomllib.loads(text)["artefact"])


def wrong(artefacts: tuple[Artefact, ...], root: Path = ROOT) -> list[str]:
    """What does not hold: a file that is missing, unlisted or another than was noted."""
    found = []
    for one in artefacts:
        path = root / one.path
        if not path.is_file():
            found.append(f"{one.path} is listed, but not there")
        elif (now := digest(path)) != one.sha256:
            found.append(f"{one.path} is not the one noted; if it was made anew, note how, and sha256 = {now!r}")
    package = root / PACKAGE.relative_to(ROOT)
    made = {path.relative_to(root).as_posix() for path in package.rglob("*") if path.suffix in _MADE}
    listed = {one.path for one in artefacts}
    return found + [f"{path} is in the package, but not in the list" for path in sorted(made - listed)]


if __name__ == "__main__":
    problems = wrong(stated())
    print("\n".join(problems) or "all artefacts are the noted ones")
    sys.exit(bool(problems))

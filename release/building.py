"""Build the source archive and the wheel, so that the same commit gives the same bytes."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "onrecord"
_BUILD_SECONDS = 300


class ReleaseError(Exception):
    """Why nothing can be released, in words for whoever tries to."""


def build(dist: Path, root: Path = ROOT) -> tuple[Path, Path]:
    """Build both into an empty `dist`; their paths, source archive first.

    The wheel is built twice, from the tree and from the unpacked source archive, which has no git. Raises
    `ReleaseError` if the two differ.
    """
    moment = commit_time(root)
    source = _built("sdist", root, dist, moment)
    wheel = _built("wheel", root, dist, moment)
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(source) as packed:
            packed.extractall(folder, filter="data")
        [unpacked] = Path(folder).iterdir()
        again = _built("wheel", unpacked, Path(folder) / "dist", moment)
        if (again.name, digest(again)) != (wheel.name, digest(wheel)):
            raise ReleaseError(f"{wheel.name} built from the tree and {again.name} from the source archive differ")
    return source, wheel


def _built(target: str, root: Path, dist: Path, moment: str) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(dist.absolute())]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": moment}
    done = subprocess.run(
        command, cwd=root, capture_output=True, text=True, timeout=_BUILD_SECONDS, check=False, env=environment
    )
    if done.returncode:
        raise ReleaseError(f"building the {target} failed:\n{done.stdout}{done.stderr}")
    [made] = dist.glob({"sdist": "*.tar.gz", "wheel": "*.whl"}[target])
    return made


def commit_time(root: Path = ROOT) -> str:
    """When the last commit was made, in seconds since 1970, which every file in the archives is dated by.

    That of `SOURCE_DATE_EPOCH` where it is set, and the beginning of 2020 for a tree without git.
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    if not (root / ".git").exists():
        return "1577836800"
    return subprocess.run(
        ["git", "log", "-1", "--format=%ct"], cwd=root, capture_output=True, text=True, check=True, timeout=30
    ).stdout.strip()


def missing_from(wheel: Path, package: Path = PACKAGE) -> list[str]:
    """Files of the package that a wheel lacks: code, languages, weights, templates, static files."""
    with zipfile.ZipFile(wheel) as opened:
        held = set(opened.namelist())
    files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    return sorted(name for path in files if (name := path.relative_to(package.parent).as_posix()) not in held)


def digest(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def version_of(wheel: Path) -> str:
    """The version that a wheel's name states."""
    return wheel.name.split("-")[1]

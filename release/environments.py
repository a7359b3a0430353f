"""Environments outside the tree, each of one Python, into which a wheel is installed as a user would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from release.building import ReleaseError

_INSTALL_SECONDS = 900
_RUN_SECONDS = 120
SUPPORTED = ("3.11", "3.12", "3.13")


@dataclass(frozen=True)
class Environment:
    """A virtual environment with neither pip nor setuptools, so that nothing is there but what a wheel asked for."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    def install(self, requirement: str) -> None:
        """Install with this process's pip; raises `ReleaseError` where that fails."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--quiet", "--no-input"]
        _checked([*pip, requirement], self.folder, _INSTALL_SECONDS)

    def run(self, line: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a line of shell whose commands are this environment's; the exit status is not checked.

        It sees neither this tree nor the variables that would let Python see it.
        """
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment["PATH"] = f"{self.folder / 'bin'}{os.pathsep}{environment['PATH']}"
        return subprocess.run(
            ["sh", "-c", line],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=_RUN_SECONDS,
            check=False,
        )

    def copied(self, folder: Path) -> Environment:
        """The same packages in another folder, to be added to."""
        copy = Environment(Path(shutil.copytree(self.folder, folder, symlinks=True)))
        # Scripts name their interpreter by its path.
        for script in (copy.folder / "bin").iterdir():
            if script.is_file() and not script.is_symlink() and script.read_bytes().startswith(b"#!"):
                script.write_bytes(script.read_bytes().replace(bytes(self.folder), bytes(copy.folder), 1))
        return copy


def made(python: str, folder: Path) -> Environment:
    """A new, empty environment of an interpreter."""
    _checked([python, "-m", "venv", "--without-pip", str(folder)], folder.parent, _RUN_SECONDS)
    return Environment(folder)


def interpreters(given: Sequence[str] = ()) -> dict[str, str]:
    """By version, the interpreters to check with: those `given`, or else of each supported version one that is found.

    Looked for on the path and among pyenv's. Raises `ReleaseError` for one given that does not start.
    """
    if given:
        found = {_version(python): python for python in given}
        if dead := found.get(""):
            raise ReleaseError(f"{dead} is no Python that starts")
        return found
    places = {version: (Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python") for version in SUPPORTED}
    candidates = {version: [f"python{version}", *map(str, found)] for version, found in places.items()}
    starting = {
        version: next((one for one in there if _version(one) == version), "") for version, there in candidates.items()
    }
    return {version: python for version, python in starting.items() if python}


def _version(python: str) -> str:
    # A shim of pyenv's can be on the path for a Python that is not switched on; it says so by failing.
    code = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        done = subprocess.run([python, "-c", code], capture_output=True, text=True, timeout=_RUN_SECONDS, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _checked(command: list[str], cwd: Path, seconds: int) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=seconds, check=False)
    if done.returncode:
        raise ReleaseError(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")

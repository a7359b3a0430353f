"""Build a release and check it; upload it only where told to: `python -m release`. docs/releasing.md explains."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from release import environments, trying
from release.artefacts import stated, wrong
from release.building import ROOT, ReleaseError, build, digest, missing_from, version_of
from release.environments import Environment
from release.parts import write_parts

WHEEL_BYTES = 24_000_000
"""A wheel may weigh this. It weighed 21.0 MB, 17 of them the tagger, when the limit was set."""
_FINAL = re.compile(r"\d+\.\d+\.\d+((a|b|rc)\d+)?")


def main() -> int:
    """Build, check, list, and maybe upload; 1 with the reason on standard error where a check fails."""
    parser = argparse.ArgumentParser(prog="release", description=__doc__)
    parser.add_argument("--dist", type=Path, default=ROOT / "dist", help="where everything goes; emptied first")
    parser.add_argument("--pythons", default="", help="interpreters to check, instead of every supported one found")
    parser.add_argument("--wheels-only", action="store_true", help="leave out the lists of parts and licences")
    parser.add_argument("--final", action="store_true", help="refuse what could not be uploaded, but do not upload it")
    parser.add_argument("--upload", choices=("", "testpypi", "pypi"), default="", help="where to upload to; nowhere")
    given = parser.parse_args()
    try:
        if given.final or given.upload:
            changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
            refuse_unfit(_tool("hatchling", "version").strip(), changelog)
        shutil.rmtree(given.dist, ignore_errors=True)
        checked = release(given.dist.absolute(), given.pythons.split(), lists=not given.wheels_only)
        if missing := sorted(set(environments.SUPPORTED) - checked):
            print(f"NOT CHECKED: Python {', '.join(missing)}; there is none on this machine, or it was not asked for")
            if given.final or given.upload:
                raise ReleaseError("a final version is checked on every Python that it is for")
        if given.upload:
            upload(given.dist, given.upload)
    except (ReleaseError, subprocess.TimeoutExpired) as error:
        print(f"release: {error}", file=sys.stderr)
        return 1
    return 0


def release(dist: Path, pythons: Sequence[str], *, lists: bool) -> set[str]:
    """Fill `dist`, saying what was checked; the versions of Python that it was checked on.

    Raises `ReleaseError` at the first check that fails.
    """
    source, wheel = build(dist)
    for made in (source, wheel):
        print(f"{digest(made)}  {made.name}  {made.stat().st_size / 1e6:.1f} MB")
    print("built twice, from the tree and from the source archive: the same bytes")
    if problems := [*wrong(stated()), *(f"{wheel.name} lacks {path}" for path in missing_from(wheel))]:
        raise ReleaseError("; ".join(problems))
    if wheel.stat().st_size > WHEEL_BYTES:
        raise ReleaseError(f"{wheel.name} weighs more than {WHEEL_BYTES:,} bytes")
    _tool("twine", "check", "--strict", str(source), str(wheel))
    with tempfile.TemporaryDirectory(prefix="onrecord-release-") as folder:
        cores = _try_on_each(wheel, pythons, Path(folder))
        if lists:
            _list_parts(wheel, next(iter(cores.values())), Path(folder), dist)
    _sums(dist)
    return set(cores)


def _try_on_each(wheel: Path, pythons: Sequence[str], folder: Path) -> dict[str, Environment]:
    """Try the wheel on each Python; by version, the environments with the core alone."""
    cores = {}
    for version, python in environments.interpreters(pythons).items():
        desk = folder / f"desk-{version}"
        desk.mkdir()
        core = environments.made(python, folder / version)
        core.install(str(wheel))
        print(f"Python {version}: {trying.try_core(core, wheel, desk)}", flush=True)
        for extra in trying.EXTRAS:
            trying.try_without(core, extra, desk)
            added = trying.try_with(core, extra, wheel, desk)
            shutil.rmtree(added.folder)
        print(f"Python {version}: each extra runs alone, and is asked for by name where it is missing", flush=True)
        cores[version] = core
    if not cores:
        raise ReleaseError("no Python to check with")
    return cores


def _list_parts(wheel: Path, core: Environment, folder: Path, dist: Path) -> None:
    """Write the parts (CycloneDX) of the core and of everything with all extras, and the licences of the latter."""
    name = f"onrecord-{version_of(wheel)}"
    everything = core.copied(folder / "everything")
    everything.install(f"onrecord[{','.join(trying.EXTRAS)}] @ {wheel.as_uri()}")
    for environment, kind in ((core, "core"), (everything, "extras")):
        out = dist / f"{name}-{kind}.cdx.json"
        print(f"{out.name}: {write_parts(environment.python, out)} parts")
    # By its own Python, whose version decides what is needed; onnxruntime brings `packaging`, which the script wants.
    listed = trying.printed(everything, "python -m release.licences", ROOT)
    (dist / f"{name}-licences.csv").write_text(listed, encoding="utf-8")
    print(f"{name}-licences.csv: {listed.count(chr(10)) - 1} packages, all of which fit")


def refuse_unfit(version: str, changelog: str) -> None:
    """Raise `ReleaseError` unless the version is final and the changelog tells of it.

    Only a clean tree at a tag has a final version.
    """
    if not _FINAL.fullmatch(version):
        raise ReleaseError(f"{version} is no version to upload; commit everything and tag the commit (v1.2.3)")
    if f"\n## [{version}] - " not in changelog:
        raise ReleaseError(f"CHANGELOG.md has no section [{version}]")


def upload(dist: Path, repository: str) -> None:
    """Upload the two archives by twine, with whatever credentials it finds."""
    _tool("twine", "upload", "--non-interactive", "-r", repository, *map(str, _archives(dist)))
    print(f"uploaded to {repository}")


def _sums(dist: Path) -> None:
    lines = [f"{digest(path)}  {path.name}\n" for path in sorted(dist.iterdir())]
    (dist / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


def _archives(dist: Path) -> list[Path]:
    return sorted((*dist.glob("*.whl"), *dist.glob("*.tar.gz")))


def _tool(module: str, *arguments: str) -> str:
    """What a module of this environment prints, run in the tree; raises `ReleaseError` where it fails."""
    command = [sys.executable, "-W", "ignore", "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise ReleaseError(f"{module} {arguments[0]} failed:\n{done.stdout}{done.stderr}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())

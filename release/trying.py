"""Try a wheel as users will: installed alone, away from the tree, with what the README and the extras promise."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

from release.building import ROOT, ReleaseError, version_of
from release.environments import Environment

EXTRAS = tomllib.loads((Path(__file__).parent / "extras.toml").read_text(encoding="utf-8"))
INSTEAD = EXTRAS.pop("says-instead")
IMPORT_SECONDS = 0.15
"""CPU time that `import onrecord` may take beyond a bare Python. It took .025 to .031 s
on a shared AMD EPYC core, on Python 3.11 to 3.13."""
_CONSOLE = re.compile(r"```console\n\$ (onrecord .*?)\n(.*?)```", re.DOTALL)
_CONFIDENCE = re.compile(r"  \d\.\d\d(?=  |$)", re.MULTILINE)
_PAGE = "The dam is safe, Mayor Anna Roe said."
_TIMED = "from time import process_time as now; start = now(); import onrecord; print(now() - start)"


def try_core(core: Environment, wheel: Path, desk: Path) -> str:
    """Try what needs no extra, from the folder `desk`; what was measured, in words. Raises `ReleaseError`."""
    where = printed(core, "python -c 'import onrecord; print(onrecord.__file__)'", desk)
    if not Path(where.strip()).is_relative_to(core.folder):
        raise ReleaseError(f"onrecord was imported from {where.strip()}, not from the wheel")
    version = printed(core, "onrecord --version", desk).strip()
    if version != f"onrecord {version_of(wheel)}":
        raise ReleaseError(f"{wheel.name} says that it is {version}")
    _try_readme(core, desk)
    seconds = min(float(printed(core, f"python -c {shlex.quote(_TIMED)}", desk)) for _ in range(5))
    if seconds > IMPORT_SECONDS:
        raise ReleaseError(f"import onrecord takes {seconds:.2f} s of CPU time, more than {IMPORT_SECONDS}")
    return f"{version}: the README's examples run; import {seconds:.3f} s of CPU time"


def _try_readme(core: Environment, desk: Path) -> None:
    """Run the README's examples beside a copy of `examples`; confidences may differ, the processor decides them."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    if not (desk / "examples").exists():
        (desk / "examples").symlink_to(ROOT / "examples")
    for command, shown in _CONSOLE.findall(readme):
        told = printed(core, command, desk)
        if _CONFIDENCE.sub("", told).rstrip() != _CONFIDENCE.sub("", shown).rstrip():
            raise ReleaseError(f"`{command}` prints something else than in the README:\n{told}")
    path = str(ROOT / "README.md")
    test = f"import doctest; print(*doctest.testfile({path!r}, False, optionflags=doctest.NORMALIZE_WHITESPACE))"
    outcome = printed(core, f"python -c {shlex.quote(test)}", desk)
    if not re.fullmatch(r"0 [1-9]\d*\s", outcome):  # failed, tried
        raise ReleaseError(f"the README's Python examples fail:\n{outcome}")


def try_without(core: Environment, extra: str, desk: Path) -> None:
    """Raise `ReleaseError` unless, without an extra, what it is for fails and says how to install it."""
    done = core.run(EXTRAS[extra], _laid(core, desk))
    words = INSTEAD.get(extra, f"pip install 'onrecord[{extra}]'")
    told = " ".join((done.stdout + done.stderr).split())
    if done.returncode == 0 or words not in told:
        raise ReleaseError(f"without [{extra}] its example does not end with “{words}” but with:\n{told[-2000:]}")


def try_with(core: Environment, extra: str, wheel: Path, desk: Path) -> Environment:
    """Install an extra beside a copy of the core and run what it is for; the new environment. Raises `ReleaseError`."""
    added = core.copied(core.folder.with_name(f"{core.folder.name}-{extra}"))
    added.install(f"onrecord[{extra}] @ {wheel.as_uri()}")
    printed(added, EXTRAS[extra], _laid(added, desk))
    return added


def _laid(environment: Environment, desk: Path) -> Path:
    """The desk, with the page and the archive that the examples of extras want."""
    if not (desk / "news.db").exists():
        (desk / "page.txt").write_text(_PAGE, encoding="utf-8")
        printed(environment, "onrecord add page.txt --archive news.db", desk)
    return desk


def printed(environment: Environment, line: str, desk: Path) -> str:
    """What a line of shell prints in an environment; raises `ReleaseError` where it fails."""
    done = environment.run(line, desk)
    if done.returncode:
        raise ReleaseError(f"{line.strip()} failed (exit {done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout

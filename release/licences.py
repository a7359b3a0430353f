"""What onrecord's dependencies are licensed under, and whether that fits: `python -m release.licences`.

Prints a row for each package that the core and all extras bring, as CSV: name, version, licence, whether it fits. Reads
the metadata of what is installed and asks nobody; exits 1 where a licence does not fit Apache-2.0 by `licences.toml` or
cannot be told, or a package is not installed. What is read is the environment of the Python that runs it.
"""

from __future__ import annotations

import csv
import re
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

POLICY = Path(__file__).parent / "licences.toml"
_CLASSIFIER = "License :: "
_TOKEN = re.compile(r"[()]|[^\s()]+")


class NotInstalledError(Exception):
    """A package that another asks for is not there, so nothing can be said of it."""


@dataclass(frozen=True)
class Policy:
    """What fits, what old metadata means, and what was read where metadata is silent."""

    fitting: frozenset[str]
    means: Mapping[str, str]
    read: Mapping[str, str]


def policy(path: Path = POLICY) -> Policy:
    """The policy that a file states."""
    stated = tomllib.loads(path.read_text(encoding="utf-8"))
    read = {name: entry["licence"] for name, entry in stated["read"].items()}
    return Policy(frozenset(stated["fits"] + stated["fits-when-apart"]), stated["means"], read)


def brought(
    root: str, extras: Iterable[str], installed: Mapping[str, metadata.Distribution]
) -> dict[str, metadata.Distribution]:
    """All packages that `root` with its `extras` brings, by name, itself left out; as this Python's markers have it.

    Raises `NotInstalledError` that names all that are missing.
    """
    found: dict[str, metadata.Distribution] = {}
    missing: dict[str, str] = {}
    seen: set[tuple[str, str]] = set()
    open_ends = [(canonicalize_name(root), extra, "the call") for extra in ("", *extras)]
    while open_ends:
        name, extra, by = open_ends.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        if name not in installed:
            missing[name] = by
            continue
        found[name] = installed[name]
        for text in installed[name].requires or ():
            needed = Requirement(text)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                wanted = canonicalize_name(needed.name)
                open_ends += [(wanted, one, name) for one in ("", *needed.extras)]
    if missing:
        raise NotInstalledError(", ".join(f"{name} (needed by {by})" for name, by in sorted(missing.items())))
    del found[canonicalize_name(root)]
    return dict(sorted(found.items()))


def licence_of(package: metadata.Distribution, by: Policy) -> str:
    """The package's licence as an SPDX expression; empty where neither metadata nor the policy tells it."""
    if expression := _field(package, "License-Expression"):
        return expression
    classifiers = [one for one in package.metadata.get_all("Classifier") or () if one.startswith(_CLASSIFIER)]
    # The field may hold a whole licence text, of which nothing is to be made.
    for said in (_field(package, "License"), *(one.rsplit(" :: ", 1)[-1] for one in classifiers)):
        if said in by.means or fits(said, by):
            return by.means.get(said, said)
    return by.read.get(canonicalize_name(package.metadata["Name"]), "")


def _field(package: metadata.Distribution, name: str) -> str:
    return str((package.metadata.get_all(name) or ("",))[0]).strip()


def fits(expression: str, by: Policy) -> bool:
    """Whether an SPDX expression leaves a way to use the package under licences that fit.

    >>> of = Policy(frozenset({"MIT", "MPL-2.0"}), {}, {})
    >>> fits("MIT AND (MPL-2.0 OR GPL-3.0-only)", of), fits("MIT AND GPL-3.0-only", of), fits("", of)
    (True, False, False)
    """
    tokens = _TOKEN.findall(expression)
    try:
        good = _either(tokens, by)
    except (IndexError, RecursionError):
        return False
    return good and not tokens


def _either(tokens: list[str], by: Policy) -> bool:
    good = _both(tokens, by)
    while tokens and tokens[0] == "OR":
        del tokens[0]
        good = _both(tokens, by) or good
    return good


def _both(tokens: list[str], by: Policy) -> bool:
    good = _one(tokens, by)
    while tokens and tokens[0] == "AND":
        del tokens[0]
        good = _one(tokens, by) and good
    return good


def _one(tokens: list[str], by: Policy) -> bool:
    token = tokens.pop(0)
    if token == "(":
        good = _either(tokens, by)
        return tokens.pop(0) == ")" and good
    if tokens and tokens[0] == "WITH":  # an exception only permits more
        del tokens[:2]
    return token in by.fitting


def installed() -> dict[str, metadata.Distribution]:
    """The packages of this environment, by normalised name."""
    # The first on the path is the one that is imported.
    there = reversed(list(metadata.distributions()))
    return {canonicalize_name(one.metadata["Name"]): one for one in there if one.metadata["Name"]}


def extras_of(package: metadata.Distribution) -> tuple[str, ...]:
    """The extras that a package declares."""
    return tuple(package.metadata.get_all("Provides-Extra", ()))


def main() -> int:
    """Print the table; 1 where a package does not fit or is missing, else 0."""
    there = installed()
    by = policy()
    try:
        packages = brought("onrecord", extras_of(there["onrecord"]), there)
    except NotInstalledError as error:
        print(f"not installed: {error}", file=sys.stderr)
        return 1
    table = csv.writer(sys.stdout, lineterminator="\n")
    table.writerow(("package", "version", "licence", "fits Apache-2.0"))
    unfit = 0
    for name, package in packages.items():
        licence = licence_of(package, by)
        good = fits(licence, by)
        unfit += not good
        table.writerow((name, package.version, licence or "not told", "yes" if good else "NO"))
    return int(unfit > 0)


if __name__ == "__main__":
    sys.exit(main())

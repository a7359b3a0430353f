"""What a release may hold and be made of: licences, artefacts, the changelog, what is committed, what CI runs."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import tomllib
from email.message import Message
from importlib import metadata
from pathlib import Path

import pytest
from packaging.version import Version
from release import __main__ as release_program
from release import artefacts, committed, licences
from release.__main__ import refuse_unfit
from release.building import PACKAGE, ROOT, ReleaseError
from release.environments import SUPPORTED, interpreters
from release.parts import completed
from release.trying import EXTRAS, INSTEAD

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
SECTION = re.compile(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", re.MULTILINE)
POLICY = licences.policy()


class Package(metadata.Distribution):
    """An installed package that only has metadata."""

    def __init__(
        self, name: str, *requires: str, classifier: str = "", licence: str = "", expression: str = ""
    ) -> None:
        self._told = Message()
        said = {"Name": name, "Version": "1.0", "License-Expression": expression, "License": licence}
        for key, value in {**said, "Classifier": classifier}.items():
            if value:
                self._told[key] = value
        for requirement in requires:
            self._told["Requires-Dist"] = requirement

    def read_text(self, filename: str) -> str | None:
        return self._told.as_string() if filename == "METADATA" else None

    def locate_file(self, path: object) -> Path:
        raise NotImplementedError


def named(*packages: Package) -> dict[str, metadata.Distribution]:
    return {package.metadata["Name"]: package for package in packages}


def test_every_dependency_has_a_licence_that_fits() -> None:
    """Of what is installed here, which is the core and all extras."""
    there = licences.installed()
    packages = licences.brought("onrecord", licences.extras_of(there["onrecord"]), there)
    assert {"numpy", "onnxruntime", "spacy", "daft", "psycopg-binary", "aiohttp"} <= set(packages)
    found = {name: licences.licence_of(package, POLICY) for name, package in packages.items()}
    assert {name: licence for name, licence in found.items() if not licences.fits(licence, POLICY)} == {}


@pytest.mark.parametrize(
    ("package", "good"),
    [
        (Package("a", expression="Apache-2.0 OR GPL-3.0-only"), True),
        (Package("a", expression="MIT AND GPL-3.0-only"), False),
        (Package("a", expression="(MIT OR GPL-2.0-only) AND (0BSD OR AGPL-3.0-only)"), True),
        (Package("a", expression="Apache-2.0 WITH LLVM-exception"), True),
        (Package("a", expression="MIT AND ("), False),
        (Package("a", expression="MIT MIT"), False),
        (Package("a", expression="CC-BY-NC-4.0"), False),
        (Package("a", expression="LGPL-3.0-only"), True),
        (Package("a", licence="GPLv3"), False),
        (
            Package("a", licence="Copyright (c) 2020, whoever", classifier="License :: OSI Approved :: MIT License"),
            True,
        ),
        (Package("a", classifier="License :: OSI Approved :: GNU General Public License v3 (GPLv3)"), False),
        (Package("a", licence="Apache 2.0"), True),
        (Package("a"), False),
        (Package("daft"), True),
    ],
    ids=lambda value: str(
        value.metadata.as_string().split("\n", 2)[2].strip() if isinstance(value, Package) else value
    ),
)
def test_what_fits(package: Package, good: bool) -> None:
    assert licences.fits(licences.licence_of(package, POLICY), POLICY) is good


def test_packages_are_followed_through_extras_and_markers() -> None:
    there = named(
        Package("top", "low[quick]", 'gone; python_version < "3"', 'side; extra == "more"'),
        Package("low", "top", 'fast; extra == "quick"', 'slow; extra == "slow"'),
        Package("fast"),
        Package("side"),
    )
    assert list(licences.brought("top", (), there)) == ["fast", "low"]
    assert list(licences.brought("top", ("more",), there)) == ["fast", "low", "side"]
    del there["fast"]
    with pytest.raises(licences.NotInstalledError, match=r"^fast \(needed by low\)$"):
        licences.brought("top", (), there)


def test_artefacts_are_the_noted_ones() -> None:
    listed = artefacts.stated()
    assert artefacts.wrong(listed) == []
    for one in listed:
        assert (ROOT / one.card).exists(), one
        # The program that makes it is here, and the card or notice tells of the file or of its folder.
        program = re.match(r"python (?:-m (training\.\w+)|(training/\w+\.py)) |make (\w+)$", one.command)
        assert program, one
        module, script, target = program.groups()
        place = ROOT / (script or f"{module.replace('.', '/')}.py") if not target else ROOT / "Makefile"
        assert place.exists(), one
        assert target is None or f"\n{target}:" in place.read_text(encoding="utf-8"), one
        told = (ROOT / one.card).read_text(encoding="utf-8")
        assert Path(one.path).name in told or Path(one.path).parent.as_posix().removeprefix("src/") in told, one


def test_an_artefact_that_changed_is_told(tmp_path: Path) -> None:
    [one, *_] = [one for one in artefacts.stated() if one.path.endswith("conflict.npz")]
    package = tmp_path / PACKAGE.relative_to(ROOT)
    (package / "positions").mkdir(parents=True)
    assert artefacts.wrong((one,), tmp_path) == [f"{one.path} is listed, but not there"]
    (tmp_path / one.path).write_bytes(b"other")
    (package / "new.onnx").write_bytes(b"model")
    changed, unlisted = artefacts.wrong((one,), tmp_path)
    assert "is not the one noted" in changed
    assert unlisted == "src/onrecord/new.onnx is in the package, but not in the list"


def test_the_list_of_parts_has_a_subject_and_what_no_package_manager_knows() -> None:
    ours = {"name": "onrecord", "version": "1.0", "bom-ref": "x", "externalReferences": [{"url": "file:///here"}]}
    listed = completed({"metadata": {}, "components": [{"name": "numpy"}, ours]})
    assert listed["metadata"]["component"] == {
        "name": "onrecord", "version": "1.0", "bom-ref": "x", "purl": "pkg:pypi/onrecord@1.0"
    }  # fmt: skip
    names = {part["name"]: part for part in listed["components"]}
    assert {"numpy", "onrecord/web/static/vendor/htmx.js"} < set(names)
    assert "onrecord" not in names
    assert names["onrecord/attribution/tagging/model/tagger.onnx"]["type"] == "machine-learning-model"


def test_changelog_goes_back_in_versions_that_can_be_tagged() -> None:
    sections = SECTION.findall(CHANGELOG)
    assert len(sections) == len(re.findall(r"^## ", CHANGELOG, re.MULTILINE))
    assert sections[0] == ("Unreleased", "")
    released = sections[1:]
    for version, date in released:
        assert date, version
        refuse_unfit(version, CHANGELOG)
    assert released == sorted(released, key=lambda one: (Version(one[0]), one[1]), reverse=True)
    assert [date for _, date in released] == sorted((date for _, date in released), reverse=True)
    if (ROOT / ".git").exists():
        tags = subprocess.run(
            ["git", "tag", "--list", "v*"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout
        assert {tag[1:] for tag in tags.split()} <= {version for version, _ in released}


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("1.2.3", ""),
        ("1.2.3rc1", "no section"),
        ("1.2.4", "no section"),
        ("1.2", "no version to upload"),
        ("1.2.4.dev3+gabcdef", "no version to upload"),
        ("1.2.3+d20261124", "no version to upload"),
        ("0.0", "no version to upload"),
    ],
)
def test_only_a_told_final_version_may_be_uploaded(version: str, reason: str) -> None:
    changelog = "# Changelog\n\n## [Unreleased]\n\n## [1.2.3] - 2026-01-02\n"
    if reason:
        with pytest.raises(ReleaseError, match=reason):
            refuse_unfit(version, changelog)
    else:
        refuse_unfit(version, changelog)


def test_each_extra_is_tried() -> None:
    assert set(EXTRAS) == set(PROJECT["project"]["optional-dependencies"])
    assert set(INSTEAD) < set(EXTRAS)


def test_interpreters_are_told_by_what_they_say() -> None:
    ours = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert interpreters([sys.executable]) == {ours: sys.executable}
    with pytest.raises(ReleaseError, match="/no/python is no Python that starts"):
        interpreters([sys.executable, "/no/python"])
    assert set(interpreters()) <= set(SUPPORTED)


@pytest.mark.parametrize(
    ("arguments", "version", "checked", "uploaded", "status"),
    [
        ([], "1.2.4.dev1+g1", SUPPORTED[:1], [], 0),
        (["--upload", ""], "1.2.3", SUPPORTED, [], 0),
        (["--final"], "1.2.3", SUPPORTED, [], 0),
        (["--final"], "1.2.3", SUPPORTED[:2], [], 1),
        (["--final"], "1.2.4.dev1+g1", SUPPORTED, [], 1),
        (["--upload", "testpypi"], "1.2.3", SUPPORTED, ["testpypi"], 0),
        (["--upload", "pypi"], "1.2.3", SUPPORTED[1:], [], 1),
        (["--upload", "pypi"], "1.2.4.dev1+g1", SUPPORTED, [], 1),
    ],
)
def test_nothing_is_uploaded_unasked_or_unchecked(
    arguments: list[str],
    version: str,
    checked: tuple[str, ...],
    uploaded: list[str],
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    done: list[str] = []
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## [1.2.3] - 2026-01-02\n")
    monkeypatch.setattr(release_program, "ROOT", tmp_path)
    monkeypatch.setattr(release_program, "_tool", lambda *_: version)
    monkeypatch.setattr(release_program, "release", lambda *_, **__: set(checked))
    monkeypatch.setattr(release_program, "upload", lambda _, repository: done.append(repository))
    monkeypatch.setattr(sys, "argv", ["release", "--dist", str(tmp_path / "dist"), *arguments])
    assert release_program.main() == status
    assert done == uploaded


def test_large_files_and_borrowed_words_are_not_committed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "actors").mkdir(parents=True)
    words = [f"word{place}" for place in range(60)]
    line = json.dumps({"id": "a-b-c", "text": " ".join(words)})
    (data / "news.jsonl.gz").write_bytes(gzip.compress(f"{line}\n".encode()))
    (data / "actors" / "names.jsonl").write_text(json.dumps({"name": " ".join(map(str, range(40)))}))
    (data / "README.md").write_text(" ".join(f"about{place}" for place in range(40)))
    cases = {
        "own": "Our own words, of which there are many, " * 10,
        "nine": " ".join(words[10:19]),
        "nineteen": ", ".join(words[15:34]).upper(),
        "names": " ".join(map(str, range(40))),
        "about": " ".join(f"about{place}" for place in range(40)),
    }
    for name, text in cases.items():
        (tmp_path / name).write_text(text)
    found = list(committed.borrowed([tmp_path / name for name in cases], data))
    assert [line.split(":")[0] for line in found] == [str(tmp_path / "nineteen")]
    (tmp_path / "large").write_bytes(bytes(committed.LARGEST + 1))
    assert len(list(committed.too_large([tmp_path / "large", tmp_path / "own"]))) == 1


def test_nothing_committed_is_too_large() -> None:
    """Of all files of the tree but those that a program made, as a commit would be checked."""
    listed = {ROOT / one.path for one in artefacts.stated()}
    folders = [ROOT / name for name in ("src", "tests", "docs", "examples", "training", "bench", "release")]
    files = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 200
    assert list(committed.too_large(path for path in files if path not in listed and path.suffix != ".pyc")) == []


def test_hooks_run_what_is_installed_for_tests() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    assert re.findall(r"repo: (\S+)", hooks) == ["local"], "anything else is fetched when the hooks are installed"
    entries = re.findall(r"entry: \.venv/bin/(\S+)(?: -m (\S+))?", hooks)
    assert entries == [("ruff", ""), ("ruff", ""), ("mypy", ""), ("python", "release.committed")]
    assert {"ruff>=0.9", "mypy>=1.14"} <= {one for one in PROJECT["dependency-groups"]["dev"] if isinstance(one, str)}


@pytest.mark.parametrize("workflow", sorted((ROOT / ".github" / "workflows").glob("*.yml")), ids=lambda path: path.name)
def test_workflows_pin_what_they_use(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    used = re.findall(r"uses: (.*)", text)
    assert used
    for one in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one), one
    for target in re.findall(r"run: make (\w+)", text):
        assert f"\n{target}:" in (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "permissions:\n  contents: read" in text


def test_supported_pythons_are_said_alike_everywhere() -> None:
    classifiers = PROJECT["project"]["classifiers"]
    said = [
        one.rsplit(" ", 1)[1] for one in classifiers if re.fullmatch(r"Programming Language :: Python :: 3\.\d+", one)
    ]
    assert tuple(said) == SUPPORTED
    assert PROJECT["project"]["requires-python"] == f">={SUPPORTED[0]}"
    matrix = re.search(r"python: (\[.*\])", (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert matrix
    assert json.loads(matrix[1]) == list(SUPPORTED)

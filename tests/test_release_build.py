"""Archives as they are built: the version from git, the same bytes each time, all that is needed and nothing more."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from release.__main__ import WHEEL_BYTES
from release.building import PACKAGE, ROOT, build, missing_from, version_of
from release.trying import IMPORT_SECONDS

import onrecord

SET_UP = ("pyproject.toml", "README.md", "LICENSE", "NOTICE", ".git_archival.txt", ".gitattributes", ".gitignore")
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def to_be_written() -> bool:
    """Whether `.git_archival.txt` is as it is committed: in archives it is missing, or git has written into it."""
    path = ROOT / ".git_archival.txt"
    return path.exists() and "$Format:" in path.read_text(encoding="utf-8")


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout.strip()


def version(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "hatchling", "version"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return done.stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with what this one is built by, a package of one module, and a commit."""
    folder = tmp_path / "repository"
    (folder / "src" / "onrecord").mkdir(parents=True)
    (folder / "src" / "onrecord" / "__init__.py").write_text('"""Nothing."""\n')
    for name in SET_UP:
        if (ROOT / name).exists():  # a source archive lacks what only git wants
            shutil.copy(ROOT / name, folder)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "Begin")
    return folder


@needs_git
def test_version_of_a_tag_and_after_it(repository: Path) -> None:
    assert re.fullmatch(r"0\.1\.dev1\+g[0-9a-f]+", version(repository))
    git(repository, "tag", "v1.2.3")
    assert version(repository) == "1.2.3"
    (repository / "new.txt").write_text("new")
    git(repository, "add", "-A")
    git(repository, "commit", "-qm", "Go on")
    assert re.fullmatch(r"1\.2\.4\.dev1\+g[0-9a-f]+", version(repository))
    (repository / "README.md").write_text("changed")
    assert re.fullmatch(r"1\.2\.4\.dev1\+g[0-9a-f]+\.d\d{8}", version(repository))


@needs_git
def test_version_without_tags_and_without_git(repository: Path, tmp_path: Path) -> None:
    git(repository, "tag", "v1.2.3")
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-tags", repository.as_uri(), "shallow")
    assert re.fullmatch(r"0\.1\.dev1\+g[0-9a-f]+", version(tmp_path / "shallow"))
    bare = tmp_path / "bare"
    shutil.copytree(repository, bare, ignore=shutil.ignore_patterns(".git"))
    assert version(bare) == "0.0"
    # A tree that lies inside the repository of something else has nothing to do with its tags.
    around = tmp_path / "around"
    shutil.copytree(bare, around / "vendor" / "onrecord")
    git(around, "init", "-q")
    git(around, "add", "-A")
    git(around, "commit", "-qm", "Theirs")
    git(around, "tag", "v9.9.9")
    assert version(around / "vendor" / "onrecord") == "0.0"


@needs_git
@pytest.mark.skipif(not to_be_written(), reason="this is an archive itself")
def test_version_of_an_archive_by_git(repository: Path, tmp_path: Path) -> None:
    git(repository, "tag", "v1.2.3")
    git(repository, "archive", "--prefix=archived/", "-o", str(tmp_path / "archive.tar"), "HEAD")
    with tarfile.open(tmp_path / "archive.tar") as packed:
        packed.extractall(tmp_path, filter="data")
    assert version(tmp_path / "archived") == "1.2.3"


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source archive and the wheel; building them fails if the wheel's bytes differ between tree and archive."""
    return build(tmp_path_factory.mktemp("dist"))


def test_wheel_has_all_that_is_needed(archives: tuple[Path, Path]) -> None:
    _, wheel = archives
    assert missing_from(wheel) == []
    with zipfile.ZipFile(wheel) as opened:
        names = set(opened.namelist())
        [told] = [name for name in names if name.endswith(".dist-info/METADATA")]
        assert f"\nVersion: {version_of(wheel)}\n" in opened.read(told).decode("utf-8")
    assert {
        "onrecord/languages/ru.toml",
        "onrecord/attribution/tagging/model/tagger.onnx",
        "onrecord/web/templates/base.html",
        "onrecord/web/static/vendor/htmx.js",
        "onrecord/py.typed",
    } <= names
    dist = told.removesuffix("METADATA")
    assert {f"{dist}licenses/LICENSE", f"{dist}licenses/NOTICE", f"{dist}entry_points.txt"} <= names


def test_wheel_has_nothing_more_and_is_no_larger_than_it_may_be(archives: tuple[Path, Path]) -> None:
    _, wheel = archives
    with zipfile.ZipFile(wheel) as opened:
        strange = [
            name
            for name in opened.namelist()
            if not name.startswith("onrecord-") and not (PACKAGE.parent / name).is_file()
        ]
    assert strange == []
    assert wheel.stat().st_size <= WHEEL_BYTES


def test_source_archive_can_be_tested_and_released_from(archives: tuple[Path, Path]) -> None:
    source, _ = archives
    with tarfile.open(source) as packed:
        names = {name.split("/", 1)[1] for name in packed.getnames() if "/" in name}
    assert {
        "Makefile",
        "CHANGELOG.md",
        "NOTICE",
        "tests/conftest.py",
        "release/licences.toml",
        "training/run.py",
    } <= names
    assert {"examples/port-talks.txt", "bench/floors.json", "docs/releasing.md", "web-assets/build.mjs"} <= names
    assert not [name for name in names if name.startswith((".git/", ".venv/", "dist/", "shared/"))]


def test_a_file_that_a_wheel_lacks_is_told(archives: tuple[Path, Path], tmp_path: Path) -> None:
    _, wheel = archives
    lean = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as opened, zipfile.ZipFile(lean, "w") as made:
        for name in opened.namelist():
            if name != "onrecord/languages/ru.toml":
                made.writestr(name, b"")
    assert missing_from(lean) == ["onrecord/languages/ru.toml"]


def test_import_is_quick_and_leaves_the_version_for_later() -> None:
    code = (
        "import sys; from time import process_time as now; start = now(); import onrecord; took = now() - start;"
        "assert 'importlib.metadata' not in sys.modules; print(took); print(onrecord.__version__)"
    )
    ran = [
        subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}; {code}"],
                       capture_output=True, text=True, check=True, timeout=60).stdout.split()
        for _ in range(5)
    ]  # fmt: skip
    assert min(float(took) for took, _ in ran) <= IMPORT_SECONDS
    assert {told for _, told in ran} == {onrecord.__version__}


def test_no_other_attribute_is_made_up() -> None:
    with pytest.raises(AttributeError, match="no attribute 'reed'"):
        onrecord.reed  # noqa: B018

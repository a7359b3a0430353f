"""The documentation, tested against the code: what it shows is what comes out."""

from __future__ import annotations

import doctest
import importlib
import json
import os
import pkgutil
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import onrecord
from onrecord import languages, schema
from onrecord.attribution.grammars import rules_of

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
"""Where the commands of the examples are found."""
CONSOLE = re.compile(r"```console\n\$ onrecord (.*?)\n(.*?)```", re.DOTALL)
SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")


def shown() -> list[tuple[str, str, str]]:
    return [(page.name, *found) for page in PAGES for found in CONSOLE.findall(page.read_text(encoding="utf-8"))]


def unrounded(text: str) -> str:
    """The text without its confidences: the network's last digit depends on the processor."""
    return re.sub(r"  \d\.\d\d$", "", text, flags=re.MULTILINE).rstrip()


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The archive that the examples ask."""
    path = str(tmp_path_factory.mktemp("docs") / "news.db")
    ran("add", "examples/border-talks.jsonl", archive=path)
    return path


def ran(*arguments: str, archive: str) -> str:
    """What a command prints."""
    done = subprocess.run(
        [sys.executable, "-c", "from onrecord.cli import main; main()", *arguments],
        capture_output=True,
        cwd=ROOT,
        timeout=60,
        check=False,
        env={**os.environ, "ONRECORD_ARCHIVE": archive},
    )
    return (done.stdout + done.stderr).decode("utf-8")


@pytest.mark.parametrize(("page", "command", "output"), shown(), ids=lambda value: str(value)[:40])
def test_console_examples(page: str, command: str, output: str, archive: str) -> None:
    printed = ran(*shlex.split(command), archive=archive)
    assert unrounded(printed) == unrounded(output), f"{page}: `onrecord {command}` prints something else now"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_python_examples(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PATH", PATH)
    failures, _ = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failures == 0


def test_shell_examples_of_integrations(tmp_path: Path) -> None:
    """Each command does what it should, in a folder of its own; the last one prints what Datasette found."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    [block] = SHELL.findall((ROOT / "docs" / "integrations.md").read_text(encoding="utf-8"))
    for command in block.splitlines():
        done = subprocess.run(
            command, shell=True, capture_output=True, cwd=tmp_path, timeout=120, env={**os.environ, "PATH": PATH}
        )
        assert done.returncode == 0, (command, done.stderr.decode("utf-8"))
    assert [row["speaker"] for row in json.loads(done.stdout)].count("Carla Quispe") == 2


def test_shell_examples_of_the_evaluation(tmp_path: Path) -> None:
    """Each command does what it should, one after the other; what went to brat and back is the same gold."""
    (tmp_path / "docs").symlink_to(ROOT / "docs")
    [block] = SHELL.findall((ROOT / "docs" / "evaluation.md").read_text(encoding="utf-8"))
    for command in block.splitlines():
        done = subprocess.run(
            command, shell=True, capture_output=True, cwd=tmp_path, timeout=120, env={**os.environ, "PATH": PATH}
        )
        assert done.returncode == 0, (command, done.stderr.decode("utf-8"))
    [system] = json.loads((tmp_path / "scores.json").read_text(encoding="utf-8"))["systems"]
    assert system["missing"] == system["unknown"] == []
    assert len((tmp_path / "gold.jsonl").read_text(encoding="utf-8").splitlines()) == 6


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def modules() -> list[str]:
    return [module.name for module in pkgutil.walk_packages(onrecord.__path__, "onrecord.")]


@pytest.mark.parametrize("name", modules())
def test_docstring_examples_and_docstrings(name: str) -> None:
    module = importlib.import_module(name)
    assert module.__doc__, f"{name} does not say what it is"
    assert doctest.testmod(module).failed == 0


def test_formats_page_names_every_field() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    for record in (schema.Article, schema.Statement, schema.Speaker):
        for field in record.__struct_fields__:
            assert f"`{field}`" in page, f"docs/formats.md says nothing of {record.__name__}.{field}"


def test_every_language_file_loads() -> None:
    for code in languages.codes():
        assert any(rules_of(code).lexicon.is_cue(verb) for verb in ("said", "sagte", "сказал")), code


def test_import_is_quick() -> None:
    """The public face loads nothing heavy; 0.3 s is the promise, a bare interpreter's start-up included."""
    code = "import sys, onrecord; print(*(m for m in ('trafilatura', 'httpx', 'lxml', 'typer') if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.strip() == ""

"""The documentation, tested against the code: what it shows is what comes out."""

from __future__ import annotations

import doctest
import importlib
import os
import pkgutil
import re
import subprocess
import sys
from pathlib import Path

import pytest

import onrecord
from docs_pages import PAGES, named
from onrecord import languages, schema
from onrecord.attribution.grammars import rules_of

ROOT = Path(__file__).parent.parent
PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
"""Where the commands of the examples are found."""
MADE = {"commands.md", "python.md"}
"""Pages that only the site has, made from the code."""
LINK = re.compile(r"\]\((?!https?:)([^)#]+)[^)]*\)")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_python_examples(page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("PATH", PATH)
    failures, _ = doctest.testfile(str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE)
    assert failures == 0


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        made = page.parent.name == "docs" and target in MADE
        assert made or (page.parent / target).exists(), f"{named(page)} links to {target}"


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

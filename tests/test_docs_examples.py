"""What stands in the documentation beside commands and doctests: queries, programs, cases, and names of options."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from pathlib import Path

import duckdb
import pytest
from docsite.commands import commands

from docs_pages import PAGES, ROOT, fences, inline, named, unfenced
from docs_world import furnish
from test_attribution_cases import found_in
from watch_site import HandClock, serving

MAIN = "from onrecord.cli import main; main()"
KINDS = {"console", "sh", "python", "sql", "toml", "json", "text"}
"""`text` is nothing to be run: how a command is called, what something looks like."""
OPTIONS = {
    path: {name for given in command.params for name in given.opts + given.secondary_opts}
    for path, command in commands()
}
PROGRAM = re.compile(r"python (?:-m (training\.\w+)|((?:bench|training)/\w+\.py))((?: [^`\n#;]*)?)")


@pytest.fixture
def world(tmp_path: Path) -> Path:
    with serving(HandClock()) as site:
        furnish(tmp_path, site)
        yield tmp_path


def fenced(language: str) -> list[tuple[Path, str]]:
    return [(page, fence.text) for page in PAGES for fence in fences(page) if fence.language == language]


def test_every_fence_is_of_a_kind_that_is_looked_at() -> None:
    for page in PAGES:
        assert {fence.language for fence in fences(page)} <= KINDS, named(page)
        assert not re.search(r"^    \$? ?onrecord ", unfenced(page), re.MULTILINE), (
            f"{named(page)}: a command in no fence"
        )


def test_queries_of_an_archive_run(world: Path) -> None:
    asked = [text for page, text in fenced("sql") if page.name != "batch.md"]
    assert len(asked) == 2
    with sqlite3.connect(world / "border.db") as archive:
        [[speaker, count], *_] = archive.execute(asked[0]).fetchall()
        archive.executescript(asked[1])
    assert (speaker, count) == ("Pedro Araya", 5)


def test_queries_of_a_batch_run_run(world: Path) -> None:
    [text] = [text for page, text in fenced("sql") if page.name == "batch.md"]
    (world / "empty.html").touch()
    call = ["batch", "CC-NEWS-20210124001.warc.gz", "empty.html", "-o", "out", "--engine", "rules"]
    subprocess.run([sys.executable, "-c", MAIN, *call], cwd=world, check=False, capture_output=True, timeout=120)
    found = [
        duckdb.sql(query.replace("'out/", f"'{world}/out/")).fetchall() for query in text.split(";") if query.strip()
    ]
    quoted, clusters, problems = found
    assert quoted[0] == ("2021-03", "Jonas Reed", 6)
    assert max(outlets for _, outlets, *_ in clusters) == 2
    assert [pages for *_, pages in problems] == [1]


def test_programs_run(world: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are no doctest, since they show nothing: one, with a model of the tests' own."""
    monkeypatch.chdir(world)
    programs = [text for _, text in fenced("python") if ">>>" not in text]
    assert len(programs) == 1
    names: dict[str, object] = {}
    exec(programs[0], names)
    assert names["found"]


def test_cases_hold() -> None:
    cases = [case for _, text in fenced("toml") for case in tomllib.loads(text)["case"]]
    assert len(cases) >= 2
    for case in cases:
        [wanted], [got] = case["statements"], found_in(case)
        assert {key: got[key] for key in wanted} == wanted


def test_commands_named_in_the_text_exist() -> None:
    """Each `onrecord …` in a sentence names a command, and options that it has."""
    seen = 0
    for page in PAGES:
        for code in inline(page):
            if code.startswith("onrecord ") and not code.startswith(("onrecord COMMAND", "onrecord --")):
                path = max((path for path in OPTIONS if f"{code} ".startswith(f"{path} ")), key=len, default=None)
                group = any(path.startswith(f"{code} ") for path in OPTIONS)
                assert path or group, f"{named(page)}: {code}"
                unknown = set(re.findall(r"(?<=\s)--?[a-z][\w-]*", code)) - OPTIONS.get(path or "", set())
                assert group or not unknown, f"{named(page)}: {code} has no {unknown}"
                seen += 1
    assert seen > 20


def test_benches_and_recipes_named_anywhere_exist() -> None:
    """They need data that is not here, so it is asked whether they and their options are there at all."""
    seen = 0
    for page in PAGES:
        for module, script, rest in PROGRAM.findall(page.read_text(encoding="utf-8")):
            path = ROOT / (script or module.replace(".", "/") + ".py")
            assert path.is_file(), f"{named(page)}: {path}"
            for option in re.findall(r"(?<=\s)--[\w-]+", rest):
                assert option in path.read_text(encoding="utf-8"), f"{named(page)}: {path.name} has no {option}"
            seen += 1
    assert seen > 20


def test_the_assistant_s_settings_call_a_program_that_is_there() -> None:
    import json

    [(_, text)] = fenced("json")
    settings = json.loads(text)["mcpServers"]["onrecord"]
    assert shutil.which(settings["command"], path=str(Path(sys.executable).parent))
    assert f"onrecord {settings['args'][0]}" in OPTIONS

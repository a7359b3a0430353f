"""The archive from the command line."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tomllib
from pathlib import Path

import pytest

from test_cli import run

STORIES = str(Path(__file__).parent.parent / "examples" / "border-talks.jsonl")


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("archive") / "news.db"
    code, out, told = run("add", STORIES, "--engine", "rules", "--archive", str(path))
    assert (code, out) == (0, "")
    assert "4 pages added, 10 statements" in told
    return path


@pytest.fixture
def archive(filled: Path, tmp_path: Path) -> str:
    return str(shutil.copy(filled, tmp_path))


def first(archive: str, *query: str) -> int:
    """The number of the first statement that a search finds."""
    _, out, _ = run("search", *query, "-f", "json", "--archive", archive)
    return int(json.loads(out)["hits"][0]["number"])


def test_adding_again_reads_nothing_and_says_so(archive: str) -> None:
    code, out, told = run("add", STORIES, "-v", "--engine", "rules", "--archive", archive)
    assert code == 0
    assert "0 pages added" in told
    assert "4 pages there already" in told
    assert [line.split("\t")[0] for line in out.splitlines()] == ["same"] * 4


def test_an_input_that_fails_is_named_and_the_rest_is_added(archive: str, tmp_path: Path) -> None:
    (tmp_path / "new.txt").write_text("The pier is closed, Mayor Ana Roe said on Monday.", encoding="utf-8")
    code, _, told = run("add", "/no/such/file", str(tmp_path / "new.txt"), "--engine", "rules", "--archive", archive)
    assert code == 1
    assert "/no/such/file" in told
    assert "1 page added" in told


@pytest.mark.parametrize("form", ["text", "json", "jsonl", "csv"])
def test_search_prints_each_form(archive: str, form: str) -> None:
    code, out, _ = run("search", "closed border", "-f", form, "--facets", "--archive", archive)
    assert code == 0
    rows = {
        "text": lambda: [line for line in out.splitlines() if "closed border" in line and line.startswith("    ")],
        "json": lambda: json.loads(out)["hits"],
        "jsonl": lambda: [json.loads(line) for line in out.splitlines()],
        "csv": lambda: list(csv.DictReader(io.StringIO(out))),
    }[form]()
    assert len(rows) == 2
    if form == "json":
        hit = json.loads(out)["hits"][0]
        assert hit["statement"]["content"]
        assert hit["article"]["published"].startswith("2024-03-01")
        marked = [hit["snippet"]["text"][start:end] for start, end in hit["snippet"]["marks"]]
        assert marked == ["closed", "border"]


def test_pages_of_results_follow_each_other(archive: str) -> None:
    numbers, after = [], ""
    for _ in range(10):
        _, out, _ = run("search", "-n", "3", "-f", "json", "--archive", archive, *(["--after", after] if after else []))
        page = json.loads(out)
        numbers += [hit["number"] for hit in page["hits"]]
        after = page["next"]
        if not after:
            break
    assert len(numbers) == len(set(numbers)) == 10


def test_nothing_found_is_exit_code_1_with_names_like_it(archive: str) -> None:
    code, out, told = run("search", "--speaker", "Carla Kispe", "--archive", archive)
    assert (code, out) == (1, "")
    assert "Carla Quispe" in told


@pytest.mark.parametrize(
    "arguments",
    [("search", "--since", "yesterday"), ("search", "--country", "Atlantis"), ("search", "--after", "x")],
)
def test_a_filter_that_makes_no_sense_is_one_line(archive: str, arguments: tuple[str, ...]) -> None:
    code, out, told = run(*arguments, "--archive", archive)
    assert (code, out) == (1, "")
    assert len(told.splitlines()) == 1


def test_a_missing_archive_is_named(tmp_path: Path) -> None:
    code, _, told = run("search", "x", "--archive", str(tmp_path / "none.db"))
    assert code == 1
    assert "no such archive" in told


def test_reports_show_the_earliest_first_and_what_differs(archive: str) -> None:
    number = first(archive, "pay road")
    code, out, _ = run("reports", str(number), "--archive", archive)
    assert code == 0
    assert out.index("wire.example") < out.index("harbour-post.example")
    assert "[-and we will not-] {+[or]+}" in out
    _, out, _ = run("reports", str(number), "-f", "json", "--archive", archive)
    assert [one["reported"] for one in json.loads(out)] == [2, 2]


@pytest.mark.parametrize("form", ["text", "json", "csv", "html"])
def test_a_dialogue_in_each_form(archive: str, form: str) -> None:
    code, out, _ = run("dialogue", "Peru", "Chile", "-f", form, "--archive", archive)
    assert code == 0
    assert "Chile is ready to reopen the Tacna crossing" in out


def test_a_correction_counts_until_it_is_undone(archive: str) -> None:
    number = str(first(archive, "pay road"))
    value = '{"name": "Ada Quill", "country": "NOR"}'
    assert run("correct", number, "speaker", value, "--author", "ed", "--archive", archive)[0] == 0
    assert run("search", "--speaker", "Quill", "--archive", archive)[0] == 0
    code, out, _ = run("export", "--corrected", "-f", "cases", "--archive", archive)
    assert code == 0
    (case,) = tomllib.loads(out)["case"]
    assert "Ada Quill" in [statement.get("speaker_name") for statement in case["statement"]]
    _, out, _ = run("export", "--corrected", "-f", "corpus", "--archive", archive)
    line = json.loads(out)
    content = line["attributions"][0]["content"][0]
    assert line["text"][content[0] : content[1]]
    assert run("undo", "1", "--archive", archive)[0] == 0
    assert run("search", "--speaker", "Quill", "--archive", archive)[0] == 1


@pytest.mark.parametrize("value", ["{name: x}", '{"nom": "x"}', "7"])
def test_a_correction_that_makes_no_sense_is_one_line(archive: str, value: str) -> None:
    code, out, told = run("correct", str(first(archive, "pay road")), "speaker", value, "--archive", archive)
    assert (code, out) == (1, "")
    assert len(told.splitlines()) == 1


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_what_is_exported_can_be_added_to_another_archive(archive: str, tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    assert run("export", "-f", form, "-o", str(out), "--archive", archive)[0] == 0
    other = str(tmp_path / "other.db")
    code, _, told = run("add", str(out), "--articles", "--archive", other)
    assert code == 0, told
    assert "4 pages added, 10 statements" in told
    assert run("search", "-f", "csv", "--archive", other)[1] == run("search", "-f", "csv", "--archive", archive)[1]


def test_lines_that_are_no_articles_are_named(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"id": "1"}\nnonsense\n', encoding="utf-8")
    code, _, told = run("add", str(tmp_path / "x.jsonl"), "--articles", "--archive", str(tmp_path / "news.db"))
    assert code == 1
    assert "x.jsonl:1" in told
    assert "x.jsonl:2" in told

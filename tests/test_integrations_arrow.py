"""`onrecord.read_many`, and its tables in pyarrow, pandas and polars."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pandas
import polars
import pyarrow
import pytest

import onrecord
from onrecord.formats.arrow import articles_schema, statements_schema

STORIES = Path(__file__).parent.parent / "examples" / "border-talks.jsonl"
ROE = "The bridge is safe, Mayor Anna Roe said."
PIKE = "“The pier is closed,” Mayor Ben Pike told reporters."


@pytest.fixture(scope="module")
def tables() -> onrecord.integrations.arrow_tables.Tables:
    return onrecord.read_many([STORIES, ROE], engine="rules")


def test_tables_have_the_schema_of_the_parquet_files(tables) -> None:
    assert tables.statements.schema.equals(statements_schema(), check_metadata=True)
    assert tables.articles.schema.equals(articles_schema(), check_metadata=True)
    assert tables.articles.num_rows == 5
    assert tables.statements.num_rows == sum(tables.articles["statement_count"].to_pylist()) == 11
    assert tables.failures.num_rows == 0


def test_rows_say_what_read_says(tables) -> None:
    [statement] = onrecord.read(ROE, "rules").statements
    row = tables.statements.to_pylist()[-1]
    assert (row["speaker_name"], row["content_text"]) == (statement.speaker.name, statement.content_text)
    text = tables.articles["text"].to_pylist()[-1]
    assert [text[span["start"] : span["end"]] for span in row["content"]] == list(statement.content.parts)


def test_failures_are_collected_and_the_rest_goes_on(tmp_path: Path) -> None:
    (tmp_path / "pier.txt").write_text(PIKE, encoding="utf-8")
    (tmp_path / "empty.txt").write_bytes(b"")
    tables = onrecord.read_many([str(tmp_path), "/no/such/file.html", float("nan"), None, 7, ROE], engine="rules")
    assert tables.statements["speaker_name"].to_pylist() == ["Ben Pike", "Anna Roe"]
    failed = {row["input"]: row["error"] for row in tables.failures.to_pylist()}
    assert list(failed) == [str(tmp_path / "empty.txt"), "/no/such/file.html", "nan", "None", "7"]
    assert "no such file" in failed["/no/such/file.html"]
    assert tables.failures["source"].to_pylist() == [0, 1, 2, 3, 4]
    assert failed["nan"] == "nan is neither a page nor the text or the location of one"


def test_a_name_that_is_no_text_fails_as_any_other() -> None:
    tables = onrecord.read_many(["/no/such/\udcff.html", "", ROE], engine="rules")
    assert tables.failures["input"].to_pylist() == ["/no/such/?.html", ""]
    assert tables.statements.num_rows == 1


@pytest.mark.parametrize("one", [ROE, ROE.encode(), onrecord.Page(ROE)], ids=["text", "bytes", "page"])
def test_one_source_needs_no_list(one: object) -> None:
    assert onrecord.read_many(one, engine="rules").statements.num_rows == 1


def test_one_location_of_many_pages_needs_no_list() -> None:
    assert onrecord.read_many(str(STORIES), engine="rules").articles.num_rows == 4
    assert onrecord.read_many(STORIES, engine="rules").articles.num_rows == 4


def test_sources_are_taken_as_they_come() -> None:
    taken = []

    def coming() -> Iterator[str]:
        for text in (ROE, PIKE):
            taken.append(text)
            yield text

    assert onrecord.read_many(coming(), engine="rules").statements["speaker_name"].to_pylist() == [
        "Anna Roe",
        "Ben Pike",
    ]
    assert taken == [ROE, PIKE]


def test_nothing_gives_empty_tables_of_the_same_schema() -> None:
    tables = onrecord.read_many([])
    assert (tables.statements.num_rows, tables.articles.num_rows, tables.failures.num_rows) == (0, 0, 0)
    assert tables.statements.schema.equals(statements_schema())


def test_pandas_takes_them(tables) -> None:
    frame = tables.statements.to_pandas()
    assert frame.groupby("speaker_name").size().to_dict()["Carla Quispe"] >= 2
    joined = frame.merge(tables.articles.to_pandas(), left_on="article", right_on="id", suffixes=("", "_article"))
    assert len(joined) == len(frame) == 11
    column = pandas.Series([ROE, PIKE, None])
    assert onrecord.read_many(column, engine="rules").failures.num_rows == 1


def test_polars_and_arrow_take_the_result_itself(tables) -> None:
    frame = polars.DataFrame(tables)
    assert frame.shape == (11, len(statements_schema()))
    quoted = frame.filter(polars.col("kind") == "direct").select("speaker_name", "content_text", "acts")
    assert set(quoted["speaker_name"]) == {"Carla Quispe", "Pedro Araya"}
    assert pyarrow.table(tables).equals(tables.statements)


def test_duckdb_takes_the_result_by_its_name(tables) -> None:
    asked = "SELECT speaker_name, count(*) FROM tables WHERE kind = 'direct' GROUP BY 1 ORDER BY 1"
    assert duckdb.sql(asked).fetchall() == [("Carla Quispe", 2), ("Pedro Araya", 1)]


def test_without_pyarrow_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(onrecord.UsageError, match=r"pip install 'onrecord\[parquet\]'"):
        onrecord.read_many([ROE], engine="rules")


def test_importing_onrecord_loads_no_table_library() -> None:
    code = (
        "import sys, onrecord; heavy = ('pyarrow', 'pandas', 'polars', 'spacy', 'mcp', 'onrecord.pipeline', 'html');"
        "print([name for name in heavy if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"

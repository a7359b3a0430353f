"""An archive in Datasette: the real one, with the metadata that `onrecord datasette` writes."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from datasette.app import Datasette

from onrecord.archive import tables
from test_cli import run

STORIES = str(Path(__file__).parent.parent / "examples" / "border-talks.jsonl")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("datasette") / "border news.db"
    code, _, _ = run("add", STORIES, "--engine", "rules", "--archive", str(path))
    assert code == 0
    return path


@pytest.fixture(scope="module")
def metadata(archive: Path) -> dict[str, Any]:
    code, out, _ = run("datasette", "--archive", str(archive))
    assert code == 0
    told: dict[str, Any] = json.loads(out)
    return told


@pytest.fixture(scope="module")
def served(archive: Path, metadata: dict[str, Any]) -> Datasette:
    return Datasette([str(archive)], metadata=metadata)


def got(served: Datasette, path: str) -> Any:
    """What Datasette answers, as JSON or, where it is a page, as text."""

    async def asked() -> Any:
        response = await served.client.get(f"/border~20news{path}")
        assert response.status_code == 200, response.text
        return response.json() if ".json" in path else response.text

    return asyncio.run(asked())


def test_it_describes_every_table_and_no_column_that_is_not_there(archive: Path, metadata: dict[str, Any]) -> None:
    told = metadata["databases"]["border news"]["tables"]
    assert told.keys() == {*tables.metadata.tables, "statement_index"}
    with sqlite3.connect(archive) as database:
        for name, table in told.items():
            columns = {row[1] for row in database.execute(f"PRAGMA table_info({name})")}
            named = {*table.get("columns", ()), *table.get("facets", ()), *filter(None, [table.get("label_column")])}
            assert table["description"]
            assert named <= columns, name


def test_tables_are_shown_with_descriptions_and_facets(served: Datasette) -> None:
    page = got(served, "/statement")
    assert "One attribution: somebody says something." in page
    assert "Whom the source means; null where nobody is named" in page
    facets = got(served, "/statement.json")["facet_results"]
    assert set(facets) == {"speaker", "country", "kind", "outlet"}
    speakers = {one["value"]: one["count"] for one in facets["speaker"]["results"]}
    assert (speakers["Pedro Araya"], speakers["Carla Quispe"]) == (5, 4)
    shown = got(served, "")
    assert "Who said these words" in shown


def test_what_the_archive_keeps_for_itself_is_hidden(served: Datasette) -> None:
    told = {table["name"]: table["hidden"] for table in got(served, ".json")["tables"]}
    shown = {name for name, hidden in told.items() if not hidden}
    assert shown == {
        "act", "actor", "article", "block", "cluster", "correction", "looked", "mention", "reprint", "span",
        "statement",
    }  # fmt: skip


def test_articles_are_called_by_their_headlines(served: Datasette) -> None:
    rows = got(served, "/statement.json?_labels=on&_shape=objects")["rows"]
    assert rows[0]["article_id"]["label"] == "Chile ready to reopen crossing"


def test_said_finds_words_and_proof_shows_the_characters(served: Datasette, archive: Path) -> None:
    found = got(served, "/said.json?_shape=array&words=Closed+border")
    assert [row["speaker"] for row in found] == ["Carla Quispe", "Carla Quispe"]
    assert got(served, "/said.json?_shape=array&words=closed+camels") == []
    spans = got(served, f"/proof.json?_shape=array&statement={found[0]['statement']}")
    assert [(row["part"], row["words"]) for row in spans[:2]] == [("source", "she"), ("cue", "said")]
    with sqlite3.connect(archive) as database:
        [(text,)] = database.execute("SELECT text FROM article WHERE url = ?", [spans[0]["url"]])
    assert all(text[row["start"] : row["end"]] == row["words"] for row in spans)


@pytest.mark.parametrize("words", ["", "   ", '"', 'a" OR tags : "any', "*", "NEAR(", "'; DROP TABLE statement; --"])
def test_nothing_typed_is_an_error(served: Datasette, words: str) -> None:
    from urllib.parse import quote

    assert isinstance(got(served, f"/said.json?_shape=array&words={quote(words)}"), list)


def test_the_other_queries(served: Datasette) -> None:
    speakers = got(served, "/speakers.json?_shape=array&month=2024-03")
    assert speakers[0] == {"speaker": "Pedro Araya", "country": "CHL", "statements": 5, "articles": 2, "outlets": 1}
    assert got(served, "/speakers.json?_shape=array&month=2023") == []
    [most] = got(served, "/most_reported.json?_shape=array")
    assert (most["articles"], most["outlet"], most["first"]) == (2, "wire.example", "2024-03-01")
    acts = got(served, "/toward.json?_shape=array&source=chl&target=PER")
    assert "DENY" in {row["act"] for row in acts}
    for page in ("/said", "/proof", "/speakers", "/most_reported", "/toward"):
        assert "sql-error" not in got(served, page)


@pytest.mark.parametrize(
    "page", ["?sql=select+*+from+account", "/account", "/credential.json", "/reading", "/alert_channel"]
)
def test_what_must_stay_unread_is_refused(served: Datasette, page: str) -> None:
    answer = asyncio.run(served.client.get(f"/border~20news{page}"))
    assert answer.status_code == 403


def test_what_datasette_does_not_read_is_said(tmp_path: Path) -> None:
    code, out, told = run("datasette", "--archive", "postgresql://nobody@nowhere/news")
    assert (code, out) == (1, "")
    assert "Datasette reads SQLite alone" in told
    code, out, told = run("datasette", "--archive", str(tmp_path / "none.db"))
    assert (code, out) == (1, "")
    assert "no such archive" in told

"""`onrecord annotate`: a folder is read, corrected in the browser, marked as looked through, and written as gold."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

import onrecord
from onrecord.archive import looked
from onrecord.archive.archive import Archive, open_archive
from onrecord.cli import app as cli
from onrecord.cli_annotate import _account, _read
from onrecord.cli_common import By
from onrecord.errors import UsageError
from onrecord.schema import Article
from onrecord.web.app import create_app
from onrecord.web.settings import Settings

STORIES = {
    "a.txt": "“The dam will hold,” said Mayor Anna Roe on Monday. The road is closed, and nobody knows for how long.",
    "b.txt": "Foreign Minister Bo Lind said that talks would go on. He did not name a day.",
    "deep/c.html": "<html><body><article><h1>Rain</h1><p>“It will rain,” said Ada Quill, a farmer, on Friday.</p>"
    "<p>The market opened at nine, and the bridge was swept before the first carts came.</p></article></body></html>",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stories"
    for name, story in STORIES.items():
        (made / name).parent.mkdir(parents=True, exist_ok=True)
        (made / name).write_text(story, encoding="utf-8")
    return made


def filled(folder: Path) -> str:
    path = str(folder / "onrecord.db")
    with open_archive(path) as archive:
        _read(archive, folder, By.RULES, "")
        _account(archive, "ada")
    return path


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    app = create_app(Settings(filled(folder), "rules", annotator="ada"))
    with TestClient(app, base_url="http://localhost", follow_redirects=False) as client:
        yield client


def csrf(client: TestClient, path: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', client.get(path).text)
    assert found
    return found[1]


def post(client: TestClient, path: str, form_at: str, **fields: str) -> Any:
    return client.post(path, data={"csrf": csrf(client, form_at)} | fields)


def gold(folder: Path) -> Path:
    return folder.with_name("gold.jsonl")


def write(folder: Path, *more: str) -> Any:
    return CliRunner().invoke(cli, ["annotate", str(folder), "--write", str(gold(folder)), *more])


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in gold(folder).read_text(encoding="utf-8").splitlines()]


def test_nobody_signs_in_and_every_article_is_listed(client: TestClient) -> None:
    page = client.get("/annotate")
    assert page.status_code == 200
    assert "0 of 3 looked through" in page.text
    assert [name for name in ("a.txt", "b.txt", "c.html") if name in page.text] == ["a.txt", "b.txt", "c.html"]
    assert page.headers["cache-control"] == "no-store"
    assert 'href="/login"' not in page.text


def test_looked_through_leads_on_and_can_be_taken_back(client: TestClient) -> None:
    places = []
    for number in (1, 2, 3):
        places.append(post(client, f"/article/{number}/looked", f"/article/{number}", done="1").headers["location"])
    assert places == ["/article/2", "/article/3", "/annotate"]
    assert "3 of 3 looked through" in client.get("/annotate").text
    assert "Nothing is left to do" in client.get("/annotate").text
    assert post(client, "/article/2/looked", "/article/2", done="0").headers["location"] == "/article/2"
    assert "2 of 3" in client.get("/annotate").text
    # Who goes on from the last one is led to what was left out before it.
    assert post(client, "/article/3/looked", "/article/3", done="1").headers["location"] == "/article/2"


def test_forms_from_elsewhere_and_articles_that_are_not_there_are_refused(client: TestClient) -> None:
    assert client.post("/article/1/looked", data={"done": "1"}).status_code == 403
    elsewhere = {"sec-fetch-site": "cross-site"}
    form = {"csrf": csrf(client, "/article/1"), "done": "1"}
    assert client.post("/article/1/looked", data=form, headers=elsewhere).status_code == 403
    assert client.get("/annotate", headers={"host": "evil.example"}).status_code == 400
    assert post(client, "/article/99/looked", "/article/1", done="1").status_code == 400
    assert "0 of 3" in client.get("/annotate").text


def test_where_accounts_are_asked_for_the_list_is_for_members(folder: Path) -> None:
    with TestClient(
        create_app(Settings(filled(folder))), base_url="http://localhost", follow_redirects=False
    ) as client:
        for path in ("/annotate", "/annotate/gold.jsonl"):
            assert client.get(path).headers["location"] == f"/login?next={path}"
        assert "looked" not in client.get("/article/1").text


def test_what_annotators_did_goes_straight_into_the_evaluation(client: TestClient, folder: Path) -> None:
    """Correct one statement, drop one, add one; what the machine had found is then measured against that."""
    before = [one for n in (1, 2) if (one := _article(folder, n))]
    first, second = (_number(client, n) for n in (1, 2))
    form = f"/statement/{first}/correct?then=article"
    fields = {"name": "Anna Roe", "speaker_kind": "person", "content": "The dam will hold", "kind": "direct",
              "source": "Mayor Anna Roe", "cue": "said", "note": "role"}  # fmt: skip
    answer = post(client, form, form, **fields)
    assert (answer.status_code, answer.headers["location"].partition("#")[0]) == (303, "/article/1")
    post(client, f"/statement/{second}/correct", f"/statement/{second}/correct", dropped="1")
    added = {"content": "for how long", "source": "nobody", "cue": "knows", "kind": "indirect"}
    answer = post(client, "/article/1/missed?then=article", "/article/1/missed", **added)
    assert answer.headers["location"].startswith("/article/1#a")
    for number in (1, 2):
        post(client, f"/article/{number}/looked", f"/article/{number}", done="1")
    done = write(folder)
    assert done.exit_code == 0, done.output
    assert "2 articles written, 2 statements; 1 article not looked through and left out" in done.output
    first, second = lines(folder)
    said = [[first["text"][slice(*span)] for span in one["content"]] for one in first["attributions"]]
    assert ["The dam will hold"] in said
    assert ["for how long"] in said
    assert second["attributions"] == []
    assert client.get("/annotate/gold.jsonl").text == gold(folder).read_text(encoding="utf-8")
    found = onrecord.evaluate(gold(folder), before, draws=0).systems[0].scores["relation"]
    assert (found.gold, found.found, found.given, found.right) == (2, 1, 2, 1)


def _article(folder: Path, number: int) -> Article | None:
    with open_archive(str(folder / "onrecord.db")) as archive:
        return archive.article(number)


def _number(client: TestClient, article: int) -> str:
    found = re.search(r'href="/statement/(\d+)"', client.get(f"/article/{article}").text)
    assert found
    return found[1]


def test_starting_again_keeps_everything_and_reads_what_is_new(folder: Path) -> None:
    path = filled(folder)
    with open_archive(path) as archive, archive.to_write() as connection:
        looked.mark(connection, 1, "ada")
    (folder / "d.txt").write_text("“No,” said Mayor Roe.", encoding="utf-8")
    moved = folder.with_name("elsewhere")
    shutil.move(folder, moved)
    filled(moved)
    with open_archive(str(moved / "onrecord.db")) as archive:
        assert archive.counts()["articles"] == 4
        assert _marks(archive) == [True, False, False, False]


def test_a_page_that_has_changed_is_to_be_looked_through_again(folder: Path) -> None:
    path = filled(folder)
    with open_archive(path) as archive, archive.to_write() as connection:
        looked.mark(connection, 2, "ada")
    (folder / "b.txt").write_text(STORIES["b.txt"].replace("would", "will"), encoding="utf-8")
    filled(folder)
    with open_archive(path) as archive:
        assert archive.counts()["articles"] == 3
        assert _marks(archive) == [False, False, False]
        with pytest.raises(UsageError, match="later version"), archive.to_write() as connection:
            looked.mark(connection, 2, "ada")


def _marks(archive: Archive) -> list[bool]:
    with archive.to_read() as connection:
        return [one.looked is not None for one in looked.tasks(connection)]


def test_one_story_in_two_files_gets_two_ids(folder: Path) -> None:
    (folder / "copy.txt").write_text(STORIES["a.txt"], encoding="utf-8")
    filled(folder)
    assert write(folder, "--all").exit_code == 0
    assert len({one["id"] for one in lines(folder)}) == 4


def test_the_list_comes_in_pages(folder: Path) -> None:
    with open_archive(filled(folder)) as archive, archive.to_read() as connection:
        assert [one.number for one in looked.tasks(connection, limit=2)] == [1, 2]
        assert [one.number for one in looked.tasks(connection, after=2, limit=2)] == [3]
        assert looked.progress(connection) == looked.Progress(0, 3)


def test_the_list_on_any_database(archive: Archive) -> None:
    """PostgreSQL as well, where the suite has one."""
    added = archive.add(onrecord.read(STORIES["a.txt"], engine="rules"))
    with archive.to_write() as connection:
        looked.mark(connection, added.article, "ada")
        assert looked.next_task(connection, 0) is None
        assert [one.looked and one.looked.by for one in looked.tasks(connection)] == ["ada"]
        looked.mark(connection, added.article, "ada", done=False)
        assert looked.next_task(connection, 0) == added.article
        assert looked.looked(connection, added.article) is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none"], "no folder"),
        (["empty", "--no-browser"], "nothing in it could be read"),
        (["empty", "--write", "out.jsonl"], "nothing was annotated there yet"),
        (["empty", "--write", "empty/gold.jsonl"], "would be read as pages the next time"),
        (["empty", "--no-browser", "--name", "a b"], "is no name for an account"),
        (["empty", "--no-browser", "--lang", "xx"], "no rules for the language"),
    ],
)
def test_what_makes_no_sense_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    if "--name" in arguments:
        (tmp_path / "empty" / "a.txt").write_text(STORIES["b.txt"], encoding="utf-8")
    done = CliRunner().invoke(cli, ["annotate", *arguments])
    assert done.exit_code != 0
    assert re.search(words, f"{done.exception} {done.output}".replace("\n", " "))


def test_nothing_is_written_before_anything_was_looked_through(folder: Path) -> None:
    filled(folder)
    done = write(folder)
    assert "no article of 3 was looked through yet" in str(done.exception)
    assert not gold(folder).exists()


def test_the_command_serves_this_machine_until_it_is_stopped(folder: Path) -> None:
    for read in ("3 pages read", ""):
        served = subprocess.Popen(
            [sys.executable, "-c", "from onrecord.cli import main; main()", "annotate", str(folder), "--no-browser",
             "--port", "0", "--engine", "rules"],
            stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert served.stderr
        try:
            told = ""
            while "annotate shows" not in told:
                line = served.stderr.readline()
                assert line, told
                told += line
            assert read in told
            address = re.search(r"http://127\.0\.0\.1:\d+/annotate", told)
            assert address
            with urllib.request.urlopen(address[0], timeout=20) as answer:
                assert b"0 of 3 looked through" in answer.read()
        finally:
            served.send_signal(signal.SIGINT)
            served.wait(20)

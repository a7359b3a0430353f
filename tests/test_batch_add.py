"""What becomes of a run's tables when they are added to an archive."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from made_crawl import address, http, page, record, response, story, write_warc
from onrecord.archive.archive import open_to_read
from onrecord.batch.records import Settings
from onrecord.batch.run import run as run_batch
from test_cli import run

RULES = Settings(engine="rules")
NEW = "“The gulls may stay on the roof for now,” Ada Quill said."


def batch(folder: Path, name: str, records: list[bytes], shard_bytes: int = 10**9) -> str:
    """The folder of a run over these records."""
    source = write_warc(folder / f"{name}.warc.gz", records)
    run_batch([str(source)], str(folder / name), RULES, workers=1, shard_bytes=shard_bytes)
    return str(folder / name)


def updated(url: str, text: str, number: int, fetched: str) -> bytes:
    """A record of a story in a later wording."""
    made = record(url, http(page(number, text)))
    return made.replace(b"2021-03-05T10:00:00Z", fetched.encode())


def add(archive: Path, *folders: str) -> tuple[int, str]:
    code, _, told = run("add", *folders, "--archive", str(archive))
    return code, told


def found(archive: Path, words: str) -> list[str]:
    """The addresses of the articles in which a search finds statements."""
    with open_to_read(str(archive)) as opened:
        return [hit.article.url for hit in opened.search(words).hits]


@pytest.fixture(scope="module")
def long_story() -> str:
    return "\n\n".join(story(number)[1] for number in range(200, 212))


def test_a_page_that_was_updated_counts_as_it_was_fetched_last(long_story: str, tmp_path: Path) -> None:
    """The later one is nearly the same, and comes first in the crawl."""
    url = "https://www.harbour.example/gulls"
    later = updated(url, f"{long_story}\n\n{NEW}", 1, "2021-03-06T10:00:00Z")
    earlier = updated(url, long_story, 1, "2021-03-05T10:00:00Z")
    folder = batch(tmp_path, "run", [later, earlier, response(3)])
    archive = tmp_path / "news.db"
    code, told = add(archive, folder)
    assert code == 0
    assert "2 pages added" in told
    assert found(archive, "gulls roof") == [url]
    content = archive.read_bytes()
    code, told = add(archive, folder)
    assert (code, archive.read_bytes()) == (0, content)
    assert "0 pages added" in told
    assert "2 pages there already" in told


def test_a_duplicate_never_takes_the_place_of_what_was_read(long_story: str, tmp_path: Path) -> None:
    """The page was read; then it came again with the words of another page, which came before it."""
    url = "https://www.harbour.example/ferry"
    records = [
        record("https://www.mirror.example/ferry", http(page(1, long_story))),
        updated(url, f"{NEW}\n\n{story(300)[1]}", 1, "2021-03-05T10:00:00Z"),
        updated(url, long_story, 1, "2021-03-06T10:00:00Z"),
    ]
    archive = tmp_path / "news.db"
    code, _ = add(archive, batch(tmp_path, "run", records))
    assert code == 0
    assert found(archive, "gulls roof") == [url]


def test_runs_of_several_days_can_be_added_in_any_order_and_again(long_story: str, tmp_path: Path) -> None:
    url = "https://www.harbour.example/gulls"
    one = batch(tmp_path, "one", [updated(url, long_story, 1, "2021-03-05T10:00:00Z")])
    two = batch(tmp_path, "two", [updated(url, f"{long_story}\n\n{NEW}", 1, "2021-03-06T10:00:00Z")])
    archive = tmp_path / "news.db"
    assert "1 page added" in add(archive, one)[1]
    assert "1 page changed, the earlier version kept" in add(archive, two)[1]
    content = archive.read_bytes()
    for folders in ((one,), (two,), (one, two), (two, one)):
        assert "page there already" in add(archive, *folders)[1]
        assert archive.read_bytes() == content
    assert found(archive, "gulls roof") == [url]
    together = tmp_path / "together.db"
    assert "1 page added" in add(together, two, one)[1]
    assert found(together, "gulls roof") == [url]


def test_copies_are_reprints_of_what_was_read(tmp_path: Path) -> None:
    """The copy has the earlier month, so that its file comes first; a third shares all but the statement."""
    text = story(7)[1] + "\n\n" + story(8)[1] + "\n\n" + story(9)[1]
    whole = record(address(7), http(page(7, text)))
    copy = record("https://copy.example/7", http(page(7, text, day="2021-02-04")))
    shorter = "\n\n".join(part for part in text.split("\n\n") if "crowns aside" not in part)
    folder = batch(tmp_path, "run", [whole, copy, record("https://short.example/7", http(page(7, shorter)))])
    archive = tmp_path / "news.db"
    assert "3 pages added" in add(archive, folder)[1]
    with open_to_read(str(archive)) as opened:
        (hit, *_) = opened.search("crowns aside").hits
        assert hit.article.url == address(7)
        (reported, *_) = opened.reports(hit.id)
    assert reported.reprint_of is None
    assert [copy.url for copy in reported.copies] == ["https://copy.example/7"]
    _, out, _ = run("reports", str(hit.id), "--archive", str(archive))
    assert "same text  2021-02-04T08:00  copy.example  ·  https://copy.example/7" in out


def test_a_run_that_is_not_finished_is_told_and_what_it_has_is_added(tmp_path: Path) -> None:
    folder = batch(tmp_path, "run", [response(1), response(2)])
    (Path(folder) / "_work" / "clusters.done").unlink()
    code, told = add(tmp_path / "news.db", folder)
    assert code == 1
    assert "this run is not finished" in told
    assert "2 pages added" in told
    shutil.rmtree(Path(folder) / "articles")
    code, told = add(tmp_path / "news.db", folder)
    assert code == 1
    assert "this run is not finished" in told
    assert "0 pages added" in told


def test_a_run_without_articles_says_so_and_its_tables_can_be_asked(tmp_path: Path) -> None:
    folder = batch(tmp_path, "run", [record("https://bad.example/", http(b""))])
    code, told = add(tmp_path / "news.db", folder)
    assert code == 1
    assert "this run holds no articles" in told
    assert {path.parent.name for path in Path(folder).glob("[!_]*/**/*.parquet")} == {
        "date=unknown", "clusters", "problems",
    }  # fmt: skip


def test_runs_and_pages_can_be_added_together(tmp_path: Path) -> None:
    folder = batch(tmp_path, "run", [response(1)])
    (tmp_path / "new.txt").write_text("The pier is closed, Mayor Ana Roe said on Monday.", encoding="utf-8")
    code, told = add(tmp_path / "news.db", folder, str(tmp_path / "new.txt"))
    assert code == 0
    assert "2 pages added" in told


def test_damaged_tables_are_named_and_the_rest_is_added(tmp_path: Path) -> None:
    folder = batch(tmp_path, "run", [response(1), response(2, day="2021-05-06")])
    next(Path(folder).glob("articles/date=2021-03/*.parquet")).write_bytes(b"PAR1 but no more")
    code, told = add(tmp_path / "news.db", folder)
    assert code == 1
    assert "cannot be read as Parquet" in told
    assert "1 page added" in told

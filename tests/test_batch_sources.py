"""Inputs that are not WARC: the same pages however they are cut into shards."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from made_crawl import page, story
from onrecord.batch.plan import InputFile, listed, planned
from onrecord.batch.records import Shard, Trouble
from onrecord.batch.sources import shard_pages
from onrecord.schema import Failure, Page


def shards_of(inputs: list[str], shard_bytes: int = 10**9) -> list[Shard | Failure]:
    files = list(listed(inputs))
    failures = [one for one in files if isinstance(one, Failure)]
    return [*failures, *planned([one for one in files if isinstance(one, InputFile)], shard_bytes)]


def read(path: Path, shard_bytes: int = 10**9) -> list[Page | Trouble]:
    shards = list(shards_of([str(path)], shard_bytes))
    assert [one.number for one in shards if isinstance(one, Shard)] == list(range(len(shards)))
    return [page for shard in shards if isinstance(shard, Shard) for page in shard_pages(shard)]


@pytest.mark.parametrize("size", [20, 100, 333, 10**6])
def test_lines_are_read_once_wherever_the_file_is_cut(size: int, tmp_path: Path) -> None:
    lines = [json.dumps({"id": number, "text": story(number)[1], "date": "2021-01-24"}) for number in range(20)]
    lines[7] = "no JSON"
    path = tmp_path / "stories.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    found = read(path, size)
    assert [one.id for one in found if isinstance(one, Page)] == [str(n) for n in range(20) if n != 7]
    assert [one.outcome for one in found if isinstance(one, Trouble)] == ["failed"]


def test_packed_lines(tmp_path: Path) -> None:
    path = tmp_path / "stories.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"text": "It rains."}\n{"html": "<p>It rains."}\n'))
    assert [(one.content, one.media) for one in read(path, 10) if isinstance(one, Page)] == [
        ("It rains.", "text"),
        ("<p>It rains.", "html"),
    ]


@pytest.mark.parametrize("column", ["html", "text"])
def test_rows(column: str, tmp_path: Path) -> None:
    rows = [{"url": f"https://a.example/{n}", column: page(n).decode(), "language": "en"} for n in range(2_500)]
    rows[3][column] = None  # type: ignore[assignment]
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.Table.from_pylist(rows), path, row_group_size=600)
    assert len(list(shards_of([str(path)]))) == 3
    found = read(path)
    pages = [one for one in found if isinstance(one, Page)]
    assert len(pages) == 2_499
    assert (pages[3].url, pages[3].input, pages[3].lang) == ("https://a.example/4", f"{path}#4", "en")
    assert [one.place for one in found if isinstance(one, Trouble)] == [f"{path}#3"]


@pytest.mark.parametrize(("files", "shards"), [(1, 1), (20, 1), (45, 3), (1_280, 64), (3_200, 64)])
def test_small_files_are_shared_out_among_workers(files: int, shards: int, tmp_path: Path) -> None:
    for number in range(files):
        (tmp_path / f"{number}.html").write_bytes(b"<p>It rains.")
    assert len(list(shards_of([str(tmp_path)]))) == shards


def test_a_folder_of_everything(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "below" / "a.html").write_bytes(page(1))
    (tmp_path / "b.htm.gz").write_bytes(gzip.compress(page(2)))
    (tmp_path / "c.jsonl").write_text('{"text": "It rains."}\n', encoding="utf-8")
    (tmp_path / ".hidden" / "d.html").write_bytes(page(4))
    (tmp_path / "e.css").write_bytes(b"p {}")
    found = [Path(one.input).name for one in read(tmp_path) if isinstance(one, Page)]
    assert sorted(found) == ["a.html", "b.htm.gz", "c.jsonl:1"]


def test_an_address_of_fsspec() -> None:
    import fsspec

    fsspec.filesystem("memory").pipe_file("/crawl/a.html", page(1))
    fsspec.filesystem("memory").pipe_file("/crawl/b.html", page(2))
    shards = [one for one in shards_of(["memory://crawl"]) if isinstance(one, Shard)]
    assert [one.content for shard in shards for one in shard_pages(shard) if isinstance(one, Page)] == [
        page(1),
        page(2),
    ]


@pytest.mark.parametrize("given", ["/no/such/file", "nosuch://bucket/file", "/no/*/match.html"])
def test_what_is_not_there_is_a_failure(given: str) -> None:
    (found,) = shards_of([given])
    assert isinstance(found, Failure)


@pytest.mark.parametrize("name", ["a.parquet", "a.jsonl.gz", "a.warc.gz", "a.html.gz"])
def test_damaged_files_are_named(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(b"\x1f\x8b\x08 not what it seems " * 3)
    shards = list(shards_of([str(tmp_path / name)]))
    found = [one for shard in shards if isinstance(shard, Shard) for one in shard_pages(shard)]
    assert [one for one in [*shards, *found] if isinstance(one, Failure | Trouble)]
    assert not [one for one in found if isinstance(one, Page)]

"""A run from a crawl to tables: what it keeps, leaves out and names; broken off at any point, it comes out the same."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import signal
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from crawls import FEW_BYTES, command, done, driver, kill, of_session, rows, tables, wait_for
from made_crawl import address, hostile, http, page, record, response, story, strange, write_warc
from onrecord.articles import articles_of
from onrecord.batch.manifest import kept_plan
from onrecord.batch.places import Folder
from onrecord.batch.records import Settings
from onrecord.batch.run import Summary, run
from onrecord.cli import app
from onrecord.errors import OnrecordError, UsageError
from onrecord.schema import Article

RULES = Settings(engine="rules")


@pytest.fixture(scope="module")
def crawl(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two WARC files with 80 stories, some of them again elsewhere, and all that a crawl should not have."""
    folder = tmp_path_factory.mktemp("crawl")
    # A record so damaged that nothing tells where it begins is lost in the one before it, if that is damaged too.
    bad = [*hostile().values(), *[b""] * 40]
    first = [one for number in range(40) for one in (response(number), bad[number])]
    copies = [record(f"https://copy.example/{n}", http(page(n))) for n in range(5)]
    longer = story(7)[1] + "\n\n" + story(8)[1] + "\n\n" + story(9)[1]
    nearly = [record("https://nearly.example/long", http(page(7, longer)))]
    nearly += [record("https://nearly.example/cut", http(page(7, longer.rpartition("\n\n")[0])))]
    same = [response(3)]
    german = (
        "<p>Der Bürgermeister sagte, dass die Fähre im Hafen bleibt und nicht verkauft wird, weil sie noch gut ist.</p>"
    )
    abroad = [record("https://abroad.example/1", http(f"<html><body>{german * 9}</body></html>".encode()))]
    second = [*map(response, range(40, 80)), *copies, *nearly, *same, *abroad, *strange().values()]
    write_warc(folder / "a.warc.gz", filter(None, first))
    write_warc(folder / "b.warc.gz", second)
    return folder


@pytest.fixture(scope="module")
def many_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 60 pages, each a file: three shards."""
    folder = tmp_path_factory.mktemp("files")
    for number in range(60):
        (folder / f"{number:03}.html").write_bytes(page(number))
    return folder


@pytest.fixture(scope="module")
def undisturbed(crawl: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Summary]:
    folder = tmp_path_factory.mktemp("out") / "tables"
    return folder, run([str(crawl)], str(folder), RULES, workers=2, shard_bytes=FEW_BYTES)


def test_every_page_is_an_article_or_named(undisturbed: tuple[Path, Summary]) -> None:
    folder, summary = undisturbed
    articles, problems = rows(folder, "articles"), rows(folder, "problems")
    urls = {row[3] for row in articles}
    assert {address(number) for number in range(80)} <= urls
    assert {one for one in urls if "odd.example" in one} == {
        f"https://odd.example/{name}" for name in ("nested", "charset", "chunked", "packed")
    }
    failed = [row for row in problems if row[2] == "failed"]
    left_out = [row for row in problems if row[2] == "left_out"]
    assert len(failed) + len([row for row in left_out if row[1] == "record"]) == len(hostile())
    assert not [one for one in urls if "bad.example" in one]
    assert summary.apart.pages == len(articles) + len(failed) + len(left_out)


def test_statements_are_found(undisturbed: tuple[Path, Summary]) -> None:
    folder, summary = undisturbed
    found = duckdb.execute(
        f"SELECT content_text FROM '{folder}/statements/*/*.parquet' WHERE url = '{address(11)}'"
    ).fetchall()
    assert any("crowns aside" in content for (content,) in found)
    assert summary.statements.statements == len(rows(folder, "statements"))


def test_copies_are_told_and_not_read(undisturbed: tuple[Path, Summary]) -> None:
    folder, summary = undisturbed
    found = dict(
        duckdb.execute(
            f"SELECT url, statement_count FROM '{folder}/articles/*/*.parquet' WHERE duplicate_of IS NOT NULL"
        ).fetchall()
    )
    assert found == dict.fromkeys([*(f"https://copy.example/{n}" for n in range(5)), "https://nearly.example/cut"], 0)
    pointed = duckdb.execute(
        f"""SELECT copy.url, kept.url FROM '{folder}/articles/*/*.parquet' copy
            JOIN '{folder}/articles/*/*.parquet' kept ON copy.duplicate_of = kept.id WHERE kept.statement_count > 0"""
    ).fetchall()
    assert {(f"https://copy.example/{n}", address(n)) for n in range(5)} <= set(pointed)
    assert len(pointed) == 6
    # The same page fetched twice is one article.
    assert len([row for row in rows(folder, "articles") if row[3] == address(3)]) == 1
    assert summary.duplicates == 7


def test_clusters_reach_across_articles(undisturbed: tuple[Path, Summary]) -> None:
    folder, summary = undisturbed
    found = duckdb.execute(
        f"""SELECT count(DISTINCT s.url) FROM '{folder}/clusters/*.parquet' c
            JOIN '{folder}/statements/*/*.parquet' s ON s.article = c.article AND s.id = c.statement
            GROUP BY c.cluster ORDER BY 1 DESC"""
    ).fetchall()
    assert len(found) == summary.clusters
    assert found[0][0] >= 2


def test_articles_can_be_read_back(undisturbed: tuple[Path, Summary]) -> None:
    folder, summary = undisturbed
    found = list(articles_of([str(folder)]))
    assert all(isinstance(one, Article) for one in found)
    assert sum(len(one.statements) for one in found if isinstance(one, Article)) == summary.statements.statements


def test_workers_and_shards_change_no_row(crawl: Path, undisturbed: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, _ = undisturbed
    run([str(crawl)], str(tmp_path / "out"), RULES, workers=1, shard_bytes=10**9)
    assert tables(tmp_path / "out") == tables(folder)


def test_killed_at_any_point_it_comes_out_the_same(
    crawl: Path, undisturbed: tuple[Path, Summary], tmp_path: Path
) -> None:
    folder, summary = undisturbed
    output = tmp_path / "out"
    shards = summary.apart.shards
    for count in (shards // 3, shards + shards // 2):
        broken = driver(crawl, output)
        wait_for(broken, output, count)
        kill(broken)
    assert done(output) < 2 * shards
    again = run([str(crawl)], str(output), RULES, workers=2, shard_bytes=FEW_BYTES)
    assert tables(output) == tables(folder)
    assert (again.apart.pages, again.statements.statements) == (summary.apart.pages, summary.statements.statements)


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_stopped_it_says_so_in_a_line_and_leaves_nothing_behind(
    sent: signal.Signals, code: int, many_files: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    broken = command(many_files, output)
    wait_for(broken, output, 1)
    os.killpg(broken.pid, sent)  # as a terminal does
    said = broken.communicate(timeout=20)[1].decode()
    assert (broken.returncode, said) == (code, "onrecord: stopped; the same command goes on\n")
    ends = time.monotonic() + 3
    while (left := of_session(broken.pid)) and time.monotonic() < ends:
        time.sleep(0.02)
    assert not left
    assert done(output) < 2 * 3
    if sent == signal.SIGINT:
        run([str(many_files)], str(output), RULES)
        run([str(many_files)], str(tmp_path / "undisturbed"), RULES)
        assert tables(output) == tables(tmp_path / "undisturbed")


def test_a_run_that_is_done_does_nothing(crawl: Path, undisturbed: tuple[Path, Summary]) -> None:
    folder, summary = undisturbed
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")}
    assert run([str(crawl)], str(folder), RULES, workers=2, shard_bytes=FEW_BYTES) == summary
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.parquet")} == before


def test_another_run_in_the_same_folder_is_refused(crawl: Path, undisturbed: tuple[Path, Summary]) -> None:
    folder, _ = undisturbed
    asked = Settings(engine="model", languages=("de", "en"), page_seconds=9)
    said = (
        f"the inputs were {crawl} and are {crawl / 'a.warc.gz'}; --engine was rules and is model; "
        "--lang was not given and is de, en; --page-seconds was 60 and is 9"
    )
    with pytest.raises(UsageError, match=re.escape(said)):
        run([str(crawl / "a.warc.gz")], str(folder), asked)


def jsonl(path: Path, numbers: range) -> Path:
    """A file of stories, one a line."""
    lines = [json.dumps({"id": n, "text": story(n)[1], "url": f"https://l.example/{n}"}) + "\n" for n in numbers]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def test_an_input_that_comes_or_changes_later_is_named_and_not_read(tmp_path: Path) -> None:
    folder, output = tmp_path / "in", str(tmp_path / "out")
    folder.mkdir()
    damaged = folder / "damaged.parquet"
    damaged.write_bytes(b"no Parquet")
    early, late = jsonl(folder / "early.jsonl", range(4)), tmp_path / "late.jsonl"
    inputs = [str(folder), str(late)]
    first = run(inputs, output, RULES, workers=1)
    assert [one.input for one in first.failures] == [str(late), str(damaged)]
    # As long as nothing changes, that is said again.
    assert [one.input for one in run(inputs, output, RULES, workers=1).failures] == [str(late), str(damaged)]
    jsonl(late, range(4, 6))
    jsonl(folder / "later.jsonl", range(6, 8))
    jsonl(early, range(5))
    again = run(inputs, output, RULES, workers=1)
    assert [one.error.partition(";")[0] for one in again.failures] == [
        f"{damaged}: could not be read when the run began",
        f"{early}: was changed after it was read, and is not read again",
        f"{folder / 'later.jsonl'}: came after the run had begun and is not read",
        f"{late}: came after the run had begun and is not read",
    ]
    assert again.apart.pages == len(rows(Path(output), "articles")) == 4


@pytest.mark.parametrize("gone", [True, False])
def test_an_input_that_changes_before_it_is_read_stops_the_run(gone: bool, tmp_path: Path) -> None:
    first, second = jsonl(tmp_path / "a.jsonl", range(4)), jsonl(tmp_path / "b.jsonl", range(4, 8))
    output = str(tmp_path / "out")
    run([str(first), str(second)], output, RULES, workers=1)
    before = tables(Path(output))
    # As if it had been broken off behind the first file.
    shutil.rmtree(f"{output}/_work/statements.done")
    for name in ("duplicates.done", "clusters.done", "apart.done/000001.json"):
        Path(output, "_work", name).unlink()
    content, times = second.read_bytes(), second.stat()
    if gone:
        second.unlink()
    else:
        jsonl(second, range(5, 9))
    with pytest.raises(UsageError, match=f"{second}: changed or gone since the run began"):
        run([str(first), str(second)], output, RULES, workers=1)
    assert tables(Path(output)) == before
    second.write_bytes(content)
    os.utime(second, ns=(times.st_atime_ns, times.st_mtime_ns))
    # It is let go on now; the first file's pages between the phases are gone here, which no run leaves so.
    with pytest.raises(OnrecordError, match="000000"):
        run([str(first), str(second)], output, RULES, workers=1)


@pytest.mark.parametrize("name", ["mk.py", "notes"])
def test_a_folder_with_other_things_is_refused(name: str, crawl: Path, tmp_path: Path) -> None:
    (tmp_path / "mk.py").write_text("1", encoding="utf-8")
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "list.txt").write_text("1", encoding="utf-8")
    reason = "is a file; name a folder" if name == "mk.py" else r"holds other things \(list.txt\) and no run"
    with pytest.raises(UsageError, match=reason):
        run([str(crawl)], str(tmp_path / name), RULES)
    assert sorted(one.name for one in tmp_path.rglob("*")) == ["list.txt", "mk.py", "notes"]


@pytest.mark.parametrize("content", ["", "\n\n"])
def test_nothing_to_read_is_no_success(content: str, tmp_path: Path) -> None:
    source = tmp_path / "empty.jsonl"
    source.write_text(content, encoding="utf-8")
    done = CliRunner().invoke(app, ["batch", str(source), "-o", str(tmp_path / "out"), "--engine", "rules"])
    assert done.exit_code == 1
    assert "no page" in done.output or "is empty" in str(done.exception)


def test_filters(crawl: Path, tmp_path: Path) -> None:
    asked = Settings(engine="rules", languages=("de",), domains=("abroad.example", "outlet1.example"))
    run([str(crawl / "b.warc.gz")], str(tmp_path / "out"), asked, workers=1)
    assert [row[3] for row in rows(tmp_path / "out", "articles")] == ["https://abroad.example/1"]
    reasons = {row[3].partition(" ")[0] for row in rows(tmp_path / "out", "problems") if row[1] == "filter"}
    assert reasons == {"the", "in"}  # the host …, in the language …


@pytest.fixture
def long_page() -> bytes:
    """A page that takes several seconds: honest text, but a library of it."""
    body = "".join(f"<p>{paragraph}</p>" for number in range(16_000) for paragraph in story(number)[1].split("\n\n"))
    return f"<html><body><article><h1>All of it</h1>{body}</article></body></html>".encode()


def test_a_page_that_takes_too_long_is_named_and_the_run_goes_on(long_page: bytes, tmp_path: Path) -> None:
    records = [response(1), record("https://slow.example/", http(long_page)), response(2)]
    source = write_warc(tmp_path / "slow.warc.gz", records)
    summary = run([str(source)], str(tmp_path / "out"), Settings(engine="rules", page_seconds=1), workers=1)
    assert sorted(row[3] for row in rows(tmp_path / "out", "articles")) == [address(1), address(2)]
    (problem,) = rows(tmp_path / "out", "problems")
    assert problem[1:3] == ("time", "failed")
    assert problem[4] == "https://slow.example/"
    assert summary.apart.troubles == {"time failed": 1}


def test_queries_of_the_guide(undisturbed: tuple[Path, Summary]) -> None:
    folder, _ = undisturbed
    guide = (Path(__file__).parent.parent / "docs" / "batch.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```sql\n(.*?)```", guide, re.DOTALL)
    queries = [query for query in block.split(";") if query.strip()]
    assert len(queries) == 3
    for query in queries:
        assert duckdb.execute(query.replace("'out/", f"'{folder}/")).fetchall()


def test_commands(crawl: Path, undisturbed: tuple[Path, Summary], tmp_path: Path) -> None:
    folder, summary = undisturbed
    invoke = CliRunner().invoke
    done = invoke(app, ["batch", str(crawl), "-o", str(folder), "--engine", "rules"])
    assert done.exit_code == 1, done.output  # some pages could not be read
    assert f"{summary.apart.pages} pages seen" in done.output
    assert "could not be read; see problems" in done.output
    added = invoke(app, ["add", str(folder), "--archive", str(tmp_path / "news.db")])
    assert added.exit_code == 0, added.output
    assert f"{summary.statements.articles} pages added, {summary.statements.statements} statements" in added.output


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--lang", "english", "no rules for the language 'english'"),
        ("--lang", "en,xx", "no rules for the language 'xx'"),
        ("--domain", "https://", "is no host"),
        ("--domain", "a.example, b example", "is no host"),
    ],
)
def test_filters_that_make_no_sense_are_refused_before_the_folder_is_made(
    option: str, value: str, said: str, crawl: Path, tmp_path: Path
) -> None:
    output = tmp_path / "out"
    done = CliRunner().invoke(app, ["batch", str(crawl), "-o", str(output), option, value])
    assert done.exit_code
    assert said in " ".join(f"{done.output} {done.exception}".split()).replace("│ ", "")
    assert not output.exists()


def test_filters_are_given_as_people_write_them(crawl: Path, tmp_path: Path) -> None:
    options = ["--lang", "EN, de", "--domain", "https://www.Abroad.example:443/,*.odd.example", "--domain", "www.a.b"]
    CliRunner().invoke(app, ["batch", str(crawl), "-o", str(tmp_path / "out"), "--engine", "rules", *options])
    plan = kept_plan(Folder(str(tmp_path / "out")))
    assert plan is not None
    assert (plan.settings.languages, plan.settings.domains) == (("de", "en"), ("a.b", "abroad.example", "odd.example"))


def test_a_page_without_an_address_is_asked_for_by_its_own(tmp_path: Path) -> None:
    for name, host in (("one", "asked.example"), ("other", "else.example"), ("none", "")):
        link = f'<link rel="canonical" href="https://{host}/{name}">' if host else ""
        content = page(len(name)).replace(b"</head>", f"{link}</head>".encode())
        (tmp_path / f"{name}.html").write_bytes(content)
    run([str(tmp_path)], str(tmp_path / "o" / "out"), Settings(engine="rules", domains=("asked.example",)), workers=1)
    assert [row[3] for row in rows(tmp_path / "o" / "out", "articles")] == ["https://asked.example/one"]
    reasons = [row[3] for row in rows(tmp_path / "o" / "out", "problems")]
    assert reasons == ["no address, so no host", "the host else.example"]


def test_the_screen_tells_why_and_counts_nothing_that_is_not(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.warc.gz").write_bytes(gzip.compress(b"These are notes, and nothing was crawled.\n" * 9))
    parquet.write_table(pa.table({"words": ["one"]}), source / "b.parquet")
    jsonl(source / "c.jsonl", range(2)).open("a").write("no JSON\n" * 3)
    write_warc(source / "d.warc.gz", [response(7), response(7)])
    done = CliRunner().invoke(app, ["batch", str(source), "-o", str(tmp_path / "out"), "--engine", "rules"])
    lines = done.output.splitlines()
    assert done.exit_code == 1
    assert lines[0].startswith("onrecord: 7 pages seen, 3 articles kept, ")
    assert lines[1] == "onrecord: 1 page repeats an earlier one, and was not read for its own statements"
    assert "onrecord: file: 2 could not be read; see problems" in lines
    assert "onrecord: record: 3 could not be read; see problems" in lines
    assert next(line for line in lines if line.startswith("onrecord:   ")).endswith("(and 2 more like it)")
    assert f"onrecord:   {source}/a.warc.gz: this is no WARC file, or its beginning is lost" in done.output
    assert f'onrecord:   {source}/b.parquet: cannot be read (no column "html" or "text"; there are: words)' in lines
    assert "processor seconds" not in done.output
    assert " 0 " not in done.output
    (first, *_) = [row for row in rows(tmp_path / "out", "problems") if "c.jsonl" in row[0]]
    assert first[3].startswith("no page in this line")

"""Files of annotation tools: told by their names, carried from one to another, straight into the evaluation."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import msgspec
import pytest
from typer.testing import CliRunner

import onrecord
from made_articles import MADE
from onrecord import exchange
from onrecord.cli import app
from onrecord.errors import InputError
from onrecord.exchange import articles_in, form_of
from onrecord.formats.examples import article_from_corpus
from onrecord.formats.inception import TYPE_SYSTEM, xmi_of
from onrecord.formats.labelstudio import task_of
from onrecord.formats.wire import article_object, attribution_object
from onrecord.schema import Article, Failure

STORIES = (
    "“The dam will hold,” said Mayor Anna Roe. Bo Lind, a farmer, said that 😀 the road was closed.",
    "Foreign Minister Ada Quill said that talks would go on, “whatever the weather.”",
)
TOOLS = ("brat", "inception", "labelstudio")


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, list(map(str, arguments)))


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Two stories with what the rules find in them."""
    path = tmp_path / "found.jsonl"
    lines = []
    for n, text in enumerate(STORIES):
        said = [attribution_object(one) for one in onrecord.attribute(text, "en", "rules")]
        assert said
        lines.append(json.dumps({"id": f"story/{n}", "lang": "en", "text": text, "attributions": said}))
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def said(found: list[Article | Failure]) -> list[Any]:
    assert all(isinstance(one, Article) for one in found), found
    return [
        (one.kind, one.source.spans, one.cue.spans, one.content.spans, one.speaker and one.speaker.name)
        for article in found
        for one in article.statements
    ]


@pytest.mark.parametrize("tool", TOOLS)
def test_there_and_back_and_straight_into_the_evaluation(corpus: Path, tmp_path: Path, tool: str) -> None:
    """What a tool gives back is gold without a further step, whatever it calls the documents."""
    folder, back = tmp_path / tool, tmp_path / "back.jsonl"
    done = run("convert", corpus, "--to", tool, "-o", folder)
    assert done.exit_code == 0, done.output
    assert form_of(folder) == tool
    assert said(list(articles_in(folder))) == said(list(articles_in(corpus)))
    assert run("convert", folder, "--to", "corpus", "-o", back).exit_code == 0
    assert said(list(articles_in(back))) == said(list(articles_in(corpus)))
    system = onrecord.evaluate(folder, corpus, draws=0).systems[0]
    assert (system.missing, system.unknown) == ((), ())
    assert all(score.f1 == 1 for score in system.scores.values())


def test_what_read_writes_for_the_tools(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORIES[0], encoding="utf-8")
    for tool, names in (("inception", {"TypeSystem.xml"}), ("labelstudio", {"tasks.json", "labeling-config.xml"})):
        done = run("read", tmp_path / "a.txt", "--engine", "rules", "--format", tool, "-o", tmp_path / tool)
        assert done.exit_code == 0, done.output
        assert names <= {one.name for one in (tmp_path / tool).iterdir()}
        (article,) = articles_in(tmp_path / tool)
        assert isinstance(article, Article)
        assert article.text == STORIES[0]
    assert "name a folder" in run("read", tmp_path / "a.txt", "--format", "inception").output


def test_articles_without_statements_and_none_at_all(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    bare = tmp_path / "bare.jsonl"
    bare.write_text('{"id": 5, "text": "Nothing.", "attributions": []}')
    for tool in TOOLS:
        assert run("convert", bare, "--to", tool, "-o", tmp_path / tool).exit_code == 0
        (article,) = articles_in(tmp_path / tool)
        assert isinstance(article, Article)
        assert (article.text, article.statements) == ("Nothing.", ())
    assert run("convert", empty, "--to", "labelstudio", "-o", tmp_path / "none").exit_code == 0
    assert json.loads((tmp_path / "none" / "tasks.json").read_text()) == []


def zipped(members: dict[str, bytes | str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return packed.getvalue()


def test_exports_of_inception(tmp_path: Path) -> None:
    """A document's zip; a project's, which holds one for each annotator; and what was curated goes before these."""
    own, other = xmi_of(MADE), xmi_of(msgspec.structs.replace(MADE, statements=()))
    document = tmp_path / "00ff.zip"
    document.write_bytes(zipped({"00ff.xmi": own, "TypeSystem.xml": TYPE_SYSTEM}))
    (article,) = articles_in(document)
    assert isinstance(article, Article)
    assert (article.id, len(article.statements)) == ("00ff", 3)
    project = tmp_path / "project.zip"
    inner = {f"annotation/00ff.txt/{name}.zip": zipped({f"{name}.xmi": other}) for name in ("ann", "bob")}
    project.write_bytes(zipped(inner))
    assert [isinstance(one, Article) for one in articles_in(project)] == [True, True]
    with pytest.raises(InputError, match=r"1 id \(00ff\) given to more than one"):
        onrecord.evaluate(project, [MADE])
    curated = {"curation/00ff.txt/CURATION_USER.zip": zipped({"CURATION_USER.xmi": own})}
    project.write_bytes(zipped(inner | curated))
    (article,) = articles_in(project)
    assert isinstance(article, Article)
    assert len(article.statements) == 3


def test_a_zip_of_zips_of_zips_is_not_followed_and_a_bomb_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = zipped({"a.zip": zipped({"b.zip": zipped({"c.xmi": xmi_of(MADE)})})})
    (tmp_path / "deep.zip").write_bytes(deep)
    assert list(articles_in(tmp_path / "deep.zip")) == []
    monkeypatch.setattr(exchange, "FILE_BYTES", 1_000_000)
    (tmp_path / "bomb.zip").write_bytes(zipped({"a.xmi": b" " * 1_000_001}))
    (failure,) = articles_in(tmp_path / "bomb.zip")
    assert isinstance(failure, Failure)
    assert "larger than 1 MB" in failure.error
    monkeypatch.setattr(exchange, "ZIP_BYTES", 1_500)
    (tmp_path / "many.zip").write_bytes(zipped({f"{n}.xmi": b" " * 1_000 for n in range(5)}))
    *_, last = articles_in(tmp_path / "many.zip")
    assert isinstance(last, Failure)
    assert "export it in parts" in last.error


def test_zips_that_are_damaged_or_encrypted_are_failures(tmp_path: Path) -> None:
    sound = zipped({"a.xmi": xmi_of(MADE)})
    for name, content in (("cut", sound[:-30]), ("none", b"PK\x03\x04"), ("empty", b""),
                          ("bits", sound[:60] + bytes(200) + sound[260:])):  # fmt: skip
        (tmp_path / f"{name}.zip").write_bytes(content)
        found = list(articles_in(tmp_path / f"{name}.zip"))
        assert len(found) == 1
        assert isinstance(found[0], Failure), name


def test_one_broken_file_costs_only_itself(tmp_path: Path) -> None:
    (tmp_path / "a.ann").write_text("T1\tContent 0 2\tNo\nA1\tKind T1 direct\n")
    (tmp_path / "a.txt").write_text("No, she said.")
    (tmp_path / "b.ann").write_text("")
    (tmp_path / "c.ann").write_bytes(b"\xff")
    (tmp_path / "c.txt").write_text("No.")
    (tmp_path / "d.ann").write_text("T1\tContent 0 99\tNo\n")
    (tmp_path / "d.txt").write_text("No.")
    found = list(articles_in(tmp_path))
    assert [type(one) for one in found] == [Article, Failure, Failure, Failure]
    told = [one.error for one in found if isinstance(one, Failure)]
    assert "b.txt: no such file" in told[0]
    assert "c.ann: no UTF-8" in told[1]
    assert "is no stretch" in told[2]
    done = run("convert", tmp_path, tmp_path / "none.jsonl", "--to", "corpus")
    assert done.exit_code == 1
    assert "1 article written, 1 statement; 4 inputs failed" in done.output


def test_json_of_label_studio_and_of_articles(tmp_path: Path) -> None:
    path = tmp_path / "some.json"
    for content in ([task_of(MADE)], [article_object(MADE)], article_object(MADE)):
        path.write_bytes(msgspec.json.encode(content))
        (article,) = articles_in(path)
        assert isinstance(article, Article), article
        assert [one.id for one in article.statements] == ["s1", "s2", "s3"]
    for junk in (b"", b"5", b"[5]", b"[" * 100_000, b"\xff"):
        path.write_bytes(junk)
        (failure,) = articles_in(path)
        assert isinstance(failure, Failure)


def test_lines_of_corpora_and_of_articles_may_be_mixed(tmp_path: Path, corpus: Path) -> None:
    lines = corpus.read_bytes() + b"\n" + msgspec.json.encode(article_object(MADE)) + b"\n{\n"
    (tmp_path / "mixed.jsonl").write_bytes(lines)
    found = list(articles_in(tmp_path / "mixed.jsonl"))
    assert [type(one) for one in found] == [Article, Article, Article, Failure]


def test_a_folder_of_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no annotations in this folder"):
        form_of(tmp_path)
    assert run("convert", tmp_path, "--to", "corpus").exit_code == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{}", "no line of a corpus"),
        (b'{"id": 1, "text": "No.", "attributions": [{"content": [[0, 9]]}]}', "no stretch of a text of 3 characters"),
        (
            b'{"id": 1, "text": "No.", "attributions": [{"content": [[0, 2]], "source": [[-1, 2]]}]}',
            "-1-2 is no stretch",
        ),
        (b'{"id": 1, "text": "No.", "attributions": [{"content": [[0, 2]], "kind": "shouted"}]}', "shouted"),
        (b'{"id": 1, "text": "No.", "attributions": [{"content": [[0, 2]], "speaker": {"a": 1}}]}', "no article"),
        (b'{"id": 1, "text": "No.", "attributions": [{"content": [[0, 2]], "confidence": 7}]}', "no confidence"),
    ],
)
def test_a_line_of_a_corpus_that_is_none(line: bytes, words: str) -> None:
    with pytest.raises(InputError, match=words):
        article_from_corpus(line)


def test_what_corpora_leave_open() -> None:
    """No kind, a speaker by name alone, spans in any order, and an attribution of nothing."""
    text = "“The dam,” she said, “will hold.”"
    marks = [{"content": [[22, 31], [1, 8]], "kind": None, "speaker": "Anna Roe", "nested_in": None}, {"content": []}]
    article = article_from_corpus(msgspec.json.encode({"id": 5, "lang": None, "text": text, "attributions": marks}))
    (statement,) = article.statements
    assert (article.id, statement.kind, statement.content_text) == ("5", "direct", "The dam … will hold")
    assert statement.speaker is not None
    assert statement.speaker.name == "Anna Roe"
    assert [one.message for one in article.problems] == ["1 attributions without a content were left out"]

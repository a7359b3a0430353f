"""Search by likeness, with a model of a few words made here: what is near is found, what no longer counts is not."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, pre_tokenizers
from typer.testing import CliRunner

from onrecord.archive import semantic, vectors
from onrecord.archive.archive import Archive, open_archive
from onrecord.archive.asking import Asked
from onrecord.archive.embedding import Embedder, load
from onrecord.archive.semantic import Alike
from onrecord.archive.vectors import About
from onrecord.cli import app
from onrecord.errors import ArchiveError, OnrecordError, UsageError
from stories import said

MEANINGS = {"harbour": 0, "port": 0, "docks": 0, "tax": 1, "levy": 1, "rain": 2, "storm": 2}
"""Words that mean the same have one vector; words that are not here have none."""


def model_in(
    folder: Path,
    inputs: Sequence[str] = ("input_ids", "attention_mask", "token_type_ids"),
    output: str = "last_hidden_state",
    table: np.ndarray | None = None,
    pooled: bool = False,
) -> Path:
    """A folder with a tokenizer of words, and a network that looks every word's vector up."""
    folder.mkdir()
    words = ["[UNK]", *MEANINGS]
    tokenizer = Tokenizer(models.WordLevel({word: at for at, word in enumerate(words)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    if table is None:
        table = np.full((len(words), 4), 0.01, dtype=np.float32)
        for at, word in enumerate(words[1:], 1):
            table[at, MEANINGS[word]] = 1
    nodes = [helper.make_node("Gather", ["table", inputs[0]], ["looked"])]
    if pooled:
        nodes.append(helper.make_node("ReduceMax", ["looked", "axis"], [output], keepdims=0))
    else:
        nodes.append(helper.make_node("Identity", ["looked"], [output]))
    stored = [numpy_helper.from_array(table, "table"), numpy_helper.from_array(np.array([1]), "axis")]
    graph = helper.make_graph(
        nodes,
        "words",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"]) for name in inputs],
        [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
        stored,
    )
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)
    onnx.save(made, folder / "model.onnx")
    return folder


@pytest.fixture
def model(tmp_path: Path) -> Embedder:
    return load(model_in(tmp_path / "words"))


class Desk:
    """An archive, a model, and the vectors as they were saved last."""

    def __init__(self, archive: Archive, model: Embedder, path: Path) -> None:
        self.archive, self.model, self.path = archive, model, path

    def fill(self, *said_words: str) -> None:
        for n, words in enumerate(said_words, 1):
            self.archive.add(said(words, n=n))

    def embed(self) -> list[int]:
        return list(self.archive.embed(self.model, self.path))

    def like(self, text: str, **more: object) -> Alike:
        return self.archive.alike(text, self.model, vectors.load(self.path), **more)  # type: ignore[arg-type]


@pytest.fixture
def desk(archive: Archive, model: Embedder, tmp_path: Path) -> Desk:
    return Desk(archive, model, tmp_path / "vectors")


def contents(found: Alike) -> list[str]:
    return [hit.statement.content_text for hit in found.results.hits]


def test_a_vector_is_the_mean_over_the_words_that_are_there(model: Embedder) -> None:
    both, padded, empty = model.embed(["harbour tax", "harbour", ""])
    assert both[:2] == pytest.approx([0.7071, 0.7071], abs=0.01)
    assert padded == pytest.approx(model.embed(["harbour"])[0])
    assert not empty.any()


def test_a_model_that_pools_is_left_to_do_so(tmp_path: Path) -> None:
    pooling = load(model_in(tmp_path / "pooling", ("input_ids",), "sentence_embedding", pooled=True))
    assert pooling.embed(["harbour harbour tax"])[0][:2] == pytest.approx([0.7071, 0.7071], abs=0.01)


def test_many_texts_of_many_lengths_keep_their_order(model: Embedder) -> None:
    texts = [" ".join(["harbour", "tax", "rain"][n % 3 : n % 3 + 1] * (1 + n * 7 % 90)) for n in range(300)]
    assert np.argmax(model.embed(texts), axis=1).tolist() == [n % 3 for n in range(300)]


def test_other_words_of_one_meaning_are_found(desk: Desk) -> None:
    desk.fill("the harbour stays", "a tax on bread", "rain fell on the docks")
    assert len(desk.embed()) == 3
    found = desk.like("port")
    assert contents(found) == ["the harbour stays", "rain fell on the docks", "a tax on bread"]
    similar = [hit.similarity for hit in found.results.hits]
    assert similar == sorted(similar, reverse=True)
    assert (found.missing, found.looked, found.short) == (0, 3, False)


def test_words_and_filters_go_with_it(desk: Desk) -> None:
    desk.archive.add(said("the harbour stays", "Ana Roe", n=1))
    desk.archive.add(said("the docks stay", "Tom Ley", n=2))
    desk.archive.add(said("a tax on bread", "Tom Ley", n=3))
    desk.embed()
    assert contents(desk.like("port", filters=Asked(speaker=("Tom Ley",)))) == ["the docks stay", "a tax on bread"]
    assert contents(desk.like("port", typed="bread")) == ["a tax on bread"]
    assert len(contents(desk.like("port", filters=Asked(until="2021"), limit=2))) == 2
    assert contents(desk.like("port", filters=Asked(since="2022"))) == []


@pytest.mark.parametrize("exact", [True, False])
def test_among_many_the_nearest_are_held_against_the_filters(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, exact: bool
) -> None:
    desk.fill(*(f"harbour number {n}" for n in range(30)), "a tax on the port", "levy")
    desk.embed()
    monkeypatch.setattr(semantic, "FEW", 1)
    monkeypatch.setattr(vectors, "MOST_EXACT", 1_000 if exact else 0)
    found = desk.like("levy", limit=2)
    assert contents(found) == ["levy", "a tax on the port"]
    assert (found.looked, found.short) == (10, False)
    monkeypatch.setattr(semantic, "FARTHEST", 10)
    short = desk.like("levy", typed="number", limit=20)
    assert short.short
    assert short.looked == 10
    monkeypatch.setattr(semantic, "FARTHEST", 1_000)
    assert len(desk.like("levy", typed="number", limit=30).results.hits) == 30


def test_what_was_added_later_is_found_after_the_next_embed(desk: Desk) -> None:
    desk.fill("the harbour stays")
    desk.embed()
    desk.archive.add(said("the docks stay", n=2))
    assert (contents(desk.like("port")), desk.like("port").missing) == (["the harbour stays"], 1)
    assert len(desk.embed()) == 1
    assert (len(contents(desk.like("port"))), desk.like("port").missing) == (2, 0)


def test_a_superseded_version_never_shows(desk: Desk) -> None:
    desk.fill("the harbour stays")
    desk.embed()
    desk.archive.add(said("rain fell", n=1))
    assert (contents(desk.like("port")), desk.like("port").missing) == ([], 1)
    desk.embed()
    assert (contents(desk.like("port")), desk.like("port").missing) == (["rain fell"], 0)
    assert len(vectors.load(desk.path)) == 1


def test_corrections_win(desk: Desk) -> None:
    desk.fill("harbour or tax", "the docks stay")
    desk.embed()
    first, second = sorted(hit.id for hit in desk.archive.search().hits)
    trimmed = desk.archive.correct(first, "spans", {"content": [[12, 15]]})
    desk.archive.correct(first, "speaker", {"name": "Tom Ley"})
    dropped = desk.archive.correct(second, "dropped", True)
    assert (contents(desk.like("port")), desk.like("port").missing) == ([], 1)
    desk.embed()
    found = desk.like("levy")
    assert (contents(found), found.missing) == (["tax"], 0)
    assert found.results.hits[0].similarity == pytest.approx(1, abs=0.001)
    desk.archive.undo(trimmed.id)
    desk.archive.undo(dropped.id)
    assert (contents(desk.like("port")), desk.like("port").missing) == ([], 2)
    assert sorted(desk.embed()) == [first, second]
    assert (contents(desk.like("port")), desk.like("port").missing) == (["the docks stay", "harbour or tax"], 0)
    assert desk.embed() == []


def test_embedding_goes_on_where_it_was_broken_off(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.fill(*(f"harbour {n}" for n in range(7)))
    monkeypatch.setattr(semantic, "_ARTICLES", 2)
    running = desk.archive.embed(desk.model, desk.path)
    first = [next(running) for _ in range(3)]
    running.close()
    assert desk.like("port").missing == 3
    rest = desk.embed()
    assert len(rest) == 3
    assert not set(first) & set(rest)
    assert len(contents(desk.like("port"))) == 7


def test_an_empty_archive(desk: Desk) -> None:
    assert desk.embed() == []
    assert contents(desk.like("port")) == []


def test_a_text_without_a_word_is_like_nothing_and_breaks_nothing(desk: Desk) -> None:
    desk.fill("the harbour stays", "   ")
    desk.embed()
    assert desk.like("port").missing == 0
    for odd in ("", "\udcff", "\x00", "harbour " * 100_000, "(" * 5_000):
        assert len(desk.like(odd).results.hits) == 1


def test_another_model_or_archive_is_refused(tmp_path: Path, model: Embedder) -> None:
    other = load(model_in(tmp_path / "other", table=np.eye(8, 4, dtype=np.float32) + 1))
    path = tmp_path / "vectors"
    with open_archive(str(tmp_path / "a.db")) as one, open_archive(str(tmp_path / "b.db")) as two:
        one.add(said("the harbour stays"))
        two.add(said("rain", n=9))
        list(one.embed(model, path))
        with pytest.raises(UsageError, match="another model, words"):
            list(one.embed(other, path))
        with pytest.raises(UsageError, match="another model, words"):
            one.alike("port", other, vectors.load(path))
        for act in (lambda: list(two.embed(model, path)), lambda: two.alike("port", model, vectors.load(path))):
            with pytest.raises(UsageError, match="another archive"):
                act()


def no_numbers() -> np.ndarray:
    return np.full((8, 4), np.nan, dtype=np.float32)


@pytest.mark.parametrize(
    ("wrong", "said_so"),
    [
        ({"inputs": ("pixel_values",)}, "the model wants pixel_values"),
        ({"inputs": ("input_ids", "position_ids")}, "the model wants position_ids"),
        ({"output": "logits"}, "the model gives logits"),
        ({"table": no_numbers()}, "no number"),
        ({"table": np.zeros((8, 4), dtype=np.float32)}, "nothing but zeros"),
        ({"table": np.ones((8,), dtype=np.float32)}, "not a vector"),
        ({"table": np.ones((8, 9_000), dtype=np.float32)}, "not a vector"),
        ({"table": np.ones((8, 2, 2), dtype=np.float32)}, "not a vector"),
        ({"output": "sentence_embedding"}, "not a vector"),
        ({"output": "last_hidden_state", "pooled": True}, "not a vector"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_model_that_is_none_of_sentences(tmp_path: Path, wrong: dict[str, object], said_so: str) -> None:
    folder = model_in(tmp_path / "wrong", **wrong)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=said_so) as caught:
        load(folder)
    assert "\n" not in str(caught.value)


def test_a_model_that_is_missing_or_damaged(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no model\.onnx"):
        load(tmp_path / "nowhere")
    for name in ("model.onnx", "tokenizer.json"):
        folder = model_in(tmp_path / f"cut {name}")
        whole = (folder / name).read_bytes()
        for damaged in (whole[: len(whole) // 2], b"", b"\x00" * 100):
            (folder / name).write_bytes(damaged)
            with pytest.raises(UsageError, match=r"cannot be read|the model wants"):
                load(folder)
        (folder / name).unlink()
        with pytest.raises(UsageError, match=f"no {name}"):
            load(folder)


def test_vectors_that_are_missing_cut_short_or_something_else(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    with pytest.raises(ArchiveError, match="no vectors there"):
        vectors.load(path)
    held = vectors.new(path, About("m", "d", "f", 3))
    held.put([5, 7], np.eye(2, 3, dtype=np.float32))
    held.save()
    assert vectors.load(path).nearest(np.array([0, 1, 0], dtype=np.float32), 1) == [(7, pytest.approx(1))]
    whole = path.read_bytes()
    for length in {*range(0, len(whole), 7), len(whole) - 1}:
        path.write_bytes(whole[:length])
        with pytest.raises(ArchiveError, match="cut short"):
            vectors.load(path)
    for damaged in (
        b"x" * 500,
        whole[:8] + whole,
        b"\xff" * 64 + whole[64:],
        whole.replace(b'"width":3', b'"width":4'),
    ):
        path.write_bytes(damaged)
        for change in (True, False):
            with pytest.raises(ArchiveError, match=r"cut short|damaged"):
                vectors.load(path, change)
    with pytest.raises(ArchiveError, match="cannot be read"):
        vectors.load(tmp_path)
    with pytest.raises(ArchiveError, match="cannot be written"):
        vectors.new(tmp_path / "no" / "folder", About("m", "d", "f", 3)).save()


def test_usearch_and_onnxruntime_live_together(tmp_path: Path) -> None:
    """In whatever order onrecord's modules are used; the wrong order of the libraries crashes the interpreter."""
    code = (
        "from pathlib import Path; from onrecord.archive import vectors, embedding\n"
        "vectors.new(Path('v'), vectors.About('m', 'd', 'f', 3))\n"
        f"print(embedding.load(Path({str(model_in(tmp_path / 'words'))!r})).width)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "4")


def test_nothing_of_it_is_loaded_before_it_is_wanted() -> None:
    code = (
        "import sys, onrecord.cli, onrecord.archive.archive as a; print({'usearch', 'onnxruntime'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == "set()"


def test_the_commands(tmp_path: Path) -> None:
    folder, where = model_in(tmp_path / "words"), str(tmp_path / "news.db")
    with open_archive(where) as opened:
        opened.add(said("the harbour stays", n=1))
        opened.add(said("a tax on bread", n=2))
    run = CliRunner().invoke
    done = run(app, ["embed", "--model", str(folder), "--archive", where])
    assert done.exit_code == 0
    assert "2 statements embedded" in done.stderr
    assert (tmp_path / "news.db.vectors").exists()
    done = run(app, ["search", "--like", "levy", "--archive", where, "-n", "1"])
    assert "a tax on bread" in done.stdout
    assert "·  like 1.00  ·" in done.stdout
    assert "harbour" not in done.stdout
    done = run(app, ["search", "--like", "levy", "--archive", where, "-f", "csv"])
    assert done.stdout.splitlines()[0].endswith(",similarity")
    with open_archive(where) as opened:
        opened.add(said("rain", n=3))
    assert "1 statement not embedded yet" in run(app, ["search", "--like", "levy", "--archive", where]).stderr
    refused = run(app, ["search", "--like", "levy", "--sort", "newest", "--archive", where])
    assert isinstance(refused.exception, OnrecordError)
    folder.rename(tmp_path / "moved")
    gone = run(app, ["search", "--like", "levy", "--archive", where])
    assert "--model" in str(gone.exception)
    moved = run(app, ["search", "--like", "levy", "--archive", where, "--model", str(tmp_path / "moved")])
    assert moved.exit_code == 0
    with pytest.raises(UsageError, match="--index PATH"):
        semantic.place_of("postgresql://me@host/news", None)

"""How well statements are found by likeness: `python bench/semantic.py MODEL [--size N]`.

MODEL is a folder as `onrecord embed` takes it (`python -m training.minilm FOLDER` writes one). An archive is made of
the pairs of paraphrases.toml and of invented utterances with their look-alikes (bench/utterances.py). Sought are what
was said by how somebody looks for it, and an utterance by an edited report of it. Three are measured: the archive's
search for any of the words, MODEL by `search --like`, and the states of the shipped tagger, averaged over the pieces.

Prints recall at 10 (the share of the sought that stand among the first ten) and the mean reciprocal rank (0 beyond the
tenth), and the time of embedding. Needs onnx. Fails if a figure is under its floor.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
import tomllib
from collections.abc import Callable, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from tokenizers import Tokenizer

import floors
import utterances
from onrecord.archive import embedding, vectors
from onrecord.archive.archive import Archive, open_archive
from onrecord.archive.words import bare_words
from onrecord.attribution.tagging.features import features
from onrecord.schema import Article, Passage, Published, Statement
from utterances import Tongue

SEED = 20261124
AMONG = 10
PIECES = 128
"""Of a text that are read, as by MiniLM."""
EDITED = 100
"""Utterances a language of which an edited report is sought."""
SHARES = {"en": 0.6, "de": 0.2, "ru": 0.2}
STATES = {"words": 0, "middle": 4, "last": -1}
"""Which layer norm of the tagger's network a state is taken after: the embedded words, the third layer, the last."""

Search = Callable[[str], Sequence[str]]
"""From a query to the contents found, the best first, ten at most."""
Sought = tuple[str, str, str]
"""Which kind it counts to, the query, and the content that is sought."""


def made(size: int) -> tuple[list[tuple[str, str]], list[Sought]]:
    """The statements (language and content), and what is sought among them."""
    rng = random.Random(SEED)
    pairs = tomllib.loads((Path(__file__).parent / "paraphrases.toml").read_text(encoding="utf-8"))
    said: dict[str, str] = {}
    sought: list[Sought] = []
    for lang, groups in pairs.items():
        for content, query in (pair for group in groups.values() for pair in group):
            said[content] = lang
            sought.append((f"paraphrase {lang}", query, content))
    for lang, share in SHARES.items():
        tongue = Tongue(lang, rng)
        wanted = len(said) + int(size * share)
        for _ in range(EDITED):
            one = utterances.utterance(tongue)
            said[one.sentences[0]] = lang
            said |= {other.sentences[0]: lang for _, other in utterances.lookalikes(tongue, one)}
            edited = next((r for r in utterances.reports(tongue, one, 0) if r.edits != ("verbatim",)), None)
            if edited:
                sought.append((f"edit {lang}", edited.text, one.sentences[0]))
        while len(said) < wanted:
            said[utterances.utterance(tongue).sentences[0]] = lang
    return [(lang, content) for content, lang in said.items()], sought


def fill(archive: Archive, said: Sequence[tuple[str, str]]) -> None:
    for number, (lang, content) in enumerate(said):
        one = Statement("s1", "direct", Passage(), Passage(), Passage.of(content, (0, len(content))), lang=lang)
        day = Published(f"2025-{1 + number % 12:02}-{1 + number % 28:02}", "meta")
        archive.add(Article(str(number), content, url=f"https://x.example/{number}", published=day, statements=(one,)))


def by_words(archive: Archive) -> Search:
    def search(query: str) -> list[str]:
        typed = " OR ".join(dict.fromkeys(bare_words(query, 60)))
        return [hit.statement.content_text for hit in archive.search(typed, limit=AMONG).hits]

    return search


def by_model(archive: Archive, model: embedding.Embedder, path: Path) -> Search:
    held = vectors.load(path)

    def search(query: str) -> list[str]:
        found = archive.alike(query, model, held, limit=AMONG)
        return [hit.statement.content_text for hit in found.results.hits]

    return search


def by_tagger(said: Sequence[tuple[str, str]], layer: int) -> Search:
    """The mean of the states of the shipped network's pieces."""
    folder = Path(str(files("onrecord.attribution.tagging") / "model"))
    network = onnx.load(folder / "tagger.onnx")
    name = [node.output[0] for node in network.graph.node if node.op_type == "LayerNormalization"][layer]
    network.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
    session = onnxruntime.InferenceSession(network.SerializeToString())
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))

    def vector(text: str) -> np.ndarray:
        encoding = tokenizer.encode(text, add_special_tokens=False)
        encoding.truncate(PIECES)
        offsets = np.array(encoding.offsets)
        marks = features(text, offsets[:, 0], offsets[:, 1]).astype(np.int64)
        states = session.run([name], {"ids": np.array([encoding.ids]), "features": marks[None]})[0][0]
        return states.mean(axis=0)

    matrix = np.stack([vector(content) for _, content in said])
    middle = matrix.mean(axis=0)  # what all have in common tells none from another

    def unit(rows: np.ndarray) -> np.ndarray:
        return (rows - middle) / np.linalg.norm(rows - middle, axis=-1, keepdims=True)

    matrix = unit(matrix)

    def search(query: str) -> list[str]:
        cosines = matrix @ unit(vector(query))
        return [said[at][1] for at in np.argsort(-cosines)[:AMONG]]

    return search


def measured(sought: Sequence[Sought], search: Search) -> dict[str, tuple[float, float]]:
    """Recall at ten and mean reciprocal rank of each kind."""
    ranks: dict[str, list[float]] = {}
    for kind, query, content in sought:
        found = list(search(query))
        ranks.setdefault(kind, []).append(1 / (1 + found.index(content)) if content in found else 0.0)
    return {kind: (float(np.mean(np.array(r) > 0)), float(np.mean(r))) for kind, r in ranks.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--size", type=int, default=1_500)
    arguments = parser.parse_args()
    said, sought = made(arguments.size)
    model = embedding.load(arguments.model)
    with tempfile.TemporaryDirectory() as folder, open_archive(f"{folder}/news.db") as archive:
        fill(archive, said)
        path, began = Path(folder) / "vectors", time.process_time()
        count = sum(1 for _ in archive.embed(model, path))
        spent = 1000 * (time.process_time() - began) / count
        print(f"{count:,} statements, {spent:.1f} ms of processor time each to embed, {path.stat().st_size:,} bytes\n")
        searches = {
            "words": lambda: by_words(archive),
            "model": lambda: by_model(archive, model, path),
            **{f"tagger, {state}": partial(by_tagger, said, layer) for state, layer in STATES.items()},
        }
        kinds = sorted({kind for kind, _, _ in sought})
        print(f"{'recall at 10 / MRR':20}" + "".join(f"{kind:>16}" for kind in kinds))
        figures = {}
        for name, search in searches.items():
            found = measured(sought, search())
            cells = (f"{recall:.3f} / {rank:.3f}" for recall, rank in (found[kind] for kind in kinds))
            print(f"{name:20}" + "".join(f"{cell:>16}" for cell in cells), flush=True)
            figures |= {f"{name} {kind}": found[kind][0] for kind in kinds}
    return floors.check("semantic", figures)


if __name__ == "__main__":
    raise SystemExit(main())

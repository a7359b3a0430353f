"""Score a checkpoint (fp32) or an exported model folder (int8): `python -m training.evaluate MODEL CORPUS SCORER`."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import torch

from onrecord.attribution.tagging.linking import Relation
from onrecord.attribution.tagging.tagger import CONTEXT, WINDOW, Network, Tagger, load
from training.data import read
from training.encoder import encoder_folder, tokenizer_of
from training.model import Shape
from training.model import Tagger as Net

WORDS = 750
"""The length of an article in speeds."""


def network_of(net: Net) -> Network:
    """The network as the tagger calls it, in fp32."""

    @torch.inference_mode()
    def network(ids, rows):
        tags, links = net(torch.from_numpy(ids)[None], torch.from_numpy(rows)[None])
        return tags[0].numpy(), links[0].numpy()

    return network


def load_net(path: Path) -> Net:
    """The network of a checkpoint of mean weights."""
    state = torch.load(path, weights_only=True)
    net = Net(Shape.of_state(state))
    net.load_state_dict(state)
    return net.eval()


def tagger_of(model: Path, window: int = WINDOW, context: int = CONTEXT) -> Tagger:
    """The tagger that a checkpoint or an exported folder makes."""
    if model.is_dir():
        return load(model, window, context)
    net = load_net(model)
    transitions = net.crf.transitions.detach().numpy().astype(np.float32)
    return Tagger(tokenizer_of(encoder_folder()), network_of(net), transitions, None, window, context)


def attribution(at: int, relation: Relation) -> dict:
    """A relation in the corpus's format."""
    parts = {role: [[s.start, s.end] for s in getattr(relation, role)] for role in ("source", "cue", "content")}
    return {"id": f"A{at}", **parts, "confidence": relation.confidence}


def predict(tagger: Tagger, corpus: Path, out: Path) -> float:
    """Write the tagger's attributions of a corpus; articles a second of processor time."""
    words, spent = 0, 0.0
    with out.open("w", encoding="utf-8") as lines:
        for document in read(corpus):
            began = time.process_time()
            found = tagger.relations(document["text"])
            spent += time.process_time() - began
            words += len(document["text"].split())
            rows = [attribution(at, relation) for at, relation in enumerate(found)]
            lines.write(json.dumps({"id": document["id"], "attributions": rows}) + "\n")
    return words / WORDS / spent


def main() -> None:
    """Predict, score, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("scorer", type=Path)
    parser.add_argument("--window", type=int, default=WINDOW)
    parser.add_argument("--context", type=int, default=CONTEXT)
    args = parser.parse_args()
    torch.set_num_threads(1)
    tagger = tagger_of(args.model, args.window, args.context)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "predicted.jsonl"
        print(f"{predict(tagger, args.corpus, out):.2f} articles of {WORDS} words a second on one core", flush=True)
        subprocess.run([sys.executable, str(args.scorer), str(args.corpus), str(out)], check=True)


if __name__ == "__main__":
    main()

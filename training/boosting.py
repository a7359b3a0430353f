"""Boosted trees by LightGBM → the form that onrecord.page.trees evaluates."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import lightgbm
import numpy as np

from onrecord.page.trees import Trees

DEPTH = 4
SEEDS = (1, 2)
"""Two runs of boosting, each worth half: which pages go wrong differs less from one training to the next."""
_SETTINGS = {
    "objective": "binary",
    "num_leaves": 2**DEPTH,
    "max_depth": DEPTH,
    "min_data_in_leaf": 20,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5.0,
    "verbose": -1,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
}
"""Fifteen leaves of any shape, twice the depth, or oblivious trees (CatBoost) were not better in cross-validation."""


def fit(rows: Any, wanted: Any, weights: Any, *, trees: int, rate: float) -> Trees:
    """Trees that tell the `wanted` rows from the others."""
    kept = weights > 0
    data = lightgbm.Dataset(rows[kept], wanted[kept], weight=weights[kept])
    runs = [
        lightgbm.train({**_SETTINGS, "learning_rate": rate, "seed": seed}, data, trees).dump_model()["tree_info"]
        for seed in SEEDS
    ]
    # In turns, so that the first trees are the first of each run.
    return _laid_out([tree for turn in zip(*runs, strict=True) for tree in turn], 1 / len(runs))


def _laid_out(infos: Sequence[dict[str, Any]], share: float) -> Trees:
    nodes = 2**DEPTH - 1
    feature = np.zeros((len(infos), nodes), np.int64)
    threshold = np.full((len(infos), nodes), np.inf, np.float32)
    value = np.zeros((len(infos), nodes + 1), np.float32)
    for tree, info in enumerate(infos):
        waiting = [(info["tree_structure"], 0)]
        while waiting:
            node, place = waiting.pop()
            if place >= nodes:
                value[tree, place - nodes] = share * node["leaf_value"]
            elif "leaf_value" in node:
                # A leaf above the last level: all that comes here goes left.
                waiting += [(node, 2 * place + 1), (node, 2 * place + 2)]
            else:
                feature[tree, place] = node["split_feature"]
                threshold[tree, place] = _not_above(node["threshold"])
                waiting += [(node["left_child"], 2 * place + 1), (node["right_child"], 2 * place + 2)]
    return Trees(feature, threshold, value, 0.0)


def _not_above(threshold: float) -> np.float32:
    """The largest short number that is not above `threshold`: the same short numbers are up to it."""
    short = np.float32(threshold)
    return np.nextafter(short, np.float32(-np.inf)) if float(short) > threshold else short


def save(trees: Trees, path: Path) -> None:
    """Write `trees` to `path`, some ten bytes a node."""
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        feature=trees.feature.astype(np.uint8 if trees.feature.max() < 256 else np.uint16),
        threshold=trees.threshold,
        value=trees.value.astype(np.float16),
        base=np.float32(trees.base),
    )

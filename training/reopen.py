"""Read a shipped graph back into a network, so that training can go on from what the package ships."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from onrecord.attribution.tagging.features import SIZES
from training.model import Shape, Tagger


def reopened(folder: Path) -> Tagger:
    """The network whose int8 graph `training.export` wrote into `folder`; its weights are as exact as int8 left."""
    graph = onnx.load(folder / "tagger.onnx").graph
    held = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    nodes = {node.output[0]: node for node in graph.node}
    products = [node for node in graph.node if node.op_type == "DynamicQuantizeMatMul"]
    norms = [[held[name] for name in n.input[1:3]] for n in graph.node if n.op_type == "LayerNormalization"]
    tables = [next(held[i] for i in n.input if i in held) for n in graph.node if n.op_type in ("Gather", "Slice")]
    words, scale, positions, added = tables
    state: dict[str, np.ndarray] = {"words.weight": words * scale, "positions.weight": positions}
    for column, at in enumerate(np.cumsum((0, *SIZES[:-1]))):
        state[f"added.{column}.weight"] = added[at : at + SIZES[column]]
    layers = len(products) // 4
    names = [f"layers.{at}.{part}" for at in range(layers) for part in ("qkv", "out", "up", "down")]
    for name, node in zip(names, products, strict=True):
        state[f"{name}.weight"], state[f"{name}.bias"] = _linear(node, nodes, held, graph)
    for name, (weight, bias) in zip(_norms(layers), norms, strict=True):
        state[f"{name}.weight"], state[f"{name}.bias"] = weight, bias
    for head, output in (("tag", "tags"), ("link", "links")):
        total = nodes[output]
        state[f"{head}.weight"], state[f"{head}.bias"] = held[nodes[total.input[0]].input[1]].T, held[total.input[1]]
    settings = json.loads((folder / "tagger.json").read_text(encoding="utf-8"))
    state["crf.transitions"] = np.array(settings["transitions"], dtype=np.float32)
    tensors = {name: torch.from_numpy(np.array(value, np.float32)) for name, value in state.items()}
    net = Tagger(Shape.of_state(tensors))
    net.load_state_dict(tensors)
    return net


def _linear(node, nodes: dict, held: dict, graph) -> tuple[np.ndarray, np.ndarray]:
    """Weight and bias of one product; what smoothed its inputs is taken back into the weight."""
    weight = (held[node.input[1]] * held[node.input[2]]).T
    if len(node.input) > 4 and node.input[4]:
        ratio = [held[i] for i in nodes[node.input[0]].input if i in held]
        return weight * ratio[0] if ratio else weight, held[node.input[4]]
    scaled = next(n for n in graph.node if n.op_type == "Mul" and n.input[0] == node.output[0])
    total = next(n for n in graph.node if n.op_type == "Add" and n.input[0] == scaled.output[0])
    return weight, held[total.input[1]]


def _norms(layers: int) -> list[str]:
    """The names of the layer normalisations, in the graph's order."""
    return ["norm"] + [f"layers.{at}.{part}" for at in range(layers) for part in ("out_norm", "down_norm")]

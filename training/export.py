"""Write a network as an ONNX graph: the operators that onnxruntime has fast CPU kernels for, weights in int8 or fp32.

The graph is written by hand, because an exported and then fused graph depends on pattern matching that changes from one
release to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from onrecord.attribution.tagging.features import SIZES
from training.model import Tagger

MICROSOFT = "com.microsoft"
SMOOTHING = 0.8
"""How far the peaks of the inputs move into the weights. Root mean square error of the tag scores, polnear-train, 12
windows, step 800: .132 without, .075 with .8, .085 with .9, .091 with .65; .046 with the rows of `down` scaled too."""


class Graph:
    """A graph under construction. Each method adds nodes and returns the name of their output."""

    def __init__(self, kind: str, peaks: dict[str, np.ndarray] | None = None) -> None:
        self.kind, self.peaks = kind, peaks or {}
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, array: np.ndarray) -> str:
        """The name of a stored array."""
        name = f"w{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def op(self, kind: str, *inputs: str, domain: str = "", output: str = "", **attributes: object) -> str:
        """One node."""
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], domain=domain, **attributes))
        return output

    def linear(self, x: str, name: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x · weightᵀ + bias; in int8 with one scale for each output, the inputs quantised as they come.

        The inputs share one scale, so channels that peak far above the others are divided, and their weights
        multiplied, before either is quantised (Xiao et al. 2023, SmoothQuant).
        """
        if self.kind == "fp32":
            return self.op("Add", self.op("MatMul", x, self.constant(weight.T)), self.constant(bias))
        if name in self.peaks:
            ratio = self.peaks[name] ** SMOOTHING / np.abs(weight).max(axis=0) ** (1 - SMOOTHING)
            ratio = np.clip(ratio / np.median(ratio), 1e-2, 1e2).astype(np.float32)
            x, weight = self.op("Mul", x, self.constant(1 / ratio)), weight * ratio
        return self._quantised(x, weight, bias)

    def rowwise(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """As `linear`, each piece's inputs brought to a peak of 1 first; for inputs whose peaks are positive."""
        if self.kind == "fp32":
            return self.linear(x, "", weight, bias)
        top = self.op("ReduceMax", x, self.constant(np.array([2])), keepdims=1)
        top = self.op("Clip", top, self.constant(np.float32(1e-3)))
        product = self._quantised(self.op("Mul", x, self.op("Reciprocal", top)), weight)
        return self.op("Add", self.op("Mul", product, top), self.constant(bias))

    def _quantised(self, x: str, weight: np.ndarray, *bias: np.ndarray) -> str:
        """x · weightᵀ in int8."""
        quantised, scale = quantise(weight)
        parts = (quantised.T, scale[:, 0], np.zeros(len(scale), np.int8), *bias)
        return self.op("DynamicQuantizeMatMul", x, *map(self.constant, parts), domain=MICROSOFT)

    def norm(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Layer normalisation."""
        return self.op("LayerNormalization", x, self.constant(weight), self.constant(bias), epsilon=1e-12)


def quantise(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row as signed bytes, and the rows' scales as a column."""
    scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-8) / 127
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


@torch.inference_mode()
def peaks(net: Tagger, batches: Iterable[dict[str, torch.Tensor]]) -> dict[str, np.ndarray]:
    """The largest magnitude that each input channel of each linear layer takes over some batches."""
    seen: dict[str, torch.Tensor] = {}

    def watch(name: str) -> Callable:
        def hook(_module: nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
            top = inputs[0].abs().flatten(0, -2).amax(0)
            seen[name] = torch.maximum(seen[name], top) if name in seen else top

        return hook

    watched = [(name, module) for name, module in net.layers.named_modules() if isinstance(module, nn.Linear)]
    hooks = [module.register_forward_pre_hook(watch(name)) for name, module in watched]
    for batch in batches:
        net(batch["ids"], batch["features"], batch["mask"])
    for hook in hooks:
        hook.remove()
    return {name: np.maximum(top.numpy(), 1e-3) for name, top in seen.items()}


def build(net: Tagger, kind: str = "int8", tops: dict[str, np.ndarray] | None = None) -> onnx.ModelProto:
    """The network as a model: `ids` and `features` in, `tags` and `links` (scores of each piece) out."""
    graph, state = Graph(kind, tops), {name: value.numpy() for name, value in net.state_dict().items()}
    x = _embeddings(graph, state)
    for at in range(len(net.shape.layers)):
        x = _layer(
            graph, at, {n.split(".", 2)[2]: v for n, v in state.items() if n.startswith(f"layers.{at}.")}, x, net
        )
    for head, output in (("tag", "tags"), ("link", "links")):
        weight, bias = graph.constant(state[f"{head}.weight"].T), graph.constant(state[f"{head}.bias"])
        graph.op("Add", graph.op("MatMul", x, weight), bias, output=output)
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "length"])
    rows = helper.make_tensor_value_info("features", TensorProto.INT64, ["batch", "length", len(SIZES)])
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", "length", len(state[f"{name[:-1]}.bias"])])
        for name in ("tags", "links")
    ]
    made = helper.make_graph(graph.nodes, "tagger", [ids, rows], outputs, graph.constants)
    opsets = [helper.make_opsetid("", 20), helper.make_opsetid(MICROSOFT, 1)]
    return helper.make_model(made, opset_imports=opsets, ir_version=9)


def _embeddings(graph: Graph, state: dict[str, np.ndarray]) -> str:
    """Words, positions and features, summed and normalised."""
    if graph.kind == "fp32":
        words = graph.op("Gather", graph.constant(state["words.weight"]), "ids")
    else:
        quantised, scale = quantise(state["words.weight"])
        picked = graph.op("Cast", graph.op("Gather", graph.constant(quantised), "ids"), to=TensorProto.FLOAT)
        words = graph.op("Mul", picked, graph.op("Gather", graph.constant(scale), "ids"))
    length = graph.op("Shape", "ids", start=1, end=2)
    first, axis = graph.constant(np.array([0])), graph.constant(np.array([0]))
    positions = graph.op("Slice", graph.constant(state["positions.weight"]), first, length, axis)
    table = np.concatenate([state[f"added.{column}.weight"] for column in range(len(SIZES))])
    offsets = graph.constant(np.cumsum((0, *SIZES[:-1])))
    rows = graph.op("Gather", graph.constant(table), graph.op("Add", "features", offsets))
    added = graph.op("ReduceSum", rows, graph.constant(np.array([2])), keepdims=0)
    summed = graph.op("Add", graph.op("Add", words, positions), added)
    return graph.norm(summed, state["norm.weight"], state["norm.bias"])


def _layer(graph: Graph, at: int, state: dict[str, np.ndarray], x: str, net: Tagger) -> str:
    """One transformer layer; the graph has no mask, since windows are run one at a time and never padded."""
    heads = net.shape.layers[at][0]

    def linear(value: str, name: str) -> str:
        return graph.linear(value, f"{at}.{name}", state[f"{name}.weight"], state[f"{name}.bias"])

    joined = linear(x, "qkv")
    parts = [f"{joined}.{name}" for name in "qkv"]
    graph.nodes.append(
        helper.make_node("Split", [joined, graph.constant(np.array([heads * net.shape.head] * 3))], parts, axis=2)
    )
    mixed = graph.op("MultiHeadAttention", *parts, domain=MICROSOFT, num_heads=heads)
    mixed = linear(mixed, "out")
    # Not SkipLayerNormalization, which took eight times as long as the two operators (onnxruntime 1.32).
    x = graph.norm(graph.op("Add", x, mixed), state["out_norm.weight"], state["out_norm.bias"])
    wide = graph.op("Gelu", linear(x, "up"), domain=MICROSOFT)
    # A piece's inputs here peak anywhere from 3 to 25, so one scale for all pieces costs most.
    down = graph.rowwise(wide, state["down.weight"], state["down.bias"])
    return graph.norm(graph.op("Add", x, down), state["down_norm.weight"], state["down_norm.bias"])


def export(net: Tagger, path: Path, kind: str = "int8", tops: dict[str, np.ndarray] | None = None) -> None:
    """Write the network to `path`, its int8 smoothed by the peaks of its linear layers' inputs if these are given."""
    onnx.save(build(net, kind, tops), path)

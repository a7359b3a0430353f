"""Write a network as an ONNX graph: the operators that onnxruntime has fast CPU kernels for, weights in int8 or fp32.

The graph is written by hand, because an exported and then fused graph depends on pattern matching that changes from one
release to the next.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from onrecord.attribution.features import SIZES
from training.model import Tagger

MICROSOFT = "com.microsoft"


class Graph:
    """A graph under construction. Each method adds nodes and returns the name of their output."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
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

    def linear(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """x · weightᵀ + bias; in int8 with one scale for each output, the inputs quantised as they come."""
        if self.kind == "fp32":
            return self.op("Add", self.op("MatMul", x, self.constant(weight.T)), self.constant(bias))
        if self.kind == "blocks":
            return self._blocks(x, weight, bias)
        quantised, scale = quantise(weight)
        parts = (quantised.T, scale[:, 0], np.zeros(len(scale), np.int8), bias)
        return self.op("DynamicQuantizeMatMul", x, *map(self.constant, parts), domain=MICROSOFT)

    def _blocks(self, x: str, weight: np.ndarray, bias: np.ndarray, size: int = 128) -> str:
        """As `linear`, weights and inputs quantised in blocks of `size`."""
        outputs, inputs = weight.shape
        quantised, scale = quantise(weight.reshape(-1, size))
        stored = (quantised.astype(np.int16) + 128).astype(np.uint8).reshape(outputs, inputs // size, size)
        return self.op(
            "MatMulNBits", x, self.constant(stored), self.constant(scale.reshape(outputs, -1)), "", "",
            self.constant(bias),
            domain=MICROSOFT, K=inputs, N=outputs, bits=8, block_size=size, accuracy_level=4,
        )  # fmt: skip

    def norm(self, x: str, weight: np.ndarray, bias: np.ndarray) -> str:
        """Layer normalisation."""
        return self.op("LayerNormalization", x, self.constant(weight), self.constant(bias), epsilon=1e-12)


def quantise(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each row as signed bytes, and the rows' scales as a column."""
    scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-8) / 127
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


def build(net: Tagger, kind: str = "int8") -> onnx.ModelProto:
    """The network as a model: `ids` and `features` in, `tags` and `links` (scores of each piece) out."""
    graph, state = Graph(kind), {name: value.numpy() for name, value in net.state_dict().items()}
    x = _embeddings(graph, state)
    for at in range(net.shape.num_hidden_layers):
        x = _layer(graph, {n.split(".", 2)[2]: v for n, v in state.items() if n.startswith(f"layers.{at}.")}, x, net)
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


def _layer(graph: Graph, state: dict[str, np.ndarray], x: str, net: Tagger) -> str:
    """One transformer layer; the graph has no mask, since windows are run one at a time and never padded."""
    size, heads = net.shape.hidden_size, net.shape.num_attention_heads
    joined = graph.linear(x, state["qkv.weight"], state["qkv.bias"])
    parts = [f"{joined}.{name}" for name in "qkv"]
    graph.nodes.append(helper.make_node("Split", [joined, graph.constant(np.array([size] * 3))], parts, axis=2))
    mixed = graph.op("MultiHeadAttention", *parts, domain=MICROSOFT, num_heads=heads)
    mixed = graph.linear(mixed, state["out.weight"], state["out.bias"])
    # Not SkipLayerNormalization, which took eight times as long as the two operators (onnxruntime 1.32).
    x = graph.norm(graph.op("Add", x, mixed), state["out_norm.weight"], state["out_norm.bias"])
    wide = graph.op("Gelu", graph.linear(x, state["up.weight"], state["up.bias"]), domain=MICROSOFT)
    down = graph.linear(wide, state["down.weight"], state["down.bias"])
    return graph.norm(graph.op("Add", x, down), state["down_norm.weight"], state["down_norm.bias"])


def export(net: Tagger, path: Path, kind: str = "int8") -> None:
    """Write the network to `path`."""
    onnx.save(build(net, kind), path)

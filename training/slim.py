"""Make a network cheaper: drop the attention heads and inner neurons that its loss needs least for their time.

What each is worth is the mean square of the loss's slope towards a gate on its output (Kwon et al. 2022, "A fast
post-training pruning framework for transformers"; a diagonal Fisher information). The pruned network is meant to be
trained further.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from training.model import Tagger, losses

HEAD_COST, NEURON_COST = 74.0, 0.71
"""Microseconds that one takes in a window of 130 pieces: int8, one core, onnxruntime 1.32, by its profile."""
STEP = 32
"""Inner layers keep a multiple of this many neurons, which the int8 kernels work on at once."""
LEAST = STEP
Gates = dict[tuple[int, str], Tensor]


def worth(net: Tagger, batches: Iterable[dict[str, Tensor]]) -> dict[tuple[int, str], np.ndarray]:
    """For each layer's "heads" and "inner", what each member is worth; one batch is one example."""
    gates: Gates = {}
    for at, (heads, inner) in enumerate(net.shape.layers):
        gates[at, "heads"] = torch.ones(heads, requires_grad=True)
        gates[at, "inner"] = torch.ones(inner, requires_grad=True)
    hooks = [
        module.register_forward_pre_hook(_gate(gate))
        for (at, name), gate in gates.items()
        for module in [net.layers[at].out if name == "heads" else net.layers[at].down]
    ]
    sums = {key: np.zeros(len(gate)) for key, gate in gates.items()}
    net.eval()
    for batch in batches:
        plain, crf, link, taught = losses(net, batch)
        slopes = torch.autograd.grad(plain + crf + 0.3 * link + taught, list(gates.values()))
        for key, slope in zip(gates, slopes, strict=True):
            sums[key] += slope.numpy() ** 2
    for hook in hooks:
        hook.remove()
    return sums


def _gate(gate: Tensor):
    """A hook that multiplies a layer's inputs, evenly shared among the gates, by them."""

    def hook(_module: nn.Module, inputs: tuple[Tensor, ...]) -> tuple[Tensor]:
        return (inputs[0] * gate.repeat_interleave(inputs[0].shape[-1] // len(gate)),)

    return hook


def chosen(worths: dict[tuple[int, str], np.ndarray], share: float) -> dict[tuple[int, str], np.ndarray]:
    """Which members to keep, in order, so that they take about `share` of the time of all."""
    cost = {"heads": HEAD_COST, "inner": NEURON_COST}
    rows = [
        (value / cost[key[1]], cost[key[1]], key, member)
        for key, row in worths.items()
        for member, value in enumerate(row)
    ]
    left = share * sum(row[1] for row in rows)
    kept: dict[tuple[int, str], list[int]] = {key: [] for key in worths}
    for _, price, key, member in sorted(rows, key=lambda row: -row[0]):
        if left >= price:
            kept[key].append(member)
            left -= price
    for key, members in kept.items():
        order = np.argsort(-worths[key])
        size = max(LEAST, round(len(members) / STEP) * STEP) if key[1] == "inner" else max(1, len(members))
        kept[key] = sorted(order[:size].tolist())
    return {key: np.array(members) for key, members in kept.items()}


def slimmed(net: Tagger, keep: dict[tuple[int, str], np.ndarray]) -> Tagger:
    """A copy of the network with those heads and neurons alone."""
    state, width = dict(net.state_dict()), net.shape.head
    for at in range(len(net.shape.layers)):
        name, heads, inner = f"layers.{at}.", keep[at, "heads"], keep[at, "inner"]
        mixed = (heads[:, None] * width + np.arange(width)).ravel()
        size = state[f"{name}out.weight"].shape[1]
        joined = np.concatenate([mixed + part * size for part in range(3)])
        state[f"{name}qkv.weight"] = state[f"{name}qkv.weight"][joined]
        state[f"{name}qkv.bias"] = state[f"{name}qkv.bias"][joined]
        state[f"{name}out.weight"] = state[f"{name}out.weight"][:, mixed]
        state[f"{name}up.weight"], state[f"{name}up.bias"] = (
            state[f"{name}up.{part}"][inner] for part in ("weight", "bias")
        )
        state[f"{name}down.weight"] = state[f"{name}down.weight"][:, inner]
    layers = tuple((len(keep[at, "heads"]), len(keep[at, "inner"])) for at in range(len(net.shape.layers)))
    made = Tagger(replace(net.shape, layers=layers), net.dropout)
    made.load_state_dict(state)
    return made

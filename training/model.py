"""The tagger's network: a MiniLM encoder with added feature embeddings, a tag head, a link head and a CRF."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from onrecord.attribution.tagging.features import SIZES
from onrecord.attribution.tagging.labels import LINKS, TAGS
from training.data import IGNORED


@dataclass(frozen=True)
class Shape:
    """The sizes of a network."""

    vocabulary: int
    positions: int
    size: int
    """Numbers a piece is."""
    head: int
    """Numbers of them that one attention head works on."""
    layers: tuple[tuple[int, int], ...]
    """For each layer how many heads it has and how wide its inner layer is."""

    @classmethod
    def of(cls, folder: Path) -> Shape:
        """The shape that a model folder's config.json tells."""
        config = json.loads((folder / "config.json").read_text())
        size, heads = config["hidden_size"], config["num_attention_heads"]
        layers = ((heads, config["intermediate_size"]),) * config["num_hidden_layers"]
        return cls(config["vocab_size"], config["max_position_embeddings"], size, size // heads, layers)

    @classmethod
    def of_state(cls, state: dict[str, Tensor], head: int = 32) -> Shape:
        """The shape that weights tell, but for the width of a head, which is MiniLM's."""
        vocabulary, size = state["words.weight"].shape
        count = 1 + max(int(name.split(".")[1]) for name in state if name.startswith("layers."))
        sizes = [(state[f"layers.{at}.out.weight"].shape[1], len(state[f"layers.{at}.up.bias"])) for at in range(count)]
        layers = tuple((mixed // head, inner) for mixed, inner in sizes)
        return cls(vocabulary, len(state["positions.weight"]), size, head, layers)


class Layer(nn.Module):
    """One post-norm transformer layer, as in BERT."""

    def __init__(self, shape: Shape, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        size, mixed = shape.size, heads * shape.head
        self.heads, self.head, self.dropout = heads, shape.head, dropout
        self.qkv = nn.Linear(size, 3 * mixed)
        self.out, self.out_norm = nn.Linear(mixed, size), nn.LayerNorm(size, eps=1e-12)
        self.up, self.down = nn.Linear(size, inner), nn.Linear(inner, size)
        self.down_norm = nn.LayerNorm(size, eps=1e-12)

    def forward(self, x: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, _ = x.shape
        qkv = self.qkv(x).view(batch, length, 3, self.heads, self.head).permute(2, 0, 3, 1, 4)
        # Written out, as the fused kernel's backward pass took twice the time on a CPU (torch 2.13).
        weights = (qkv[0] * self.head**-0.5) @ qkv[1].transpose(2, 3)
        weights = (weights if mask is None else weights + mask).softmax(-1)
        mixed = self.out((weights.to(qkv.dtype) @ qkv[2]).transpose(1, 2).flatten(2))
        x = self.out_norm(x + F.dropout(mixed, self.dropout, self.training))
        return self.down_norm(x + F.dropout(self.down(F.gelu(self.up(x))), self.dropout, self.training))


class Tagger(nn.Module):
    """Wordpieces and features in; tag scores and link scores out."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape, self.dropout = shape, dropout
        size = shape.size
        self.words = nn.Embedding(shape.vocabulary, size)
        self.positions = nn.Embedding(shape.positions, size)
        self.added = nn.ModuleList(nn.Embedding(count, size) for count in SIZES)
        self.norm = nn.LayerNorm(size, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape, *sizes, dropout) for sizes in shape.layers)
        self.tag, self.link = nn.Linear(size, len(TAGS)), nn.Linear(size, len(LINKS))
        self.crf = CRF(len(TAGS))
        for embedding in self.added:
            nn.init.zeros_(embedding.weight)
        self.words.weight.requires_grad_(False)

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Scores for [batch, length] ids that begin with [CLS] and end with [SEP]; `mask` is true at real pieces."""
        x = self.words(ids) + self.positions.weight[: ids.shape[1]]
        for column, embedding in enumerate(self.added):
            x = x + embedding(features[:, :, column])
        x = F.dropout(self.norm(x), self.dropout, self.training)
        attention = None if mask is None or mask.all() else (~mask[:, None, None, :]).to(torch.bfloat16) * -1e4
        for layer in self.layers:
            x = layer(x, attention)
        x = F.dropout(x, self.dropout, self.training)
        return self.tag(x), self.link(x)

    def reduced(self, layers: tuple[int, ...]) -> Tagger:
        """A copy with these layers only."""
        model = copy.deepcopy(self)
        model.layers = nn.ModuleList(model.layers[at] for at in layers)
        model.shape = replace(self.shape, layers=tuple(self.shape.layers[at] for at in layers))
        return model

    def groups(self, encoder: float, heads: float, crf: float) -> list[dict]:
        """Parameter groups for the optimiser: biases and norms undecayed, the added parts faster than the encoder."""
        rates: dict[tuple[float, bool], list[nn.Parameter]] = {}
        for name, parameter in self.named_parameters():
            if parameter.requires_grad:
                new = name.startswith(("added", "tag", "link"))
                rate = crf if name.startswith("crf") else heads if new else encoder
                rates.setdefault((rate, parameter.ndim > 1 and rate == encoder), []).append(parameter)
        return [{"params": p, "lr": r, "weight_decay": 0.01 if decay else 0.0} for (r, decay), p in rates.items()]


class CRF(nn.Module):
    """A linear chain over the tags. Windows begin anywhere, so there are no scores for a first or last tag."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.transitions = nn.Parameter(torch.zeros(count, count))

    def loss(self, scores: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
        """The negative log likelihood a piece of `tags` [batch, length] where `mask` is true, a prefix of each row."""
        picked = scores.gather(2, tags[:, :, None]).squeeze(2) * mask
        moved = self.transitions[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]
        total, alpha = mask.sum(), scores[:, 0]
        for step in range(1, scores.shape[1]):
            fresh = torch.logsumexp(alpha[:, :, None] + self.transitions, dim=1) + scores[:, step]
            alpha = torch.where(mask[:, step, None], fresh, alpha)
        return (torch.logsumexp(alpha, dim=1).sum() - picked.sum() - moved.sum()) / total


def losses(model: Tagger, batch: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Cross entropy of the tags, the CRF's loss, cross entropy of the links, and of the tags to a teacher's.

    The first and last columns of a batch are [CLS] and, after each row's last piece, [SEP]; neither is scored.
    """
    scores, links = model(batch["ids"], batch["features"], batch["mask"])
    scores, links = scores[:, 1:-1].float(), links[:, 1:-1].float()
    tags, real = batch["tags"], batch["tags"] != IGNORED
    plain = F.cross_entropy(scores.flatten(0, 1), tags.flatten(), ignore_index=IGNORED)
    linked = F.cross_entropy(links.flatten(0, 1), batch["links"].flatten(), ignore_index=IGNORED)
    taught = torch.zeros(())
    if "taught" in batch:
        taught = F.cross_entropy(scores[real], batch["taught"][real].softmax(-1))
    return plain, model.crf.loss(scores, tags.clamp(min=0), real), linked, taught


def pretrained(folder: Path) -> Tagger:
    """A tagger whose encoder has the weights of the BERT in `folder`; its heads know nothing yet."""
    shape = Shape.of(folder)
    model, state = Tagger(shape), load_file(str(folder / "model.safetensors"))
    state = {name.removeprefix("bert."): value for name, value in state.items()}
    taken = {"words.weight": state["embeddings.word_embeddings.weight"]}
    kind = state["embeddings.token_type_embeddings.weight"][0]
    taken["positions.weight"] = state["embeddings.position_embeddings.weight"] + kind
    for part in ("weight", "bias"):
        taken[f"norm.{part}"] = state[f"embeddings.LayerNorm.{part}"]
        for at in range(len(shape.layers)):
            old, new = f"encoder.layer.{at}.", f"layers.{at}."
            taken[f"{new}qkv.{part}"] = torch.cat(
                [state[f"{old}attention.self.{name}.{part}"] for name in ("query", "key", "value")]
            )
            for ours, theirs in (
                ("out", "attention.output.dense"),
                ("out_norm", "attention.output.LayerNorm"),
                ("up", "intermediate.dense"),
                ("down", "output.dense"),
                ("down_norm", "output.LayerNorm"),
            ):
                taken[f"{new}{ours}.{part}"] = state[f"{old}{theirs}.{part}"]
    missing, unexpected = model.load_state_dict(taken, strict=False)
    assert not unexpected
    assert all(name.startswith(("added", "tag", "link", "crf")) for name in missing), missing
    return model

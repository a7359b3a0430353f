"""Train the tagger: seeded, one thread by default, with progress and checkpoints that can be resumed."""

from __future__ import annotations

import copy
import json
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from onrecord.attribution.tagging.features import SIZES
from onrecord.attribution.tagging.labels import TAGS
from training.data import IGNORED, Corpus, Example
from training.model import Tagger, losses


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what comes out, apart from the data."""

    epochs: float = 8.5
    batch: int = 12
    window: int = 190
    encoder_rate: float = 2e-4
    head_rate: float = 1e-3
    crf_rate: float = 5e-3
    link_weight: float = 0.3
    taught_weight: float = 1.0
    masked: float = 0.0
    """The share of pieces hidden in training, so that the tagger leans less on words it has seen."""
    warmup: float = 0.05
    average: float = 0.998
    """Decay a step of the running mean of the weights, which is what gets kept."""
    stop: int | None = None
    """The step to stop at, if not when the schedule ends."""
    averaged: int = 1
    """How many checkpoints of that mean make the result, in equal parts."""
    layers: tuple[int, ...] = (0, 1, 2, 3, 4, 5)
    """Which of the layers that it starts from."""
    seed: int = 7


def collate(cuts: list[tuple[Example, int]], window: int, cls: int, sep: int) -> dict[str, torch.Tensor]:
    """The tensors of one batch; ids and features have a column more on each side, for [CLS] and [SEP]."""
    lengths = [min(window, len(example) - start) for example, start in cuts]
    rows, longest = len(cuts), max(lengths)
    ids = np.zeros((rows, longest + 2), dtype=np.int64)
    feats = np.zeros((rows, longest + 2, len(SIZES)), dtype=np.int64)
    mask = np.zeros((rows, longest + 2), dtype=bool)
    tags = np.full((rows, longest), IGNORED, dtype=np.int64)
    links = np.full((rows, longest), IGNORED, dtype=np.int64)
    for row, ((example, start), length) in enumerate(zip(cuts, lengths, strict=True)):
        cut = slice(start, start + length)
        ids[row, 0], ids[row, 1 : length + 1], ids[row, length + 1] = cls, example.ids[cut], sep
        feats[row, 1 : length + 1] = example.features[cut]
        mask[row, : length + 2] = True
        tags[row, :length], links[row, :length] = example.tags[cut], example.links[cut]
    arrays = {"ids": ids, "features": feats, "mask": mask, "tags": tags, "links": links}
    if cuts[0][0].taught is not None:
        arrays["taught"] = np.zeros((rows, longest, len(TAGS)), dtype=np.float32)
        for row, ((example, start), length) in enumerate(zip(cuts, lengths, strict=True)):
            arrays["taught"][row, :length] = example.taught[start : start + length]
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def averaged(folder: Path, net: Tagger, count: int) -> Tagger:
    """`net` with the mean of the weights of the folder's last `count` checkpoints."""
    return _mean(net, [torch.load(path, weights_only=True) for path in sorted(folder.glob("mean-*.pt"))[-count:]])


def mean(*nets: Tagger) -> Tagger:
    """A network with the mean of the weights of some of one shape."""
    return _mean(copy.deepcopy(nets[0]), [net.state_dict() for net in nets])


def _mean(net: Tagger, states: list[dict[str, torch.Tensor]]) -> Tagger:
    net.load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return net


class Trainer:
    """A training run; `run` goes on from the folder's last checkpoint if there is one."""

    def __init__(self, recipe: Recipe, start: Tagger, tokenizer: Tokenizer, corpus: Corpus, folder: Path) -> None:
        torch.manual_seed(recipe.seed)
        self.recipe, self.corpus, self.folder = recipe, corpus, folder
        self.special = tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")
        self.mask = tokenizer.token_to_id("[MASK]")
        self.model = start.reduced(recipe.layers)
        self.mean = copy.deepcopy(self.model)
        groups = self.model.groups(recipe.encoder_rate, recipe.head_rate, recipe.crf_rate)
        self.optimiser = torch.optim.AdamW(groups, betas=(0.9, 0.98))
        self.steps = round(recipe.epochs * len(corpus) / (recipe.batch * recipe.window))
        self.last = min(self.steps, recipe.stop or self.steps)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimiser, self._rate)
        self.step = 0

    def _rate(self, step: int) -> float:
        """The share of the full learning rate at a step: up over the warm-up, then straight down to nothing."""
        warm = max(1, round(self.recipe.warmup * self.steps))
        return min((step + 1) / warm, max(0.0, (self.steps - step) / max(1, self.steps - warm)))

    def run(self, every: int = 400) -> Tagger:
        """Train to the end and return the mean model, writing a checkpoint each `every` steps."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "recipe.json").write_text(json.dumps(asdict(self.recipe), indent=1))
        self._resume()
        self.model.train()
        began, done, sums = time.perf_counter(), self.step, np.zeros(4)
        while self.step < self.last:
            for batch in self._epoch():
                sums += self._learn(batch)
                if self.step % 50 == 0 or self.step == self.last:
                    rate = (time.perf_counter() - began) / (self.step - done)
                    ce, crf, link, taught = sums / 50
                    shown = f"ce {ce:.4f} crf {crf:.4f} link {link:.4f} taught {taught:.4f}"
                    print(f"step {self.step}/{self.steps} {shown} {rate:.3f} s/step", flush=True)
                    sums[:] = 0
                if self.step % every == 0 or self.step == self.last:
                    self._save()
                if self.step == self.last:
                    break
        return averaged(self.folder, self.mean, self.recipe.averaged)

    def _epoch(self):
        """The epoch's batches; a resumed run begins a new epoch, drawn from the step it stands at."""
        rng = np.random.default_rng((self.recipe.seed, self.step))
        cuts = self.corpus.windows(self.recipe.window, rng)
        for at in range(0, len(cuts), self.recipe.batch):
            yield collate(cuts[at : at + self.recipe.batch], self.recipe.window, *self.special)

    def _learn(self, batch: dict[str, torch.Tensor]) -> list[float]:
        """Take one step; the four losses."""
        if self.recipe.masked:
            hidden = (torch.rand(batch["ids"].shape) < self.recipe.masked) & (batch["ids"] > max(self.special))
            batch["ids"] = batch["ids"].masked_fill(hidden, self.mask)
        with torch.autocast("cpu", torch.bfloat16):
            parts = losses(self.model, batch)
        plain, crf, link, taught = parts
        loss = plain + crf + self.recipe.link_weight * link + self.recipe.taught_weight * taught
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimiser.step()
        self.schedule.step()
        self.step += 1
        self._average()
        return [float(part.detach()) for part in parts]

    @torch.no_grad()
    def _average(self) -> None:
        """Move the mean towards the model: quickly at first, so that it is soon worth evaluating."""
        keep = min(self.recipe.average, (1 + self.step) / (10 + self.step))
        for mean, now in zip(self.mean.parameters(), self.model.parameters(), strict=True):
            if now.requires_grad:
                mean.lerp_(now, 1 - keep)

    def _save(self) -> None:
        """Write the state to resume from, and the mean model under the step's name."""
        state = {
            "model": self.model.state_dict(),
            "mean": self.mean.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "schedule": self.schedule.state_dict(),
            "step": self.step,
            "random": torch.get_rng_state(),
        }
        torch.save(state, self.folder / "last.new")
        (self.folder / "last.new").replace(self.folder / "last.pt")
        torch.save(self.mean.state_dict(), self.folder / f"mean-{self.step:06}.pt")

    def _resume(self) -> None:
        """Take up the last checkpoint, if there is one."""
        if (last := self.folder / "last.pt").exists():
            state = torch.load(last, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.mean.load_state_dict(state["mean"])
            self.optimiser.load_state_dict(state["optimiser"])
            self.schedule.load_state_dict(state["schedule"])
            self.step = state["step"]
            torch.set_rng_state(state["random"])
            print(f"resumed at step {self.step}", flush=True)

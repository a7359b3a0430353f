"""Sentence embeddings by a model the user points to: texts in, vectors of unit length out. Needs onnxruntime."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from onrecord.errors import UsageError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Encoding, Tokenizer

Floats = NDArray[np.float32]

_LAYOUT = "a model is a folder with model.onnx and tokenizer.json, as optimum and sentence-transformers export it"
_MOST_PIECES, _USUAL_PIECES = 512, 256
"""Pieces of a text that are read at most, and where the tokenizer sets no bound of its own."""
_MOST_CHARACTERS = 20_000
_BATCH_PIECES = 4_096
"""Pieces in one run, padding included: it bounds memory."""
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_POOLED, _HIDDEN = "sentence_embedding", ("last_hidden_state", "token_embeddings")
_WIDEST = 8_192
_PROBE = ("a word", "a few more words, so that one of the two is padded")


class Embedder:
    """A model that makes vectors of texts; `width` numbers each."""

    def __init__(self, folder: Path, digest: str, tokenizer: Tokenizer, session: InferenceSession) -> None:
        self.folder, self.digest = folder, digest
        self._tokenizer, self._session = tokenizer, session
        self._types = {one.name: np.int32 if "int32" in one.type else np.int64 for one in session.get_inputs()}
        self._output = _output(folder, session)
        probe = self.embed(_PROBE)
        self.width = probe.shape[1]
        if not probe.any():
            raise UsageError(f"{folder}: the model makes nothing but zeros of words")

    @property
    def name(self) -> str:
        """The name of the model's folder."""
        return self.folder.name

    def embed(self, texts: Sequence[str]) -> Floats:
        """A row for each text: the mean of its pieces' vectors over the attention mask, brought to length 1.

        A model that pools by itself (an output `sentence_embedding`) is left to do so. Raises `UsageError` if the
        model cannot be run.
        """
        # Half a character, as a command line may hold, is refused by the tokenizer.
        sound = [text[:_MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts]
        encoded = self._tokenizer.encode_batch(sound)
        rows: dict[int, Floats] = {}
        for batch in _batches(encoded):
            rows |= zip(batch, self._pooled([encoded[at] for at in batch]), strict=True)
        return np.stack([rows[at] for at in range(len(texts))])

    def _pooled(self, encoded: Sequence[Encoding]) -> Floats:
        longest = max(1, *(len(one.ids) for one in encoded))
        feeds = {name: np.zeros((len(encoded), longest), dtype=kind) for name, kind in self._types.items()}
        mask = np.zeros((len(encoded), longest, 1), dtype=np.float32)
        for row, one in enumerate(encoded):
            length = len(one.ids)
            mask[row, :length, 0] = 1
            for name, values in zip(_INPUTS, (one.ids, [1] * length, one.type_ids), strict=True):
                if name in feeds:
                    feeds[name][row, :length] = values
        found = self._run(feeds)
        if self._output == _POOLED:
            pooled = found
        elif found.ndim == 3 and found.shape[:2] == mask.shape[:2]:
            pooled = (found * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1)
        else:
            raise self._unfit(found)
        if pooled.ndim != 2 or len(pooled) != len(encoded) or not 0 < pooled.shape[1] <= _WIDEST:
            raise self._unfit(found)
        if not np.isfinite(pooled).all():
            raise UsageError(f"{self.folder}: the model makes something that is no number of a text")
        lengths = np.linalg.norm(pooled, axis=1, keepdims=True)
        unit: Floats = (pooled / np.maximum(lengths, 1e-12)).astype(np.float32)
        return unit

    def _run(self, feeds: dict[str, NDArray[Any]]) -> Floats:
        try:
            found = np.asarray(self._session.run([self._output], feeds)[0], dtype=np.float32)
        except Exception as error:  # onnxruntime has a class of its own for every complaint, and no root of them
            raise UsageError(f"{self.folder}: the model cannot be run ({_said(error)})") from error
        if found.ndim not in (2, 3):
            raise self._unfit(found)
        return found

    def _unfit(self, found: Floats) -> UsageError:
        shape = " × ".join(map(str, found.shape))
        return UsageError(f"{self.folder}: {self._output} is {shape}, not a vector for every text or piece")


def load(folder: Path) -> Embedder:
    """The model in a folder: `model.onnx` there or in `onnx/`, and `tokenizer.json`.

    Raises `UsageError` for files that are missing or damaged, and for a model that wants or gives something else.
    """
    model = next((path for path in (folder / "model.onnx", folder / "onnx" / "model.onnx") if path.is_file()), None)
    pieces = folder / "tokenizer.json"
    if model is None or not pieces.is_file():
        lacking = "model.onnx" if model is None else "tokenizer.json"
        raise UsageError(f"{folder}: no {lacking} there; {_LAYOUT}")
    import onnxruntime
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(pieces))
        options = onnxruntime.SessionOptions()
        # Threads that wait turning cost 10 to 20 % of the time where others work on the same cores.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4  # what is wrong with a model is told by the error alone
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        digest = _digest((pieces, *sorted(model.parent.glob("model.onnx*"))))
    except Exception as error:  # neither library has a root of its errors
        raise UsageError(f"{folder}: the model cannot be read ({_said(error)}); {_LAYOUT}") from error
    tokenizer.no_padding()
    bound = (tokenizer.truncation or {}).get("max_length", _USUAL_PIECES)
    tokenizer.enable_truncation(max(1, min(bound, _MOST_PIECES)))
    return Embedder(folder.resolve(), digest, tokenizer, session)


def _output(folder: Path, session: InferenceSession) -> str:
    """The output that has the vectors; raises `UsageError` if the model wants or gives something else."""
    wants = [one.name for one in session.get_inputs()]
    gives = [one.name for one in session.get_outputs()]
    strange = [name for name in wants if name not in _INPUTS]
    if strange or "input_ids" not in wants:
        raise UsageError(
            f"{folder}: the model wants {', '.join(strange or wants) or 'nothing'}; "
            f"an encoder of sentences takes {', '.join(_INPUTS)}"
        )
    for name in (_POOLED, *_HIDDEN):
        if name in gives:
            return name
    raise UsageError(f"{folder}: the model gives {', '.join(gives)}; wanted is {' or '.join((_POOLED, *_HIDDEN))}")


def _batches(encoded: Sequence[Encoding]) -> Iterator[list[int]]:
    """Which texts are run together: such of like length, no more than `_BATCH_PIECES` with their padding."""
    batch: list[int] = []
    for at in sorted(range(len(encoded)), key=lambda at: len(encoded[at].ids)):
        if batch and (len(batch) + 1) * len(encoded[at].ids) > _BATCH_PIECES:
            yield batch
            batch = []
        batch.append(at)
    if batch:
        yield batch


def _digest(paths: Sequence[Path]) -> str:
    """What tells models apart: 32 hexadecimal digits for the content of their files."""
    digests = b""
    for path in paths:
        with path.open("rb") as file:
            digests += hashlib.file_digest(file, "sha256").digest()
    return hashlib.sha256(digests).hexdigest()[:32]


def _said(error: Exception) -> str:
    """What a library complains of, in one line of bounded length."""
    return " ".join(str(error).split())[:200]

"""The bundled encoder, tuned for questions and run by OpenVINO: tokens, network, their mean at unit length.

PyTorch is imported only for the conversion.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from tokenizers import Encoding

from index.embedding import bundled_model
from index.embedding.base import Vectors
from index.embedding.openvino_runtime import BulkNetwork, CompiledNetwork, convert_once, processors
from index.embedding.tokenizer import open_tokenizer
from index.embedding.word_vectors import open_word_vectors

if TYPE_CHECKING:
    import torch

_QUERY, _PASSAGE = "query: ", "passage: "
_PADDING = 1
# Padded tokens per run: the fastest of 512 to 4,096, with one run on each processor
# (docs/decisions/embedding-batches.md).
_TOKENS = 2048
# OpenVINO prepares all steps of a network again for an input of another length, which takes as long as the run itself.
_STEP = 32
_FEW = 16  # texts for which compiling the network again would take longer than it saves


def network_path(home: Path) -> Path:
    """Return the path of the converted network below `home`, which may not exist yet. Raises `WeightsError`."""
    return home / "models" / f"embedder-{bundled_model.embedder_name()}" / "openvino_model.xml"


class OpenVinoEmbedder:
    """Embeds with the unpacked encoder and its tuning weights; safe to call from threads."""

    def __init__(self, folder: Path, home: Path) -> None:
        """Load the encoder unpacked in `folder`; its network is converted below `home` on first use.

        Raises `OpenVinoMissing` or `WeightsError`.
        """
        self.name = bundled_model.embedder_name()
        self.max_tokens = bundled_model.MAX_TOKENS
        self._path = network_path(home)
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._words = open_word_vectors(folder)
        convert_once(self._path, lambda: _last_hidden_state(folder), ("input_ids", "attention_mask"), self._words)
        self._tokenizer = open_tokenizer(folder)
        self._tokenizer.enable_truncation(bundled_model.MAX_TOKENS)
        self._network = CompiledNetwork(self._path, self._words, threads=processors(), tokens=_STEP)
        self._bulk: BulkNetwork | None = None

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode([_QUERY + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode([_PASSAGE + text for text in texts])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        encodings = self._tokenizer.encode_batch(list(texts))
        vectors = np.zeros((len(texts), bundled_model.HIDDEN), dtype=np.float32)
        batches = _batches(encodings)
        if len(texts) <= _FEW:
            for rows in batches:
                arrays = _arrays([encodings[row] for row in rows], step=_STEP)
                (states,) = self._network(arrays)
                vectors[rows] = _pooled(states, arrays["attention_mask"])
            return vectors
        self._bulk = self._bulk or BulkNetwork(self._path, self._words, threads=processors())
        inputs = [_arrays([encodings[row] for row in rows]) for rows in batches]

        def use(number: int, states: npt.NDArray[np.float32]) -> None:
            vectors[batches[number]] = _pooled(states, inputs[number]["attention_mask"])

        self._bulk.run(inputs, use)
        return vectors


def _batches(encodings: Sequence[Encoding]) -> list[list[int]]:
    """Return the rows of texts to run together: of similar length, at most `_TOKENS` padded tokens, longest first."""
    batches: list[list[int]] = []
    for row in sorted(range(len(encodings)), key=lambda row: -len(encodings[row].ids)):
        # The first text of a batch is the longest; all others are padded to it.
        if batches and (len(batches[-1]) + 1) * len(encodings[batches[-1][0]].ids) <= _TOKENS:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches


def _arrays(encodings: Sequence[Encoding], *, step: int = 1) -> dict[str, npt.NDArray[np.int64]]:
    """Return the arrays of a run, (texts, tokens), padded to a multiple of `step` tokens."""
    longest = max(len(encoding.ids) for encoding in encodings)
    shape = (len(encodings), -(-longest // step) * step)
    ids, mask = np.full(shape, _PADDING, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    return {"input_ids": ids, "attention_mask": mask}


def _pooled(states: npt.NDArray[np.float32], mask: npt.NDArray[np.int64]) -> Vectors:
    """Return the mean of each text's token states, (texts, dimensions), at unit length."""
    weights = mask.astype(np.float32)
    means = np.einsum("bth,bt->bh", states, weights) / weights.sum(axis=1, keepdims=True)
    unit: Vectors = (means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12)).astype(np.float32)
    return unit


def _last_hidden_state(folder: Path) -> "torch.nn.Module":
    import torch
    from transformers import BertModel

    from index.embedding import weights

    class LastHiddenState(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True)

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states: torch.Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
            return states

    network = LastHiddenState()
    weights.apply(network, bundled_model.EMBEDDER_WEIGHTS)
    return network

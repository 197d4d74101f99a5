"""The embedder that runs a sentence-transformers model, the bundled one by OpenVINO."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import Module
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling
from tokenizers import Tokenizer
from transformers import BertModel

from index import bundled
from index.embedder import Embedder, Vectors
from index.openvino_runtime import CompiledNetwork, OpenVinoMissing, convert_once, processors

logger = logging.getLogger(__name__)

_BATCH = 16


class ModelMissing(Exception):
    """The embedding model named in the settings is neither a folder nor found by its name."""


def open_embedder(model: str, home: Path) -> Embedder:
    """The bundled model, unpacked below `home` on first use, or any sentence-transformers name or folder.

    Raises `ModelMissing` or `bundled.BundledModelMissing`.
    """
    if model == bundled.NAME:
        folder = bundled.unpack(home)
        return SentenceTransformerEmbedder(_bundled(folder), name=folder.name)
    try:
        transformer = SentenceTransformer(model)
    except (OSError, ValueError) as error:
        raise ModelMissing(f"The embedding model {model} was not found; set QA_EMBEDDING_MODEL to a folder") from error
    return SentenceTransformerEmbedder(transformer, name=f"{model}-{_weights_hash(transformer)[:12]}")


class SentenceTransformerEmbedder:
    """Embeds with a sentence-transformers model and the prompts that it brings."""

    def __init__(self, transformer: SentenceTransformer, *, name: str) -> None:
        self._transformer = transformer
        self._name = name
        self._tokenizer: Any = transformer.tokenizer

    @property
    def name(self) -> str:
        return self._name

    @property
    def max_tokens(self) -> int:
        return int(self._transformer.max_seq_length or bundled.MAX_TOKENS)

    def count_tokens(self, text: str) -> int:
        return len(self._tokenizer.encode(text, add_special_tokens=False))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._unit(self._transformer.encode_query(list(texts), batch_size=_BATCH, show_progress_bar=False))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        return self._unit(self._transformer.encode_document(list(texts), batch_size=_BATCH, show_progress_bar=False))

    def _unit(self, vectors: Any) -> Vectors:
        array = np.asarray(vectors, dtype=np.float32).reshape(-1, self._transformer.get_embedding_dimension() or 1)
        norms = np.linalg.norm(array, axis=1, keepdims=True)
        return np.ascontiguousarray(array / np.maximum(norms, 1e-12))


class OpenVinoTransformer(Module):
    """The first module of a SentenceTransformer, its encoder run by OpenVINO."""

    def __init__(self, folder: Path) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # the library's base has no types
        path = folder / "openvino_model.xml"
        example = {name: torch.ones((2, 8), dtype=torch.long) for name in ("input_ids", "attention_mask")}
        convert_once(path, lambda: _LastHiddenState(folder), example)
        self._compiled = CompiledNetwork(path, threads=processors())
        self.tokenizer = _batch_tokenizer(folder)
        self.max_seq_length = bundled.MAX_TOKENS

    def preprocess(self, inputs: list[str], prompt: str | None = None, **_: Any) -> dict[str, torch.Tensor]:
        """Token ids and attention mask, each (texts, tokens), of the texts behind the prompt."""
        encodings = self.tokenizer.encode_batch([(prompt or "") + text for text in inputs])
        return {
            "input_ids": torch.tensor([encoding.ids for encoding in encodings]),
            "attention_mask": torch.tensor([encoding.attention_mask for encoding in encodings]),
        }

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        inputs = {name: features[name].numpy() for name in ("input_ids", "attention_mask")}
        (states,) = self._compiled(inputs)
        return {**features, "token_embeddings": torch.from_numpy(states)}

    def save(self, output_path: str, *args: Any, **kwargs: Any) -> None:
        raise RuntimeError("The bundled model is written by index.bundled; copy its folder instead")


class _LastHiddenState(torch.nn.Module):
    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder = BertModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        states: torch.Tensor = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return states


def _bundled(folder: Path) -> SentenceTransformer:
    prompts = {"query": "query: ", "document": "passage: "}
    try:
        modules = [OpenVinoTransformer(folder), Pooling(384, "mean"), Normalize()]
        return SentenceTransformer(modules=modules, prompts=prompts, device="cpu")
    except OpenVinoMissing as error:
        logger.warning("OpenVINO does not run here (%s); PyTorch takes its place, at a quarter of the speed", error)
    return SentenceTransformer(
        str(folder), local_files_only=True, device="cpu", model_kwargs={"add_pooling_layer": False}
    )


def _batch_tokenizer(folder: Path) -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(bundled.MAX_TOKENS)
    tokenizer.enable_padding(pad_id=1, pad_token="<pad>")
    return tokenizer


def _weights_hash(transformer: SentenceTransformer) -> str:
    digest = hashlib.sha256()
    for name, weight in sorted(transformer.state_dict().items()):
        digest.update(name.encode())
        digest.update(weight.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()

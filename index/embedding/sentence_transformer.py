"""The embedder set by staff: the bundled model by OpenVINO, or any sentence-transformers model."""

import hashlib
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedding import bundled_model
from index.embedding.base import Embedder, ModelMissing, Vectors
from index.embedding.openvino import OpenVinoEmbedder
from index.embedding.openvino_runtime import OpenVinoMissing

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer  # seconds to import

__all__ = ["ModelMissing", "SentenceTransformerEmbedder", "open_embedder"]

logger = logging.getLogger(__name__)

_BATCH = 16


def open_embedder(model: str, home: Path) -> Embedder:
    """Return the bundled model, unpacked below `home` on first use, or any sentence-transformers name or folder.

    Raises `ModelMissing`, `BundledModelMissing` or `WeightsError`.
    """
    if model == bundled_model.NAME:
        return _bundled(bundled_model.unpack(home), home)
    from sentence_transformers import SentenceTransformer

    try:
        transformer = SentenceTransformer(model)
    except (OSError, ValueError) as error:
        raise ModelMissing(f"The embedding model {model} was not found; set QA_EMBEDDING_MODEL to a folder") from error
    return SentenceTransformerEmbedder(transformer, name=f"{model}-{_weights_hash(transformer)[:12]}")


class SentenceTransformerEmbedder:
    """Embeds with a sentence-transformers model and its own prompts."""

    def __init__(self, transformer: "SentenceTransformer", *, name: str) -> None:
        self._transformer = transformer
        self._name = name
        self._tokenizer: Any = transformer.tokenizer

    @property
    def name(self) -> str:
        return self._name

    @property
    def max_tokens(self) -> int:
        return int(self._transformer.max_seq_length or bundled_model.MAX_TOKENS)

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


def _bundled(folder: Path, home: Path) -> Embedder:
    try:
        return OpenVinoEmbedder(folder, home)
    except OpenVinoMissing as error:
        logger.warning("OpenVINO does not run here (%s); PyTorch takes its place, at a quarter of the speed", error)
    return SentenceTransformerEmbedder(tuned_transformer(folder), name=bundled_model.embedder_name())


def tuned_transformer(folder: Path) -> "SentenceTransformer":
    """Load the unpacked encoder with its tuning weights, on PyTorch. Raises `WeightsError`."""
    from sentence_transformers import SentenceTransformer
    from torch import nn

    from index.embedding import weights

    transformer = SentenceTransformer(
        str(folder), local_files_only=True, device="cpu", model_kwargs={"add_pooling_layer": False}
    )
    holder = nn.Module()
    holder.encoder = transformer[0].auto_model
    weights.apply(holder, bundled_model.EMBEDDER_WEIGHTS)
    return transformer


def _weights_hash(transformer: "SentenceTransformer") -> str:
    digest = hashlib.sha256()
    for name, weight in sorted(transformer.state_dict().items()):
        digest.update(name.encode())
        digest.update(weight.detach().cpu().float().numpy().tobytes())
    return digest.hexdigest()

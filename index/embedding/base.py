"""The interface that the index needs from an embedding model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class ModelMissing(Exception):
    """The embedding model named in the settings is neither a folder nor found by its name."""


class Embedder(Protocol):
    """An embedding model; models that return other vectors must have another `name`."""

    @property
    def name(self) -> str: ...

    @property
    def max_tokens(self) -> int:
        """The number of tokens that count, special tokens and prompt included."""

    def count_tokens(self, text: str) -> int:
        """Return the number of tokens of a text alone, without special tokens and prompt."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (texts, dimensions) of questions."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (texts, dimensions) of passages."""

"""What the index needs of an embedding model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]


class ModelMissing(Exception):
    """The embedding model named in the settings is neither a folder nor found by its name."""


class Embedder(Protocol):
    """What the index needs of a model; `name` tells apart all models that give other vectors."""

    @property
    def name(self) -> str: ...

    @property
    def max_tokens(self) -> int:
        """The most tokens of a text that count, special tokens and prompt included."""

    def count_tokens(self, text: str) -> int:
        """Return the tokens of a text alone, without special tokens and prompt."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (texts, dimensions) of questions."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors (texts, dimensions) of passages."""

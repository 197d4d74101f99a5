"""A cache of computed vectors, by text and model."""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

import numpy as np

from index.embedding.base import Vectors
from index.files.record_cache import Cache, key_of

# Vectors of older versions that are kept besides the newest, so that undoing a change costs nothing.
_SPARE = 20_000


class VectorCache:
    """Vectors of one model's passages; they survive an interrupted refresh. It is opened on use."""

    def __init__(self, folder: Path, model: str) -> None:
        self._model = model
        self._path = folder / f"vectors-{hashlib.sha256(model.encode()).hexdigest()[:16]}.cache"

    @cached_property
    def _cache(self) -> Cache:
        return Cache(self._path)

    def get(self, text: str) -> Vectors | None:
        """Return the vector (dimensions,) of an indexed text; None if it was never computed."""
        value = self._cache.get(self._key(text))
        return None if value is None else np.frombuffer(value, dtype="<f4")

    def add(self, vectors: Mapping[str, Vectors]) -> None:
        """Store vectors by their texts; they are on the disk on return."""
        self._cache.add({self._key(text): vector.astype("<f4").tobytes() for text, vector in vectors.items()})

    def prune(self, passages: int) -> None:
        """Drop the oldest vectors beyond those of so many passages and some spare ones, and those of other models."""
        if "_cache" in self.__dict__:  # otherwise none was added
            self._cache.prune(most=passages + _SPARE)
        for path in self._path.parent.glob("vectors-*.cache"):
            if path != self._path:
                path.unlink(missing_ok=True)

    def _key(self, text: str) -> bytes:
        return key_of(self._model, text)

"""Vectors that were computed once, by the text and the model that they are of."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from index.embedding.base import Vectors
from index.files.record_cache import Cache, key_of

# Vectors of earlier versions that are kept besides those of the newest, so that undoing a change costs nothing.
_SPARE = 20_000


class VectorCache:
    """Vectors of passages of one model; they survive a refresh that is interrupted."""

    def __init__(self, folder: Path, model: str) -> None:
        self._model = model
        self._path = folder / f"vectors-{hashlib.sha256(model.encode()).hexdigest()[:16]}.cache"
        self._cache = Cache(self._path)

    def get(self, text: str) -> Vectors | None:
        """Return the vector (dimensions,) of an indexed text, None when it was never computed."""
        value = self._cache.get(self._key(text))
        return None if value is None else np.frombuffer(value, dtype="<f4")

    def add(self, vectors: Mapping[str, Vectors]) -> None:
        """Keep vectors by their texts; they are on the disk when this returns."""
        self._cache.add({self._key(text): vector.astype("<f4").tobytes() for text, vector in vectors.items()})

    def prune(self) -> None:
        """Drop what was not used for long, and the vectors of other models."""
        self._cache.prune(most=len(self._cache.used) + _SPARE)
        for path in self._path.parent.glob("vectors-*.cache"):
            if path != self._path:
                path.unlink(missing_ok=True)

    def _key(self, text: str) -> bytes:
        return key_of(self._model, text)

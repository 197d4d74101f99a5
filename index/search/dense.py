"""Exact nearest vectors: FAISS, inner product of unit vectors; imported where it is used, as bm25s is."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.embedding.base import Vectors


class DenseIndex:
    """Vectors by row; the search is exact, so results depend only on the vectors."""

    def __init__(self, index: Any) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        import faiss

        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        import faiss

        return cls(faiss.deserialize_index(np.fromfile(path, dtype=np.uint8)))

    def save(self, path: Path) -> None:
        import faiss

        # Not faiss.write_index: on a full disk it raises RuntimeError, or nothing at all.
        path.write_bytes(faiss.serialize_index(self._index).tobytes())

    def __len__(self) -> int:
        return int(self._index.ntotal)

    @property
    def dimensions(self) -> int:
        return int(self._index.d)

    @property
    def vectors(self) -> Vectors:
        """All vectors, (rows, dimensions)."""
        vectors: Vectors = self._index.reconstruct_n(0, len(self))
        return vectors

    def search(self, query: Vectors, *, count: int) -> npt.NDArray[np.int64]:
        """Return the rows nearest to one query vector (dimensions,), the nearest first, `count` at most."""
        _, rows = self._index.search(query.reshape(1, -1), min(count, len(self)))
        return np.asarray(rows[0], dtype=np.int64)

    def scores(self, query: Vectors, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the inner product of one query vector with each of `rows`."""
        return np.asarray(self._index.reconstruct_batch(rows) @ query, dtype=np.float32)

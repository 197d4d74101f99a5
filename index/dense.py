"""Exact nearest vectors: FAISS, inner product on unit vectors."""

from pathlib import Path

import faiss
import numpy as np
import numpy.typing as npt

from index.embedder import Vectors


class DenseIndex:
    """Vectors by their row; exact, so that what is found depends on the vectors alone."""

    def __init__(self, index: faiss.Index) -> None:
        self._index = index

    @classmethod
    def build(cls, vectors: Vectors) -> "DenseIndex":
        index = faiss.IndexFlatIP(vectors.shape[1])
        index.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(index)

    @classmethod
    def load(cls, path: Path) -> "DenseIndex":
        return cls(faiss.read_index(str(path)))

    def save(self, path: Path) -> None:
        faiss.write_index(self._index, str(path))

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
        """The rows nearest to one query vector (dimensions,), the nearest first, `count` at most."""
        _, rows = self._index.search(query.reshape(1, -1), min(count, len(self)))
        return np.asarray(rows[0], dtype=np.int64)

    def scores(self, query: Vectors, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """The inner product of one query vector with each of `rows`."""
        return np.asarray(self._index.reconstruct_batch(rows) @ query, dtype=np.float32)

"""The encoder's word vectors, read from its file where they lie: three networks would hold 384 MB of them each.

Of the mapped file only the pages with words that occur stay in memory.
"""

import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

FILE = "model.safetensors"
_NAME = "embeddings.word_embeddings.weight"


class WordVectors:
    """Looks up the vectors of token ids."""

    def __init__(self, rows: npt.NDArray[np.float32]) -> None:
        """`rows` are the vectors of the whole vocabulary, (words, dimensions)."""
        self._rows = rows

    @property
    def dimensions(self) -> int:
        return int(self._rows.shape[1])

    def of(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return the vectors of ids (texts, tokens), (texts, tokens, dimensions)."""
        return np.asarray(self._rows[ids], dtype=np.float32)


@lru_cache(maxsize=4)
def open_word_vectors(folder: Path) -> WordVectors:
    """Open the vectors of the encoder unpacked in `folder`, once for all its networks."""
    path = folder / FILE
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        entry = json.loads(file.read(size))[_NAME]
    start, _ = entry["data_offsets"]
    return WordVectors(np.memmap(path, dtype="<f4", mode="r", offset=8 + size + start, shape=tuple(entry["shape"])))

"""Random vectors in place of the encoder's, where only the other steps of an index are measured."""

import numpy as np
import numpy.typing as npt

DIMENSIONS = 384


def random_vectors(count: int) -> npt.NDArray[np.float32]:
    """Return so many vectors of unit length, the same in every run."""
    vectors = np.random.default_rng(1).standard_normal((count, DIMENSIONS), dtype=np.float32)
    lengths: npt.NDArray[np.float32] = np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors / lengths

"""Merges two rankings into one."""

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


# The best of 0.1 to 1 on 639 questions over 50 documents: right passage first for 74.8 %, against 69.5 % at 1.
LEXICAL = 0.25


def summed_z_scores(dense: Scores, lexical: Scores, *, weight: float = LEXICAL) -> Scores:
    """Return the sum of both rankings' scores in standard deviations from the mean, the lexical ones times `weight`."""
    return _z(dense) + np.float32(weight) * _z(lexical)


def _z(scores: Scores) -> Scores:
    spread = float(scores.std())
    return (scores - scores.mean()) / np.float32(spread) if spread > 0 else np.zeros_like(scores)

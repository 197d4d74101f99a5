"""The best span of a window, from the network's start and end logits."""

import math

import numpy as np
import numpy.typing as npt

from qa.reader.encoding import Window

Logits = npt.NDArray[np.float32]
MAX_ANSWER_TOKENS = 64


def best_span(start: Logits, end: Logits, window: Window, *, after: int = 0) -> tuple[float, tuple[int, int]]:
    """The best span as (score above "no answer here", characters `[start, end)` of the passage).

    `start` and `end` are (tokens,); characters before `after` are not answers. Minus infinity when nothing is left.
    """
    first = next((i for i, (begin, _) in enumerate(window.offsets) if begin >= after), len(window.offsets))
    offsets = window.offsets[first:]
    if not offsets:
        return -math.inf, (0, 0)
    tokens = slice(window.first + first, window.first + len(window.offsets))
    scores = np.triu(start[tokens, None] + end[None, tokens] + 0.0)
    scores[np.tril_indices(len(offsets), -1)] = -np.inf
    scores[np.triu_indices(len(offsets), MAX_ANSWER_TOKENS)] = -np.inf
    begin, stop = divmod(int(scores.argmax()), len(offsets))
    return float(scores[begin, stop] - start[0] - end[0]), (offsets[begin][0], offsets[stop][1])

"""How work grows with its input: more than in proportion, or not."""

import time
from collections.abc import Callable

# Four times the input is four times the work, and sixteen times where work grows with the square.
MOST_GROWTH = 9.0
# What an empty request costs is measured with the input, and may hide growth that costs less than some of them.
NOISE = 4
TRIES = 4


def seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def grows_too_fast(work: Callable[[int], object], most: int) -> float:
    """How much more than four times as long it takes for four times the input; 0 when that cannot be told apart."""
    sizes = (0, most // 4, most)
    best = dict.fromkeys(sizes, float("inf"))
    for _ in range(TRIES):
        for size in sizes:
            best[size] = min(best[size], seconds(lambda size=size: work(size)))  # type: ignore[misc]
        growth = best[most] / max(best[most // 4], NOISE * best[0])
        if growth <= MOST_GROWTH:
            return 0.0
    return growth

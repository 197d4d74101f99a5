"""What the table of quality remembers of the networks."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.quality.memory import Memory
from index.embedding.running import Arrays


class _Network:
    """Gives every token its own id as start, the negative of it as end, and the sum of them for the pair."""

    def __init__(self) -> None:
        self.pairs = 0

    def __call__(self, arrays: Arrays) -> Sequence[npt.NDArray[np.float32]]:
        self.pairs += len(arrays["input_ids"])
        ids = arrays["input_ids"].astype(np.float32)
        return [ids, -ids, (ids * arrays["attention_mask"]).sum(axis=1)]


def _batch(*pairs: list[int]) -> Arrays:
    width = max(map(len, pairs))
    ids, mask = (np.zeros((len(pairs), width), dtype=np.int64) for _ in range(2))
    for row, pair in enumerate(pairs):
        ids[row, : len(pair)], mask[row, : len(pair)] = pair, 1
    return {"input_ids": ids, "attention_mask": mask, "passage_mask": mask}


def test_only_pairs_never_seen_are_computed_whatever_they_stand_beside(tmp_path: Path) -> None:
    network = _Network()
    run = Memory(tmp_path / "m.cache", identity="a").around(network)
    run(_batch([1, 2, 3]))
    start, end, judged = run(_batch([7, 8, 9, 10], [1, 2, 3]))
    assert network.pairs == 2
    assert start[0].tolist() == [7, 8, 9, 10] and end[1, :3].tolist() == [-1, -2, -3]
    assert start[1, 3] < -1000  # beyond the pair nothing can be read
    assert judged.tolist() == [34, 6]


def test_what_was_computed_outlives_the_process_but_not_the_weights(tmp_path: Path) -> None:
    memory = Memory(tmp_path / "m.cache", identity="a")
    memory.around(_Network())(_batch([1, 2]))
    memory.close()
    again, other = _Network(), _Network()
    outputs = Memory(tmp_path / "m.cache", identity="a").around(again)(_batch([1, 2]))
    Memory(tmp_path / "m.cache", identity="b").around(other)(_batch([1, 2]))
    assert (again.pairs, other.pairs) == (0, 1)
    assert outputs[0].tolist() == [[1, 2]]


def test_a_timed_question_is_computed(tmp_path: Path) -> None:
    network = _Network()
    memory = Memory(tmp_path / "m.cache", identity="a")
    run = memory.around(network)
    run(_batch([1, 2]))
    memory.paused = True
    run(_batch([1, 2]))
    assert network.pairs == 2

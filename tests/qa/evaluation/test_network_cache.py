"""What a refresh read of golden questions is remembered; a server looks it up when it asks them again."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from qa.evaluation.network_cache import NetworkCache, recalled, recalling


def test_a_server_looks_up_what_a_refresh_read_and_writes_nothing(tmp_path: Path) -> None:
    known, other = ({"ids": np.full((2, 3), number, dtype=np.int64)} for number in (1, 2))
    read: list[float] = []

    def run(arrays: dict[str, npt.NDArray[np.int64]]) -> Sequence[npt.NDArray[np.float32]]:
        read.append(float(arrays["ids"][0, 0]))
        return [arrays["ids"].astype(np.float32)]

    path = tmp_path / "readings.cache"
    first = NetworkCache(path, identity="one").around(run)(known)
    kept, server = path.read_bytes(), recalled(run)
    with recalling(NetworkCache(path, identity="one", keeps=False)):
        assert server(known)[0].tolist() == first[0].tolist() and read == [1.0]
        server(other)
        server(other)
    assert read == [1.0, 2.0, 2.0] and path.read_bytes() == kept
    server(known)
    assert read[-1] == 1.0, "the control: citizens' questions are read"

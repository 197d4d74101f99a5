"""Networks run by OpenVINO are set up by one thread before any other may use them."""

import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from index.embedding import openvino_runtime
from index.embedding.openvino_runtime import BulkNetwork, CompiledNetwork
from index.embedding.word_vectors import WordVectors, open_word_vectors


class Network:
    """Stands in for a compiled network, and remembers which thread ran it on inputs of which shape."""

    def __init__(self) -> None:
        self.runs: list[tuple[threading.Thread, dict[str, tuple[int, ...]]]] = []
        sizes = [SimpleNamespace(is_dynamic=True), SimpleNamespace(is_dynamic=False, get_length=lambda: 3)]
        whole = SimpleNamespace(to_dtype=lambda: np.int64)
        self.inputs = [SimpleNamespace(any_name="input_ids", partial_shape=sizes, element_type=whole)]
        self.outputs = ["states"]

    def create_infer_request(self) -> "Network":
        return self

    def infer(self, inputs: dict[str, Any]) -> dict[str, Any]:
        self.runs.append((threading.current_thread(), {name: array.shape for name, array in inputs.items()}))
        return {"states": np.zeros(1)}


@pytest.mark.parametrize("kind", [CompiledNetwork, BulkNetwork])
def test_a_network_has_run_on_the_thread_that_compiled_it_before_any_other_sees_it(
    kind: type[CompiledNetwork] | type[BulkNetwork], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = Network()
    core = SimpleNamespace(compile_model=lambda *_: network)
    monkeypatch.setattr(openvino_runtime, "_openvino", lambda: SimpleNamespace(Core=lambda: core))
    table = tmp_path / "words"
    table.write_bytes(np.arange(12, dtype=np.float32).tobytes())
    words = WordVectors(table, 0, words=4, dimensions=3)
    made = kind(Path("network.xml"), words, threads=2)
    assert network.runs == [(threading.current_thread(), {"input_ids": (1, 3)})]
    if isinstance(made, BulkNetwork):
        made.run([{"input_ids": np.ones((1, 5), dtype=np.int64)}] * 4, lambda number, output: None)
        assert len(network.runs) == 5 and network.runs[-1][0] is not threading.current_thread()
        assert network.runs[-1][1] == {"input_ids": (1, 5, 3)}


def test_word_vectors_are_those_of_the_file(tmp_path: Path) -> None:
    vectors = np.arange(40, dtype=np.float32).reshape(10, 4)
    tensors = {"embeddings.position_embeddings.weight": np.ones((3, 4), dtype=np.float32)}
    save_file({**tensors, "embeddings.word_embeddings.weight": vectors}, tmp_path / "model.safetensors")
    words = open_word_vectors(tmp_path)
    assert words.dimensions == 4
    np.testing.assert_array_equal(words.of(np.array([[9, 0], [3, 3]])), vectors[[[9, 0], [3, 3]]])
    with pytest.raises(IndexError, match="10"):
        words.of(np.array([[10]]))

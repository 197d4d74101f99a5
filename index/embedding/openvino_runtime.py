"""OpenVINO as the runtime of PyTorch networks: the fastest of those measured on processors.

See docs/decisions/openvino-runtime.md.
"""

import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.embedding.word_vectors import WordVectors

if TYPE_CHECKING:
    import torch  # takes a second to import, and is needed only for the conversion

logger = logging.getLogger(__name__)

Arrays = Mapping[str, npt.NDArray[Any]]
TOKENS = "input_ids"


class OpenVinoMissing(Exception):
    """OpenVINO is not installed or does not run on this processor; PyTorch takes its place."""


class CompiledNetwork:
    """A network ready to run; each thread that calls it has a request of its own."""

    def __init__(self, path: Path, words: WordVectors, *, threads: int, tokens: int = 128) -> None:
        """Compile the network stored at `path`, whose tokens come as `words`. Raises `OpenVinoMissing`.

        Most inputs have about so many `tokens`.
        """
        self._words = words
        self._compiled = _compiled(path, tokens, PERFORMANCE_HINT="LATENCY", INFERENCE_NUM_THREADS=str(threads))

    def __call__(self, inputs: Arrays) -> list[npt.NDArray[np.float32]]:
        """Run on arrays keyed by input name; return the outputs in the network's order."""
        result = self._compiled.create_infer_request().infer(_with_vectors(inputs, self._words))
        return [np.asarray(result[output], dtype=np.float32) for output in self._compiled.outputs]


class BulkNetwork:
    """A network of one output that runs many inputs, one on each processor: each result later, but more of them."""

    def __init__(self, path: Path, words: WordVectors, *, threads: int) -> None:
        """Compile the network stored at `path`, whose tokens come as `words`. Raises `OpenVinoMissing`."""
        self._words = words
        self._compiled = _compiled(path, 128, NUM_STREAMS=str(threads), INFERENCE_NUM_THREADS=str(threads))
        self._streams = threads

    def run(self, inputs: Iterable[Arrays], use: Callable[[int, npt.NDArray[np.float32]], None]) -> None:
        """Run on each of `inputs`; call `use` with the number and output of each, in order."""
        # Not OpenVINO's own queue: its threads run Python callbacks, and a callback that waits for Python's lock while
        # the network is being freed would wait forever.
        with ThreadPoolExecutor(self._streams) as pool:
            for number, output in enumerate(pool.map(self._output, inputs)):
                use(number, output)

    def _output(self, inputs: Arrays) -> npt.NDArray[np.float32]:
        result = self._compiled.create_infer_request().infer(_with_vectors(inputs, self._words))
        return np.asarray(result[self._compiled.outputs[0]], dtype=np.float32)


def _with_vectors(inputs: Arrays, words: WordVectors) -> dict[str, npt.NDArray[Any]]:
    """Return the inputs with the vectors of the token ids in their place."""
    return {**inputs, TOKENS: words.of(inputs[TOKENS])}


def _compiled(path: Path, tokens: int, **options: str) -> Any:
    openvino = _openvino()
    try:
        # bf16 where the processor computes in it: cosine 0.9999 to float32 at twice the speed. OpenVINO falls
        # back to f32 elsewhere by itself.
        compiled = openvino.Core().compile_model(str(path), "CPU", {"INFERENCE_PRECISION_HINT": "bf16", **options})
        _run_once(compiled, tokens)
    except RuntimeError as error:
        raise OpenVinoMissing(str(error).splitlines()[0]) from error
    return compiled


def _run_once(compiled: Any, tokens: int) -> None:
    """Run a compiled network on one text of `tokens`, on the thread that compiled it.

    OpenVINO's bindings guard their first set-up by a lock, and wait for Python's lock while they hold it. Two threads
    in their first call would wait for each other forever. OpenVINO keeps a copy of all weights for short inputs and
    another for long ones (83 MB each), so the input is as long as those that follow.
    """
    inputs = {}
    for port in compiled.inputs:
        shape = [size.get_length() if not size.is_dynamic else tokens for size in port.partial_shape]
        shape[0] = 1
        inputs[port.any_name] = np.ones(shape, dtype=port.element_type.to_dtype())
    result = compiled.create_infer_request().infer(inputs)
    for output in compiled.outputs:
        np.asarray(result[output], dtype=np.float32)


def is_stored(path: Path) -> bool:
    """Return whether a converted network lies at `path`."""
    return path.is_file() and path.with_suffix(".bin").is_file()


def convert_once(path: Path, build: Callable[[], "torch.nn.Module"], inputs: Iterable[str], words: WordVectors) -> None:
    """Store the network that `build` makes as OpenVINO files at `path`, unless they exist.

    `inputs` names the forward arguments, all of them token arrays; their axes stay open. The network stored takes
    `words` in place of token ids, and holds no vectors of words itself. Raises `OpenVinoMissing`.
    """
    if is_stored(path):
        return
    import torch

    openvino = _openvino()
    from index.embedding.given_vectors import GivenVectors

    network = GivenVectors(build()).eval()
    example = {name: torch.ones((2, 8), dtype=torch.long) for name in inputs}
    example[TOKENS] = torch.ones((2, 8, words.dimensions))
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the tracer names every Python branch of the network
        model = openvino.convert_model(network, example_input=tuple(example.values()))
    for port, name in zip(model.inputs, example, strict=True):
        port.get_tensor().set_names({name})
    shapes = {port: [-1] * len(port.partial_shape) for port in model.inputs}
    shapes[model.input(TOKENS)][-1] = words.dimensions
    model.reshape(shapes)
    with tempfile.TemporaryDirectory(prefix=".openvino-", dir=path.parent) as aside:
        openvino.save_model(model, str(Path(aside) / path.name), compress_to_fp16=True)
        # Other code looks for the .xml, so it comes last.
        for suffix in (".bin", ".xml"):
            (Path(aside) / path.name).with_suffix(suffix).replace(path.with_suffix(suffix))


def processors() -> int:
    """Return the number of processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _openvino() -> Any:
    # Importing openvino reports to an analytics server unless this package cannot be imported.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None makes the import fail
    try:
        import openvino
    except (ImportError, OSError) as error:
        raise OpenVinoMissing(str(error)) from error
    return openvino

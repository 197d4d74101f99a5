"""OpenVINO as the runtime of PyTorch networks: the fastest of those measured on processors (docs/decisions.md)."""

import logging
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

logger = logging.getLogger(__name__)

Arrays = Mapping[str, npt.NDArray[Any]]


class OpenVinoMissing(Exception):
    """OpenVINO is not installed or does not run on this processor; PyTorch takes its place."""


class CompiledNetwork:
    """A network ready to run; called from several threads it makes a request for each."""

    def __init__(self, path: Path, *, threads: int) -> None:
        """Compile the network stored at `path`. Raises `OpenVinoMissing`."""
        openvino = _openvino()
        try:
            core = openvino.Core()
            # bf16 where the processor computes in it: cosine 0.9999 to float32 at twice the speed. OpenVINO falls
            # back to f32 elsewhere by itself.
            options = {
                "PERFORMANCE_HINT": "LATENCY",
                "INFERENCE_PRECISION_HINT": "bf16",
                "INFERENCE_NUM_THREADS": str(threads),
            }
            self._compiled = core.compile_model(str(path), "CPU", options)
        except RuntimeError as error:
            raise OpenVinoMissing(str(error).splitlines()[0]) from error

    def __call__(self, inputs: Arrays) -> list[npt.NDArray[np.float32]]:
        """Run on arrays keyed by input name; give the outputs in the network's order."""
        result = self._compiled.create_infer_request().infer(dict(inputs))
        return [np.asarray(result[output], dtype=np.float32) for output in self._compiled.outputs]


def convert_once(path: Path, build: Callable[[], torch.nn.Module], inputs: Mapping[str, torch.Tensor]) -> None:
    """Store the network that `build` makes as OpenVINO files at `path`, unless they are there.

    `inputs` are examples, by the names of the forward arguments; all their axes stay open.
    Raises `OpenVinoMissing`.
    """
    if path.is_file() and path.with_suffix(".bin").is_file():
        return
    openvino = _openvino()
    network = build().eval()
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")  # the tracer names every Python branch of the network
        model = openvino.convert_model(network, example_input=dict(inputs))
    for port, name in zip(model.inputs, inputs, strict=True):
        port.get_tensor().set_names({name})
    model.reshape({port: [-1] * len(port.partial_shape) for port in model.inputs})
    with tempfile.TemporaryDirectory(prefix=".openvino-", dir=path.parent) as aside:
        openvino.save_model(model, str(Path(aside) / path.name), compress_to_fp16=True)
        # The .xml is what is looked for, so it comes last.
        for suffix in (".bin", ".xml"):
            (Path(aside) / path.name).with_suffix(suffix).replace(path.with_suffix(suffix))


def processors() -> int:
    """The processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _openvino() -> Any:
    # Importing openvino reports to an analytics server unless this package cannot be imported.
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]  # None makes the import fail
    try:
        import openvino
    except (ImportError, OSError) as error:
        raise OpenVinoMissing(str(error)) from error
    return openvino

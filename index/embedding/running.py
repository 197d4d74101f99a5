"""Opens a network of tokens to run it here: by OpenVINO, or by PyTorch where that does not run."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.embedding.openvino_runtime import CompiledNetwork, OpenVinoMissing, convert_once, processors
from index.embedding.word_vectors import open_word_vectors

if TYPE_CHECKING:
    import torch  # takes a second to import, and is needed only for the conversion

logger = logging.getLogger(__name__)

Arrays = dict[str, npt.NDArray[np.int64]]  # token arrays by the names of inputs
Run = Callable[[Arrays], Sequence[npt.NDArray[np.float32]]]


def open_network(
    path: Path,
    build: Callable[[], "torch.nn.Module"],
    inputs: Sequence[str],
    *,
    encoder_folder: Path,
    tokens: int = 128,
) -> Run:
    """Return what runs the network that `build` makes, on arrays keyed by the names of its `inputs`.

    It is stored as OpenVINO files at `path`, unless they exist. Most inputs have about so many `tokens`.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        words = open_word_vectors(encoder_folder)
        convert_once(path, build, inputs, words)
        return CompiledNetwork(path, words, threads=processors(), tokens=tokens)
    except OpenVinoMissing as error:
        logger.warning(
            "OpenVINO does not run here (%s); PyTorch runs %s in its place, at half the speed", error, path.parent.name
        )
    return _by_pytorch(build(), inputs)


def _by_pytorch(network: "torch.nn.Module", inputs: Sequence[str]) -> Run:
    import torch

    def run(arrays: Arrays) -> list[npt.NDArray[np.float32]]:
        with torch.inference_mode():
            outputs = network(*(torch.from_numpy(arrays[name]) for name in inputs))
        return [output.float().numpy() for output in outputs]

    return run

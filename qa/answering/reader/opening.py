"""Opens the trained reader with its verifier, on the encoder that lies unpacked."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding import weight_file
from index.embedding.running import Run, open_network
from qa.answering.reader.encoding import PairEncoder
from qa.answering.reader.extractive import MAX_TOKENS, ExtractiveReader
from qa.answering.reader.verifier import judging

if TYPE_CHECKING:
    # Imports PyTorch, which takes a second and much memory, and is needed for the conversion alone.
    from qa.answering.reader.network import ReaderNetwork

WEIGHTS = Path(__file__).parent / "model" / "reader.safetensors"
INPUTS = ("input_ids", "attention_mask", "passage_mask")


def network_paths(home: Path, encoder: str) -> tuple[Path, Path]:
    """Return the paths of the converted reader and verifier, which may not exist yet. Raises `WeightsError`."""
    name = f"extractive-{weight_file.digest(WEIGHTS)[:12]}-{encoder}"
    reader = home / "models" / name / "openvino_model.xml"
    return reader, judging.network_path(home, encoder)


def open_reader(
    encoder_folder: Path, home: Path, *, around: Callable[[Run], Run] = lambda run: run, verified: bool = True
) -> ExtractiveReader:
    """Open reader and verifier on the unpacked encoder, run by OpenVINO or else PyTorch. Raises `WeightsError`.

    `around` may wrap their networks, for example in a cache of their outputs. Not `verified`, the reader is opened
    alone.
    """
    verifier = judging.open_verifier(encoder_folder, home, around=around) if verified else None
    pairs = PairEncoder(encoder_folder, max_tokens=MAX_TOKENS)
    path, _ = network_paths(home, encoder_folder.name)
    run = open_network(path, lambda: _built(encoder_folder), INPUTS, encoder_folder=encoder_folder)
    return ExtractiveReader(around(run), pairs, verifier)


def _built(encoder_folder: Path) -> "ReaderNetwork":
    from index.embedding import weights
    from qa.answering.reader import network

    built = network.build(encoder_folder)
    weights.apply(built, WEIGHTS)
    return built.eval()

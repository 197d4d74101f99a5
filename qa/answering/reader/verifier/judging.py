"""Opens the trained verifier and runs it over the quotations found for a question."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from index.embedding import weight_file
from index.embedding.openvino_runtime import CompiledNetwork, OpenVinoMissing, convert_once, processors
from index.embedding.word_vectors import open_word_vectors
from qa.answering.reader.encoding import Arrays, PairEncoder, Window, padded

if TYPE_CHECKING:
    from qa.answering.reader.verifier.network import VerifierNetwork  # imports PyTorch

logger = logging.getLogger(__name__)

WEIGHTS = Path(__file__).parent / "model" / "verifier.safetensors"
INPUTS = ("input_ids", "attention_mask", "quote_mask")
REMEMBERED = 6_000  # verdicts
MAX_TOKENS = 192  # question, title, headings and quotation
TYPICAL_TOKENS = 64

Run = Callable[[Arrays], Sequence[npt.NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class Quoted:
    """What would be quoted, and the title and headings `above` it."""

    above: str
    quote: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The log odds that a quotation settles a question, and that what the question says or takes for granted holds.

    A question for yes or no that holds is answered by yes. Another question that does not hold rests on a premise
    which the quotation puts right.
    """

    settles: float = 0.0
    holds: float = 0.0


UNVERIFIED = Verdict()


class Verifier:
    """Judges quotations for a question, each alone."""

    def __init__(self, run: Run, encoder: PairEncoder) -> None:
        self._run, self._encoder = run, encoder
        self._judged = lru_cache(maxsize=REMEMBERED)(self._judge)

    def judge(self, question: str, quoted: Sequence[Quoted]) -> list[Verdict]:
        """Return a verdict for each quotation, in order."""
        return [self._judged(question, one) for one in quoted]

    def _judge(self, question: str, quoted: Quoted) -> Verdict:
        arrays = padded(quote_tokens(self._encoder, [(question, quoted)]))
        arrays["quote_mask"] = arrays.pop("passage_mask")
        settles, holds = self._run(arrays)
        return Verdict(float(settles[0]), float(holds[0]))


def quote_tokens(encoder: PairEncoder, pairs: Sequence[tuple[str, Quoted]]) -> list[tuple[tuple[int, ...], int, int]]:
    """Return for each pair its tokens, the first token of the quotation and how many it has.

    Of a quotation that is longer than a window the beginning counts.
    """
    first: dict[int, Window] = {}
    for window in encoder.encode([(question, quoted.above + quoted.quote) for question, quoted in pairs]):
        first.setdefault(window.passage, window)
    found = []
    for number, (_, quoted) in enumerate(pairs):
        window = first[number]
        above = sum(end <= len(quoted.above) for _, end in window.offsets)
        found.append((tuple(window.ids), window.first + above, max(1, len(window.offsets) - above)))
    return found


def network_path(home: Path, encoder: str) -> Path:
    """Return the path of the converted verifier, which may not exist yet. Raises `WeightsError`."""
    return home / "models" / f"verifier-{weight_file.digest(WEIGHTS)[:12]}-{encoder}" / "openvino_model.xml"


def open_verifier(encoder_folder: Path, home: Path, *, around: Callable[[Run], Run] = lambda run: run) -> Verifier:
    """Open the verifier on the unpacked encoder, run by OpenVINO or else PyTorch.

    `around` may wrap the network, for example in a cache of its outputs. Raises `WeightsError` if its weights are
    missing or damaged.
    """

    def build() -> "VerifierNetwork":
        from index.embedding import weights
        from qa.answering.reader.verifier import network

        built = network.build(encoder_folder)
        weights.apply(built, WEIGHTS)
        return built.eval()

    encoder = PairEncoder(encoder_folder, max_tokens=MAX_TOKENS)
    path = network_path(home, encoder_folder.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        words = open_word_vectors(encoder_folder)
        convert_once(path, build, INPUTS, words)
        return Verifier(around(CompiledNetwork(path, words, threads=processors(), tokens=TYPICAL_TOKENS)), encoder)
    except OpenVinoMissing as error:
        logger.warning("OpenVINO does not run here (%s); PyTorch verifies in its place, at half the speed", error)
    return Verifier(around(_torch_run(build())), encoder)


def _torch_run(built: "VerifierNetwork") -> Run:
    import torch

    def run(arrays: Arrays) -> list[npt.NDArray[np.float32]]:
        with torch.inference_mode():
            outputs = built(*(torch.from_numpy(arrays[name]) for name in INPUTS))
        return [output.float().numpy() for output in outputs]

    return run

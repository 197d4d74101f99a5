"""Opens the trained verifier and runs it over the quotations found for a question."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding import weight_file
from index.embedding.running import Run, open_network
from qa.answering.reader.encoding import PairEncoder, Window, padded

if TYPE_CHECKING:
    from qa.answering.reader.verifier.network import VerifierNetwork  # imports PyTorch

WEIGHTS = Path(__file__).parent / "model" / "verifier.safetensors"
INPUTS = ("input_ids", "attention_mask", "quote_mask")
REMEMBERED = 6_000  # verdicts
MAX_TOKENS = 192  # question, title, headings and quotation
TYPICAL_TOKENS = 64


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

    encoder = PairEncoder(encoder_folder, max_tokens=MAX_TOKENS)
    path = network_path(home, encoder_folder.name)
    run = open_network(
        path, lambda: _built(encoder_folder), INPUTS, encoder_folder=encoder_folder, tokens=TYPICAL_TOKENS
    )
    return Verifier(around(run), encoder)


def _built(encoder_folder: Path) -> "VerifierNetwork":
    from index.embedding import weights
    from qa.answering.reader.verifier import network

    built = network.build(encoder_folder)
    weights.apply(built, WEIGHTS)
    return built.eval()

"""The trained reader: question and passages read together, the exact words found, or told that they are not there."""

import copy
import hashlib
import logging
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from corpus.document import Passage, Span
from index.openvino_runtime import CompiledNetwork, OpenVinoMissing, convert_once, processors
from index.retrieve import Hit
from index.snapshot import indexed_text
from qa.reader import Finding, Reading, apart, finding, network, weights
from qa.reader.coverage import Asked
from qa.reader.encoding import PairEncoder
from qa.reader.kinds import fits
from qa.reader.spans import best_span
from qa.reader.units import units
from qa.reply import MAX_QUOTE

logger = logging.getLogger(__name__)

WEIGHTS = Path(__file__).parent / "weights" / "reader.safetensors"
MAX_TOKENS = 384  # question and passage; a longer passage is read in windows

# What is known of a passage made one probability that it answers: a logistic regression, fitted by
# benchmarks/calibrate.py on the questions that docs/calibration.md names.
WEIGHTS_OF: Mapping[str, float] = {
    "reading": 0.096,  # the span's logits above those of "no answer here", and the judge's
    "alone": 0.028,  # the same of the quotation, read without the sentences around it
    "score": 0.510,  # of retrieval
    "coverage": -2.474,  # share of the question's words that the passage holds: beside the next it counts against it
    "quoted": 2.661,  # share that the quotation and its headings hold
    "kind": 0.581,  # whether the span is the kind of thing asked for
}
BIAS = -3.223
THRESHOLD = 0.5

# Of a quotation in which no span can be read.
NOTHING_READ = -20.0

# OpenVINO keeps what it prepared for each shape that it meets: few shapes, or memory grows for days.
LENGTH_STEP = 32

# Nearly every answer stands in the first passages found: when they are sure to answer, the others are not read.
READ_FIRST = 2
SURE = 0.7

_SEVERAL = re.compile(r"分别|各是|各为|哪些|哪几|从.{1,12}到.{1,12}|多少.{1,12}多少")
_LIST = re.compile(r"哪些|哪几|哪两|哪三|分别|包括|有什么|内容|是什么|几类|几种|哪种")

_MOST_FINDINGS = 3
REMEMBERED = 1_000  # readings, 10 to 50 kB each
_FIGURE = re.compile(
    r"\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|"
    r"\d[\d,.]*(?:余|多)?[万亿]?(?:人次|平方米|平方公里|元|吨|人|个|家|所|对|位|名|项|亩|年|%)?"
)
_WHICH_YEAR = re.compile(r"哪一?年|何年|(?:which|what) year", re.IGNORECASE)
_DATE = re.compile(r"(\d{4}年)\d{1,2}月(?:\d{1,2}日)?")

Arrays = dict[str, npt.NDArray[np.int64]]
Run = Callable[[Arrays], Sequence[npt.NDArray[np.float32]]]
_Sequence = tuple[tuple[int, ...], int, int]  # token ids, the passage's first token, how many it has


@dataclass(frozen=True, slots=True)
class Reckoning:
    """What is known of one passage: its best span in the document, and the features of `WEIGHTS_OF`."""

    hit: Hit
    span: Span
    features: Mapping[str, float]

    @property
    def logit(self) -> float:
        return BIAS + sum(weight * self.features[name] for name, weight in WEIGHTS_OF.items())

    @property
    def confidence(self) -> float:
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.logit))))


class TrainedReader:
    """Reads the best hits, and the others where those do not answer; the surest passage answers."""

    def __init__(self, run: Run, encoder: PairEncoder, *, threshold: float = THRESHOLD) -> None:
        self._encoder = encoder
        self.threshold = threshold
        # The same question comes again: from many citizens, and from the golden questions at every refresh.
        self._outputs = lru_cache(maxsize=REMEMBERED)(lambda sequences: run(_padded(sequences)))

    def at(self, threshold: float) -> "TrainedReader":
        """The same reader with another threshold."""
        other = copy.copy(self)
        other.threshold = threshold
        return other

    def read(self, question: str, hits: Sequence[Hit]) -> Reading:
        several = bool(_SEVERAL.search(question))
        first = 0 if several else READ_FIRST
        read = self.reckon(question, hits, until=first)
        if not any(reckoning.confidence >= max(SURE, self.threshold) for reckoning in read):
            read += self.reckon(question, hits, since=first)
        read.sort(key=lambda r: -r.logit)
        if not read:
            return Reading((), 0.0)
        best = read[0]
        findings = [quotation(best, question)]
        if several:
            sure = [other for other in read[1:] if other.confidence >= self.threshold]
            findings += [quotation(other, question) for other in sure[: _MOST_FINDINGS - 1]]
        return Reading(apart(findings), best.confidence)

    def reckon(
        self, question: str, hits: Sequence[Hit], *, since: int = 0, until: int | None = None
    ) -> list[Reckoning]:
        """Read the hits `[since, until)`; give what is known of each passage that holds a span at all."""
        asked = Asked(question, [indexed_text(hit.passage) for hit in hits])
        hits = hits[since:until]
        found = self._spans(question, [hit.passage for hit in hits])
        read = [(hit, *one) for hit, one in zip(hits, found, strict=True) if one]
        # The quotations under their headings, without the sentences around them.
        quoted = [replace(hit.passage, span=_around(hit.passage, span)[0]) for hit, _, span in read]
        return [
            Reckoning(
                hit,
                span,
                {
                    "reading": reading,
                    "alone": alone[0] if alone else NOTHING_READ,
                    "score": hit.score,
                    "coverage": asked.held(indexed_text(hit.passage)),
                    "quoted": asked.held(indexed_text(quote)),
                    "kind": float(fits(question, span.of(hit.passage.document.text))),
                },
            )
            for (hit, reading, span), quote, alone in zip(read, quoted, self._spans(question, quoted), strict=True)
        ]

    def _spans(self, question: str, passages: Sequence[Passage]) -> list[tuple[float, Span] | None]:
        """Of each passage how its best span reads, and the span; None where there is none."""
        if not passages:
            return []
        texts = [indexed_text(passage) for passage in passages]
        windows = self._encoder.encode([(question, text) for text in texts])
        start, end, judged = self._outputs(tuple((tuple(w.ids), w.first, len(w.offsets)) for w in windows))
        best: list[tuple[float, Span] | None] = [None] * len(passages)
        for row, window in enumerate(windows):
            number, passage = window.passage, passages[window.passage]
            above = len(texts[number]) - len(passage.text)  # title and headings: read, not quoted
            margin, (begin, stop) = best_span(start[row], end[row], window, after=above)
            reading, known = margin + float(judged[row]), best[number]
            if math.isfinite(margin) and stop > begin and (known is None or reading > known[0]):
                best[number] = reading, _best_words(question, passage, begin - above, stop - above)
        return best


def network_path(home: Path, encoder: str) -> Path:
    """Where the converted reader of these weights lies, once there is one. Raises `ReaderWeightsError`."""
    return home / "models" / f"reader-{_digest()[:12]}-{encoder}" / "openvino_model.xml"


def open_reader(encoder_folder: Path, home: Path, *, around: Callable[[Run], Run] = lambda run: run) -> TrainedReader:
    """The reader on the unpacked encoder, run by OpenVINO or else PyTorch. Raises `ReaderWeightsError`.

    `around` may put something in front of the network, such as a memory of what it gave before.
    """
    pairs = PairEncoder(encoder_folder, max_tokens=MAX_TOKENS)

    def build() -> network.ReaderNetwork:
        built = network.build(encoder_folder)
        weights.apply(built, WEIGHTS)
        return built.eval()

    path = network_path(home, encoder_folder.name)
    path.parent.mkdir(parents=True, exist_ok=True)
    example = {name: torch.ones((2, 8), dtype=torch.long) for name in ("input_ids", "attention_mask", "passage_mask")}
    try:
        convert_once(path, build, example)
        return TrainedReader(around(CompiledNetwork(path, threads=processors())), pairs)
    except OpenVinoMissing as error:
        logger.warning("OpenVINO does not run here (%s); PyTorch reads in its place, at half the speed", error)
    return TrainedReader(around(_torch_run(build())), pairs)


def _best_words(question: str, passage: Passage, begin: int, stop: int) -> Span:
    """The words read in a passage, counted from its beginning, as they are shown."""
    span = Span(passage.span.start + begin, passage.span.start + stop)
    span = _whole_figure(_trimmed(span, passage.document.text), passage)
    year = _DATE.fullmatch(span.of(passage.document.text)) if _WHICH_YEAR.search(question) else None
    return Span(span.start, span.start + year.end(1)) if year else span


def _trimmed(span: Span, text: str) -> Span:
    """The span without the marks that end a sentence or a clause."""
    end = span.end
    while end - 1 > span.start and text[end - 1] in "。，；,;！？ \n":
        end -= 1
    return Span(span.start, end)


def _whole_figure(span: Span, passage: Passage) -> Span:
    """The span with the rest of a date or quantity that it holds only a part of: the year of a full date."""
    start, end = span.start, span.end
    for match in _FIGURE.finditer(passage.document.text, passage.span.start, passage.span.end):
        if match.start() < end and match.end() > start:
            start, end = min(start, match.start()), max(end, match.end())
    return Span(start, end)


def _torch_run(built: network.ReaderNetwork) -> Run:
    def run(arrays: Arrays) -> list[npt.NDArray[np.float32]]:
        with torch.inference_mode():
            outputs = built(*(torch.from_numpy(arrays[n]) for n in ("input_ids", "attention_mask", "passage_mask")))
        return [output.float().numpy() for output in outputs]

    return run


def _digest() -> str:
    if not WEIGHTS.is_file():
        raise weights.ReaderWeightsError(f"The reader's weights {WEIGHTS} are missing; restore them from the release")
    return hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()


def _padded(sequences: Sequence[_Sequence]) -> Arrays:
    longest = max(len(ids) for ids, _, _ in sequences)
    shape = (len(sequences), -(-longest // LENGTH_STEP) * LENGTH_STEP)
    arrays = {
        "input_ids": np.ones(shape, dtype=np.int64),  # 1 is the padding token
        "attention_mask": np.zeros(shape, dtype=np.int64),
        "passage_mask": np.zeros(shape, dtype=np.int64),
    }
    for row, (ids, first, length) in enumerate(sequences):
        arrays["input_ids"][row, : len(ids)] = ids
        arrays["attention_mask"][row, : len(ids)] = 1
        arrays["passage_mask"][row, first : first + length] = 1
    return arrays


def quotation(read: Reckoning, question: str) -> Finding:
    """The sentence around the span, or the whole list where a list is asked for or opened."""
    passage = read.hit.passage
    sentence, whole = _around(passage, read.span)
    opens_list = sentence.of(passage.document.text).rstrip().endswith(("：", ":"))
    if whole != sentence and (opens_list or _LIST.search(question)):
        return finding(passage, whole)  # the list is the answer, not one of its items
    inside = sentence.start <= read.span.start and read.span.end <= sentence.end
    one_line = "\n" not in read.span.of(passage.document.text)  # what runs over list items is no short answer
    return finding(passage, sentence, read.span if inside and one_line else None)


def _around(passage: Passage, span: Span) -> tuple[Span, Span]:
    """The sentence that holds a span, and the longest unit that does: the list it stands in, or the same again.

    A span over several sentences gets them all, as long as a citizen reads; else the first of them.
    """
    found = [unit.span for unit in units([passage])]
    holding = [unit for unit in found if unit.start <= span.start and span.end <= unit.end]
    if holding:
        return min(holding, key=len), max(holding, key=len)
    touched = [unit for unit in found if unit.start < span.end and unit.end > span.start]
    together = Span(min(unit.start for unit in touched), max(unit.end for unit in touched))
    chosen = together if len(together) <= MAX_QUOTE else touched[0]
    return chosen, chosen

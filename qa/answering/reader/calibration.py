"""Computes how sure a reading is: features of a passage read for a question, and the probability fitted on them.

Every feature is absolute: a passage is as sure alone as among thousands. A rule about words is one feature among
others, with a fitted weight. `python -m qa train confidence` fits the constants. They stand in
`model/calibration.json` beside the weights whose logits they belong to.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.text.normalise import normalise
from index.embedding.weight_file import WeightsError
from index.retrieve import Hit
from index.snapshots.snapshot import indexed_text
from qa.answering.answer_checks.answer_type import fits, lacks_name
from qa.answering.answer_checks.figures import unsupported_figures
from qa.answering.answer_checks.something_else import answers_something_else
from qa.answering.question.analysis import Question, pairs_in

FILE = Path(__file__).parent / "model" / "calibration.json"
FEATURES = (
    "margin",  # the span's logits above those of "no answer here"
    "judged",  # the judge's logit
    "settles",  # the verifier's logit
    "dense",  # cosine of question and passage
    "quoted",  # share of the question's characters in words that the quotation under its headings holds
    "elsewhere",  # whether the quotation speaks of another office, place, direction or matter
    "figures",  # whether the question names figures or years that the quotation does not hold
    "length",  # logarithm of the span's characters
    "question",  # logarithm of the question's characters
    "english",  # whether the question holds no Chinese character
)
# What is compared between passages, without a weight of its own.
COMPARED = (
    "held",  # share of the question's characters in words that the passage holds
    "kind",  # whether the span is the kind of thing asked for: 1, -1 when it is not, 0 when no kind is asked for
    "pairs",  # share of the question's character pairs that the quotation under its headings holds
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Calibration:
    """A logistic regression over named features; answers from the probability `threshold` (0–1) on are shown."""

    weights: Mapping[str, float]
    bias: float
    threshold: float

    def logit(self, features: Mapping[str, float]) -> float:
        """Return the log odds that a passage with these features answers."""
        return self.bias + sum(weight * features[name] for name, weight in self.weights.items())

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability (0–1) that a passage with these features answers."""
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, self.logit(features)))))


@lru_cache(maxsize=4)
def read(path: Path = FILE) -> Calibration:
    """Read the constants. Raises `WeightsError` when the file is missing or has another form."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        weights = {str(name): float(weight) for name, weight in content["weights"].items()}
        if not weights.keys() <= set(FEATURES):
            raise ValueError(f"unknown features {sorted(weights.keys() - set(FEATURES))}")
        return Calibration(weights, float(content["bias"]), float(content["threshold"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"The constants {path} are missing or damaged; restore them from the release") from error


@dataclass(frozen=True, slots=True)
class Read:
    """The network's output for a text: margin and judge's logit of its best span, and the words of that span.

    `settles` is the verifier's logit that the quotation around them settles the question.
    """

    margin: float
    judged: float
    text: str
    settles: float = 0.0


class QuestionFeatures:
    """Computes the features of passages read for one question; the question's own part is computed once."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._characters = sum(map(len, question.words)) or 1

    def held(self, hit: Hit) -> float:
        """Return the share (0–1) of the question's characters in words that a passage holds."""
        return self._held(normalise(indexed_text(hit.passage)))

    def of(self, hit: Hit, quote: str, read: Read) -> dict[str, float]:
        """Return all `FEATURES` and `COMPARED` of a passage; `quote` is what would be quoted from it."""
        text = indexed_text(hit.passage)
        under = normalise(text[: len(text) - len(hit.passage.text)] + quote)
        asked, pairs = self._question, self._question.pairs
        return {
            "margin": read.margin,
            "judged": read.judged,
            "settles": read.settles,
            "dense": hit.dense,
            "held": self._held(normalise(text)),
            "quoted": self._held(under),
            "pairs": len(pairs & pairs_in(under)) / max(1, len(pairs)),
            "kind": float(fits(asked.search, read.text)),
            "elsewhere": float(answers_something_else(asked, [under]) or lacks_name(asked.search, read.text)),
            "figures": float(bool(unsupported_figures(asked, [under]))),
            "length": math.log1p(len(read.text)),
            "question": math.log1p(len(asked.search)),
            "english": float(not _HAN.search(asked.search)),
        }

    def _held(self, copy: str) -> float:
        return sum(len(word) for word in self._question.words if word in copy) / self._characters

"""Fits how sure a reading is, on questions over folders of every size.

Each passage found for a question is one sample: 1 when the words that would be quoted hold the answer. How far the
result can be trusted is measured five-fold, by document: each confidence comes from constants fitted on the questions
of other documents.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from qa.answering.reader.calibration import FEATURES, Calibration
from qa.answering.reader.editions import agree
from qa.answering.reader.extractive import quotation
from qa.training.linear import logistic
from qa.training.linear.logistic import Floats
from qa.training.questions.readings import Readings

FOLDS = 5
# Log odds below which a passage that answers otherwise casts no doubt. Of -8 to -2 it left the fewest wrong answers.
DOUBT_FROM = -4.0
RIDGE_OF_TWO = 1e-3  # keeps the step solvable where no passage answers otherwise
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Sample:
    """A passage read for a question: its features in the order of `FEATURES`, and whether its quotation answers.

    `text` is the short answer in it, `quote` the sentence around that.
    """

    question: str
    document: str
    text: str
    quote: str
    features: tuple[float, ...]
    answers: bool
    answerable: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """The constants, and their figures on documents that they were not fitted on."""

    known: Calibration
    report: Mapping[str, Any]

    def save(self, path: Path, *, threshold: float) -> None:
        """Write them in the form that the reader opens."""
        known = self.known
        content = {
            "weights": known.weights,
            "bias": known.bias,
            "threshold": threshold,
            "doubt": {"weight": known.doubt, "from": known.doubt_from},
            "report": self.report,
        }
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def samples(read: Iterable[Readings]) -> Iterator[Sample]:
    """Yield a sample for each passage that was read for a question."""
    for one in read:
        span = one.question.answer
        for reckoning in one.found:
            own = reckoning.hit.passage.document is one.document
            quote = quotation(reckoning, one.copy).quote
            yield Sample(
                question=f"{one.document.name} {one.question.text}",
                document=one.document.name,
                text=reckoning.text,
                quote=reckoning.quote,
                features=tuple(reckoning.features[name] for name in FEATURES),
                answers=bool(own and span and quote.start <= span.start and span.end <= quote.end),
                answerable=span is not None,
            )


def fit(found: Sequence[Sample]) -> Fitted:
    """Fit the constants on all samples; report what others like them come to on documents left out.

    They are fitted on passages, and then stretched and moved so that the surest passage of a question is right as often
    as its confidence says (Platt 1999): to be the surest of several says something, too. How near the surest of those
    comes that answer otherwise is fitted in the same step.
    """
    rows = np.array([sample.features for sample in found], dtype=np.float64)
    labels = np.array([float(sample.answers) for sample in found])
    importance = np.ones(len(found))
    logits = logistic.logits(logistic.held_out(rows, labels, importance, _folds(found)))
    best, near = _best_of_each(found, logits)
    beside = np.column_stack([logits[best], np.maximum(near - DOUBT_FROM, 0.0)])
    slope, doubt, shift = logistic.fit(beside, labels[best], importance[best], ridge=RIDGE_OF_TWO)
    weights = logistic.fit(rows, labels, importance) * slope
    weights[-1] += shift
    named = {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights[:-1], strict=True)}
    known = Calibration(
        named,
        bias=round(float(weights[-1]), 4),
        threshold=0.0,
        doubt=round(max(0.0, float(-doubt / slope)), 4),
        doubt_from=round(float(slope * DOUBT_FROM + shift), 4),
    )
    sure = logistic.probability(beside @ (slope, doubt) + shift)
    return Fitted(known, _report(found, sure, labels, best))


def _report(found: Sequence[Sample], sure: Floats, labels: Floats, best: list[int]) -> dict[str, Any]:
    """Return the figures of questions, of which `sure` is the confidence and `best` the surest passage."""
    answerable = np.array([found[i].answerable for i in best])
    right = labels[best] > 0
    shown = {
        f"{threshold:.2f}": {
            "right": _share((sure >= threshold) & right & answerable, answerable),
            "wrong": _share((sure >= threshold) & ~right & answerable, answerable),
            "near_misses": _share((sure >= threshold) & ~answerable, ~answerable),
        }
        for threshold in THRESHOLDS
    }
    return {
        "questions": len(best),
        "passages": len(found),
        "calibration_error": round(logistic.calibration_error(sure, labels[best]), 4),
        "at": shown,
        "bins": [
            [low, count, round(mean, 3), round(share, 3)]
            for low, count, mean, share in logistic.bins(sure, labels[best])
        ],
    }


def _share(some: Any, among: Any) -> float:
    return round(float(some.sum() / max(1, among.sum())), 4)


def _folds(found: Sequence[Sample]) -> Any:
    documents = sorted({sample.document for sample in found})
    order = np.random.default_rng(7).permutation(len(documents))
    fold_of = {documents[i]: place % FOLDS for place, i in enumerate(order)}
    return np.array([fold_of[sample.document] for sample in found])


def _best_of_each(found: Sequence[Sample], logits: Floats) -> tuple[list[int], Floats]:
    """Return the surest passage of each question, and the logit of the surest of those that answer otherwise."""
    of_question: dict[str, list[int]] = {}
    for number, sample in enumerate(found):
        of_question.setdefault(sample.question, []).append(number)
    best, near = [], []
    for numbers in of_question.values():
        surest = max(numbers, key=lambda number: logits[number])
        others = [number for number in numbers if number != surest and not agree(found[surest], found[number])]
        best.append(surest)
        near.append(max((float(logits[number]) for number in others), default=DOUBT_FROM))
    return best, np.array(near)

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

from qa.answering.reader.calibration import FEATURES
from qa.answering.reader.extractive import quotation
from qa.training.linear import logistic
from qa.training.linear.logistic import Floats
from qa.training.questions.readings import Readings

FOLDS = 5
THRESHOLDS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)


@dataclass(frozen=True, slots=True)
class Sample:
    """A passage read for a question: its features in the order of `FEATURES`, and whether its quotation answers."""

    question: str
    document: str
    features: tuple[float, ...]
    answers: bool
    answerable: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """The constants, and their figures on documents that they were not fitted on."""

    weights: Mapping[str, float]
    bias: float
    report: Mapping[str, Any]

    def save(self, path: Path, *, threshold: float) -> None:
        """Write them in the form that the reader opens."""
        content = {"weights": self.weights, "bias": self.bias, "threshold": threshold, "report": self.report}
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
                features=tuple(reckoning.features[name] for name in FEATURES),
                answers=bool(own and span and span.lies_in(quote)),
                answerable=span is not None,
            )


def fit(found: Sequence[Sample]) -> Fitted:
    """Fit the constants on all samples; report what others like them come to on documents left out.

    They are fitted on passages, and then stretched and moved so that the surest passage of a question is right as often
    as its confidence says (Platt 1999): to be the surest of several says something, too.
    """
    rows = np.array([sample.features for sample in found], dtype=np.float64)
    labels = np.array([float(sample.answers) for sample in found])
    importance = np.ones(len(found))
    confidence = logistic.held_out(rows, labels, importance, _folds(found))
    best = _best_of_each(found, confidence)
    logits = logistic.logits(confidence)[:, None]
    slope, shift = logistic.fit(logits[best], labels[best], importance[best], ridge=0.0)
    weights = logistic.fit(rows, labels, importance) * slope
    weights[-1] += shift
    named = {name: round(float(weight), 4) for name, weight in zip(FEATURES, weights[:-1], strict=True)}
    moved = logistic.probability(logits[:, 0] * slope + shift)
    return Fitted(named, round(float(weights[-1]), 4), _report(found, moved, labels, best))


def _report(found: Sequence[Sample], confidence: Floats, labels: Floats, best: list[int]) -> dict[str, Any]:
    answerable = np.array([found[i].answerable for i in best])
    sure, right = confidence[best], labels[best] > 0
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


def _best_of_each(found: Sequence[Sample], confidence: Floats) -> list[int]:
    best: dict[str, int] = {}
    for number, sample in enumerate(found):
        if sample.question not in best or confidence[number] > confidence[best[sample.question]]:
            best[sample.question] = number
    return list(best.values())

"""Fits the trained reader's confidence, prints its constants and how far it can be trusted, and draws that.

    python -m benchmarks.calibrate [--plot FILE.png] QUESTIONS.jsonl:DOCUMENTS [QUESTIONS.jsonl:DOCUMENTS ...]

Each passage found for a question is one sample: 1 when its quotation holds every fact asked for. Passages that hold
some of the facts are left out, and so are those that a rule refuses: no confidence shows them. Trust
is measured five-fold, by question: each confidence comes from constants fitted on other questions, the same question
over another text among those left out.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from corpus.read import read
from index import snapshot as snapshots
from index.retrieve import retrieve
from qa import compose, dialogue
from qa.assistant import HITS, why_no_answer
from qa.evaluate import read_golden
from qa.reader.trained import WEIGHTS_OF, TrainedReader, quotation
from qa.refresh import PASSAGE_TOKENS
from qa.repair import Names, matching_copy
from qa.screening import screen
from qa.settings import read as read_settings
from qa.support import digits

RIDGE = 1.0
# The questions without an answer count as if they were so many of all, as they are in gold_dev.jsonl; what is fitted on
# has more of them, for they are what is hard.
UNANSWERABLE = 0.37
FOLDS = 5
BINS = 10
THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8)

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sample:
    """A passage read for a question: its features in the order of `WEIGHTS_OF`, and whether it answers."""

    question: str
    text: int
    features: list[float]
    answers: bool
    answerable: bool


def main() -> None:
    options = _options()
    parts = compose.open_parts(read_settings(os.environ), lambda line: print(line, file=sys.stderr))
    sources = [source.split(":") for source in options.sources]
    samples = [s for n, (asked, folder) in enumerate(sources) for s in _samples(parts, asked, folder, text=n)]
    rows = np.array([sample.features for sample in samples])
    labels = np.array([float(sample.answers) for sample in samples])
    importance = _importance(samples)
    weights = _logistic(rows, labels, importance)
    print(f"{len(samples)} passages, {int(labels.sum())} of them answers")
    for name, weight in zip([*WEIGHTS_OF, "bias"], weights, strict=True):
        print(f"{name:<15}{weight:.3f}")
    confidence = _held_out(samples, rows, labels, importance)
    best = _best_of_each(samples, confidence)
    mean = np.full(len(best), np.average(labels[best], weights=importance[best]))
    print(f"\nSurest passage of {len(best)} questions, five-fold")
    scores = [_brier(sure, labels[best], importance[best]) for sure in (confidence[best], mean)]
    print(f"Brier score {scores[0]:.3f}, of the mean {scores[1]:.3f}")
    print("\n| threshold | right | wrong shown |\n|---|---|---|")
    for threshold in THRESHOLDS:
        shown = confidence[best] >= threshold
        wrong = ((1 - labels[best]) * importance[best])[shown].sum() / importance[best].sum()
        print(f"| {threshold:.2f} | {int(labels[best][shown].sum())} | {wrong:.1%} |")
    print("\n| confidence | questions | mean confidence | answered right |\n|---|---|---|---|")
    table = list(_bins(confidence[best], labels[best], importance[best]))
    for low, high, count, sure, right in table:
        print(f"| {low:.1f}–{high:.1f} | {count} | {sure:.2f} | {right:.2f} |")
    if options.plot:
        _draw(table, options.plot)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fit the reader's confidence and measure it")
    parser.add_argument("sources", nargs="+", metavar="QUESTIONS.jsonl:DOCUMENTS")
    parser.add_argument("--plot", type=Path, help="write the reliability plot to this PNG")
    return parser.parse_args()


def _samples(parts: compose.Parts, questions: str, folder: str, *, text: int) -> Iterator[Sample]:
    reader = parts.reader
    assert isinstance(reader, TrainedReader)
    snapshot = snapshots.build(read(Path(folder)).documents, parts.embedder, max_tokens=PASSAGE_TOKENS)
    names = Names(document.text for document in snapshot.documents)
    for golden in read_golden(Path(questions)):
        if screen(golden.question):
            continue
        whole = dialogue.standalone(golden.question, golden.history)
        copy = names.mend(digits(matching_copy(whole, parts.synonyms)))
        for known in reader.reckon(copy, retrieve(snapshot, parts.embedder, copy, count=HITS)):
            found = quotation(known, copy)
            quoted = found.quote.of(known.hit.passage.document.text)
            held = [any(string in quoted for string in group) for group in golden.must]
            if why_no_answer(copy, [found]) or (golden.answerable and any(held) and not all(held)):
                continue
            features = [known.features[name] for name in WEIGHTS_OF]
            yield Sample(golden.question_id, text, features, golden.answerable and all(held), golden.answerable)


def _importance(samples: Sequence[Sample]) -> Floats:
    """How much each sample counts, so that those of questions without an answer weigh `UNANSWERABLE` of all."""
    answerable = np.array([sample.answerable for sample in samples])
    with_answer, without = (
        len({(s.question, s.text) for s in samples if s.answerable}),
        len({(s.question, s.text) for s in samples if not s.answerable}),
    )
    each = UNANSWERABLE / (1 - UNANSWERABLE) * with_answer / without
    return np.where(answerable, 1.0, each)


def _held_out(samples: Sequence[Sample], rows: Floats, labels: Floats, importance: Floats) -> Floats:
    """The confidence of each sample by constants fitted on the questions of other folds."""
    questions = sorted({sample.question for sample in samples})
    order = np.random.default_rng(7).permutation(len(questions))
    fold_of = {questions[i]: place % FOLDS for place, i in enumerate(order)}
    folds = np.array([fold_of[sample.question] for sample in samples])
    confidence = np.zeros(len(samples))
    for fold in range(FOLDS):
        weights = _logistic(rows[folds != fold], labels[folds != fold], importance[folds != fold])
        confidence[folds == fold] = _share(rows[folds == fold] @ weights[:-1] + weights[-1])
    return confidence


def _best_of_each(samples: Sequence[Sample], confidence: Floats) -> list[int]:
    best: dict[tuple[str, int], int] = {}
    for number, sample in enumerate(samples):
        key = (sample.question, sample.text)
        if key not in best or confidence[number] > confidence[best[key]]:
            best[key] = number
    return list(best.values())


def _bins(confidence: Floats, labels: Floats, importance: Floats) -> Iterator[tuple[float, float, int, float, float]]:
    """For each bin of confidence that holds any: its bounds, how many, their mean and the share that is right."""
    for low in range(BINS):
        inside = np.minimum((confidence * BINS).astype(int), BINS - 1) == low
        if count := int(inside.sum()):
            sure, right = (float(np.average(v[inside], weights=importance[inside])) for v in (confidence, labels))
            yield low / BINS, (low + 1) / BINS, count, sure, right


def _brier(confidence: Floats, labels: Floats, importance: Floats) -> float:
    return float(np.average((confidence - labels) ** 2, weights=importance))


def _draw(table: Sequence[tuple[float, float, int, float, float]], path: Path) -> None:
    from matplotlib.figure import Figure

    figure = Figure(figsize=(4.6, 4.6), dpi=150, layout="constrained")
    axes = figure.add_subplot()
    axes.plot([0, 1], [0, 1], color="#8a94a0", linewidth=1, linestyle="--", label="perfect")
    means, rights = [row[3] for row in table], [row[4] for row in table]
    axes.plot(means, rights, color="#0b5cad", linewidth=1.5)
    axes.scatter(means, rights, s=[6 + 2 * row[2] for row in table], color="#0b5cad", zorder=3, label="questions")
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="confidence", ylabel="share answered right", aspect="equal")
    axes.legend(frameon=False, loc="upper left")
    axes.grid(color="#e4e8ec")
    figure.savefig(path)


def _logistic(rows: Floats, labels: Floats, importance: Floats) -> Floats:
    """Weights of a ridge logistic regression by Newton's method, the bias last; rows are scaled for the ridge only."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.hstack([(rows - mean) / spread, np.ones((len(rows), 1))])
    weights = np.zeros(scaled.shape[1])
    ridge = np.eye(len(weights)) * RIDGE
    ridge[-1, -1] = 0.0
    for _ in range(50):
        share = _share(scaled @ weights)
        gradient = scaled.T @ (importance * (share - labels)) + ridge @ weights
        curvature = importance * share * (1 - share)
        weights -= np.linalg.solve(scaled.T @ (scaled * curvature[:, None]) + ridge, gradient)
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - plain @ mean)


def _share(logits: Floats) -> Floats:
    return 1 / (1 + np.exp(-logits))


if __name__ == "__main__":
    main()

"""Fits the trained reader's confidence and prints its constants.

    python benchmarks/calibrate.py QUESTIONS.jsonl:DOCUMENTS [QUESTIONS.jsonl:DOCUMENTS ...]

Each passage found for a question is one sample: 1 when its quotation holds every fact asked for. Passages that hold
some of the facts are left out.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpus.read import read
from index import snapshot as snapshots
from index.retrieve import retrieve
from qa import compose, dialogue
from qa.assistant import HITS
from qa.evaluate import read_golden
from qa.reader.trained import WEIGHTS_OF, TrainedReader, quotation
from qa.refresh import PASSAGE_TOKENS
from qa.repair import Names, matching_copy
from qa.screening import screen
from qa.settings import read as read_settings
from qa.support import digits

RIDGE = 1.0


def main(arguments: Sequence[str]) -> None:
    parts = compose.open_parts(read_settings(os.environ), lambda line: print(line, file=sys.stderr))
    reader = parts.reader
    assert isinstance(reader, TrainedReader)
    rows: list[list[float]] = []
    labels: list[int] = []
    for argument in arguments:
        questions, folder = argument.split(":")
        snapshot = snapshots.build(read(Path(folder)).documents, parts.embedder, max_tokens=PASSAGE_TOKENS)
        names = Names(document.text for document in snapshot.documents)
        for golden in read_golden(Path(questions)):
            if screen(golden.question):
                continue
            whole = dialogue.standalone(golden.question, golden.history)
            copy = names.mend(digits(matching_copy(whole, parts.synonyms)))
            for known in reader.reckon(copy, retrieve(snapshot, parts.embedder, copy, count=HITS)):
                text = quotation(known, copy).quote.of(known.hit.passage.document.text)
                held = [any(string in text for string in group) for group in golden.must]
                if golden.answerable and any(held) and not all(held):
                    continue
                rows.append([known.features[name] for name in WEIGHTS_OF])
                labels.append(int(golden.answerable and all(held)))
    weights = _logistic(np.array(rows), np.array(labels, dtype=float))
    print(f"{len(labels)} passages, {sum(labels)} of them answers")
    for name, weight in zip([*WEIGHTS_OF, "bias"], weights, strict=True):
        print(f"{name:<15}{weight:.3f}")


def _logistic(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Weights of a ridge logistic regression by Newton's method, the bias last; rows are scaled for the ridge only."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.hstack([(rows - mean) / spread, np.ones((len(rows), 1))])
    weights = np.zeros(scaled.shape[1])
    ridge = np.eye(len(weights)) * RIDGE
    ridge[-1, -1] = 0.0
    for _ in range(50):
        share = 1 / (1 + np.exp(-scaled @ weights))
        gradient = scaled.T @ (share - labels) + ridge @ weights
        weights -= np.linalg.solve(scaled.T @ (scaled * (share * (1 - share))[:, None]) + ridge, gradient)
    plain = weights[:-1] / spread
    return np.append(plain, weights[-1] - plain @ mean)


if __name__ == "__main__":
    main(sys.argv[1:])

"""Logistic regression and how far its probabilities can be trusted; numpy alone."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RIDGE = 1.0
BINS = 10


def fit(rows: Floats, labels: Floats, importance: Floats, *, ridge: float = RIDGE) -> Floats:
    """Return the weights (features + 1,) of a ridge logistic regression by Newton's method, the bias last.

    `rows` is (samples, features), `labels` 0 or 1, `importance` how much each sample counts. Rows are scaled for the
    ridge only, so that the weights are those of the features as they came.
    """
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    scaled = np.hstack([(rows - mean) / spread, np.ones((len(rows), 1))])
    weights = np.zeros(scaled.shape[1])
    penalty = np.eye(len(weights)) * ridge
    penalty[-1, -1] = 0.0
    for _ in range(50):
        share = probability(scaled @ weights)
        gradient = scaled.T @ (importance * (share - labels)) + penalty @ weights
        curvature = importance * share * (1 - share)
        step = np.linalg.solve(scaled.T @ (scaled * curvature[:, None]) + penalty, gradient)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break  # Newton's method has arrived
    plain: Floats = weights[:-1] / spread
    return np.append(plain, weights[-1] - plain @ mean)


def probability(logits: Floats) -> Floats:
    """Return the probabilities (0–1) of logits."""
    return 1 / (1 + np.exp(-np.clip(logits, -30, 30)))


def logits(probabilities: Floats) -> Floats:
    """Return the logits of probabilities; those of 0 and 1 are as far out as `probability` goes."""
    inside = np.clip(probabilities, 1e-13, 1 - 1e-13)
    found: Floats = np.log(inside / (1 - inside))
    return found


def held_out(rows: Floats, labels: Floats, importance: Floats, folds: npt.NDArray[np.int64]) -> Floats:
    """Return each sample's probability by weights fitted on the other folds."""
    found = np.zeros(len(rows))
    for fold in np.unique(folds):
        inside = folds == fold
        weights = fit(rows[~inside], labels[~inside], importance[~inside])
        found[inside] = probability(rows[inside] @ weights[:-1] + weights[-1])
    return found


def bins(confidence: Floats, labels: Floats) -> Iterator[tuple[float, int, float, float]]:
    """Yield for each non-empty tenth of confidence its beginning, count, mean and share right."""
    places = np.minimum((confidence * BINS).astype(int), BINS - 1)
    for place in range(BINS):
        inside = places == place
        if inside.any():
            yield place / BINS, int(inside.sum()), float(confidence[inside].mean()), float(labels[inside].mean())


def calibration_error(confidence: Floats, labels: Floats) -> float:
    """Return the expected calibration error (0–1) over ten bins (Naeini et al. 2015)."""
    return sum(count * abs(sure - right) for _, count, sure, right in bins(confidence, labels)) / len(confidence)

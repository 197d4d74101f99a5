"""The figures of reader and embedder on the validation questions of a bundle."""

from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import normalize

from qa.training.gpu.examples import Examples, read_alone, read_together

MAX_ANSWER_TOKENS = 64
MOST_TOKENS = 256  # of a text that the embedder reads
_AT_ONCE = 128
_SHOWN = 0.10  # of the questions without an answer
RECALLS = (1, 6, 20)
# Columns of a validation passage and of a validation question.
_READ, _EMBEDDED, _DOCUMENT, _ABOVE = range(4)
_ANSWERABLE, _GOLD, _FROM, _TO = range(3, 7)

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]


def auc(scores: Floats, positive: Truths) -> float:
    """Return the chance that a positive scores above a negative, ties half; 0.5 with only one kind."""
    count, others = int(positive.sum()), int((~positive).sum())
    if not count or not others:
        return 0.5
    values, places = np.unique(scores, return_inverse=True)
    below = np.bincount(places[~positive], minlength=len(values)).astype(float)
    ranks = np.cumsum(below) - below / 2
    return float(ranks[places[positive]].sum() / (count * others))


def right_where_shown(scores: Floats, answerable: Truths, right: Truths, shown: float = _SHOWN) -> float:
    """Return the share of answerable questions right when at most that share of the others is answered."""
    others = np.sort(scores[~answerable])[::-1]
    bar = others[int(shown * len(others))] if len(others) else -np.inf
    return float((right & (scores > bar))[answerable].mean()) if answerable.any() else 0.0


def of_reader(network: nn.Module, examples: Examples) -> dict[str, float]:
    """Read each validation question with every passage of its own document; the surest reading counts.

    Return `auc`, `exact` and `overlap` (shares of the answerable ones), and `right_at_10` (the latter, held back so
    that a tenth of the unanswerable ones are shown).
    """
    passages, questions = (examples.arrays[f"validation_{name}"] for name in ("passages", "questions"))
    jobs = [
        (number, place)
        for number, question in enumerate(questions)
        for place in np.flatnonzero(passages[:, _DOCUMENT] == question[2])
    ]
    jobs.sort(key=lambda job: int(examples.sizes(passages[job[1], _READ : _READ + 1])[0]))
    best: dict[int, tuple[float, int, int, int]] = {}
    for begin in range(0, len(jobs), _AT_ONCE):
        part = jobs[begin : begin + _AT_ONCE]
        for (number, place), (score, start, end) in zip(part, _spans(network, examples, part), strict=True):
            if number not in best or score > best[number][0]:
                best[number] = (score, int(place), int(start), int(end))
    scores = np.array([best[number][0] for number in range(len(questions))])
    answerable = questions[:, _ANSWERABLE] > 0
    judged = [_judged(examples, number, *best[number][1:]) for number in range(len(questions))]
    exact, overlap = (np.array(column, dtype=bool) for column in zip(*judged, strict=True))
    return {
        "auc": auc(scores, answerable),
        "exact": float(exact[answerable].mean()),
        "overlap": float(overlap[answerable].mean()),
        "right_at_10": right_where_shown(scores, answerable, overlap),
    }


def of_embedder(encoder: nn.Module, examples: Examples) -> dict[str, float]:
    """Find each answerable validation question's passage among all; return `recall_1`, `recall_6` and `recall_20`."""
    passages, questions = (examples.arrays[f"validation_{name}"] for name in ("passages", "questions"))
    asked = questions[questions[:, _GOLD] >= 0]
    found = vectors(encoder, examples, passages[:, _EMBEDDED])
    scores = vectors(encoder, examples, asked[:, 1]).double() @ found.double().T
    gold = torch.from_numpy(asked[:, _GOLD].astype(np.int64)).to(scores.device)[:, None]
    above = (scores > scores.gather(1, gold)).sum(1).cpu().numpy()
    return {f"recall_{count}": float((above < count).mean()) for count in RECALLS}


def pooled(encoder: nn.Module, ids: Tensor, attention: Tensor) -> Tensor:
    """Return mean-pooled states at unit length, (texts, dimensions)."""
    states = encoder(input_ids=ids, attention_mask=attention).last_hidden_state.float()
    weight = attention.unsqueeze(-1).to(states.dtype)
    return normalize((states * weight).sum(1) / weight.sum(1), dim=1)


def vectors(encoder: nn.Module, examples: Examples, sequences: npt.NDArray[np.int32]) -> Tensor:
    """Embed sequences of the pool, in order."""
    found = []
    with torch.no_grad():
        for begin in range(0, len(sequences), _AT_ONCE):
            found.append(pooled(encoder, *read_alone(examples, sequences[begin : begin + _AT_ONCE], MOST_TOKENS)))
    return torch.cat(found)


def _spans(network: nn.Module, examples: Examples, jobs: list[tuple[int, Any]]) -> list[tuple[float, int, int]]:
    """Return score and characters of the best span of each (question, passage): the product's without its features."""
    passages, questions = (examples.arrays[f"validation_{name}"] for name in ("passages", "questions"))
    numbers, places = (np.array(column) for column in zip(*jobs, strict=True))
    sequences = passages[places, _READ]
    lengths = examples.sizes(sequences)
    rows = np.zeros((len(jobs), 8), dtype=np.int32)
    rows[:, 1], rows[:, 2], rows[:, 4] = questions[numbers, 0], sequences, lengths
    with torch.no_grad():
        start, end, judged = network(*read_together(examples, rows))
        start, end, judged = start.float(), end.float(), judged.float()
        width = start.shape[1]
        scores = start[:, :, None] + end[:, None, :]
        near = torch.ones(width, width, device=scores.device).triu().tril(MAX_ANSWER_TOKENS - 1).bool()
        closed = torch.from_numpy(_closed(examples, rows, places, width)).to(scores.device)
        scores = scores.masked_fill(~near | closed[:, :, None], -torch.inf).flatten(1)
        best, index = scores.max(1)
        score = best - start[:, 0] - end[:, 0] + judged
    first = examples.sizes(rows[:, 1]) + 3
    found = []
    for row, (value, at) in enumerate(zip(score.tolist(), index.tolist(), strict=True)):
        begin, stop = (int(token) - int(first[row]) for token in divmod(at, width))
        if not np.isfinite(value):
            found.append((-1e9, 0, 0))
            continue
        offsets = _offsets(examples, int(places[row]))
        found.append((value, int(offsets[begin][0]), int(offsets[stop][1])))
    return found


def _closed(examples: Examples, rows: npt.NDArray[np.int32], places: npt.NDArray[Any], width: int) -> Truths:
    """Return True on the tokens where no answer may begin: the question, headings above a passage, padding."""
    closed = np.ones((len(rows), width), dtype=bool)
    first = examples.sizes(rows[:, 1]) + 3
    for row, place in enumerate(places):
        above = examples.arrays["validation_passages"][place, _ABOVE]
        own = _offsets(examples, int(place))[:, 0] >= above
        closed[row, first[row] : first[row] + len(own)] = ~own
    return closed


def _offsets(examples: Examples, place: int) -> npt.NDArray[np.int32]:
    sizes = examples.sizes(examples.arrays["validation_passages"][:, _READ])
    end = int(sizes[: place + 1].sum())
    found: npt.NDArray[np.int32] = examples.arrays["validation_offsets"][end - int(sizes[place]) : end]
    return found


def _judged(examples: Examples, number: int, place: int, start: int, end: int) -> tuple[bool, bool]:
    """Return whether the words are the answer's, and whether they share some of its place."""
    question = examples.arrays["validation_questions"][number]
    words = examples.texts["passages"][place][start:end]
    exact = _plain(words) == _plain(examples.texts["answers"][number])
    overlap = place == question[_GOLD] and start < question[_TO] and question[_FROM] < end
    return exact, bool(exact or overlap)


def _plain(text: str) -> str:
    """Return letters and digits only: case and punctuation are no part of an answer."""
    return "".join(char for char in text.lower() if char.isalnum())

"""The two trainings: their batches, their loss, and the figures by which trainings are compared."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, cross_entropy, log_softmax, softplus

from qa.answering.reader.network import FLOOR, ReaderNetwork
from qa.training.gpu import measures
from qa.training.gpu.encoder import Encoder
from qa.training.gpu.examples import (
    ANSWERABLE,
    EPOCH,
    LENGTH,
    QUESTION,
    Examples,
    Rows,
    batches,
    read_alone,
    read_together,
)

# Epochs of the reader after those of the bundle draw anew from all of them; pairs of sets go in by this share.
_SETS = 0.3
_UNANSWERABLE = 0.3  # what an unanswerable pair counts in the loss of the span


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a result besides data and time.

    `layers` counts the upper layers trained; `smoothing` the share of the answer's weight given to other tokens;
    `ranking` weighs how far each answerable pair of a batch stays above each unanswerable one, by `margin`;
    `hard` is the share of the embedder's passages beside that are the most alike, not any of the document's own;
    `restart` begins without the weights given.
    """

    name: str = "base"
    seed: int = 7
    batch: int = 64
    learning_rate: float = 1e-4
    head_learning_rate: float = 2e-4
    warmup: float = 0.04
    weight_decay: float = 0.01
    layers: int = 9
    dropout: float = 0.1
    smoothing: float = 0.0
    ranking: float = 0.0
    margin: float = 2.0
    temperature: float = 0.03
    hard: float = 0.3
    traditional: float = 0.05
    restart: bool = False


RECIPES = {
    "reader": (
        Recipe("base"),
        Recipe("quick", learning_rate=2e-4, head_learning_rate=4e-4),
        Recipe("all-layers", layers=12),
        Recipe("ranked", ranking=0.5, learning_rate=2e-4),
        Recipe("smooth", smoothing=0.1, dropout=0.2, learning_rate=2e-4),
    ),
    "embedder": (
        Recipe("base", batch=256),
        Recipe("quick", batch=256, learning_rate=2e-4),
        Recipe("all-layers", batch=256, layers=12),
        Recipe("hard", batch=256, hard=0.8),
        Recipe("warm", batch=256, temperature=0.05),
    ),
}


class Task(Protocol):
    """A network to be trained on the examples of a bundle."""

    @property
    def name(self) -> str:
        """The name of the weight file."""

    @property
    def measured_by(self) -> tuple[str, ...]:
        """The figures whose mean decides which of two trainings is better."""

    def network(self, encoder: Encoder) -> nn.Module:
        """Return the network on an encoder, any heads untrained; `encoder.` begins the names of its parameters."""

    def epoch(self, recipe: Recipe, number: int) -> Iterator[Any]:
        """Return the batches of an epoch, the same for a seed."""

    def loss(self, network: nn.Module, batch: Any, recipe: Recipe) -> Tensor:
        """Return the loss of a batch."""

    def figures(self, network: nn.Module) -> dict[str, float]:
        """Return the figures on the validation questions."""


def score(task: Task, figures: dict[str, float]) -> float:
    """Return the value that decides which of two trainings is better."""
    return sum(figures[name] for name in task.measured_by) / len(task.measured_by)


@dataclass(frozen=True, slots=True)
class ReaderTask:
    """Trains span and judge on question and passage, as `qa.training.train` does."""

    examples: Examples
    name: str = "reader"
    measured_by: tuple[str, ...] = ("auc", "right_at_10", "exact")

    def network(self, encoder: Encoder) -> nn.Module:
        # The network needs of an encoder what both kinds have.
        return ReaderNetwork(cast(Any, encoder))

    def epoch(self, recipe: Recipe, number: int) -> Iterator[Rows]:
        rows = self.examples.arrays["reader"]
        epochs = int(rows[:, EPOCH].max()) + 1
        rows = rows[rows[:, EPOCH] == number % epochs]
        lengths = self.examples.sizes(rows[:, QUESTION]) + rows[:, LENGTH]
        return batches(rows, lengths, recipe.batch, np.random.default_rng([recipe.seed, number]))

    def loss(self, network: nn.Module, batch: Rows, recipe: Recipe) -> Tensor:
        start, end, judged = network(*read_together(self.examples, batch))
        table = torch.from_numpy(batch.astype(np.int64)).to(start.device)
        wanted = table[:, ANSWERABLE].float()
        share = torch.where(wanted > 0, 1.0, _UNANSWERABLE)
        spans = sum(
            (
                _smoothed(logits.float(), table[:, column], recipe.smoothing)
                for logits, column in ((start, 5), (end, 6))
            ),
            torch.zeros_like(share),
        )
        judged = judged.float()
        loss = (spans * share).sum() / (2 * share.sum())
        target = wanted * (1 - recipe.smoothing) + (1 - wanted) * recipe.smoothing / 2
        loss = loss + binary_cross_entropy_with_logits(judged, target)
        if recipe.ranking:
            pairs = wanted[:, None] * (1 - wanted)[None, :]
            apart = softplus(recipe.margin - (judged[:, None] - judged[None, :]))
            loss = loss + recipe.ranking * (apart * pairs).sum() / pairs.sum().clamp(min=1)
        return loss

    def figures(self, network: nn.Module) -> dict[str, float]:
        return measures.of_reader(network, self.examples)


@dataclass(frozen=True, slots=True)
class EmbedderTask:
    """Draws questions to their passages, as `qa.training.embedder` does."""

    examples: Examples
    name: str = "embedder"
    measured_by: tuple[str, ...] = ("recall_1", "recall_6")

    def network(self, encoder: Encoder) -> nn.Module:
        holder = nn.Module()
        holder.encoder = encoder
        return holder

    def epoch(self, recipe: Recipe, number: int) -> Iterator[npt.NDArray[np.int32]]:
        """Return batches of (question, passage, passage beside or -1)."""
        chance = np.random.default_rng([recipe.seed, number])
        arrays = self.examples.arrays
        pairs, beside = arrays["pairs"], arrays["beside"]
        own, bounds = arrays["own"], arrays["own_bounds"]
        made = []
        for row in chance.permutation(len(pairs)):
            question, traditional, passage, document = (int(value) for value in pairs[row])
            if document < 0 and chance.random() > _SETS:
                continue
            alike = beside[row][beside[row] >= 0]
            others = own[bounds[document] : bounds[document + 1]] if document >= 0 else alike
            others = others[others != passage]
            pool = alike if len(alike) and (chance.random() < recipe.hard or not len(others)) else others
            other = int(chance.choice(pool)) if len(pool) else -1
            asked = traditional if chance.random() < recipe.traditional else question
            made.append((asked, passage, other))
        table = np.array(made, dtype=np.int32)
        return (table[begin : begin + recipe.batch] for begin in range(0, len(table), recipe.batch))

    def loss(self, network: nn.Module, batch: npt.NDArray[np.int32], recipe: Recipe) -> Tensor:
        encoder = cast(nn.Module, network.encoder)
        sequences = np.concatenate([batch[:, 1], batch[batch[:, 2] >= 0, 2]])
        asked = measures.pooled(encoder, *read_alone(self.examples, batch[:, 0], measures.MOST_TOKENS))
        found = measures.pooled(encoder, *read_alone(self.examples, sequences, measures.MOST_TOKENS))
        with torch.autocast(asked.device.type, enabled=False):
            # Cosines that are alike to a hundredth would be one number in bfloat16.
            scores = asked @ found.T / recipe.temperature
        # The same passage may answer two questions of a batch: it is no wrong one for either.
        same = sequences[None, :] == batch[:, 1][:, None]
        same[np.arange(len(batch)), np.arange(len(batch))] = False
        scores = scores.masked_fill(torch.from_numpy(same).to(scores.device), -torch.inf)
        return cross_entropy(scores.float(), torch.arange(len(batch), device=scores.device))

    def figures(self, network: nn.Module) -> dict[str, float]:
        return measures.of_embedder(cast(nn.Module, network.encoder), self.examples)


def _smoothed(logits: Tensor, wanted: Tensor, smoothing: float) -> Tensor:
    """Return the cross entropy, (batch,), with a share of it for all tokens that may be chosen."""
    loss = cross_entropy(logits, wanted, reduction="none")
    if not smoothing:
        return loss
    open_ = (logits > FLOOR / 2).float()
    even = -(log_softmax(logits, dim=1) * open_).sum(1) / open_.sum(1)
    return (1 - smoothing) * loss + smoothing * even

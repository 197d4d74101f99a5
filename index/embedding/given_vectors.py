"""A network whose encoder is given the vectors of words, for the conversion."""

from typing import Any

from torch import Tensor, nn


class GivenVectors(nn.Module):
    """Runs a network on vectors of words (texts, tokens, dimensions) in place of token ids."""

    def __init__(self, network: nn.Module) -> None:
        """`network` looks its words up in `encoder.embeddings`; that table is dropped."""
        super().__init__()
        self._network = network
        self._given = _Given()
        network.encoder.embeddings.word_embeddings = self._given  # type: ignore[union-attr]  # of every network here

    def forward(self, vectors: Tensor, *others: Tensor) -> Any:
        self._given.vectors = vectors
        # Of the ids only the shape is looked at.
        return self._network(vectors[..., 0].long(), *others)


class _Given(nn.Module):
    """Returns the vectors set before, whatever the ids."""

    vectors: Tensor

    def forward(self, ids: Tensor) -> Tensor:
        return self.vectors

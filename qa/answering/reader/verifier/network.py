"""The verifier's network: an encoder of its own with a head."""

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from index.embedding import weights
from qa.answering.reader import network as readers

if TYPE_CHECKING:
    from transformers import BertModel

# Lower layers of the bundled encoder that no training changes.
KEPT_LAYERS = 3


class VerifierNetwork(nn.Module):
    """Reads a question and a quotation alone, which the reader saw among other sentences (Hu et al. 2019).

    It judges from the first token's state and the mean state of the quotation.
    """

    def __init__(self, encoder: "BertModel") -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Sequential(nn.Linear(2 * hidden, hidden), nn.GELU(), nn.Dropout(0.1), nn.Linear(hidden, 2))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, quote_mask: Tensor) -> tuple[Tensor, Tensor]:
        """Return the log odds that the quotation settles the question, and that it bears it out, each (batch,).

        `quote_mask` (batch, tokens) is 1 on the quotation, 0 on the question and on title and headings.
        """
        settles, holds = self.judge(self.kept(input_ids, attention_mask), attention_mask, quote_mask).unbind(1)
        return settles, holds

    def kept(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return the states (batch, tokens, hidden) above the layers that no training changes."""
        states = self.encoder.embeddings(input_ids=input_ids)
        return self._through(states, attention_mask, 0, KEPT_LAYERS)

    def judge(self, states: Tensor, attention_mask: Tensor, quote_mask: Tensor) -> Tensor:
        """Return both log odds, (batch, 2), from the states of the kept layers."""
        states = self._through(states, attention_mask, KEPT_LAYERS, len(self.encoder.encoder.layer))
        states = self.dropout(states)
        share = quote_mask.to(states.dtype)
        share = share / share.sum(dim=1, keepdim=True).clamp(min=1.0)
        mean = (share.unsqueeze(1) @ states).squeeze(1)
        judged: Tensor = self.head(torch.cat([states[:, 0], mean], dim=1))
        return judged

    def _through(self, states: Tensor, attention_mask: Tensor, since: int, until: int) -> Tensor:
        closed = (1.0 - attention_mask.to(states.dtype))[:, None, None, :] * torch.finfo(states.dtype).min
        for layer in self.encoder.encoder.layer[since:until]:
            states = layer(states, closed)
        return states


def build(model_folder: Path) -> VerifierNetwork:
    """Build the network on the unpacked encoder; the head is untrained."""
    return VerifierNetwork(readers.build(model_folder).encoder)


def start_as_reader(network: VerifierNetwork, reader_weights: Path) -> None:
    """Set the untrained network's encoder to that of the reader. Raises `WeightsError`."""
    weights.apply(network, reader_weights, only=lambda name: name.startswith("encoder."))


def trained_parameters(network: VerifierNetwork) -> dict[str, nn.Parameter]:
    """Return the trained parameters: the head, and the encoder's layers that are not kept."""
    layers = range(KEPT_LAYERS, len(network.encoder.encoder.layer))
    trained = ("head.", *(f"encoder.encoder.layer.{n}." for n in layers))
    return {name: p for name, p in network.named_parameters() if name.startswith(trained)}

"""The reader's network: the bundled encoder with heads for the span and for whether it answers."""

from pathlib import Path
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from transformers import BertModel  # a bundle for a graphics card brings an encoder of its own

FLOOR = -1e4  # a logit that no softmax sees


class ReaderNetwork(nn.Module):
    """Reads question and passage together (Devlin et al. 2019, in the form of SQuAD 2.0).

    The first token stands for "no answer here". The judge looks at it and at the states under the span distributions,
    so that it judges the proposed answer.
    """

    def __init__(self, encoder: "BertModel") -> None:
        super().__init__()
        hidden = encoder.config.hidden_size
        self.encoder = encoder
        self.dropout = nn.Dropout(0.1)
        self.span = nn.Linear(hidden, 2)
        self.judge = nn.Sequential(nn.Linear(3 * hidden, hidden), nn.GELU(), nn.Dropout(0.1), nn.Linear(hidden, 1))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, passage_mask: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return start and end logits (batch, tokens), and the answerable logit (batch,).

        `passage_mask` (batch, tokens) is 1 on the passage. Logits elsewhere, except on the first token, are `FLOOR`.
        """
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        states = self.dropout(states)
        closed = 1.0 - passage_mask.to(states.dtype)
        spans = self.span(states)
        first = torch.zeros_like(closed)
        first[:, 0] = 1.0
        closed = closed - first * closed
        start = spans[..., 0] * (1.0 - closed) + FLOOR * closed
        end = spans[..., 1] * (1.0 - closed) + FLOOR * closed
        # The judge weighs passage tokens only: it asks what the answer would be if there were one.
        only_passage = first * FLOOR
        under_start = torch.softmax((start + only_passage).float(), dim=1).to(states.dtype).unsqueeze(1) @ states
        under_end = torch.softmax((end + only_passage).float(), dim=1).to(states.dtype).unsqueeze(1) @ states
        proposed = torch.cat([states[:, 0], under_start.squeeze(1), under_end.squeeze(1)], dim=1)
        return start, end, self.judge(proposed).squeeze(-1)


def build(model_folder: Path) -> ReaderNetwork:
    """Build the network on the unpacked encoder, with untrained heads."""
    from transformers import BertModel

    # Dropout of attention weights would prevent fused attention: three times the time on a processor.
    encoder = BertModel.from_pretrained(
        model_folder, add_pooling_layer=False, local_files_only=True, attention_probs_dropout_prob=0.0
    )
    return ReaderNetwork(encoder)


def trained_parameters(network: ReaderNetwork, *, frozen: int) -> dict[str, nn.Parameter]:
    """Return the trained parameters: the heads and all layers above the `frozen` lowest; never the embeddings."""
    layers = len(network.encoder.encoder.layer)
    upper = tuple(f"encoder.encoder.layer.{number}." for number in range(frozen, layers))
    return {n: p for n, p in network.named_parameters() if n.startswith(upper) or not n.startswith("encoder.")}

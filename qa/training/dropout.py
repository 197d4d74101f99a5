"""Dropout whose masks are drawn once: on a processor, drawing them anew takes a quarter of each training step."""

import torch
from torch import Tensor, nn

_DRAWN = 1 << 24  # far more than one layer's states, so that two steps hardly ever meet the same mask


class BankedDropout(nn.Module):
    """Drops a share `p` (0–1) of the values as `nn.Dropout` does, by a random stretch of a long mask drawn once."""

    def __init__(self, p: float, bank: Tensor) -> None:
        super().__init__()
        self.p = p
        self._bank = bank

    def forward(self, states: Tensor) -> Tensor:
        """Return the states, some of them zero and the others scaled up, while training; else as they are."""
        size = states.numel()
        if not self.training or self.p == 0 or size >= len(self._bank):
            return nn.functional.dropout(states, self.p, self.training)
        begin = int(torch.randint(len(self._bank) - size, ()).item())
        return states * self._bank[begin : begin + size].view(states.shape)


def bank_dropout(network: nn.Module) -> None:
    """Replace every dropout of a network by a banked one, in place; layers with the same share draw on one mask."""
    banks: dict[float, Tensor] = {}
    for parent in network.modules():
        for name, child in parent.named_children():
            if isinstance(child, nn.Dropout):
                if child.p not in banks:
                    banks[child.p] = _mask(child.p)
                setattr(parent, name, BankedDropout(child.p, banks[child.p]).train(child.training))


def _mask(p: float) -> Tensor:
    kept: Tensor = torch.empty(_DRAWN).bernoulli_(1 - p)
    return (kept / (1 - p) if p < 1 else kept).to(torch.bfloat16)

"""The reader's weights as shipped: what training added to the encoder, in eight bits, and the heads.

The encoder's matrices are stored as their difference to the bundled ones, each row with a scale of its own. The
differences are small, so eight bits lose nothing that the scores show (docs/decisions.md).
"""

from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from qa.reader import ReaderWeightsError
from qa.reader.network import ReaderNetwork

__all__ = ["ReaderWeightsError", "apply", "save"]

_SCALE = ".scale"


def save(trained: Mapping[str, Tensor], base: Mapping[str, Tensor], path: Path, *, metadata: Mapping[str, str]) -> None:
    """Write trained weights as differences to `base`, keyed alike; heads, absent there, are kept whole."""
    tensors: dict[str, Tensor] = {}
    for name, weight in trained.items():
        if name not in base:
            tensors[name] = weight.to(torch.float16)
            continue
        difference = weight.float() - base[name].float()
        if weight.dim() < 2:
            tensors[name] = difference.to(torch.float16)
            continue
        scale = difference.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
        tensors[name] = torch.round(difference / scale).to(torch.int8)
        tensors[name + _SCALE] = scale.to(torch.float32)
    save_file({name: tensor.contiguous() for name, tensor in tensors.items()}, path, metadata=dict(metadata))


def apply(network: ReaderNetwork, path: Path) -> dict[str, str]:
    """Add the stored differences to a network on the bundled encoder; give the file's metadata."""
    if not path.is_file():
        raise ReaderWeightsError(f"The reader's weights {path} are missing; restore them from the release")
    parameters = dict(network.named_parameters())
    with safe_open(path, framework="pt") as file, torch.no_grad():
        names = {name for name in file.keys() if not name.endswith(_SCALE)}  # noqa: SIM118  # no mapping, it has keys() only
        if not names <= set(parameters):
            raise ReaderWeightsError(f"The reader's weights {path} are made for another network")
        for name in names:
            parameter, stored = parameters[name], file.get_tensor(name)
            if stored.dtype == torch.int8:
                parameter.add_(stored.float() * file.get_tensor(name + _SCALE))
            elif name.startswith("encoder."):
                parameter.add_(stored.float())
            else:
                parameter.copy_(stored.float())
        return dict(file.metadata() or {})

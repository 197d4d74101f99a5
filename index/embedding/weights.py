"""Trained weights as shipped: differences to the bundled encoder in eight bits, and the heads of a reader.

Each matrix of the encoder is stored as its difference to the bundled one, each row with its own scale. The
differences are small, so eight bits do not change the scores (docs/decisions/eight-bit-weights.md).
"""

from collections.abc import Callable, Mapping
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from index.embedding.weight_file import WeightsError, digest

_ENCODER, _SCALE = "encoder.", ".scale"


def save(
    trained: Mapping[str, Tensor],
    base: Mapping[str, Tensor],
    path: Path,
    *,
    metadata: Mapping[str, str],
    start: Path | None = None,
) -> None:
    """Write trained weights as differences to `base`, by name; heads, absent from `base`, are stored whole.

    What the weights of `start` hold and this training left as it is, is written as it stands there.
    """
    differences = {name: weight.float() - base[name].float() for name, weight in trained.items() if name in base}
    packed = _packed({**trained, **differences})
    if start:
        with safe_open(start, framework="pt") as file:
            packed |= {n: file.get_tensor(n) for n in file.keys() if n.removesuffix(_SCALE) not in trained}  # noqa: SIM118  # no mapping
    save_file(packed, path, metadata=dict(metadata))


def mean(first: Path, second: Path, path: Path, *, metadata: Mapping[str, str]) -> None:
    """Write the mean of two trainings on the same encoder, which reads better than either (Wortsman et al. 2022)."""
    one, other = _read(first), _read(second)
    tensors = {}
    for name in {**one, **other}:
        pair = [weights[name] for weights in (one, other) if name in weights]
        # What only one of them trained, the other left unchanged.
        tensors[name] = sum(pair, torch.zeros_like(pair[0])) / 2
    save_file(_packed(tensors), path, metadata=dict(metadata))


def apply(network: nn.Module, path: Path, *, only: Callable[[str], bool] = lambda name: True) -> None:
    """Add the stored differences to a network whose `encoder` is the bundled one, and set its heads.

    Parameters whose name is not one of the `only` stay as they are. Raises `WeightsError` if the file is missing,
    damaged, or names others that the network lacks.
    """
    digest(path)
    parameters = dict(network.named_parameters())
    stored = {name: tensor for name, tensor in _read(path).items() if only(name)}
    if not stored.keys() <= parameters.keys():
        raise WeightsError(f"The weights {path} are made for another network")
    with torch.no_grad():
        for name, tensor in stored.items():
            if name.startswith(_ENCODER):
                parameters[name].add_(tensor)
            else:
                parameters[name].copy_(tensor)


def _packed(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Return matrices of the encoder in eight bits with the scales of their rows, everything else in half precision."""
    packed: dict[str, Tensor] = {}
    for name, tensor in tensors.items():
        if not name.startswith(_ENCODER) or tensor.dim() < 2:
            packed[name] = tensor.to(torch.float16)
            continue
        scale = tensor.abs().amax(dim=1, keepdim=True).clamp(min=1e-12) / 127
        packed[name] = torch.round(tensor / scale).to(torch.int8)
        packed[name + _SCALE] = scale.to(torch.float32)
    return {name: tensor.contiguous() for name, tensor in packed.items()}


def _read(path: Path) -> dict[str, Tensor]:
    try:
        with safe_open(path, framework="pt") as file:
            tensors = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118  # no mapping
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights {path} are missing or damaged; restore them from the release") from error
    scales = {name: tensors.pop(name) for name in list(tensors) if name.endswith(_SCALE)}
    return {name: tensor * scales.get(name + _SCALE, 1) for name, tensor in tensors.items()}

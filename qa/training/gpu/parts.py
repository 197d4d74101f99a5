"""Splits a weight file into parts small enough to send, and joins them again."""

from collections.abc import Sequence
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

LIMIT = 15 << 20  # bytes: a place that sends files may take no larger ones than 16 MiB


def split(path: Path, limit: int = LIMIT) -> list[Path]:
    """Replace a weight file by `NAME-1.safetensors`, `NAME-2.safetensors` …, each below `limit`; return them.

    Each part is a weight file of its own: applied one after the other they do what the whole one did.
    """
    tensors, metadata = _read(path)
    groups: list[dict[str, Tensor]] = [{}]
    size = 0
    # A matrix and its scales share a part: the longer name follows the shorter one.
    for name in sorted(tensors):
        scales = name.endswith(".scale")
        own = tensors[name].nbytes
        if not scales and size + own > limit and groups[-1]:
            groups.append({})
            size = 0
        groups[-1][name] = tensors[name]
        size += own
    found = []
    for number, group in enumerate(groups, start=1):
        part = path.with_name(f"{path.stem}-{number}{path.suffix}")
        save_file(group, part, metadata={**metadata, "part": f"{number} of {len(groups)}"})
        found.append(part)
    path.unlink()
    return found


def join(parts: Sequence[Path], path: Path) -> None:
    """Join the parts of one weight file. Raises `ValueError` if one is missing or of another file."""
    read = [_read(part) for part in parts]
    told = {metadata.pop("part", "1 of 1") for _, metadata in read}
    wanted = {f"{number} of {len(parts)}" for number in range(1, len(parts) + 1)}
    if told != wanted or any(metadata != read[0][1] for _, metadata in read):
        raise ValueError(
            f"{len(parts)} parts were given that are not all of one weight file: {', '.join(sorted(told))}"
        )
    tensors = {name: tensor for found, _ in read for name, tensor in found.items()}
    save_file(tensors, path, metadata=read[0][1])


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    with safe_open(path, framework="pt") as file:
        return {name: file.get_tensor(name) for name in file.keys()}, dict(file.metadata() or {})  # noqa: SIM118  # no mapping

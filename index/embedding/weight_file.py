"""Identifies files of trained weights without loading PyTorch."""

import hashlib
import re
from functools import lru_cache
from pathlib import Path

from safetensors import SafetensorError, safe_open

_LAYER = re.compile(r"^encoder\.encoder\.layer\.(\d+)\.")


class WeightsError(Exception):
    """Trained weights are missing, damaged, or made for another encoder."""


@lru_cache(maxsize=8)
def digest(path: Path) -> str:
    """Return the SHA-256 of a weight file, read once per process. Raises `WeightsError` if the file is missing."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise WeightsError(f"The weights {path} are missing; restore them from the release") from error


@lru_cache(maxsize=8)
def digest_below(path: Path, layer: int) -> str:
    """Return the SHA-256 of what a weight file changes in the encoder's layers below `layer`, read once per process.

    Raises `WeightsError` if the file is missing or damaged.
    """
    found = hashlib.sha256()
    try:
        with safe_open(path, framework="numpy") as file:
            for name in sorted(file.keys()):
                place = _LAYER.match(name)
                if place and int(place[1]) < layer:
                    found.update(name.encode())
                    found.update(file.get_tensor(name).tobytes())
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights {path} are missing or damaged; restore them from the release") from error
    return found.hexdigest()


def metadata(path: Path) -> dict[str, str]:
    """Return what a weight file says of its training. Raises `WeightsError` if it is missing or damaged."""
    try:
        with safe_open(path, framework="numpy") as file:
            return dict(file.metadata() or {})
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights {path} are missing or damaged; restore them from the release") from error

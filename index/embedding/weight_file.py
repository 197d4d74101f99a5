"""Identifies files of trained weights without loading PyTorch."""

import hashlib
from functools import lru_cache
from pathlib import Path

from safetensors import SafetensorError, safe_open


class WeightsError(Exception):
    """Trained weights are missing, damaged, or made for another encoder."""


@lru_cache(maxsize=8)
def digest(path: Path) -> str:
    """Return the SHA-256 of a weight file, read once per process. Raises `WeightsError` if the file is missing."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise WeightsError(f"The weights {path} are missing; restore them from the release") from error


def metadata(path: Path) -> dict[str, str]:
    """Return what a weight file says of its training. Raises `WeightsError` if it is missing or damaged."""
    try:
        with safe_open(path, framework="numpy") as file:
            return dict(file.metadata() or {})
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"The weights {path} are missing or damaged; restore them from the release") from error

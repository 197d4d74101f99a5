"""Identifies files of trained weights without loading PyTorch."""

import hashlib
from functools import lru_cache
from pathlib import Path


class WeightsError(Exception):
    """Trained weights are missing, damaged, or made for another encoder."""


@lru_cache(maxsize=8)
def digest(path: Path) -> str:
    """Return the SHA-256 of a weight file, read once per process. Raises `WeightsError` if the file is missing."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise WeightsError(f"The weights {path} are missing; restore them from the release") from error

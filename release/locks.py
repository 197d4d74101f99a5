"""What the locks hold."""

import re
from collections.abc import Mapping
from pathlib import Path

from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
# PyTorch has a lock for each build; that of PyPI names the files that everybody can get.
RUN = ("requirements.lock", "requirements-torch.lock")
DEVELOP = ("requirements-dev.lock",)
_ENTRY = re.compile(r"^(\S+?)==(\S+) \\$", re.MULTILINE)


def locked(*names: str) -> Mapping[str, str]:
    """Return the version of each package in the locks of these names, sorted by package."""
    text = "".join((ROOT / name).read_text(encoding="utf-8") for name in names)
    return dict(sorted((str(canonicalize_name(name)), version) for name, version in _ENTRY.findall(text)))

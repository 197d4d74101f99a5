"""The versions of installed packages, on which it depends what is read in a file."""

from functools import cache
from importlib.metadata import PackageNotFoundError, version


@cache
def installed(package: str) -> str:
    """Return the version of an installed package; `none` if it is missing."""
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"

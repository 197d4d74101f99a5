"""How much of a long trial is run: a part in `make test`, the whole in `make test-all`, which sets FULL."""

import os
from collections.abc import Collection, Iterable
from typing import Any

import pytest

FULL = bool(os.environ.get("FULL"))


def count(part: int, *, whole: int) -> int:
    """Return how many are tried in this run."""
    return whole if FULL else part


def some(cases: Iterable[Any], *, part: Collection[Any]) -> list[Any]:
    """Return all cases for `parametrize`; those outside of `part` are marked, and run only with FULL.

    A case of several values is a tuple.
    """
    listed = list(cases)
    assert all(case in listed for case in part) and len(part) < len(listed), "The part is not one of the cases"
    return [
        case if case in part else pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.full)
        for case in listed
    ]

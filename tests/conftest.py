"""For all tests: the network is closed but for the loopback."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.network import NetworkClosed, outside
from tests.serving import Served, serving


class ClosedNetwork:
    """Refuses every call that would leave the machine; `refused` holds the hosts asked for."""

    def __init__(self) -> None:
        self.closed = False
        self.refused: list[str] = []

    def __call__(self, event: str, arguments: tuple[Any, ...]) -> None:
        host = outside(event, arguments) if self.closed else None
        if host is not None:
            self.refused.append(host)
            raise NetworkClosed(f"{event} to {host}: tests reach only the loopback")


@pytest.fixture(scope="session", autouse=True)
def network() -> Iterator[ClosedNetwork]:
    closed = ClosedNetwork()
    sys.addaudithook(closed)
    closed.closed = True
    yield closed
    # An audit hook cannot be taken away again.
    closed.closed = False


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The real program over the shipped documents, set up from nothing once for all tests."""
    with serving(tmp_path_factory.mktemp("served")) as program:
        yield program

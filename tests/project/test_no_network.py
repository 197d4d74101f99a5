"""Tests reach the loopback and nothing else."""

import socket
from pathlib import Path

import pytest

from tests.conftest import ClosedNetwork
from tests.support.programs.network import NetworkClosed


def test_no_name_is_looked_up() -> None:
    assert socket.getaddrinfo("127.0.0.1", 80)
    with pytest.raises(NetworkClosed, match=r"example\.org"):
        socket.getaddrinfo("example.org", 80)


@pytest.mark.parametrize("family, host", [(socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")])
def test_no_connection_leaves_the_machine(family: int, host: str, network: ClosedNetwork) -> None:
    with socket.socket(family) as outgoing, pytest.raises(NetworkClosed):
        outgoing.connect((host, 80))
    assert network.refused[-1] == host


def test_no_datagram_leaves_the_machine() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outgoing:
        assert outgoing.sendto(b"x", ("127.0.0.1", 9)) == 1
        with pytest.raises(NetworkClosed):
            outgoing.sendto(b"x", ("192.0.2.1", 9))


def test_the_loopback_and_unix_sockets_stay_open(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "socket"))
        server.listen()
        client.connect(str(tmp_path / "socket"))

"""Which network calls leave the machine, told from Python's audit events."""

import ipaddress
from typing import Any

_TO_AN_ADDRESS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
_LOOK_UPS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"})


class NetworkClosed(Exception):
    """Something in a test reached for the outside."""


def outside(event: str, arguments: tuple[Any, ...]) -> str | None:
    """The host that a call would reach beyond the loopback; None for every other event."""
    if event in _TO_AN_ADDRESS:
        address = arguments[1]
        # Unix sockets have a path for an address, netlink a pair of numbers.
        host = address[0] if isinstance(address, tuple) else None
    elif event in _LOOK_UPS:
        host = arguments[0]
    else:
        return None
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    return host if isinstance(host, str) and not _is_local(host) else None


def _is_local(host: str) -> bool:
    if host in ("", "localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    # An unspecified address is one to listen on.
    return address.is_loopback or address.is_unspecified

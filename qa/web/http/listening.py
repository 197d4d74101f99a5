"""The address that the server is reached at."""

import socket

from qa.runtime.settings import GUIDE


class AddressTaken(Exception):
    """The address and port to serve on are not available."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address. Raises `AddressTaken`."""
    listener = None
    try:
        # The protocol has to be named: asyncio turns off Nagle's delay, 40 ms a reply, only where it reads TCP.
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen()
        return listener
    except (OSError, UnicodeError) as error:
        if listener:
            listener.close()
        reason = error.strerror if isinstance(error, OSError) else "no name of a host"
        raise AddressTaken(f"Cannot serve on {host}:{port} ({reason}); set QA_HOST or QA_PORT, see {GUIDE}") from error


def in_url(host: str) -> str:
    """Return a host as addresses write it: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host

"""Writes an address in one way, and names the network that counts as one caller: of IPv6 a customer's.

Who called, behind a proxy too, is found in `qa.web.http.guard`.
"""

import re
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

# Providers give each customer at least a /64 (RFC 6177), so one customer has all of its 2^64 addresses.
CUSTOMER = 64
_WITH_PORT = re.compile(r"\[([^\[\]]+)\](?::\d{1,5})?|(\d{1,3}(?:\.\d{1,3}){3}):\d{1,5}", re.ASCII)


def network_of(address: str) -> str:
    """Return the network that a caller's address counts for; text that is not an address counts for itself."""
    found = _read(address)
    if found is None:
        return address
    return str(found if isinstance(found, IPv4Address) else IPv6Network((found, CUSTOMER), strict=False))


def address_of(address: str) -> str:
    """Return an address in its one spelling, for comparison; text that is not an address stays as it is."""
    found = _read(address)
    return address if found is None else str(found)


def _read(address: str) -> IPv4Address | IPv6Address | None:
    """Return the address without its zone and port; None if it is not an address.

    A socket that listens on IPv6 reports IPv4 callers as `::ffff:192.0.2.1` (RFC 4291, 2.5.5.2): those count as IPv4.
    Some proxies add the port (RFC 7239, 6), which differs for every connection.
    """
    if with_port := _WITH_PORT.fullmatch(address):
        address = with_port[1] or with_port[2]
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return found if isinstance(found, IPv4Address) else found.ipv4_mapped or found

"""What counts as one caller for every limit: an IPv4 address, or the network of IPv6 that one customer is given."""

from ipaddress import IPv4Address, IPv6Network, ip_address

# Providers give each customer at least a /64 (RFC 6177): whoever has one of its 2^64 addresses has all of them.
CUSTOMER = 64


def network_of(address: str) -> str:
    """Return the network that a caller's address counts for; what is no address counts for itself.

    A socket that listens on IPv6 reports IPv4 callers as `::ffff:192.0.2.1` (RFC 4291, 2.5.5.2): those are IPv4.
    """
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, CUSTOMER), strict=False))

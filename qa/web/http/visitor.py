"""Whose limits a request counts for."""

from starlette.datastructures import Address

from qa.service.rate_limit import Visitor


def visitor_of(client: Address | None, session: str = "") -> Visitor:
    """Return the visitor at the address that the guard found; a request without one counts for an empty address."""
    return Visitor(client.host if client else "", session)

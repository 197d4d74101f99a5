"""The query of an address that says what a page shows, so that a link and the way back lead to the same."""

from collections.abc import Mapping
from urllib.parse import urlencode


def query_of(values: Mapping[str, str], *, page: int, to: Mapping[str, str]) -> str:
    """Return the query of a view's values with those in `to` in their place; empty values and page 1 are left out."""
    shown = {**values, "page": str(page) if page > 1 else "", **to}
    return urlencode({name: value for name, value in shown.items() if value})

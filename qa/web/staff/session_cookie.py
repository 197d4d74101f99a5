"""The cookie that carries a session of staff, read from the headers of a request."""

import re

from starlette.datastructures import Headers

SESSION = "staff_session"
# A token of `qa.staff.accounts.sessions`, whole: neither a longer name that ends like ours nor a longer value.
_TOKEN = re.compile(rf"(?:^|;) *{SESSION}=([\w-]{{1,128}}) *(?=;|$)", re.ASCII)


def session_of(headers: Headers) -> str:
    """Return the session's token in the cookies of a request; empty without one, or with two that differ."""
    found = tokens_of(headers)
    return found.pop() if len(found) == 1 else ""


def tokens_of(headers: Headers) -> set[str]:
    """Return every token in the cookies of a request.

    Not by `http.cookies`, whose work grows with the square of some cookies before Python 3.11.10 (CVE-2024-7592).
    """
    return {match[1] for cookies in headers.getlist("cookie") for match in _TOKEN.finditer(cookies)}

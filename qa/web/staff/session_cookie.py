"""Reads the cookie that carries a session of staff from the headers of a request."""

import re

from starlette.datastructures import Headers

SESSION = "staff_session"
# A whole token of `qa.staff.accounts.sessions`: no longer name that ends like ours, and no longer value.
_TOKEN = re.compile(rf"(?:^|;) *{SESSION}=([\w-]{{1,128}}) *(?=;|$)", re.ASCII)


def session_of(headers: Headers) -> str:
    """Return the session's token from the cookies of a request; empty without one, or if two differ."""
    found = tokens_of(headers)
    return found.pop() if len(found) == 1 else ""


def tokens_of(headers: Headers) -> set[str]:
    """Return every session token in the cookies of a request.

    It avoids `http.cookies`, which takes quadratic time for some cookies before Python 3.11.10 (CVE-2024-7592).
    """
    return {match[1] for cookies in headers.getlist("cookie") for match in _TOKEN.finditer(cookies)}

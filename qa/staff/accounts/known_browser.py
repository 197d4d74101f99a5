"""Recognises browsers that signed in before by a signed cookie, which a guesser cannot forge.

After the device cookies of OWASP's guide against password guessing. The key is the stored password hash: it never
leaves the server. A changed password or a removed account makes every browser unknown again.
"""

import hashlib
import hmac
import re
import secrets

_FORM = re.compile(r"([\w-]{22})\.([0-9a-f]{64})", re.ASCII)


def new_browser() -> str:
    """Return a name for a browser: 128 random bits."""
    return secrets.token_urlsafe(16)


def signed(browser: str, name: str, kept: str) -> str:
    """Return the cookie that the browser sends at the next sign-in to the account `name`."""
    return f"{browser}.{_signature(browser, name, kept)}"


def browser_of(shown: str, name: str, kept: str | None) -> str:
    """Return the browser named in a cookie; empty unless signed for this account and its present password."""
    found = _FORM.fullmatch(shown)
    if found is None or kept is None:
        return ""
    return found[1] if hmac.compare_digest(found[2], _signature(found[1], name, kept)) else ""


def _signature(browser: str, name: str, kept: str) -> str:
    text = f"known browser {browser} {name}".encode("utf-8", "surrogatepass")
    return hmac.new(kept.encode(), text, hashlib.sha256).hexdigest()

"""Browsers that somebody signed in with before: what they show is signed, so that a guesser cannot make one up.

After the device cookies of OWASP's guide against password guessing. The key is what is kept of the account's password:
it never leaves the server, and a changed password or a removed account makes every browser a stranger again.
"""

import hashlib
import hmac
import re
import secrets

_FORM = re.compile(r"([\w-]{22})\.([0-9a-f]{64})", re.ASCII)


def new_browser() -> str:
    """A name for a browser: 128 random bits."""
    return secrets.token_urlsafe(16)


def signed(browser: str, name: str, kept: str) -> str:
    """What the browser is given to show at the next sign-in of the account `name`."""
    return f"{browser}.{_signature(browser, name, kept)}"


def browser_of(shown: str, name: str, kept: str | None) -> str:
    """The browser that shows this; empty unless it was signed for this account and its password of today."""
    found = _FORM.fullmatch(shown)
    if found is None or kept is None:
        return ""
    return found[1] if hmac.compare_digest(found[2], _signature(found[1], name, kept)) else ""


def _signature(browser: str, name: str, kept: str) -> str:
    text = f"known browser {browser} {name}".encode("utf-8", "surrogatepass")
    return hmac.new(kept.encode(), text, hashlib.sha256).hexdigest()

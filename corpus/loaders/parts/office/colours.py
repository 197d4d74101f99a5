"""Colours as office files write them: six hexadecimal digits; anything else is a colour that is not certain."""

import re

WHITE = "FFFFFF"
UNSURE = "?"  # another colour than any
_HEX = re.compile(r"[\dA-Fa-f]{6}")
_NEAR = 5  # of 255: nobody tells colours closer than this apart


def alike(one: str, other: str) -> bool:
    """Return whether both are certain and the eye cannot tell them apart."""
    if not (_HEX.fullmatch(one) and _HEX.fullmatch(other)):
        return False
    pairs = zip(bytes.fromhex(one), bytes.fromhex(other), strict=True)
    return all(abs(a - b) <= _NEAR for a, b in pairs)

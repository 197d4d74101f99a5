"""What is publicly known against the Python that runs this program."""

import http.cookies
import sys

# The first of 3.11 without any of these; a distribution may have mended an older one.
SOUND = (3, 11, 10)
ADVISORIES = ("CVE-2024-7592 (cookies)", "CVE-2024-8088 and CVE-2024-0450 (archives)", "CVE-2024-6232 (tar files)")


def advice(version: tuple[int, ...] = sys.version_info[:3], *, mended: bool | None = None) -> str:
    """Return what to do about the interpreter, in a line; empty when nothing is known against it.

    An older one is `mended` when its cookies are: distributions bring such corrections together.
    """
    mended = hasattr(http.cookies, "_unquote_sub") if mended is None else mended
    if version >= SOUND or mended:
        return ""
    used, sound = (".".join(map(str, numbers)) for numbers in (version, SOUND))
    return f"Python {used} has known faults: {', '.join(ADVISORIES)}; install {sound} or later"

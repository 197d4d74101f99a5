"""Known vulnerabilities of the Python that runs this program."""

import http.cookies
import sys

# The first 3.11 without any of these; distributions may have fixed an older one.
SOUND = (3, 11, 10)
ADVISORIES = ("CVE-2024-7592 (cookies)", "CVE-2024-8088 and CVE-2024-0450 (archives)", "CVE-2024-6232 (tar files)")


def advice(version: tuple[int, ...] = sys.version_info[:3], *, mended: bool | None = None) -> str:
    """Return advice on the interpreter in one line; empty if no vulnerability is known.

    An older one counts as `mended` if its cookie parser is: distributions ship such fixes together.
    """
    mended = hasattr(http.cookies, "_unquote_sub") if mended is None else mended
    if version >= SOUND or mended:
        return ""
    used, sound = (".".join(map(str, numbers)) for numbers in (version, SOUND))
    return f"Python {used} has known faults: {', '.join(ADVISORIES)}; install {sound} or later"

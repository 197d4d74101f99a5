"""LibreOffice, if installed: converts formats without a loader into formats with one."""

import os
import re
import shutil
from functools import cache
from pathlib import Path

from corpus.errors import Failed

INSTALL = "apt-get install libreoffice"
_PROGRAM = "soffice.bin"
_BUILD = re.compile(r"^buildid=(.+)$", re.MULTILINE)


class OfficeMissing(Failed):
    """LibreOffice is not installed."""

    def __init__(self, suffix: str, target: str) -> None:
        super().__init__(
            f"服务器上没有LibreOffice，读不了{suffix}；请用原来的软件另存为{target}再放入，或请管理员安装：{INSTALL}",
            again=True,
        )


def program() -> Path | None:
    """Return the program itself, not the script that starts it; None if not installed."""
    for name in ("soffice", "libreoffice"):
        if found := shutil.which(name):
            beside = Path(os.path.realpath(found)).parent / _PROGRAM
            if beside.is_file():
                return beside
    return None


@cache
def version() -> str:
    """Return the installed build; `none` if not installed, `unknown` if it does not say."""
    found = program()
    if found is None:
        return "none"
    try:
        build = _BUILD.search((found.parent / "versionrc").read_text(encoding="utf-8"))
    except OSError:
        build = None
    return "".join(build[1].split()) if build else "unknown"

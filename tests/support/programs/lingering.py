"""Programs that other processes work for until they are ended.

`python -m tests.support.programs.lingering server|refresh FOLDER`
"""

import ctypes
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

from corpus.limits import DEFAULT_LIMITS
from corpus.read import read
from qa.publishing.board import CANCEL
from qa.runtime import settings as settings_table
from qa.runtime.settings import Settings
from qa.runtime.signals import told_to_end
from qa.runtime.watchdog import watched
from qa.runtime.worker import aside


def convert(settings: Settings) -> str:
    """Read a folder whose one file takes for ever."""
    try:
        read(settings.documents, limits=replace(DEFAULT_LIMITS, seconds=600.0))
    except KeyboardInterrupt:
        (settings.home / "interrupted").touch()
        raise
    return ""


def never() -> None:
    """Wait in native code, with Python's lock, for a lock that is never let go; no signal breaks that off."""
    lock = ctypes.create_string_buffer(64)
    for _ in range(2):
        ctypes.PyDLL(None).pthread_mutex_lock(lock)


def main(kind: str, folder: Path) -> None:
    settings = settings_table.read({"QA_HOME": str(folder), "QA_DOCUMENTS": str(folder / "documents")})
    match kind:
        case "server":
            aside(convert, settings)
        case "refresh":
            with told_to_end():
                convert(settings)
        case "watched":
            with told_to_end(), watched(folder / CANCEL, grace=0.5):
                convert(settings)
        case "deaf":  # holds Python's lock in native code, where Python hears nothing
            with told_to_end(), watched(folder / CANCEL, grace=0.5):
                (folder / "deaf").touch()
                never()
        case "deaf and alone":  # the control: nothing but SIGKILL ends it
            with told_to_end():
                (folder / "deaf").touch()
                never()
        case "thoughtless":  # the control: a process that nothing ends
            subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
            time.sleep(600)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))

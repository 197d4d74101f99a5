"""Temporary files of tests in memory: on a disk they wait for each write that has to be safe, some 10 ms each."""

import os
from pathlib import Path

MEMORY = Path("/dev/shm")
# Bytes that have to be free; the tests leave some 2 GB, and the models take 600 MB of it.
ROOM = 8 << 30
# Where pytest makes its temporary folders, unless it is told another place.
WHERE = "PYTEST_DEBUG_TEMPROOT"


def has_room(folder: Path) -> bool:
    """Return whether a folder is there, programs can be run from it, and it has room for the files of all tests."""
    if not (folder.is_dir() and os.access(folder, os.W_OK)):
        return False
    disk = os.statvfs(folder)
    return not disk.f_flag & os.ST_NOEXEC and disk.f_bavail * disk.f_frsize >= ROOM

"""What the program writes is for the account that runs it, and for no other of the machine."""

import os
from pathlib import Path

_OTHERS = 0o077


def keep_private(home: Path) -> None:
    """From now on write for this account only, and close the folder `home` to others, whatever it holds already."""
    os.umask(_OTHERS)
    if home.is_dir() and home.stat().st_uid == os.geteuid() and home.stat().st_mode & _OTHERS:
        home.chmod(0o700)

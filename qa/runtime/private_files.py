"""Keeps the program's files readable only for the account that runs it."""

import os
from pathlib import Path

UPLOADS = "uploads"  # of the home; Gradio would use a folder that all programs share
_OTHERS = 0o077


def keep_private(home: Path) -> None:
    """Write only for this account from now on, and close the folder `home` to others."""
    os.umask(_OTHERS)
    if home.is_dir() and home.stat().st_uid == os.geteuid() and home.stat().st_mode & _OTHERS:
        home.chmod(0o700)

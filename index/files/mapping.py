"""Large files stay on the disk and are read as they are needed; the system keeps what is used often in memory."""

from pathlib import Path

# Bytes. A file that someone cuts short while it is mapped ends the process: the few megabytes of most are read instead.
LARGE = 128 * 2**20


def is_mapped(path: Path) -> bool:
    """Return whether a file is mapped into memory and not read at once."""
    return path.stat().st_size >= LARGE

"""Ends a program that does not heed a signal or a cancellation in time, whatever its native code is doing.

Python handles a signal only between two of its own steps, and a lock held in native code may prevent that forever.
So a process beside it watches: the C part of Python's signal handling writes each signal to a pipe at once. A killed
refresh leaves the published snapshot whole, as T1 of docs/threats.md says.
"""

import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

# Seconds. Long enough to end in order on a busy machine: a batch of vectors, a row in the log.
GRACE_SECONDS = 20.0
_ASKING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_EVERY = 0.2  # seconds between two checks for a cancellation
_CLOCK = 0.05  # seconds that a file system's clock may be late


@contextmanager
def watched(cancel: Path, *, grace: float = GRACE_SECONDS) -> Iterator[None]:
    """During the block, kill this process if it does not end within `grace` seconds of being asked to.

    The file `cancel` asks as a signal does; if it is not heeded in time, SIGTERM is sent first. Only the main thread
    receives signals; in another thread nothing is watched.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    since = time.time() - _CLOCK
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        beside = subprocess.Popen(
            [sys.executable, "-E", "-S", "-m", "qa.runtime.watchdog", str(cancel.absolute()), str(since), str(grace)],
            cwd=Path(__file__).parents[2],
            stdin=reading,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    finally:
        os.close(reading)
    before = signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        os.close(writing)
        beside.kill()
        beside.wait()


def main(arguments: Sequence[str]) -> int:
    """Watch the process that started this one until it ends or closes standard input."""
    for asking in _ASKING:
        signal.signal(asking, signal.SIG_IGN)
    cancel, since, grace = Path(arguments[0]), float(arguments[1]), float(arguments[2])
    watches = os.getppid()
    cancelled = asked = 0.0
    while True:
        if select.select([0], [], [], _EVERY)[0]:
            heard = os.read(0, 64)
            if not heard:
                return 0
            asked = asked or (time.monotonic() if set(heard) & set(_ASKING) else 0.0)
        now = time.monotonic()
        cancelled = cancelled or (now if _touched(cancel, since) else 0.0)
        if cancelled and not asked and now - cancelled >= grace:
            os.kill(watches, signal.SIGTERM)
            asked = now
        if asked and now - asked >= grace and os.getppid() == watches:
            os.kill(watches, signal.SIGKILL)
            return 0


def _touched(path: Path, since: float) -> bool:
    """Return whether the cancellation exists and is not an old one."""
    try:
        return path.stat().st_mtime >= since
    except OSError:
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

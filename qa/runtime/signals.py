"""Handles all signals that ask a process to end like Ctrl-C: running work ends in order."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# Sent by a service manager, and by a closed terminal.
_ASKING = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def told_to_end() -> Iterator[None]:
    """During the block, SIGTERM and SIGHUP raise KeyboardInterrupt, once; `nohup` keeps its meaning.

    Only the main thread receives signals; in another thread nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {asking: signal.getsignal(asking) for asking in _ASKING}
    heard = [asking for asking, handler in before.items() if handler is not signal.SIG_IGN]

    def interrupt(number: int, frame: FrameType | None) -> None:
        # Cleaning up follows, which a second signal must not interrupt.
        for asking in heard:
            signal.signal(asking, signal.SIG_IGN)
        raise KeyboardInterrupt

    for asking in heard:
        signal.signal(asking, interrupt)
    try:
        yield
    finally:
        for asking in heard:
            signal.signal(asking, before[asking])

"""The signals that ask a process to end, all of them heard as Ctrl-C is: what is under way ends in order."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# A service manager's, and a closed terminal's.
_ASKING = (signal.SIGTERM, signal.SIGHUP)


@contextmanager
def told_to_end() -> Iterator[None]:
    """While this lasts SIGTERM and SIGHUP raise KeyboardInterrupt, once; `nohup` keeps its meaning.

    Outside of the main thread, which alone hears signals, nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {asking: signal.getsignal(asking) for asking in _ASKING}
    heard = [asking for asking, handler in before.items() if handler is not signal.SIG_IGN]

    def interrupt(number: int, frame: FrameType | None) -> None:
        # What follows is cleaning up, which a second signal must not break off.
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

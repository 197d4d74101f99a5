"""Breaks work off in order: by signals that ask a process to end, as by Ctrl-C, or when it is not wanted any more."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

# Sent by a service manager, and by a closed terminal.
_ASKING = (signal.SIGTERM, signal.SIGHUP)
# Nothing else here uses it; what a process waits for in the kernel is broken off by it, too.
_OWN = signal.SIGUSR1


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


@contextmanager
def broken_off(error: BaseException, wanted: Callable[[], bool], *, every: float) -> Iterator[Callable[[], None]]:
    """During the block, raise `error` in it, once, as soon as it is not `wanted`; a thread asks every so many seconds.

    Yields a function after whose return it is not raised any more. Blocks do not lie in one another. Only the main
    thread receives signals; in another thread nothing is asked.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: None
        return
    receiver, over, deciding = threading.get_ident(), threading.Event(), threading.Lock()

    def settle() -> None:
        with deciding:
            over.set()

    def ask() -> None:
        while not over.wait(every):
            if wanted():
                continue
            with deciding:
                if not over.is_set():
                    over.set()
                    signal.pthread_kill(receiver, _OWN)

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise error

    before = signal.signal(_OWN, interrupt)
    asking = threading.Thread(target=ask, name="asking", daemon=True)
    try:
        asking.start()
        yield settle
    finally:
        try:
            settle()
            asking.join(every)  # longer only where it asks somebody who is silent
        finally:
            signal.signal(_OWN, before)

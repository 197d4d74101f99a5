"""A server that is told to stop goes on answering for a while: the balancer in front sends others elsewhere first."""

import asyncio
import faulthandler
import gc
import inspect
import logging
import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import uvicorn

logger = logging.getLogger(__name__)

_FRAMES = ("cr_frame", "ag_frame", "gi_frame")
_AWAITED = ("cr_await", "ag_await", "gi_yieldfrom")

# From the moment on at which no new questions are taken. Uvicorn waits without a bound for what ends with the app.
END_SECONDS = 30.0


class Draining:
    """Whether the server was told to stop."""

    def __init__(self) -> None:
        self.begun = False


class DrainingServer(uvicorn.Server):
    """Stops as uvicorn does, `seconds` after the first signal; a second signal stops it at once.

    If the app has not ended `END_SECONDS` later, the log is told what it waits for, and the process exits with 1.
    """

    def __init__(self, config: uvicorn.Config, draining: Draining, *, seconds: float) -> None:
        super().__init__(config)
        self._draining = draining
        self._seconds = seconds
        self._ending: threading.Timer | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        first, self._draining.begun = not self._draining.begun, True
        if first and self._seconds:
            waiting = threading.Timer(self._seconds, super().handle_exit, (sig, None))
            waiting.daemon = True
            waiting.start()
        else:
            super().handle_exit(sig, frame)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            super().run(sockets)
        finally:
            if self._ending:
                self._ending.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending = threading.Timer(END_SECONDS, _end_at_once, (asyncio.get_running_loop(),))
        self._ending.daemon = True
        self._ending.start()
        await super().shutdown(sockets)


def _end_at_once(loop: asyncio.AbstractEventLoop) -> None:
    """End the process; the log is told what its threads and tasks are doing, by names of files and functions."""
    logger.error("The app did not end within %g seconds; the process ends now. Its tasks:%s", END_SECONDS, stacks(loop))
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)


def stacks(loop: asyncio.AbstractEventLoop) -> str:
    """Return a line for each task of the loop, from any thread: where it waits, by the innermost function first."""
    return "".join(f"\n{' < '.join(reversed(list(_stack(task.get_coro()))))}" for task in asyncio.all_tasks(loop))


def _stack(waiting: object) -> Iterator[str]:
    """Yield where a coroutine waits, and what it waits for: `Task.get_stack` yields the first place alone."""
    while waiting is not None:
        frame = next((found for name in _FRAMES if (found := getattr(waiting, name, None))), None)
        if frame:
            yield f"{Path(frame.f_code.co_filename).name}:{frame.f_lineno} {frame.f_code.co_qualname}"
        awaited = next((found for name in _AWAITED if (found := getattr(waiting, name, None))), None)
        # What the end of a context manager awaits does not tell its generator.
        waiting = awaited or next(filter(inspect.isasyncgen, gc.get_referents(waiting)), None)

"""A server that is told to stop goes on answering for a while: the balancer in front sends others elsewhere first."""

import threading
from types import FrameType

import uvicorn


class Draining:
    """Whether the server was told to stop."""

    def __init__(self) -> None:
        self.begun = False


class DrainingServer(uvicorn.Server):
    """Stops as uvicorn does, `seconds` after the first signal; a second signal stops it at once."""

    def __init__(self, config: uvicorn.Config, draining: Draining, *, seconds: float) -> None:
        super().__init__(config)
        self._draining = draining
        self._seconds = seconds

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        first, self._draining.begun = not self._draining.begun, True
        if first and self._seconds:
            waiting = threading.Timer(self._seconds, super().handle_exit, (sig, None))
            waiting.daemon = True
            waiting.start()
        else:
            super().handle_exit(sig, frame)

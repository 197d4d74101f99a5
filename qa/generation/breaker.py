"""A circuit breaker: an endpoint that failed several times is not asked for a while."""

import threading
import time
from collections.abc import Callable

FAILURES = 3
REST_SECONDS = 60.0


class LanguageModelError(Exception):
    """No complete text came. The message names the kind of failure and nothing that the endpoint sent."""


class Resting(LanguageModelError):
    """The endpoint failed several times and is not asked for a while."""


class Breaker:
    """Opens after `failures` in a row, for `seconds`; then one try decides. Safe to call from threads."""

    def __init__(
        self,
        *,
        failures: int = FAILURES,
        seconds: float = REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most, self._seconds, self._clock = failures, seconds, clock
        self._lock = threading.Lock()
        self._failed = 0
        self._closed_at = 0.0

    @property
    def open(self) -> bool:
        """Whether the endpoint must not be asked now."""
        with self._lock:
            return self._failed >= self._most and self._clock() < self._closed_at

    def admit(self) -> None:
        """Raise `Resting` while open; afterwards admit one try, and the others once it has succeeded."""
        with self._lock:
            if self._failed < self._most:
                return
            if self._clock() < self._closed_at:
                raise Resting("the endpoint failed several times and is left alone for a while")
            self._closed_at = self._clock() + self._seconds

    def succeeded(self) -> None:
        with self._lock:
            self._failed = 0

    def failed(self) -> None:
        with self._lock:
            self._failed += 1
            if self._failed >= self._most:
                self._closed_at = self._clock() + self._seconds

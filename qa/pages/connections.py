"""Connections to the web server: those over which no request comes are not kept waiting for."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

# A phone in a lift gets its request through in this; who sends a byte a second to hold a place does not.
HEAD_SECONDS = 15.0


class PromptProtocol(H11Protocol):
    """HTTP/1.1 of uvicorn, which limits how long an idle connection is kept but not how long a request may take to
    arrive (RFC 9112, 9.5, leaves that to the server): a connection ends when no whole head came within `HEAD_SECONDS`
    of its beginning, or of the first byte after an earlier request. The guard limits the body."""

    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._await_head()
        else:
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

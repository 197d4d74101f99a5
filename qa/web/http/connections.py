"""Connections to the web server: ends those that send nothing, send or read too slowly, or are too many."""

import asyncio
import logging
from collections import Counter
from collections.abc import Collection

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from qa.service.network_address import address_of, network_of

# Seconds. A phone in a lift sends its request within this; an attacker who sends a byte a second does not.
HEAD_SECONDS = 15.0
# Seconds for a body to begin and for a reader who takes nothing. Every `LEAST_RATE` bytes add one second.
BODY_SECONDS = 30.0
READER_SECONDS = 30.0
LEAST_RATE = 4096
# Seconds. A request answered before all of it came is still read for a while, so that its sender gets the answer.
LINGER_SECONDS = 3.0
# Bytes of a head: one that comes in pieces ends here, the guard refuses a larger one that comes in one piece.
MOST_HEAD = 16 * 1024
LOOPBACK = ("127.0.0.1", "::1")

# Malformed requests of strangers are not our faults: a line for each would fill the disk. Our faults are logged.
_requests = logging.getLogger("uvicorn.error.requests")
_requests.setLevel(logging.ERROR)


class Ceiling:
    """Allows `most` connections at once from each network; 0 means no limit. `exempt` addresses do not count."""

    def __init__(self, most: int, *, exempt: Collection[str] = LOOPBACK) -> None:
        self._most = most
        self._exempt = frozenset(map(address_of, exempt))
        self._open: Counter[str] = Counter()

    def enter(self, address: str) -> str | None:
        """Return the network that the connection counts for (empty if for none), or None if it has no room."""
        if not self._most or not address or address_of(address) in self._exempt:
            return ""
        network = network_of(address)
        if self._open[network] >= self._most:
            return None
        self._open[network] += 1
        return network

    def leave(self, network: str) -> None:
        self._open[network] -= 1
        if self._open[network] <= 0:
            del self._open[network]


class PromptProtocol(H11Protocol):
    """HTTP/1.1 of uvicorn with deadlines. RFC 9112 (9.5) leaves them to the server; uvicorn's cover idle connections.

    A connection ends when no whole head came within `HEAD_SECONDS` of its beginning, or of the first byte after an
    earlier request. It ends when a body comes, or an answer is read, more slowly than `LEAST_RATE` bytes a second. It
    ends soon after an answer that did not wait for the end of the body.
    """

    ceiling = Ceiling(0)
    _head_timer: asyncio.TimerHandle | None = None
    _body_timer: asyncio.TimerHandle | None = None
    _reader_timer: asyncio.TimerHandle | None = None
    _body_began = 0.0
    _body_bytes = 0
    _counted = ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        super().connection_made(transport)
        self.logger = _requests
        network = self.ceiling.enter(self.client[0] if self.client else "")
        if network is None:
            transport.abort()
            return
        self._counted = network
        self._await_head()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._await_head()
        else:
            _cancel(self._head_timer)
            self._head_timer = None
        if self.conn.their_state is h11.SEND_BODY:
            self._await_body(len(data))
        else:
            _cancel(self._body_timer)
            self._body_timer = None

    def on_response_complete(self) -> None:
        unread = self.conn.their_state is h11.SEND_BODY
        super().on_response_complete()
        if unread:
            _cancel(self._body_timer)
            self._body_timer = self.loop.call_later(LINGER_SECONDS, self.transport.close)
        elif self.conn.their_state is h11.SEND_BODY:  # belongs to a request that came before this one was answered
            self._await_body(0)
        self._await_reader()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._await_reader()

    def resume_writing(self) -> None:
        super().resume_writing()
        _cancel(self._reader_timer)
        self._reader_timer = None
        if self.cycle is not None and self.cycle.response_complete:
            self._await_reader()

    def connection_lost(self, exc: Exception | None) -> None:
        for timer in (self._head_timer, self._body_timer, self._reader_timer):
            _cancel(timer)
        self._head_timer = self._body_timer = self._reader_timer = None
        if self._counted:
            self.ceiling.leave(self._counted)
            self._counted = ""
        super().connection_lost(exc)

    def _await_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _await_body(self, received: int) -> None:
        if self._body_timer is None:
            self._body_began, self._body_bytes = self.loop.time(), 0
            self._body_timer = self.loop.call_later(BODY_SECONDS, self._check_body)
        self._body_bytes += received

    def _check_body(self) -> None:
        left = self._body_began + BODY_SECONDS + self._body_bytes / LEAST_RATE - self.loop.time()
        if self.flow.read_paused:  # the delay is ours: we do not take the body
            self._body_began, left = self.loop.time(), BODY_SECONDS
        if left > 0:
            self._body_timer = self.loop.call_later(left, self._check_body)
        else:
            self.transport.close()

    def _await_reader(self) -> None:
        waiting = self.transport.get_write_buffer_size()
        if waiting and self._reader_timer is None:
            seconds = READER_SECONDS + waiting / LEAST_RATE
            self._reader_timer = self.loop.call_later(seconds, self._check_reader)

    def _check_reader(self) -> None:
        self._reader_timer = None
        if self.transport.get_write_buffer_size():
            # Closing it in order would wait for the reader.
            self.transport.abort()


def counting(ceiling: Ceiling) -> type[PromptProtocol]:
    """Return the protocol for a server whose connections count against `ceiling`."""
    return type("CountingProtocol", (PromptProtocol,), {"ceiling": ceiling})


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()

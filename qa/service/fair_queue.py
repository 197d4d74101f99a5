"""The lines before the answers and before the pages of staff: a few at a time, each in turn."""

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager


class Line:
    """Grants turns, `at_once` at a time; an address with many questions waits behind its own, not others behind it.

    For one event loop.
    """

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @asynccontextmanager
    async def turn(self, address: str) -> AsyncGenerator[None]:
        """Wait for a turn, and have it until the block ends."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(address)
        try:
            yield
        finally:
            self._pass_on()

    def ahead(self, address: str) -> int:
        """Return how many turns would come before a new one of this address."""
        own = len(self._waiting.get(address, ()))
        return own + sum(min(len(w), own + 1) for other, w in self._waiting.items() if other != address)

    async def _wait(self, address: str) -> None:
        called = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(address, deque()).append(called)
        try:
            await called
        except asyncio.CancelledError:
            if not called.cancelled():  # it was called just when it gave up
                self._pass_on()
            raise

    def _pass_on(self) -> None:
        while self._waiting:
            address, own = self._waiting.popitem(last=False)
            called = own.popleft()
            if own:
                self._waiting[address] = own  # behind all other addresses
            if not called.cancelled():
                called.set_result(None)
                return
        self._free += 1


class TooMany(Exception):
    """As many calls of one member wait as may."""


class Turns:
    """Lets `at_once` calls work at a time, `of_member` of them for one member; the others wait outside of any thread.

    Members take turns. At most `present` calls of a member work or wait; one more raises `TooMany`. For one event loop.
    """

    def __init__(self, at_once: int, *, of_member: int, present: int) -> None:
        self._line = Line(at_once)
        self._of_member = of_member
        self._most = present
        self._own: dict[str, Line] = {}
        self._present: Counter[str] = Counter()

    @asynccontextmanager
    async def turn(self, member: str) -> AsyncGenerator[None]:
        """Wait for a turn, and have it until the block ends."""
        if self._present[member] >= self._most:
            raise TooMany
        self._present[member] += 1
        own = self._own.setdefault(member, Line(self._of_member))
        try:
            async with own.turn(member), self._line.turn(member):
                yield
        finally:
            self._present[member] -= 1
            if not self._present[member]:
                del self._present[member], self._own[member]

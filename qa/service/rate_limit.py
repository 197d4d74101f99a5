"""Limits how often one visitor may ask: a bucket that refills evenly, for each address and each session."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from qa.answering.overrides import Switches
from qa.service.network_address import network_of
from qa.service.recent import Recent

MOST_KEYS = 20_000
# Questions of one address that may wait: enough for a school class, and room remains for everybody else.
MOST_FROM_ADDRESS = 20
# Documents and shared replies opened for each question that an address may ask.
READS = 4


class TooManyWait(Exception):
    """As many questions of one network wait as may."""


class Visits(Protocol):
    """Counts visits for several servers."""

    def take(self, keys: Mapping[str, int]) -> float | None:
        """Return the seconds until all keys may come, each so often a minute; 0 counts this visit for each of them.

        None if that cannot be known now.
        """


class Limit:
    """Allows `per_minute` a minute for each key, all at once if need be; 0 means no limit.

    The generic cell rate algorithm (ITU-T I.371): one number per key, the moment when its bucket will be full again.
    Only the keys seen last are remembered, and only in memory.
    """

    def __init__(self, per_minute: int, *, most_keys: int = MOST_KEYS) -> None:
        self.change(per_minute)
        self._full_at: Recent[str, float] = Recent(most_keys)

    def change(self, per_minute: int) -> None:
        """Set the limit from now on."""
        self.per_minute = per_minute
        self._interval = 60 / per_minute if per_minute else 0.0

    def wait(self, key: str, now: float) -> float:
        """Return the seconds until `key` may come again; 0 when it may now."""
        return max(0.0, self._full(key, now) - now - (60 - self._interval)) if self._interval else 0.0

    def take(self, key: str, now: float) -> None:
        """Count one visit of `key`."""
        if not self._interval:
            return
        self._full_at.keep(key, max(self._full(key, now), now) + self._interval)

    def _full(self, key: str, now: float) -> float:
        full_at = self._full_at.get(key)
        return now if full_at is None else full_at


@dataclass(frozen=True, slots=True)
class Visitor:
    """A visitor as far as limits need: an address, and the session of a page; kept only in memory."""

    address: str
    session: str = ""

    @property
    def network(self) -> str:
        """The network that the address counts for."""
        return network_of(self.address)


class VisitorLimits:
    """Counts what visitors ask and open, and how many of their questions wait.

    The limits a minute are those of the settings unless staff switched others on. With `shared` visits they hold over
    all servers; what waits is counted by each, whose cores it protects.
    """

    def __init__(self, per_address: Limit, per_session: Limit, shared: Visits | None = None) -> None:
        self._shared = shared
        self._per_address = per_address
        self._reading = Limit(READS * per_address.per_minute)
        self._per_session = per_session
        self._defaults = per_address.per_minute, per_session.per_minute
        self._waiting: Counter[str] = Counter()

    async def too_fast(self, visitor: Visitor, switched: Switches) -> int:
        """Return the seconds until this visitor may call again; 0 counts this call."""
        for limit, per_minute, default in (
            (self._per_address, switched.address_per_minute, self._defaults[0]),
            (self._per_session, switched.session_per_minute, self._defaults[1]),
        ):
            limit.change(default if per_minute is None else per_minute)
        keys = [("address", self._per_address, visitor.network), ("session", self._per_session, visitor.session)]
        return await self._taken([(kind, limit, key) for kind, limit, key in keys if key])

    async def reads_too_fast(self, visitor: Visitor, switched: Switches) -> int:
        """Return the seconds until this visitor may open a document again; 0 counts this one."""
        per_minute = switched.address_per_minute
        self._reading.change(READS * (self._defaults[0] if per_minute is None else per_minute))
        return await self._taken([("reading", self._reading, visitor.network)] if visitor.address else [])

    async def _taken(self, visits: list[tuple[str, Limit, str]]) -> int:
        """Return the seconds until all limits let their keys in; 0 counts this visit in each."""
        shared = {f"{kind} {key}": limit.per_minute for kind, limit, key in visits if limit.per_minute}
        if self._shared and shared:
            wait = await asyncio.to_thread(self._shared.take, shared)
            if wait is not None:
                return math.ceil(wait)
        return _taken([(limit, key) for _, limit, key in visits])

    @contextmanager
    def waiting(self, network: str) -> Iterator[None]:
        """Count a question of a network as one that waits, during the block.

        Raises `TooManyWait` where one more would crowd out others.
        """
        if network and self._per_address.per_minute and self._waiting[network] >= MOST_FROM_ADDRESS:
            raise TooManyWait
        self._waiting[network] += 1
        try:
            yield
        finally:
            self._waiting[network] -= 1
            self._waiting += Counter()  # drops networks with nobody waiting


def _taken(limits: list[tuple[Limit, str]]) -> int:
    """Return the seconds until all limits let their keys in; 0 counts this visit in each."""
    now = time.monotonic()
    wait = max((limit.wait(key, now) for limit, key in limits), default=0.0)
    if wait > 0:
        return math.ceil(wait)
    for limit, key in limits:
        limit.take(key, now)
    return 0

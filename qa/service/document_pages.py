"""Whole documents as pages, made apart from the loop that answers everybody, and kept for the next reader."""

import asyncio
from collections import Counter
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from qa.service.recent import Recent

# Who comes when so many wait is asked to come back: one page may take seconds.
LINE = 16
# Of them from one network: one reader must not keep all others waiting.
MOST_FROM_NETWORK = 8
# Bytes.
MOST_KEPT = 50_000_000


_Given = TypeVar("_Given")


class ReadingRoomFull(Exception):
    """So many documents are being made into pages that one more would wait too long."""


class ReadingRoom:
    """Makes pages, one at a time in a thread of its own; those read last are kept."""

    def __init__(self, *, most_kept: int = MOST_KEPT) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="reading")
        self._waiting: Counter[str] = Counter()
        self._kept: Recent[Hashable, bytes] = Recent(most_kept, size=len)

    async def page(self, key: Hashable, make: Callable[[], bytes], *, network: str = "") -> bytes:
        """Return the page that `make` makes; the same one as long as the `key` is the same. Raises ReadingRoomFull."""
        if (known := self._kept.get(key)) is not None:
            return known
        made = await self.apart(make, network=network)
        self._kept.keep(key, made)
        return made

    async def apart(self, work: Callable[[], _Given], *, network: str = "") -> _Given:
        """Return what `work` gives, for a reader of this network (empty: not known). Raises ReadingRoomFull."""
        crowded = network and self._waiting[network] >= MOST_FROM_NETWORK
        if crowded or self._waiting.total() >= LINE:
            raise ReadingRoomFull
        self._waiting[network] += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, work)
        finally:
            self._waiting[network] -= 1
            self._waiting += Counter()  # forgets those who wait no more

    def close(self) -> None:
        self._thread.shutdown(cancel_futures=True)

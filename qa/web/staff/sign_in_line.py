"""The line of those who sign in: passwords are checked one at a time, and strangers cannot crowd out staff."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from qa.service.network_address import network_of

# Checking a password costs 0.2 s of a core: more at once would take both cores from citizens.
AT_ONCE = 1
# How many may wait: strangers, and of these from one network. Known browsers have a line of the same length.
LINE, MOST_FROM_NETWORK = 16, 4

Result = TypeVar("Result")


class Crowded(Exception):
    """More people want to sign in than the line has room for."""


class SignInLine:
    """Does work in turn, in a thread. Raises `Crowded` if there is no room to wait.

    Known browsers have a line of their own: filling the line of strangers, from however many networks, does not fill
    theirs.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sign-in")
        self._strangers: Counter[str] = Counter()
        self._known = 0

    async def known(self, work: Callable[[], Result]) -> Result:
        """Do the work of a known browser, or of a member who is signed in."""
        if self._known >= LINE:
            raise Crowded
        self._known += 1
        try:
            return await self._apart(work)
        finally:
            self._known -= 1

    async def stranger(self, work: Callable[[], Result], *, address: str) -> Result:
        """Do the work of anybody else, who calls from `address`."""
        network = network_of(address)
        if self._strangers.total() >= LINE or self._strangers[network] >= MOST_FROM_NETWORK:
            raise Crowded
        self._strangers[network] += 1
        try:
            return await self._apart(work)
        finally:
            self._strangers[network] -= 1
            self._strangers += Counter()  # drops networks with nobody waiting

    async def _apart(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

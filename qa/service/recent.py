"""Remembers the values used last, as many as there is room for."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values by key; the longest unused ones are dropped when all together exceed `most`.

    `size` measures a value; without it each counts 1. A single value above `most` is not kept. For one thread.
    """

    def __init__(self, most: int, *, size: Callable[[Value], int] = lambda value: 1) -> None:
        self._most = most
        self._size = size
        self._total = 0
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Value | None:
        """Return a value, which counts as used now; None if missing."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: Key, value: Value) -> None:
        """Store a value, replacing an earlier one, and drop the longest unused ones."""
        self.pop(key)
        if self._size(value) > self._most:
            return
        self._kept[key] = value
        self._total += self._size(value)
        while self._total > self._most:
            self._total -= self._size(self._kept.popitem(last=False)[1])

    def pop(self, key: Key) -> Value | None:
        """Remove a value and return it; None if missing."""
        if (value := self._kept.pop(key, None)) is not None:
            self._total -= self._size(value)
        return value

"""What was used last is remembered, as much of it as there is room for."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values by their keys; those unused for longest go when all together are larger than `most`.

    `size` measures a value; without it each counts one. A value that is larger alone is not kept. For one thread.
    """

    def __init__(self, most: int, *, size: Callable[[Value], int] = lambda value: 1) -> None:
        self._most = most
        self._size = size
        self._total = 0
        self._kept: OrderedDict[Key, Value] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: Key) -> Value | None:
        """Return a value, which counts as used now; None where there is none."""
        if key in self._kept:
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def keep(self, key: Key, value: Value) -> None:
        """Remember a value in place of the one before, and drop those unused for longest."""
        self.pop(key)
        if self._size(value) > self._most:
            return
        self._kept[key] = value
        self._total += self._size(value)
        while self._total > self._most:
            self._total -= self._size(self._kept.popitem(last=False)[1])

    def pop(self, key: Key) -> Value | None:
        """Forget a value, and return it; None where there is none."""
        if (value := self._kept.pop(key, None)) is not None:
            self._total -= self._size(value)
        return value

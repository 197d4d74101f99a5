"""How often one visitor may ask: a bucket that refills evenly, for each address and each session."""

from collections import OrderedDict

MOST_KEYS = 20_000


class Limit:
    """Allows `per_minute` a minute for each key, all at once if need be; 0 means no limit.

    The generic cell rate algorithm (ITU-T I.371): one number per key, the moment when its bucket will be full again.
    Only the keys seen last are remembered, and only in memory.
    """

    def __init__(self, per_minute: int, *, most_keys: int = MOST_KEYS) -> None:
        self.change(per_minute)
        self._most_keys = most_keys
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def change(self, per_minute: int) -> None:
        """Set the limit from now on."""
        self.per_minute = per_minute
        self._interval = 60 / per_minute if per_minute else 0.0

    def wait(self, key: str, now: float) -> float:
        """Return the seconds until `key` may come again; 0 if it may now."""
        return max(0.0, self._full_at.get(key, now) - now - (60 - self._interval)) if self._interval else 0.0

    def take(self, key: str, now: float) -> None:
        """Count one visit of `key`."""
        if not self._interval:
            return
        self._full_at[key] = max(self._full_at.get(key, now), now) + self._interval
        self._full_at.move_to_end(key)
        while len(self._full_at) > self._most_keys:
            self._full_at.popitem(last=False)

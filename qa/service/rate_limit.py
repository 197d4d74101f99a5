"""Limits how often one visitor may ask: a bucket that refills evenly, for each address and each session."""

from qa.service.recent import Recent

MOST_KEYS = 20_000


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

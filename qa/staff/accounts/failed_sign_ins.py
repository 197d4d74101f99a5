"""Decides which failed sign-ins get a row in the audit log, so that nobody can fill the disk by guessing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
NOBODY = "未知账号"  # the typed name stays out of the log: it may be a password


@dataclass(frozen=True, slots=True)
class Noted:
    """A row that is due: the account tried, and its failures within `WINDOW` so far."""

    who: str
    count: int


class FailedSignIns:
    """Counts failures by account; names without an account are counted together.

    The 1st, 10th, 100th … failure of an account within `WINDOW` is noted. A few accounts thus make some tens of rows an
    hour, however many people guess.
    """

    def __init__(self) -> None:
        self._counts: dict[str, tuple[datetime, int]] = {}

    def note(self, name: str, times: int, accounts: Iterable[str], now: datetime) -> Noted | None:
        """Count `times` failures with a name; return the row that is due for them, or None."""
        who = next((account for account in accounts if account.lower() == name.strip().lower()), NOBODY)
        begun, before = self._counts.get(who, (now, 0))
        if now - begun >= WINDOW:
            begun, before = now, 0
        self._counts[who] = (begun, before + times)
        return Noted(who, before + times) if not before or len(str(before + times)) > len(str(before)) else None

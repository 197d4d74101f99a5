"""Which failed sign-ins get a row in the audit log: few enough that whoever guesses cannot fill the disk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
NOBODY = "未知账号"  # what was typed stays out of the log: it may be a password


@dataclass(frozen=True, slots=True)
class Noted:
    """A row that is due: whose name was tried, and how often within `WINDOW` until now."""

    who: str
    count: int


class FailedSignIns:
    """Counts failures by account, those of names without one together.

    The 1st, 10th, 100th … of an account within `WINDOW` is noted: with a few accounts some tens of rows an hour,
    however many guess.
    """

    def __init__(self) -> None:
        self._counts: dict[str, tuple[datetime, int]] = {}

    def note(self, name: str, times: int, accounts: Iterable[str], now: datetime) -> Noted | None:
        """Count failures with a name; give the row that is due for them."""
        who = next((account for account in accounts if account.lower() == name.strip().lower()), NOBODY)
        begun, before = self._counts.get(who, (now, 0))
        if now - begun >= WINDOW:
            begun, before = now, 0
        self._counts[who] = (begun, before + times)
        return Noted(who, before + times) if not before or len(str(before + times)) > len(str(before)) else None

"""Where staff see how far a refresh is and how the last one ended: on every machine, where they share a PostgreSQL.

Files in `QA_HOME` hold the same for the machine that refreshes: a database that is away stops nothing.
"""

import json
import logging
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from index.files import atomic
from index.snapshots.errors import StoreUnreachable
from qa.runtime.settings import Settings
from qa.storage.shared.refreshes import SharedRefreshes

logger = logging.getLogger(__name__)

# In QA_HOME.
PROGRESS, CANCEL, REPORT = "progress.json", "cancel", "report.json"
_SHARED_EVERY = 1.0  # seconds between two versions of the progress in the database
_AWAY_SECONDS = 5.0


class Board:
    """Progress, cancellation and report of the refresh of an installation, as JSON."""

    def __init__(self, home: Path, shared: SharedRefreshes | None = None) -> None:
        self._home = home
        self._shared = shared
        self._share_at = float("-inf")

    def begin(self) -> None:
        """Drop an old cancellation."""
        (self._home / CANCEL).unlink(missing_ok=True)
        if self._shared:
            with suppress(StoreUnreachable):
                self._shared.begin()

    def tell(self, progress: dict[str, Any], *, always: bool) -> None:
        """Show how far the refresh is; other machines see it every second, and `always` what matters."""
        content = json.dumps(progress, ensure_ascii=False).encode("utf-8", "surrogatepass")
        # Not synced, because after a power failure no refresh is running.
        aside = self._home / f".{PROGRESS}.new"
        aside.write_bytes(content)
        aside.replace(self._home / PROGRESS)
        now = time.monotonic()
        if self._shared is None or (now < self._share_at and not always):
            return
        self._share_at = now + _SHARED_EVERY
        try:
            if self._shared.tell(content):
                (self._home / CANCEL).touch()  # where the watchdog looks, too
        except StoreUnreachable as error:
            logger.error("Other machines do not see how far the refresh is: %s", error)
            self._share_at = now + _AWAY_SECONDS

    def cancelled(self) -> bool:
        """Return whether staff want the refresh stopped."""
        return (self._home / CANCEL).exists()

    def cancel(self) -> None:
        """Ask the refresh under way to stop at its next batch, whichever machine it runs on."""
        self._home.mkdir(parents=True, exist_ok=True)
        (self._home / CANCEL).touch()
        if self._shared:
            self._shared.cancel()

    def progress(self) -> dict[str, Any] | None:
        """Return what was told last, by any machine; None if nothing was, or if it cannot be read."""
        return _parsed(self._found(PROGRESS, "updated_at"))

    def keep(self, report: dict[str, Any]) -> None:
        """Keep the report of a refresh, in place of the last one."""
        content = json.dumps(report, ensure_ascii=False).encode("utf-8", "surrogatepass")
        atomic.replace(self._home / REPORT, content)
        if self._shared:
            try:
                self._shared.keep(content)
            except StoreUnreachable as error:
                logger.error("Other machines do not see the report: %s", error)

    def report(self) -> dict[str, Any] | None:
        """Return the report that was kept last, by any machine; None if none was, or if it cannot be read.

        It is as `Report.as_json` made it, with who refreshed, when, and what was published before.
        """
        return _parsed(self.kept())

    def kept(self) -> bytes | None:
        """Return the report as it was written."""
        return self._found(REPORT, "at")

    def _found(self, name: str, moment: str) -> bytes | None:
        """Return what is shared, or the file of this machine where that is newer: the database may have been away."""
        found = []
        if self._shared:
            with suppress(StoreUnreachable):
                shared = self._shared.progress() if name == PROGRESS else self._shared.report()
                found += [shared] if shared is not None else []
        with suppress(OSError):
            found.append((self._home / name).read_bytes())
        return max(found, key=lambda content: str((_parsed(content) or {}).get(moment, "")), default=None)


def board_of(settings: Settings) -> Board:
    """Return the board of an installation, shared where its settings name a PostgreSQL."""
    return Board(settings.home, SharedRefreshes(settings.database_url) if settings.database_url else None)


def _parsed(content: bytes | None) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] | None = json.loads(content) if content else None
    except ValueError:
        return None
    return found

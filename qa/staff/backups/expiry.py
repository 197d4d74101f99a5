"""Expires copies of the question log as the log itself: backups made on the page, and what was put aside.

A restore puts aside what was there, and a move to PostgreSQL the file.
"""

import logging
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from qa.runtime.settings import Settings, SettingsError
from qa.staff.backups.archive import BACKUPS
from qa.staff.backups.moving import MOVED
from qa.storage.audit import PROGRAM, Audit, AuditBusy
from qa.storage.database import DatabaseError, DatabaseUnfit

logger = logging.getLogger(__name__)

BEFORE = "before-restore-"
# The date is read from the name: a copied or moved file may carry any other date.
_NAMES = (
    (f"{BACKUPS}/*.zip", "%Y%m%d-%H%M%S"),
    (f"{BEFORE}*", f"{BEFORE}%Y%m%dT%H%M%SZ"),
    (f"{MOVED}*", f"{MOVED}%Y%m%d-%H%M%S"),
)


def expire_copies(settings: Settings, now: datetime) -> list[str]:
    """Delete copies made `QA_LOG_DAYS` days ago or earlier, each with an audit row; return their names."""
    gone = []
    for path in list(_made_before(settings.home, now - timedelta(days=settings.log_days))):
        name = path.relative_to(settings.home).as_posix()
        try:
            with Audit.of(settings).action(PROGRAM, "expire", target=name):
                shutil.rmtree(path) if path.is_dir() else path.unlink()
            gone.append(name)
        except (OSError, AuditBusy, SettingsError, DatabaseError, DatabaseUnfit) as error:
            logger.error("A copy of the question log that is due is not deleted: %s", error)
    return gone


def _made_before(home: Path, limit: datetime) -> Iterator[Path]:
    for pattern, stamp in _NAMES:
        for path in sorted(home.glob(pattern)):
            if not path.is_symlink() and _made_at(path, stamp) <= limit:
                yield path


def _made_at(path: Path, stamp: str) -> datetime:
    try:
        return datetime.strptime(path.stem if path.suffix == ".zip" else path.name, stamp).replace(tzinfo=UTC)
    except ValueError:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)

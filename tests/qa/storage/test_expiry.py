"""Copies of the question log go when its rows do."""

import os
from datetime import UTC, datetime
from pathlib import Path

from qa.staff.backups.expiry import expire_copies
from qa.storage.audit import Audit
from tests.support.doubles.web import settings

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


def test_copies_older_than_the_log_is_kept_go_with_a_row_and_younger_ones_stay(tmp_path: Path) -> None:
    (tmp_path / "backups").mkdir()
    for name in ("20261028-120000.zip", "20261029-120001.zip", "moved.zip", "lately.zip"):
        (tmp_path / "backups" / name).write_bytes(b"x")
    os.utime(tmp_path / "backups" / "moved.zip", (0, 0))
    os.utime(tmp_path / "backups" / "lately.zip", (NOW.timestamp(),) * 2)
    for name in ("before-restore-20261001T000000Z", "before-restore-20261127T000000Z", "snapshots"):
        (tmp_path / name / "home").mkdir(parents=True)
    for name in ("service.sqlite.moved-20261001-000000", "service.sqlite.moved-20261127-000000"):
        (tmp_path / name).write_bytes(b"x")
    gone = ["backups/20261028-120000.zip", "backups/moved.zip", "before-restore-20261001T000000Z"]
    gone.append("service.sqlite.moved-20261001-000000")
    assert expire_copies(settings(tmp_path, QA_LOG_DAYS="30"), NOW) == gone
    assert not any((tmp_path / name).exists() for name in gone)
    left = {path.name for path in [*tmp_path.glob("b*/*.zip"), *tmp_path.glob("before*")]}
    assert left == {"20261029-120001.zip", "lately.zip", "before-restore-20261127T000000Z"}
    assert (tmp_path / "service.sqlite.moved-20261127-000000").exists()
    rows = [(row.who, row.action, row.target) for row in Audit(tmp_path).rows() if row.outcome == "done"]
    assert rows == [("程序", "expire", name) for name in gone]
    assert expire_copies(settings(tmp_path, QA_LOG_DAYS="30"), NOW) == []

"""Backups as an administrator makes and restores them; every action is logged."""

from datetime import UTC, datetime
from pathlib import Path

from index.snapshots.errors import StoreBusy
from qa.publishing.serving import shared_folder_of, store_of
from qa.staff.backups import making
from qa.staff.backups.archive import BACKUPS, Backup, BackupRefused
from qa.staff.backups.restore import restore
from qa.staff.permissions import Area, Role, needs
from qa.storage.disk_errors import disk_in_words


class Backups(Area):
    """The archives of everything below `settings.home` and of the documents."""

    @needs(Role.ADMIN)
    def backup(self, path: Path, *, force: bool = False) -> Backup:
        """Write everything into one file. Raises `BackupRefused`, `DiskRefused`."""
        with disk_in_words(), self._audit.action(self._who, "backup", target=str(path)):
            if shared := shared_folder_of(self._settings):
                shared.follow()  # what was uploaded on other machines a moment ago
            try:
                with store_of(self._settings).refreshing(who=self._who):
                    return making.write(self._settings, path, force=force)
            except StoreBusy as error:
                raise BackupRefused("正在发布，还没有做完；请等它结束后再备份") from error

    @needs(Role.ADMIN)
    def backups(self) -> list[Path]:
        """Return the archives in the folder that the page writes to, the newest first."""
        found = (self._settings.home / BACKUPS).glob("*.zip")
        return sorted((path for path in found if path.is_file()), reverse=True)

    @needs(Role.ADMIN)
    def backup_here(self) -> tuple[Path, Backup]:
        """Write everything into one new file of that folder. Raises `BackupRefused`, `DiskRefused`."""
        with disk_in_words():
            folder = self._settings.home / BACKUPS
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{datetime.now(UTC):%Y%m%d-%H%M%S}.zip"
        return path, self.backup(path)

    @needs(Role.ADMIN)
    def download_backup(self, name: str) -> Path:
        """Return an archive of that folder for download; the download is logged. Raises `BackupRefused`."""
        for path in self.backups():
            if path.name == name:
                self._audit.add(self._who, "download", target=f"{BACKUPS}/{name}")
                return path
        raise BackupRefused("没有这份备份，可能已被移走")

    @needs(Role.ADMIN)
    def restore(self, path: Path, *, force: bool = False, foreign: bool = False) -> tuple[Backup, Path | None]:
        """Restore a backup (see `restore.restore`); the restored log records it. Raises `DiskRefused`."""
        with disk_in_words():
            found, before = restore(self._settings, path, who=self._who, force=force, foreign=foreign)
            outcome = (
                f"as of {found.made_at}"
                + (", a foreign backup taken" if foreign else "")
                + (f"; what was there: {before}" if before else "")
            )
            self._audit.add(self._who, "restore", target=str(path), outcome=outcome)
            return found, before

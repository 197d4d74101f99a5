"""Restores a backup: checks it whole, unpacks it aside, then exchanges it for the present files, which are kept."""

import os
import shutil
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from datetime import UTC, datetime
from pathlib import Path

from index.files import locks
from index.snapshots.errors import StoreBusy
from qa.publishing import left_out
from qa.publishing.board import REPORT, Board, board_of
from qa.publishing.serving import SERVING, shared_folder_of, shared_store_of, store_of
from qa.runtime.settings import Settings
from qa.staff.backups import archive as backup
from qa.staff.backups.archive import DOCUMENTS, GOLDEN, HOME, SNAPSHOTS, Backup, BackupDamaged, BackupRefused
from qa.storage.audit import HEAD, LOG, Audit, AuditNotWhole
from qa.storage.database import DATABASE, Connection, copying, database_of, open_database, sqlite_files
from qa.storage.shared import advisory_locks, refreshes
from qa.storage.shared import files as shared

_OF_HOME = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", LOG, HEAD, REPORT, left_out.FILE)


def restore(
    settings: Settings, path: Path, *, who: str, force: bool = False, foreign: bool = False
) -> tuple[Backup, Path | None]:
    """Restore everything as it was at the backup; return its contents, and where the replaced files are kept.

    Raises `BackupDamaged`. Raises `BackupRefused` while a server or a refresh runs, without `force` if something would
    be replaced, and without `foreign` if this installation did not sign the backup. After any error everything is as
    it was before.
    """
    database_of(settings)  # a file that waits to be moved to PostgreSQL must not be overwritten
    found = backup.check(path, secrets=backup.secrets_of(settings), foreign=foreign)
    settings.home.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        _keep_out(settings, stack, who=who)
        there = _there(settings)
        if there and not force:
            raise BackupRefused(f"已有{'、'.join(there)}；确要用备份替换，请加 --force（原有的会另存）")
        free = shutil.disk_usage(settings.home).free
        if found.bytes > free:
            raise BackupRefused(
                f"备份解开后有{found.bytes / 1e6:.0f} MB，磁盘只剩{free / 1e6:.0f} MB；请腾出空间后再恢复"
            )
        aside = settings.home / ".restoring"
        shutil.rmtree(aside, ignore_errors=True)
        if there and settings.database_url:
            _lay_beside(settings)
        try:
            _lay_out(path, found, aside)
            backup.check_database(aside / HOME / DATABASE, key=sqlite_files.key_of(settings.home / DATABASE))
            with suppress(AuditNotWhole):  # restored as it was backed up: `qa audit --verify` reports the fault
                Audit(aside / HOME, settings.key_file).adopt()
            snapshots = store_of(settings).digests()
            before = _exchange(settings, aside, who=who, keep=bool(there))
            store_of(settings).drop_collections(snapshots)
            return found, before
        finally:
            shutil.rmtree(aside, ignore_errors=True)
            if settings.database_url:
                for name in (DATABASE, LOG, HEAD):
                    (settings.home / name).unlink(missing_ok=True)


def _keep_out(settings: Settings, stack: ExitStack, *, who: str) -> None:
    """Keep servers and refreshes from starting until the stack is closed. Raises `BackupRefused` while one runs."""
    try:
        stack.enter_context(locks.held(settings.home / SERVING, who=who, doing="restore"))
        if settings.database_url:  # servers on other machines, too
            stack.enter_context(
                store_of(settings).coordination.locked(advisory_locks.SERVING, who=who, doing="restore", wait=0.2)
            )
    except locks.LockHeld as error:
        raise BackupRefused("服务正在运行；请先停下所有服务进程，再恢复备份") from error
    try:
        stack.enter_context(store_of(settings).refreshing(who=who))
        stack.enter_context(store_of(settings).writing(who=who))
    except StoreBusy as error:
        raise BackupRefused("正在刷新或发布；请等它结束后再恢复备份") from error


def _lay_beside(settings: Settings) -> None:
    """Write what a PostgreSQL and an object store hold where files would hold it, so that it is kept with the files."""
    copying.copy_to_file(settings.database_url, settings.home / DATABASE)
    shared.write_log(settings.database_url, settings.home, settings.key_file)
    if (report := board_of(settings).kept()) is not None:
        (settings.home / REPORT).write_bytes(report)
    if settings.snapshots_url:
        shared_store_of(settings).gather(settings.home / SNAPSHOTS)
    shared.write_publications(settings.database_url, settings.home / SNAPSHOTS)


def _on_server(settings: Settings) -> bool:
    """Return whether a PostgreSQL holds anything."""
    if not settings.database_url:
        return False
    with closing(open_database(settings.database_url)) as server:
        return any(count for count, _ in copying.contents(server).values())


def _there(settings: Settings) -> list[str]:
    """Return what would be replaced, in words for staff."""
    found = []
    if (settings.home / DATABASE).exists() or (settings.home / LOG).exists() or _on_server(settings):
        found.append("问答记录和操作日志")
    if store_of(settings).names():
        found.append("索引版本")
    if _children(settings.documents):
        found.append("文件")
    if settings.golden.exists():
        found.append("检验题")
    return found


def _lay_out(path: Path, found: Backup, aside: Path) -> None:
    """Write the archive's files below `aside`; they are on the disk when this returns."""
    try:
        with zipfile.ZipFile(path) as archive:
            for file in found.files:
                target = aside / file.part / file.name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with target.open("wb") as out:
                    for piece in backup.contents(archive, file):
                        out.write(piece)
                    out.flush()
                    os.fsync(out.fileno())
    except (zipfile.BadZipFile, ValueError) as error:
        raise BackupDamaged(f"{path}已损坏（{error}）；请用另一份备份") from error
    (aside / HOME / DATABASE).chmod(0o600)


def _exchange(settings: Settings, aside: Path, *, who: str, keep: bool) -> Path | None:
    """Move the present files away and the unpacked ones into their place; undo all moves if one fails."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    before, snapshots = settings.home / f"before-restore-{now}", store_of(settings).folder
    places: tuple[tuple[str, Path, Callable[[Path], list[Path]]], ...] = (
        (HOME, settings.home, lambda folder: [folder / name for name in _OF_HOME if (folder / name).exists()]),
        (SNAPSHOTS, snapshots, _children),
        (DOCUMENTS, settings.documents, _children),
        (GOLDEN, settings.golden.parent, lambda folder: [settings.golden] if settings.golden.exists() else []),
    )
    moved: list[tuple[Path, Path]] = []
    try:
        for part, folder, old in places:
            folder.mkdir(parents=True, exist_ok=True)
            for source in old(folder):
                _move(source, before / part / source.name, moved)
            for source in _children(aside / part):
                name = settings.golden.name if part == GOLDEN else source.name
                _move(source, folder / name, moved)
        if settings.database_url:
            with (
                closing(open_database(settings.home / DATABASE)) as file,
                closing(open_database(settings.database_url)) as server,
            ):
                stored = shared_store_of(settings).upload() if settings.snapshots_url else None
                if files := shared_folder_of(settings):
                    files.impose(who=who)

                def take_over(target: Connection) -> None:
                    shared.take_over(target, settings.home, snapshots, who=who)
                    refreshes.take_over(target, Board(settings.home).kept())
                    if stored is not None:
                        shared.take_over_snapshots(target, stored, snapshots)

                copying.fill(server, file, also=take_over)
    except BaseException:
        for source, target in reversed(moved):
            shutil.move(target, source)
        raise
    return before if keep else None


def _move(source: Path, target: Path, moved: list[tuple[Path, Path]]) -> None:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # The documents' folder may lie on another disk, where renaming does not work.
    shutil.move(source, target)
    moved.append((source, target))


def _children(folder: Path) -> list[Path]:
    """Return the entries of a folder without hidden files, among which are locks that this program holds."""
    return sorted(path for path in folder.iterdir() if not path.name.startswith(".")) if folder.is_dir() else []

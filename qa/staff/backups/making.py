"""Writes the archive of an installation."""

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from index.files import atomic
from index.snapshots import coordination
from index.snapshots.notes import SUFFIX
from qa.publishing import left_out
from qa.publishing.board import REPORT, board_of
from qa.publishing.serving import shared_store_of
from qa.runtime import keys
from qa.runtime.settings import Settings
from qa.staff.backups.archive import (
    CHUNK,
    DOCUMENTS,
    FORMAT,
    GOLDEN,
    HOME,
    KEY,
    MANIFEST,
    MOST_MANIFEST,
    SNAPSHOTS,
    Backup,
    BackupRefused,
    Kept,
    signature,
)
from qa.storage.audit import HEAD, LOG, Audit
from qa.storage.database import DATABASE, copying, database_of
from qa.storage.shared import files as shared


def write(settings: Settings, path: Path, *, force: bool = False) -> Backup:
    """Write the archive; it appears whole or not at all. No refresh may be running. Raises `BackupRefused`."""
    path = path.absolute()
    for folder in (settings.documents, settings.home / SNAPSHOTS):
        if path.is_relative_to(folder):
            raise BackupRefused(f"备份不能放在{folder}里面；请换一个地方，最好是另一块磁盘")
    if path.exists() and not force:
        raise BackupRefused(f"{path}已经存在；请换一个文件名，或用 --force 覆盖")
    descriptor, aside = tempfile.mkstemp(prefix=f".{path.name[:50]}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            made = _write(settings, file)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    finally:
        Path(aside).unlink(missing_ok=True)
    atomic.sync(path.parent)
    return made


def _write(settings: Settings, file: IO[bytes]) -> Backup:
    files: list[Kept] = []
    with (
        tempfile.TemporaryDirectory(prefix=".backup", dir=settings.home) as folder,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1, strict_timestamps=False) as archive,
    ):
        for part, name, path in _sources(settings, Path(folder)):
            files.append(_add(archive, Kept(f"{len(files) + 1:08d}", part, name, 0, ""), path))
        made = Backup(datetime.now(UTC).isoformat(timespec="seconds"), tuple(files))
        manifest = json.dumps(
            {"format": FORMAT, "made_at": made.made_at, "files": [asdict(one) for one in files]}
        ).encode()
        if len(manifest) > MOST_MANIFEST:
            raise BackupRefused(f"文件太多（{len(files)}个），一份备份放不下；请清理旧版本后再备份")
        archive.writestr(MANIFEST, manifest)
        secret = keys.read(settings.key_file) if settings.key_file else keys.made(settings.home / KEY)
        archive.comment = f"{hashlib.sha256(manifest).hexdigest()} {signature(manifest, secret)}".encode()
    return made


def _add(archive: zipfile.ZipFile, file: Kept, path: Path) -> Kept:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as source, archive.open(file.member, "w", force_zip64=True) as member:
        while piece := source.read(CHUNK):
            digest.update(piece)
            size += len(piece)
            member.write(piece)
    return Kept(file.member, file.part, file.name, size, digest.hexdigest())


def _sources(settings: Settings, folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield every file to keep: its part, its path there, and its source. Copies are made in `folder`."""
    copying.copy_to_file(database_of(settings), folder / DATABASE)
    yield HOME, DATABASE, folder / DATABASE
    log, head = Audit.of(settings).copy()
    for name, content in ((LOG, log), (HEAD, head)):
        (folder / name).write_bytes(content)
        yield HOME, name, folder / name
    if (report := board_of(settings).kept()) is not None:
        (folder / REPORT).write_bytes(report)
        yield HOME, REPORT, folder / REPORT
    if (settings.home / left_out.FILE).is_file():
        yield HOME, left_out.FILE, settings.home / left_out.FILE
    if settings.golden.is_file():
        yield GOLDEN, "golden.jsonl", settings.golden
    published: Sequence[Path] = ()
    if settings.database_url:
        (folder / SNAPSHOTS).mkdir()
        if settings.snapshots_url:
            shared_store_of(settings).gather(folder / SNAPSHOTS)
        shared.write_publications(settings.database_url, folder / SNAPSHOTS)
        published = _files(folder / SNAPSHOTS)
    for part, root in ((DOCUMENTS, settings.documents), (SNAPSHOTS, settings.home / SNAPSHOTS)):
        for path in _files(root):
            # Of a time before the PostgreSQL, in which it is written what is published and noted.
            if not (part == SNAPSHOTS and _left_by_files(settings, path)):
                yield part, path.relative_to(root).as_posix(), path
    for path in published:
        yield SNAPSHOTS, path.name, path


def _left_by_files(settings: Settings, path: Path) -> bool:
    published = bool(settings.database_url) and coordination.written(path.name)
    return published or (bool(settings.snapshots_url) and path.name.endswith(SUFFIX))


def _files(root: Path) -> Sequence[Path]:
    """Return the regular files below a folder, without hidden files and links."""
    found = []
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = [Path(parent) / name for name in sorted(names) if not name.startswith(".")]
        found += [path for path in paths if path.is_file() and not path.is_symlink()]
    return found

"""Takes what servers share from the files of one machine into PostgreSQL, and writes it into such files again."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from pydantic import SecretStr

from index.snapshots.coordination import OneFolder, Published, write_published
from index.snapshots.notes import NoteFiles
from index.snapshots.snapshot import SnapshotDamaged
from qa.storage.audit import AUDIT_LOG, HEAD, Audit
from qa.storage.audit_log import tables
from qa.storage.audit_log.files import content_of, head_of
from qa.storage.database import Connection
from qa.storage.shared import coordination, registry
from qa.storage.shared.coordination import SharedCoordination


def take_over(server: Connection, home: Path, snapshots: Path, *, who: str) -> None:
    """Write the audit log of `home`, and which of the snapshots are and ever were published, into the database.

    What was published there before stays in its history. Call within a transaction.
    """
    tables.take_over(server, content_of(home), head_of(home))
    folder = OneFolder(snapshots)
    try:
        current = folder.published()
    except SnapshotDamaged:
        current = None  # as on one machine, staff publish again
    for name in folder.once_published():
        if not current or name != current.snapshot:
            coordination.add(server, Published(name, ""), who=who)
    if current:
        coordination.add(server, current, who=who)


def take_over_snapshots(server: Connection, stored: Mapping[str, str], snapshots: Path) -> None:
    """Have the stored snapshots known and no others, with what is noted of them below the folder of snapshots.

    Call within a transaction.
    """
    files, notes = NoteFiles(snapshots), {}
    for name in stored:
        with suppress(FileNotFoundError):
            notes[name] = files.read(name)
    registry.replace_all(server, stored, notes)


def write_log(where: SecretStr, home: Path, key_file: Path | None) -> None:
    """Write the audit log of the database into files below `home`."""
    content, head = Audit(home, key_file, where).copy()
    for name, part in ((AUDIT_LOG, content), (HEAD, head)):
        (home / name).touch(mode=0o600)
        (home / name).write_bytes(part)


def write_publications(where: SecretStr, folder: Path) -> None:
    """Write what is and ever was published into the files by which one machine knows it."""
    shared = SharedCoordination(where)
    write_published(folder, shared.published(), shared.once_published())

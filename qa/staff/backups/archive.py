"""The archive of everything that cannot be rebuilt: documents, golden questions, snapshots, database, logs.

Models and caches are left out. The files are numbered; the manifest holds their paths and SHA-256. The archive's
comment holds the manifest's SHA-256 and a signature (HMAC) with the secret of the installation, which no archive
contains. Sizes are compared before anything is read. `BackupRefused`: nothing was done, nothing has changed.
`BackupDamaged`: the archive is not the one that was written.
"""

import hashlib
import hmac
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from qa.publishing import left_out
from qa.publishing.board import REPORT
from qa.runtime import keys
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import Settings
from qa.storage.audit import HEAD, LOG
from qa.storage.database import DATABASE, DatabaseLocked, sqlite_files, upgrading

FORMAT = 1
MANIFEST = "MANIFEST.json"
BACKUPS = "backups"  # the folder in QA_HOME for backups made on the page; no archive contains them
DOCUMENTS, SNAPSHOTS, GOLDEN, HOME = "documents", "snapshots", "golden", "home"
PARTS = (DOCUMENTS, SNAPSHOTS, GOLDEN, HOME)
KEY = "backup.key"  # the secret in QA_HOME, unless QA_KEY_FILE names another
MOST_MANIFEST = 32 << 20  # bytes; some 150,000 files
MOST_TIMES = 200  # as large unpacked as packed; texts and databases stay below 50
_NAMES = {
    HOME: frozenset({DATABASE, LOG, HEAD, REPORT, left_out.FILE}),
    GOLDEN: frozenset({"golden.jsonl"}),
}
_LONGEST = 255  # bytes of a name that file systems take
CHUNK = 1 << 20
# What zipfile raises for a damaged archive, wherever the damage is.
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, LookupError, TypeError)


class BackupRefused(StaffRefused):
    """The backup or restore was not done; nothing has changed."""


class BackupForeign(BackupRefused):
    """The backup has no signature of this installation. Staff must explicitly agree to restore it."""


class BackupDamaged(StaffRefused):
    """The file is not a backup, or not the one that was written."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in the archive: its member name, its part, and its path within the part."""

    member: str
    part: str
    name: str
    bytes: int
    sha256: str

    def __post_init__(self) -> None:
        path = PurePosixPath(self.name)
        if self.part not in PARTS or path.is_absolute() or ".." in path.parts or not path.parts or "\x00" in self.name:
            raise ValueError(f"{self.name!r} is no place in {self.part}")
        known = _NAMES.get(self.part)
        longest = max(len(part.encode("utf-8", "surrogatepass")) for part in path.parts)
        if any(part.startswith(".") for part in path.parts) or (known and self.name not in known) or longest > _LONGEST:
            raise ValueError(f"{self.name!r} does not belong in {self.part}")
        if self.bytes < 0:
            raise ValueError(f"{self.name!r} has no size")


@dataclass(frozen=True, slots=True)
class Backup:
    """The contents of an archive, and when it was made."""

    made_at: str
    files: tuple[Kept, ...]

    @property
    def bytes(self) -> int:
        return sum(file.bytes for file in self.files)

    def count(self, part: str) -> int:
        return sum(file.part == part for file in self.files)


def told(made: Backup) -> str:
    """Return the contents of an archive as a sentence for staff."""
    parts = f"{made.count(DOCUMENTS)}个文件，索引版本的{made.count(SNAPSHOTS)}个文件"
    return f"{parts}，数据库、操作日志、检验题，共{made.bytes / 1e6:.1f} MB"


def check(path: Path, *, secrets: Sequence[bytes] = (), foreign: bool = True) -> Backup:
    """Return the archive's contents after comparing every file with its checksum.

    Raises `BackupDamaged`; also `BackupForeign` without a signature by one of `secrets`, unless `foreign` is True.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            backup = _manifest(archive, None if foreign else secrets)
            _check_sizes(archive, backup, path)
            for file in backup.files:
                for _ in contents(archive, file):
                    pass
    except BackupForeign:
        raise
    except (FileNotFoundError, PermissionError, IsADirectoryError) as error:
        raise BackupRefused(f"{path}打不开（{error.strerror}）；请核对文件名和权限") from error
    # `zipfile` raises the last two for a packing method that it does not know, and for an encrypted entry.
    except (*_DAMAGE, NotImplementedError, RuntimeError) as error:
        raise BackupDamaged(f"{path}已损坏，或不是本程序的备份（{error}）；请用另一份备份") from error
    return backup


def contents(archive: zipfile.ZipFile, file: Kept) -> Iterator[bytes]:
    """Yield a file piece by piece. Raises `ValueError` at its end if it differs from what was written."""
    digest, left = hashlib.sha256(), file.bytes
    with archive.open(file.member) as member:
        while piece := member.read(min(CHUNK, left + 1)):
            digest.update(piece)
            left -= len(piece)
            if left < 0:
                break
            yield piece
    if left or digest.hexdigest() != file.sha256:
        raise ValueError(f"{file.name}与写入时不同")


def signature(manifest: bytes, secret: bytes) -> str:
    """Return the signature that proves that this installation wrote the manifest."""
    return hmac.new(keys.derived(secret, "backup"), manifest, hashlib.sha256).hexdigest()


def secrets_of(settings: Settings) -> list[bytes]:
    """Return the secrets with which this installation may have signed backups. Raises `SettingsError`."""
    named = [keys.read(settings.key_file)] if settings.key_file else []
    own = settings.home / KEY
    return [*named, *([own.read_bytes().strip()] if own.is_file() else [])]


def _manifest(archive: zipfile.ZipFile, secrets: Sequence[bytes] | None) -> Backup:
    """Return the manifest. With `secrets`, its signature is checked before it is parsed."""
    if archive.getinfo(MANIFEST).file_size > MOST_MANIFEST:
        raise ValueError("清单太大")
    with archive.open(MANIFEST) as member:
        content = member.read(MOST_MANIFEST + 1)
    checksum, _, signed = archive.comment.decode("ascii").partition(" ")
    if hashlib.sha256(content).hexdigest() != checksum:
        raise ValueError("清单与写入时不同")
    if secrets is not None and not any(hmac.compare_digest(signature(content, one), signed) for one in secrets):
        raise BackupForeign(
            "这份备份没有本机的签名（来自另一台机器、旧版本，或被改动过）；确认来源可靠后，请加 --foreign 恢复"
        )
    entry: dict[str, Any] = json.loads(content)
    if entry["format"] != FORMAT:
        raise ValueError("由更新的程序写成")
    files = tuple(Kept(**one) for one in entry["files"])
    places = {(file.part, PurePosixPath(file.name)) for file in files}
    if len(places) < len(files):
        raise ValueError("清单里有重复的文件")
    if any((part, folder) in places for part, path in places for folder in path.parents):
        raise ValueError("清单里有一个名字，既是文件又是文件夹")
    return Backup(entry["made_at"], files)


def _check_sizes(archive: zipfile.ZipFile, backup: Backup, path: Path) -> None:
    """Raise `ValueError` for a file whose size differs from the manifest, or for an implausibly large archive."""
    for file in backup.files:
        if archive.getinfo(file.member).file_size != file.bytes:
            raise ValueError(f"{file.name}的大小与清单不同")
    if backup.bytes > MOST_TIMES * path.stat().st_size:
        raise ValueError("解开后大得不像是备份")


_OTHER_KEY = (
    "备份里的数据库与本机的加密设置不同：加密的备份要用原来的 QA_KEY_FILE 和 QA_ENCRYPT_DATABASE=yes 恢复，"
    "没有加密的要先去掉 QA_ENCRYPT_DATABASE，恢复以后再加密"
)


def check_database(path: Path, *, key: bytes | None) -> None:
    """Raise `BackupRefused` for a database that this program cannot use, with the key of this installation if any."""
    try:
        opened = sqlite_files.connect(path, key=key)
    except DatabaseLocked as error:
        raise BackupRefused(_OTHER_KEY) from error
    with closing(opened) as connection:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if version > upgrading.file_version():
            raise BackupRefused("备份里的数据库由更新的程序写成；请先升级本程序")
        if connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok":
            raise BackupRefused("备份里的数据库不完整；请用另一份备份")

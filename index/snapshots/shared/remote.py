"""Snapshots as objects that several machines read: `snapshots/NAME-DIGEST/FILE`, the manifest last.

The registry knows the SHA-256 of each manifest, and the manifest those of the files: nothing else is ever taken over. A
prefix is written once, because it names the content.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from index.files import atomic
from index.files.objects import Objects, ObjectsUnreachable
from index.snapshots import manifest
from index.snapshots.errors import SnapshotMissing, StoreUnreachable
from index.snapshots.manifest import Manifest
from index.snapshots.snapshot import SnapshotDamaged


class Registry(Protocol):
    """Which snapshots there are for all servers. Raises `StoreUnreachable`."""

    def stored(self) -> Mapping[str, str]:
        """Return the SHA-256 of the manifest of each snapshot, by name."""

    def ever(self) -> list[str]:
        """Return all names that were ever given, those of deleted snapshots included."""

    def add(self, name: str, manifest_sha256: str) -> None:
        """Have a snapshot known, whose objects are all there."""

    def drop(self, name: str) -> None:
        """Have a snapshot no longer known."""


class Remote:
    """The snapshots of all servers, in `objects`, as far as the `registry` knows them."""

    def __init__(self, objects: Objects, registry: Registry) -> None:
        self._objects = objects
        self.registry = registry

    def names(self) -> list[str]:
        """Return all snapshots, the oldest first."""
        return sorted(self.registry.stored())

    def store(self, folder: Path, name: str) -> None:
        """Store a snapshot from a folder, and have it known once all of it is there. Raises `StoreUnreachable`."""
        self.registry.add(name, self.upload(folder, name))

    def upload(self, folder: Path, name: str) -> str:
        """Store the objects of a snapshot; return the SHA-256 of its manifest. Raises `StoreUnreachable`."""
        content = (folder / manifest.NAME).read_bytes()
        digest = hashlib.sha256(content).hexdigest()
        prefix = _prefix(name, digest)
        with _reached(name):
            for path in sorted(folder.rglob("*")):
                if path.is_file() and path != folder / manifest.NAME:
                    self._objects.put(f"{prefix}/{path.relative_to(folder).as_posix()}", path)
            self._objects.put(f"{prefix}/{manifest.NAME}", content)
        return digest

    def manifest(self, name: str) -> Manifest:
        """Return the manifest of a snapshot. Raises `SnapshotMissing`, `SnapshotDamaged`, `StoreUnreachable`."""
        return manifest.parse(name, self._manifest(name))

    def file(self, found: Manifest, name: str) -> bytes:
        """Return one file of a snapshot whole. Raises `SnapshotDamaged`, `StoreUnreachable`."""
        with _reached(found.snapshot):
            content = b"".join(self._objects.get(f"{_prefix(found.snapshot, found.digest)}/{name}"))
        if hashlib.sha256(content).hexdigest() != found.files.get(name, {}).get("sha256"):
            raise SnapshotDamaged(f"{found.snapshot}已损坏：{name}不是当初存入的文件")
        return content

    def trouble(self, name: str) -> str:
        """Return in a sentence why a snapshot could not be had just now; empty if it could. Raises `StoreUnreachable`.

        It raises where it is the registry that cannot be asked.
        """
        digest = self.registry.stored().get(name)
        try:
            if digest:
                self._objects.has(f"{_prefix(name, digest)}/{manifest.NAME}")
        except ObjectsUnreachable as error:
            return f"对象存储现在连不上或拒绝（{error}）：由本机的一份照常回答，不能发布或取来别的版本；请检查它和网络"
        return ""

    def fetch(self, name: str, folder: Path) -> None:
        """Copy a snapshot into an empty folder; it is whole, checked and on the disk when this returns.

        Raises `SnapshotMissing`, `SnapshotDamaged`, `StoreUnreachable`.
        """
        content = self._manifest(name)
        found = manifest.parse(name, content)
        for file, facts in found.files.items():
            self._copy(found, file, folder, str(facts["sha256"]))
        (folder / manifest.NAME).write_bytes(content)
        for path in [*folder.rglob("*"), folder]:
            atomic.sync(path)

    def drop(self, name: str) -> None:
        """Delete a snapshot: first nobody knows it any more, then its objects go."""
        digest = self.registry.stored().get(name)
        self.registry.drop(name)
        if digest:
            with _reached(name):
                self._objects.delete(self._objects.names(_prefix(name, digest)))

    def _copy(self, found: Manifest, file: str, folder: Path, expected: str) -> None:
        target = folder / file
        if not target.resolve().is_relative_to(folder.resolve()):
            raise SnapshotDamaged(f"{found.snapshot}已损坏：{file}不是它里面的文件")
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = hashlib.sha256()
        with _reached(found.snapshot), target.open("wb") as out:
            for piece in self._objects.get(f"{_prefix(found.snapshot, found.digest)}/{file}"):
                digest.update(piece)
                out.write(piece)
        if digest.hexdigest() != expected:
            raise SnapshotDamaged(f"{found.snapshot}已损坏：{file}不是当初存入的文件")

    def _manifest(self, name: str) -> bytes:
        digest = self.registry.stored().get(name)
        if digest is None:
            raise SnapshotMissing(f"没有{name}，可能已被清理；请在版本的列表里核对")
        with _reached(name):
            content = b"".join(self._objects.get(f"{_prefix(name, digest)}/{manifest.NAME}"))
        if hashlib.sha256(content).hexdigest() != digest:
            raise SnapshotDamaged(f"{name}已损坏：清单不是当初存入的那一份")
        return content


def _prefix(name: str, digest: str) -> str:
    return f"snapshots/{name}-{digest[:16]}"


@contextmanager
def _reached(name: str) -> Iterator[None]:
    try:
        yield
    except ObjectsUnreachable as error:
        raise StoreUnreachable(f"{name}现在不能存入或取出：对象存储连不上或拒绝（{error}）；请稍后再试") from error
    except FileNotFoundError as error:
        if error.filename:  # of this machine
            raise
        raise SnapshotDamaged(f"{name}已损坏：对象存储里缺文件") from error

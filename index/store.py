"""Snapshots on disk: written aside, checked on loading, one of them published by the small file CURRENT.

`StoreError` is the root: `StoreBusy` (another refresh runs), `NoSnapshot` (nothing can be served),
`SnapshotMissing` (no snapshot of that name). `SnapshotDamaged` and `SnapshotForeign` name what is wrong with one.
"""

import fcntl
import hashlib
import json
import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from index import snapshot as snapshots
from index.snapshot import Recipe, Snapshot, SnapshotDamaged, SnapshotForeign

logger = logging.getLogger(__name__)

_PREFIX = "snapshot-"
_NAME = re.compile(r"snapshot-[0-9]{6}")  # whatever else lies in the folder is left alone
_ONCE_PUBLISHED = ".published"
_MANIFEST = "MANIFEST.json"
_CURRENT = "CURRENT"
_CURRENT_DAMAGED = "CURRENT is damaged; publish a snapshot anew"
KEPT = 5


class StoreError(Exception):
    """The store cannot do what it was asked to."""


class StoreBusy(StoreError):
    """Another process is writing to the store."""


class SnapshotMissing(StoreError):
    """There is no snapshot of that name."""


class NoSnapshot(StoreError):
    """No snapshot is published, or none of those on disk can be served."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The snapshot to serve; `alarm` says why it is not the published one, and is empty when it is."""

    snapshot: Snapshot
    alarm: str = ""


class Store:
    """A folder of snapshots, `snapshot-000001` and up, and CURRENT, which names the one that is served."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """All snapshots on disk, the oldest first."""
        if not self._folder.is_dir():
            return []
        return sorted(path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name) and path.is_dir())

    def published(self) -> str | None:
        """The name in CURRENT, None when nothing was ever published."""
        try:
            name = self._read_current()["snapshot"]
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, RecursionError) as error:
            raise SnapshotDamaged(_CURRENT_DAMAGED) from error
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise SnapshotDamaged(_CURRENT_DAMAGED)
        return name

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the one writer's lock; leftovers of writers that died are removed. Raises `StoreBusy`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with (self._folder / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreBusy("Another refresh is running; try again when it is done") from error
            for path in self._folder.glob(f".{_PREFIX}*"):
                if path.is_dir() and not path.is_symlink():
                    shutil.rmtree(path)
            yield

    def save(self, snapshot: Snapshot) -> str:
        """Write a snapshot and give its name; it appears whole or not at all. Call within `writing`."""
        # Numbered from the highest on disk, orphans included: a name that was used once is never used again.
        used = [*self.names(), *self._once_published()]
        number = max((int(name.removeprefix(_PREFIX)) for name in used), default=0) + 1
        name = f"{_PREFIX}{number:06d}"
        aside = self._folder / f".{name}"
        aside.mkdir()
        snapshots.write(snapshot, aside)
        files = {
            path.relative_to(aside).as_posix(): {"bytes": path.stat().st_size, "sha256": _sha256(path)}
            for path in sorted(aside.rglob("*"))
            if path.is_file()
        }
        manifest = {
            "recipe": snapshot.recipe.as_json(),
            "built_at": snapshot.built_at.isoformat(),
            "passages": len(snapshot.passages),
            "documents": {document.name: document.content_hash for document in snapshot.documents},
            "files": files,
        }
        (aside / _MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
        for path in [*aside.rglob("*"), aside]:
            _sync(path)
        aside.rename(self._folder / name)
        _sync(self._folder)
        return name

    def publish(self, name: str) -> None:
        """Serve `name` from now on. Publishing an older snapshot is how staff roll back. Call within `writing`."""
        self._check(name)
        marker = self._folder / f"{name}{_ONCE_PUBLISHED}"
        marker.touch()
        _sync(marker)
        content = {"snapshot": name, "manifest_sha256": _sha256(self._folder / name / _MANIFEST)}
        aside = self._folder / f".{_CURRENT}"
        aside.write_text(json.dumps(content), encoding="utf-8")
        _sync(aside)
        aside.replace(self._folder / _CURRENT)
        _sync(self._folder)

    def prune(self, *, keep: int = KEPT) -> None:
        """Delete the oldest snapshots beyond `keep`, never the published one. Call within `writing`."""
        for name in self.names()[:-keep]:
            if name != self.published():
                shutil.rmtree(self._folder / name)

    def load(self, name: str, *, model: str) -> Snapshot:
        """Read a snapshot whose every file has the checksum it was written with.

        Raises `SnapshotMissing`, `SnapshotDamaged`, or `SnapshotForeign` when it was not built by `model`.
        """
        manifest = self._check(name)
        recipe = manifest["recipe"]
        expected = Recipe(model, recipe.get("dimensions"), recipe.get("max_tokens")).as_json()
        differing = [key for key in expected if recipe.get(key) != expected[key]]
        if differing or recipe.keys() != expected.keys():
            what = ", ".join(f"{key} {recipe.get(key)} instead of {expected[key]}" for key in differing)
            raise SnapshotForeign(f"{name} was built otherwise ({what}); run: python -m qa refresh")
        try:
            built_at = datetime.fromisoformat(manifest["built_at"])
            snapshot = snapshots.read(self._folder / name, recipe=recipe, built_at=built_at)
        except (ValueError, LookupError, TypeError, AttributeError, RuntimeError, OSError) as error:
            raise SnapshotDamaged(f"{name} cannot be read; run: python -m qa refresh") from error
        return replace(snapshot, name=name)

    def load_served(self, *, model: str) -> Loaded:
        """The published snapshot, or else the newest good one that was published once, with an alarm.

        A snapshot that the golden questions refused is never served. Raises `NoSnapshot`.
        """
        try:
            published, alarm = self.published(), ""
        except SnapshotDamaged as error:
            published, alarm = None, str(error)
        # The ones before it first: those after it were rolled back.
        once = sorted(self._once_published(), key=lambda name: (name > (published or name), -int(name[-6:])))
        once = [name for name in once if name != published]
        if published is None and once:
            alarm = alarm or "CURRENT is missing; publish a snapshot anew"
        for name in [published, *once] if published else once:
            try:
                return Loaded(self.load(name, model=model), alarm)
            except (SnapshotMissing, SnapshotDamaged, SnapshotForeign) as error:
                logger.error("%s", error)
                alarm = alarm or str(error)
        raise NoSnapshot(alarm or "No index is published yet; run: python -m qa refresh")

    def _once_published(self) -> list[str]:
        """The names of all snapshots that were ever published, the oldest first, whether still there or not."""
        if not self._folder.is_dir():
            return []
        names = (path.name.removesuffix(_ONCE_PUBLISHED) for path in self._folder.glob(f"*{_ONCE_PUBLISHED}"))
        return sorted(name for name in names if _NAME.fullmatch(name))

    def _read_current(self) -> dict[str, Any]:
        content = json.loads((self._folder / _CURRENT).read_text(encoding="utf-8"))
        if not isinstance(content, dict):
            raise ValueError("CURRENT holds no object")
        return content

    def _check(self, name: str) -> dict[str, Any]:
        """The manifest of `name`, every file it names checked."""
        folder = self._folder / name
        if name not in self.names():
            raise SnapshotMissing(f"There is no snapshot {name}; see: python -m qa snapshots")
        try:
            content = (folder / _MANIFEST).read_bytes()
            manifest = json.loads(content)
            if not isinstance(manifest, dict) or not isinstance(manifest["recipe"], dict):
                raise ValueError("no manifest")
            for path, file in manifest["files"].items():
                if (folder / path).stat().st_size != file["bytes"] or _sha256(folder / path) != file["sha256"]:
                    raise SnapshotDamaged(f"{name} is damaged: {path} is not the file that was written")
            if not manifest["files"]:
                raise ValueError("no files")
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SnapshotDamaged(f"{name} is damaged: its files or its manifest cannot be read") from error
        self._check_against_current(name, hashlib.sha256(content).hexdigest())
        return manifest

    def _check_against_current(self, name: str, digest: str) -> None:
        try:
            current = self._read_current()
        except (OSError, ValueError, RecursionError):
            return  # not published yet, or CURRENT itself is damaged, which `published` reports
        if current.get("snapshot") == name and current.get("manifest_sha256") not in (digest, None):
            raise SnapshotDamaged(f"{name} is damaged: its manifest is not the one that was published")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

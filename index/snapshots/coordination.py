"""What the servers of an installation agree on: which snapshot is published, and who writes. Here by files.

Servers on several machines agree by a database instead (`qa.storage.shared.coordination`).
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from index.files import atomic, locks
from index.files.locks import Holder
from index.snapshots.errors import PublishedMeanwhile
from index.snapshots.snapshot import SnapshotDamaged

NAME = re.compile(r"snapshot-[0-9]{6}")
# No name of a snapshot: whichever is published may be replaced.
ANY: Final = "*"
WRITING, REFRESHING = "writing", "refreshing"
_ONCE_PUBLISHED = ".published"
_CURRENT = "CURRENT"
_CURRENT_DAMAGED = "CURRENT已损坏；请用 python -m qa publish 重新发布一个版本"


@dataclass(frozen=True, slots=True)
class Published:
    """The name of a published snapshot and the SHA-256 of its manifest, empty if an older program published it."""

    snapshot: str
    manifest_sha256: str


class Coordination(Protocol):
    """Servers that use the same one serve the same snapshot.

    Every method may raise `StoreUnreachable` where it is on another machine.
    """

    def published(self) -> Published | None:
        """Return what is published; None if nothing ever was. Raises `SnapshotDamaged`."""

    def once_published(self) -> list[str]:
        """Return the names of all snapshots that were ever published, the oldest first, deleted ones included."""

    def was_published(self, name: str) -> bool:
        """Return whether a snapshot is or ever was published."""

    def publish(self, new: Published, *, before: str | None = ANY, who: str = "?") -> None:
        """Have `new` served from now on, if `before` is published still. Raises `PublishedMeanwhile`."""

    def signature(self) -> tuple[int, ...]:
        """Return a key that changes with every publication; it costs some microseconds."""

    def wait(self, seconds: float) -> None:
        """Return when something may have been published, after so many seconds at most."""

    def trouble(self) -> str:
        """Return why nothing may be heard of publications just now, as `wait` found; empty if it may be."""

    def close(self) -> None:
        """End what `wait` keeps open."""

    def locked(self, lock: str, *, who: str, doing: str, wait: float) -> AbstractContextManager[None]:
        """Hold one of the locks alone during the block; a dead holder loses it at once. Raises `LockHeld`."""

    def holder(self, lock: str) -> Holder | None:
        """Return who holds a lock; None if nobody does."""


class OneFolder:
    """Agrees by files in the folder of the snapshots: CURRENT, a marker for each published snapshot, locked files."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def published(self) -> Published | None:
        try:
            content = json.loads((self._folder / _CURRENT).read_text(encoding="utf-8"))
            name, digest = content["snapshot"], content.get("manifest_sha256") or ""
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
            raise SnapshotDamaged(_CURRENT_DAMAGED) from error
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise SnapshotDamaged(_CURRENT_DAMAGED)
        return Published(name, str(digest))

    def once_published(self) -> list[str]:
        if not self._folder.is_dir():
            return []
        names = (path.name.removesuffix(_ONCE_PUBLISHED) for path in self._folder.glob(f"*{_ONCE_PUBLISHED}"))
        return sorted(name for name in names if NAME.fullmatch(name))

    def was_published(self, name: str) -> bool:
        return name in self.once_published()

    def publish(self, new: Published, *, before: str | None = ANY, who: str = "?") -> None:
        if before != ANY and (now := self._name()) != before:
            raise overtaken(new.snapshot, now)
        write_published(self._folder, new, [new.snapshot])

    def signature(self) -> tuple[int, ...]:
        try:
            found = (self._folder / _CURRENT).stat()
        except OSError:
            return ()
        return found.st_ino, found.st_mtime_ns, found.st_size

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def trouble(self) -> str:
        return ""

    def close(self) -> None:
        pass

    @contextmanager
    def locked(self, lock: str, *, who: str, doing: str, wait: float) -> Iterator[None]:
        self._folder.mkdir(parents=True, exist_ok=True)
        with locks.held(self._folder / f".{lock}.lock", who=who, doing=doing, wait=wait):
            yield

    def holder(self, lock: str) -> Holder | None:
        return locks.holder(self._folder / f".{lock}.lock")

    def _name(self) -> str | None:
        try:
            found = self.published()
        except SnapshotDamaged:
            return None
        return found.snapshot if found else None


def overtaken(name: str, now: str | None) -> PublishedMeanwhile:
    """Return the refusal to publish `name` where `now` has been published meanwhile."""
    return PublishedMeanwhile(f"现行版本已被换成{now or '（无）'}，没有发布{name}；请看过以后重新发布")


def write_published(folder: Path, current: Published | None, once: list[str]) -> None:
    """Write the files by which one machine knows what is, and what ever was published."""
    for name in once:
        marker = folder / f"{name}{_ONCE_PUBLISHED}"
        marker.touch()
        atomic.sync(marker)
    if current:
        content = {"snapshot": current.snapshot, "manifest_sha256": current.manifest_sha256}
        atomic.replace(folder / _CURRENT, json.dumps(content).encode())


def written(name: str) -> bool:
    """Return whether a file of this name is one of those that `write_published` writes."""
    return name == _CURRENT or name.endswith(_ONCE_PUBLISHED)

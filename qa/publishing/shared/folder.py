"""The folder of documents, the golden questions and what is left out as several servers share them.

The database lists the files, and an object store holds each content under its hash: written once, compared whenever it
is read. Each server works on a copy, its own folder, and notes what both held when they were last equal: what differs
from that here was changed here, what differs there was changed on another server.
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from corpus.files.scan import ignored
from index.files import atomic, locks
from index.files.objects import Objects
from index.snapshots.coordination import Coordination
from index.snapshots.errors import StoreBusy
from qa.publishing import left_out
from qa.publishing.shared.contents import ContentDamaged, Contents, hash_of, shown
from qa.storage.shared.documents import NEW, Listed, SharedDocuments, Version

logger = logging.getLogger(__name__)

LOCK = "documents"
# In QA_HOME: what was shared when the folder was last equal to it; what was put aside for something shared.
EQUAL, ASIDE = "documents-shared.json", "documents-aside"
# In the folder itself, hidden, so that it is gone where the folder's disk is missing.
MARK = ".shared-documents"
_GOLDEN, _LEFT_OUT = b"golden", b"left-out"
_BELOW = b"documents/"
_WAIT_SECONDS = 60.0


@dataclass
class _Equal:
    """What was shared when this server was last equal to it; nothing before it was for the first time."""

    version: Version = NEW
    files: dict[bytes, str] = field(default_factory=dict)
    known: bool = False


class SharedFolder:
    """One server's copy of the files; see the module. Every method may raise `StoreError`."""

    def __init__(
        self,
        listed: SharedDocuments,
        objects: Objects,
        coordination: Coordination,
        *,
        folder: Path,
        golden: Path,
        home: Path,
        most_bytes: int,
    ) -> None:
        self._listed = listed
        self._contents = Contents(objects)
        self._coordination = coordination
        self._folder = folder
        self._single = {_GOLDEN: golden, _LEFT_OUT: home / left_out.FILE}
        self._home = home
        self._most_bytes = most_bytes

    def exchange(self, *, who: str) -> None:
        """Share what was changed here, and take over what was changed elsewhere.

        Where both were, what is shared stays, and what is here is put aside.
        """
        with self._locked(who):
            equal = self._followed()
            here = {name: hash_of(content) for name, content in self._here()}
            emptied = _documents(equal.files) and not _documents(here)
            if emptied and not (self._folder / MARK).exists():  # as when its disk is missing
                logger.error("%s holds no document: the shared ones are fetched again", self._folder)
                self._followed(anew=True)
                return
            news = [name for name, sha256 in here.items() if equal.files.get(name) != sha256]
            gone = [name for name in equal.files.keys() - here.keys() if not self._too_large(name)]
            if news or gone:
                self._share(equal, news, gone, who=who)
            self._mark()

    def impose(self, *, who: str) -> None:
        """Share what is here in place of all that was shared, as after a restore; every content is stored again."""
        with self._locked(who):
            shared = self._listed.listed()
            here = {name for name, _ in self._here()}
            self._share(
                _Equal(shared.version, dict(shared.files)), sorted(here), list(shared.files.keys() - here), who=who
            )

    def follow(self) -> None:
        """Take over what was changed elsewhere; this costs one look where nothing was."""
        if self._listed.version() not in (NEW, self._equal().version):
            with self._locked("server"):
                self._followed()

    @contextmanager
    def changing(self, *, who: str) -> Iterator[None]:
        """Keep other servers from changing a file during the block, which begins with what they changed before."""
        with self._locked(who):
            self._followed()
            yield

    def put(self, path: Path, content: bytes, *, who: str) -> None:
        """Share a content under the name of a file of this server, and then write the file. Call within `changing`."""
        name = self._name(path)
        sha256 = self._contents.store(content)
        equal = self._equal()
        version = self._listed.change({name: (sha256, len(content))}, (), since=equal.version, who=who)
        atomic.replace(path, content)
        self._note(Listed(version, {**equal.files, name: sha256}))

    def remove(self, *paths: Path, who: str) -> None:
        """Have files no longer shared, and then delete them. Call within `changing`."""
        names = [self._name(path) for path in paths]
        equal = self._equal()
        version = self._listed.change({}, names, since=equal.version, who=who)
        for path in paths:
            path.unlink(missing_ok=True)
        left = {name: sha256 for name, sha256 in equal.files.items() if name not in names}
        self._note(Listed(version, left))

    def _followed(self, *, anew: bool = False) -> _Equal:
        """Take over what differs from what was equal, and return what is equal now."""
        equal, shared = self._equal(), self._listed.listed()
        if anew:
            equal = _Equal(known=True)
        if shared.version == equal.version and not anew:
            return equal  # at first: this server is the first of all, and shares what it has
        if not equal.known:
            for name, _ in list(self._here()):
                if name not in shared.files:
                    self._put_aside(name)
        for name in sorted(shared.files.keys() | equal.files.keys()):
            if shared.files.get(name) != equal.files.get(name):
                self._take_over(name, shared.files.get(name), equal.files.get(name))
        self._note(shared)
        return _Equal(shared.version, dict(shared.files), known=True)

    def _take_over(self, name: bytes, sha256: str | None, before: str | None) -> None:
        path = self._path(name)
        here = hash_of(path.read_bytes()) if path.is_file() else None
        if here == sha256:
            return
        content = self._contents.fetch(sha256, name) if sha256 else b""
        if here not in (None, before):
            self._put_aside(name)
        if sha256:
            path.parent.mkdir(parents=True, exist_ok=True)
            atomic.replace(path, content)
        else:
            path.unlink(missing_ok=True)

    def _share(self, equal: _Equal, news: list[bytes], gone: list[bytes], *, who: str) -> None:
        told: dict[bytes, tuple[str, int]] = {}
        for name in news:
            try:
                content = self._path(name).read_bytes()
            except FileNotFoundError:  # meanwhile
                continue
            told[name] = (self._contents.store(content), len(content))
        version = self._listed.change(told, gone, since=equal.version, who=who)
        files = {name: sha256 for name, sha256 in equal.files.items() if name not in gone}
        self._note(Listed(version, files | {name: sha256 for name, (sha256, _) in told.items()}))
        self._forget()

    def _forget(self) -> None:
        """Delete contents that nothing has used for long, and those of sharing that broke off."""
        self._contents.forget(self._listed.forget(datetime.now(UTC)))

    def _here(self) -> Iterator[tuple[bytes, bytes]]:
        """Yield the files of this server that are shared, with their contents."""
        for single, place in self._single.items():
            if place.is_file():
                yield single, place.read_bytes()
        root = self._folder.resolve()
        for parent, folders, names in os.walk(root):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(parent) / name
                inside = path.resolve().is_relative_to(root) and path.is_file()
                if not inside or ignored(name, set()) or path.stat().st_size > self._most_bytes:
                    continue
                yield _BELOW + os.fsencode(path.relative_to(root)), path.read_bytes()

    def _too_large(self, name: bytes) -> bool:
        """Return whether a file is here all the same, but larger than any that is read."""
        path = self._path(name)
        return path.is_file() and path.stat().st_size > self._most_bytes

    def _path(self, name: bytes) -> Path:
        if name in self._single:
            return self._single[name]
        root = self._folder.resolve()
        path = root / os.fsdecode(name.removeprefix(_BELOW))
        if not name.startswith(_BELOW) or not path.resolve().is_relative_to(root):
            raise ContentDamaged(f"{shown(name)}不是文件夹里的文件；请检查数据库里的 document_files")
        return path

    def _name(self, path: Path) -> bytes:
        for single, place in self._single.items():
            if path == place:
                return single
        return _BELOW + os.fsencode(path.resolve().relative_to(self._folder.resolve()))

    def _put_aside(self, name: bytes) -> None:
        path = self._path(name)
        aside = self._home / ASIDE / f"{datetime.now(UTC):%Y%m%dT%H%M%S.%f}" / shown(name)
        aside.parent.mkdir(parents=True, exist_ok=True)
        aside.write_bytes(path.read_bytes())
        path.unlink()
        logger.error("Changed here and elsewhere: what was here is kept as %s", aside)

    def _equal(self) -> _Equal:
        try:
            kept = json.loads((self._home / EQUAL).read_text(encoding="ascii"))
            if kept["installation"] != self._listed.installation():
                return _Equal()
            files = {bytes.fromhex(name): str(sha256) for name, sha256 in kept["files"].items()}
            one, other = kept["version"]
            return _Equal((int(one), int(other)), files, known=True)
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return _Equal()

    def _note(self, shared: Listed) -> None:
        """Note that this server holds what is shared."""
        content = {
            "installation": self._listed.installation(),
            "version": shared.version,
            "files": {name.hex(): sha256 for name, sha256 in shared.files.items()},
        }
        self._home.mkdir(parents=True, exist_ok=True)
        atomic.replace(self._home / EQUAL, json.dumps(content).encode("ascii"), mode=0o600)
        self._mark()

    def _mark(self) -> None:
        """Have the folder known as the one that was exchanged, should its files all be deleted."""
        with suppress(OSError):  # a folder that is only read: its files come back, as from a missing disk
            (self._folder / MARK).touch()

    @contextmanager
    def _locked(self, who: str) -> Iterator[None]:
        try:
            with self._coordination.locked(LOCK, who=who, doing="documents", wait=_WAIT_SECONDS):
                yield
        except locks.LockHeld as error:
            by = error.holder.who if error.holder else "另一位同事"
            raise StoreBusy(f"{by}正在另一台机器上改文件，等了太久；请稍后再试") from error


def _documents(files: Iterable[bytes]) -> list[bytes]:
    return [name for name in files if name.startswith(_BELOW)]

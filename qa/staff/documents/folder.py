"""The folder of documents as a member of staff writes into it: on this machine, or on all that share it."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.files.scan import File
from index.files import atomic
from index.snapshots.errors import StoreError
from qa.publishing.serving import shared_folder_of
from qa.runtime.errors import StaffRefused
from qa.runtime.settings import Settings
from qa.staff.documents.listing import DocumentList

LOCK = "documents.lock"


class NotShared(StaffRefused):
    """The file could not be stored for the other machines, or read from them; nothing was changed."""


class DocumentMissing(StaffRefused):
    """The file does not exist, or the snapshot has no such document."""


class Folder:
    """Writes files; what other machines share is written for them first."""

    def __init__(self, settings: Settings, *, who: str) -> None:
        self.path = settings.documents
        self._home = settings.home
        self._who = who
        self._shared = shared_folder_of(settings)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Keep everybody else from writing into the folder through the program. Raises `NotShared`."""
        self._home.mkdir(parents=True, exist_ok=True)
        with (self._home / LOCK).open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if self._shared is None:
                yield
                return
            try:
                with self._shared.changing(who=self._who):
                    yield
            except StoreError as error:
                raise NotShared(f"没有改动：{error}") from error

    def put(self, path: Path, content: bytes, *, fresh: bool = False) -> None:
        """Write a file whole; a `fresh` one replaces no other, for which `FileExistsError` is raised."""
        if self._shared is not None:
            self._shared.put(path, content, who=self._who)
        else:
            (atomic.create if fresh else atomic.replace)(path, content)

    def remove(self, *paths: Path) -> None:
        """Delete files, of which some need not exist."""
        if self._shared is not None:
            self._shared.remove(*paths, who=self._who)
            return
        for path in paths:
            path.unlink(missing_ok=True)


class DocumentFolder(DocumentList):
    """The folder of documents, as one member of staff opens a file of it or writes into it."""

    def _path(self, name: str) -> Path:
        return self._file(name).path

    def _file(self, name: str) -> File:
        """Return a file of the list. Only listed files are ever opened."""
        for file in self._scan().files:
            if file.name == name:
                return file
            if name.startswith(f"{file.name}/"):
                raise DocumentMissing(f"{name}在{file.name}里面；要改它、下载它或删除它，请对{file.name}操作")
        raise DocumentMissing(f"文件夹里没有{name}；请刷新页面")

    @contextmanager
    def _folder(self) -> Iterator[Folder]:
        """Hold the folder exclusively: nobody else writes into it through the console."""
        folder = Folder(self._settings, who=self._who)
        with folder.held():
            yield folder

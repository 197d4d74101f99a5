"""The text of a document: as it is published, and as the next refresh will read its file."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from corpus.conversion.container import Converted, is_container
from corpus.conversion.converter import Converter
from corpus.document import Document, Passage
from corpus.errors import FileProblem
from corpus.limits import Limits
from qa.publishing.serving import store_of
from qa.runtime.errors import StaffRefused
from qa.staff.documents import side_files
from qa.staff.documents.folder import DocumentFolder, DocumentMissing
from qa.staff.permissions import Role, needs

# A preview takes processor time from citizens: one at a time, and not for long.
READ_SECONDS, WAIT_TO_READ = 20.0, 10.0
_READING = threading.Lock()


class Unreadable(StaffRefused):
    """The file cannot be converted, or not now."""


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as the snapshot holds it; `outdated` means that its file has changed since."""

    document: Document
    passages: tuple[Passage, ...]
    snapshot: str
    outdated: bool


class DocumentTexts(DocumentFolder):
    """The texts of documents, as members of staff look at them before and after they are published."""

    @needs(Role.EDITOR)
    def preview(self, name: str, *, snapshot: str = "") -> Preview:
        """Return a document with its passages, from `snapshot` or else the published one. Raises `DocumentMissing`."""
        store = store_of(self._settings)
        snapshot = snapshot or self._published() or ""
        document = store.document(snapshot, name) if snapshot else None
        if document is None:
            raise DocumentMissing(f"现行版本里没有{name}；发布之后才能预览")
        passages = store.passages(snapshot).of_document(name)
        record = self._record()
        known = record.sources.get(name, ("", 0))[0] if record else ""
        return Preview(document, passages, snapshot, known != side_files.version(self._settings.documents / name))

    @needs(Role.EDITOR)
    def published(self, name: str) -> Document:
        """Return a document of the published snapshot, without its passages. Raises `DocumentMissing`."""
        snapshot = self._published() or ""
        document = store_of(self._settings).document(snapshot, name) if snapshot else None
        if document is None:
            raise DocumentMissing(f"现行版本里没有{name}；发布之后才能看到")
        return document

    @needs(Role.EDITOR)
    def read_now(self, name: str) -> Document:
        """Convert a file as the next refresh will, in a process of its own; nothing is stored.

        One file at a time. Raises `DocumentMissing`, and `Unreadable` with what is wrong and what to do.
        """
        file = self._file(name)
        if is_container(file.name):
            raise Unreadable(f"{name}里面是别的文件，要逐个看")
        with self._reading() as converter:
            return converter.convert(file)

    @needs(Role.EDITOR)
    def read_within(self, name: str) -> tuple[Converted, ...]:
        """Convert the files within an archive or a mail as `read_now` does; each has a document or its problem.

        Those whose turn does not come in time say so. Raises `DocumentMissing`, `Unreadable`.
        """
        file = self._file(name)
        with self._reading() as converter:
            return tuple(converter.open(file, seconds=READ_SECONDS))

    @contextmanager
    def _reading(self) -> Iterator[Converter]:
        """Convert within small limits while nobody else does. Raises `Unreadable`."""
        if not _READING.acquire(timeout=WAIT_TO_READ):
            raise Unreadable("正在预览另一个文件，请稍后再点")
        limits = Limits(megabytes=self._settings.max_file_mb, seconds=READ_SECONDS, clock_seconds=2 * READ_SECONDS)
        try:
            with Converter(limits) as converter:
                yield converter
        except FileProblem as error:
            raise Unreadable(str(error)) from error
        finally:
            _READING.release()

"""The files themselves: staff put them into the folder, download and delete them."""

from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpus.files.scan import side_file
from corpus.limits import Limits
from qa.runtime.errors import Overtaken, StaffRefused
from qa.staff.documents import side_files
from qa.staff.documents.folder import DocumentFolder
from qa.staff.documents.listing import Indexed
from qa.staff.documents.uploads import UploadRefused, check_content, stored_name
from qa.staff.permissions import Role, needs, reason
from qa.storage.audit_log.writers import last_writer

# Characters of a rejected name that the audit log keeps; any allowed name is shorter.
LONGEST_TARGET = 200


class DocumentExists(StaffRefused):
    """A file of this name exists, stored at `changed_ns` (Unix time, ns); passing `version` replaces it."""

    def __init__(self, name: str, version: str, changed_ns: int) -> None:
        super().__init__(f"{name}：已有同名文件；要替换它，请明确选择替换")
        self.name = name
        self.version = version
        self.changed_ns = changed_ns


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file that was accepted."""

    name: str
    size: int
    version: str
    replaced: bool


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted file, and the number of its passages still in the published snapshot."""

    name: str
    passages: int


class DocumentFiles(DocumentFolder):
    """The files of the folder, as one member of staff may exchange them."""

    @needs(Role.EDITOR)
    def upload(self, name: str, content: BinaryIO, *, replacing: str = "") -> Uploaded:
        """Put a file into the folder; the next refresh reads it.

        Raises `UploadRefused`, `DocumentExists`, and `Overtaken` if the file is not at the version `replacing`.
        """
        # Logged before it is judged, so that every attempted upload is known whatever its name.
        with self._audit.action(self._who, "upload", target=name[:LONGEST_TARGET]) as action, self._folder() as files:
            action.target = name = stored_name(name)
            limits = Limits(megabytes=self._settings.max_file_mb)
            data = content.read(limits.max_bytes + 1)
            check_content(name, data, limits)
            path = files.path / name
            if alike := side_files.differing_in_case(files.path, name):
                raise UploadRefused(f"{name}：已有只差大小写的{alike}；请改名，或按原名上传来替换它")
            version = side_files.version(path)
            if version and not replacing:
                raise DocumentExists(name, version, side_files.stored_ns(path))
            if replacing and version != replacing:
                raise Overtaken(f"{name}已被别人改过或删除，没有替换；请刷新页面后再试")
            files.put(path, data, fresh=not version)
            return Uploaded(name, len(data), side_files.version(path), bool(version))

    @needs(Role.EDITOR)
    def last_writer(self, name: str) -> str:
        """Return who uploaded a file or edited its fields last; empty if nobody did so here."""
        return last_writer(self._audit.rows(), name)

    @needs(Role.EDITOR)
    def original(self, name: str) -> Path:
        """Return the file itself for download; the download is logged. Raises `DocumentMissing`."""
        path = self._path(name)
        self._audit.add(self._who, "download", target=name)
        return path

    @needs(Role.PUBLISHER)
    def delete(self, name: str, *, version: str, why: str = "") -> Deleted:
        """Delete a file with its side file. Answers quote it until the next refresh. Raises `Overtaken`."""
        why = reason(why)
        with self._audit.action(self._who, "delete", target=name, why=why), self._folder() as files:
            path = self._path(name)
            if side_files.version(path) != version:
                raise Overtaken(f"{name}已被别人改过，没有删除；请重新打开后再试")
            files.remove(path, side_file(path))
            return Deleted(name, self._indexed().get(name, Indexed()).passages)

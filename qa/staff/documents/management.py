"""文档: the files behind the answers, which staff upload, describe, view, withdraw and delete."""

import threading
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from corpus.conversion.container import Converted, is_container
from corpus.conversion.converter import Converter
from corpus.document import Document, Passage
from corpus.errors import FileProblem, Quarantined
from corpus.files.scan import File, side_file
from corpus.limits import Limits
from corpus.metadata import side_file as metadata
from corpus.metadata.side_file import FIELDS
from qa.publishing import left_out
from qa.publishing.left_out import LeftOut
from qa.publishing.published import record_of
from qa.publishing.serving import store_of
from qa.runtime.errors import Overtaken, ReasonMissing, StaffRefused
from qa.staff.documents import side_files
from qa.staff.documents.folder import Folder
from qa.staff.documents.listing import DocumentList, Indexed, and_what_holds
from qa.staff.documents.uploads import UploadRefused, check_content, stored_name
from qa.staff.documents.writers import last_writer, writers, written_since
from qa.staff.permissions import Role, needs, reason
from qa.storage import withdrawals
from qa.storage.withdrawals import Withdrawal

# A preview takes processor time from citizens: one at a time, and not for long.
READ_SECONDS, WAIT_TO_READ = 20.0, 10.0
_READING = threading.Lock()
_UNSEEN = frozenset(["Cc", "Cf", "Cs"])
# Characters of a field of the side file: titles are shown with every answer.
MOST_VALUE = 500
# Characters of a rejected name that the audit log keeps; any allowed name is shorter.
LONGEST_TARGET = 200


class DocumentMissing(StaffRefused):
    """The file does not exist, or the snapshot has no such document."""


class Unreadable(StaffRefused):
    """The file cannot be converted, or not now."""


class OwnWithdrawal(StaffRefused):
    """Whoever withdrew a document, or changed its file since, tries to reinstate it."""


class AlreadyWithdrawn(Overtaken):
    """The document is withdrawn already; that withdrawal stands."""

    def __init__(self, known: Withdrawal) -> None:
        at = datetime.fromisoformat(known.at).astimezone()
        super().__init__(
            f"{known.document}已由{known.who}在{at:%Y-%m-%d %H:%M}停止引用（{known.why}），以那一次为准；没有再停一次"
        )


class HolderWithdrawn(StaffRefused):
    """A file within an archive that is withdrawn as a whole is to be reinstated alone."""

    def __init__(self, name: str, known: Withdrawal) -> None:
        super().__init__(
            f"{name}在{known.document}里面，{known.document}已由{known.who}整个停止引用（{known.why}）；"
            f"请对{known.document}恢复引用，里面的一起恢复"
        )


class MetadataRefused(StaffRefused):
    """A field of a document cannot hold this value."""


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
class Metadata:
    """The fields of a document's side file."""

    name: str
    values: Mapping[str, str]
    version: str


@dataclass(frozen=True, slots=True)
class Preview:
    """A document as the snapshot holds it; `outdated` means that its file has changed since."""

    document: Document
    passages: tuple[Passage, ...]
    snapshot: str
    outdated: bool


@dataclass(frozen=True, slots=True)
class Deleted:
    """A deleted file, and the number of its passages still in the published snapshot."""

    name: str
    passages: int


def _seen(text: str) -> str:
    """Return text without what cannot be seen: direction marks would let a title read differently to citizens."""
    return "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)


class Documents(DocumentList):
    """The folder of documents, as one member of staff may change it."""

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
    def metadata(self, name: str) -> Metadata:
        """Return the fields of the side file. Raises `DocumentMissing`."""
        path = self._path(name)
        return Metadata(name, side_files.described(path), side_files.version(path))

    @needs(Role.EDITOR)
    def edit(self, name: str, values: Mapping[str, str], *, version: str) -> Metadata:
        """Rewrite the side file; a field with an empty value is removed.

        Raises `Overtaken`, `MetadataRefused`, `DocumentMissing`.
        """
        if unknown := [field for field in values if field not in FIELDS]:
            raise MetadataRefused(f"没有{'、'.join(unknown)}这个项目；可以写的有{'、'.join(FIELDS)}")
        kept = {field: " ".join(_seen(values.get(field, "")).split()) for field in FIELDS}
        for field, value in kept.items():
            if len(value) > MOST_VALUE:
                raise MetadataRefused(f"{FIELDS[field][1]}有{len(value)}个字，最多{MOST_VALUE}个，请缩短")
            # A file with such a character cannot be read, so all its fields would be gone.
            if own := [char for char in value if unicodedata.category(char) == "Co"]:
                raise MetadataRefused(f"{FIELDS[field][1]}里的“{own[0]}”是自造的字，别的电脑上看不到；请换成通用的字")
        try:
            metadata.apply(Document(name, name, "文"), kept)
        except Quarantined as error:
            raise MetadataRefused(f"没有保存：{error}") from error
        with self._audit.action(self._who, "edit", target=name), self._folder() as files:
            path = self._path(name)
            if side_files.version(path) != version:
                raise Overtaken(f"{name}已被别人改过，您的改动没有保存；请重新打开后再改")
            lines = [f"{field}: {value}" for field, value in kept.items() if value] + side_files.others(path)
            if lines:
                files.put(side_file(path), ("\n".join(lines) + "\n").encode())
            else:
                files.remove(side_file(path))
        return self.metadata(name)

    @needs(Role.EDITOR)
    def preview(self, name: str, *, snapshot: str = "") -> Preview:
        """Return a document with its passages, from `snapshot` or else the published one. Raises `DocumentMissing`."""
        store = store_of(self._settings)
        snapshot = snapshot or self._published() or ""
        document = store.document(snapshot, name) if snapshot else None
        if document is None:
            raise DocumentMissing(f"现行版本里没有{name}；刷新之后才能预览")
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

    @needs(Role.EDITOR)
    def original(self, name: str) -> Path:
        """Return the file itself for download; the download is logged. Raises `DocumentMissing`."""
        path = self._path(name)
        self._audit.add(self._who, "download", target=name)
        return path

    @needs(Role.PUBLISHER)
    def withdraw(self, name: str, *, why: str) -> Withdrawal:
        """Stop quoting a document: on all servers within seconds, across refreshes, until it is reinstated.

        With an archive go the files within, so that none of them returns under another name. A withdrawal that stands
        is never replaced: what `reinstate` allows depends on its person and its file. Raises `ReasonMissing`,
        `DocumentMissing`, `AlreadyWithdrawn`.
        """
        why = reason(why)
        if not why:
            raise ReasonMissing("停止引用文件要写明原因，会记入审计")
        with self._audit.action(self._who, "withdraw", target=name, why=why), self._database() as connection:
            if known := withdrawals.holder(connection, name):
                raise AlreadyWithdrawn(known)
            quoted = self._published_file(name)
            file_sha256 = side_files.version(self._path(name)) if quoted is None else quoted
            at = datetime.now(UTC).isoformat(timespec="seconds")
            withdrawal = Withdrawal(name, file_sha256, at, self._who, why)
            while not withdrawals.add(connection, withdrawal):
                if known := withdrawals.of(connection, name):
                    raise AlreadyWithdrawn(known)
            for one in self._published_within(name):
                withdrawals.add(connection, replace(withdrawal, document=one.name, file_sha256=one.file_sha256))
            return withdrawal

    @needs(Role.PUBLISHER)
    def reinstate(self, name: str, *, why: str = "") -> tuple[str, ...]:
        """Let a withdrawn document be quoted again; with an archive those within that were withdrawn with it.

        Return the files within that stay withdrawn. Raises `DocumentMissing`, `OwnWithdrawal`, `HolderWithdrawn`.

        Golden questions about a withdrawn document count for neither version. If its file changed since, whoever
        withdrew or changed it would publish what nobody else judged, so another person has to reinstate it.
        """
        why = reason(why)
        with self._audit.action(self._who, "reinstate", target=name, why=why), self._database() as connection:
            if holder := withdrawals.holder(connection, name):
                raise HolderWithdrawn(name, holder)
            known = withdrawals.of(connection, name)
            if known and self._settings.four_eyes and self._changed_since(known) and self._took_part(known):
                raise OwnWithdrawal(
                    f"{name}停止引用以后文件改过，新的内容没有经过检验题；停止引用的人和改文件的人不能自己恢复，"
                    "请另一位有“发布”角色的同事恢复引用"
                )
            if not known or not withdrawals.remove(connection, name):
                raise DocumentMissing(f"{name}没有被撤下；请刷新页面")
            within = withdrawals.within(connection, name)
            for one in within:
                if one.goes_with(known):
                    withdrawals.remove(connection, one.document)
            return tuple(one.document for one in within if not one.goes_with(known))

    def _published_within(self, name: str) -> list[Document]:
        """Return the published documents within an archive."""
        published = self._published()
        if not published or not is_container(name):
            return []
        documents = store_of(self._settings).passages(published).documents
        return [one for one in documents if one.name.startswith(f"{name}/")]

    def _changed_since(self, withdrawal: Withdrawal) -> bool:
        """Return whether another file than the one withdrawn is published, waits in the folder, or was there meanwhile.

        A refresh under way has judged without the questions about the file, and publishes what it read before.
        """
        name = withdrawal.document
        waits = {file.name: file.sha256 for file in self._scan().files}.get(name)
        if {self._published_file(name), waits} - {None, withdrawal.file_sha256}:
            return True
        return written_since(self._audit.rows(), name, datetime.fromisoformat(withdrawal.at))

    def _published_file(self, name: str) -> str | None:
        """Return the hash of the file that a document, or all of an archive, is published from; None if none is."""
        published = self._published()
        quoted = store_of(self._settings).document(published, name) if published else None
        if quoted:
            return quoted.file_sha256
        record = self._record()
        known = record.sources.get(name) if record else None
        return known[0] if known else None

    def _took_part(self, withdrawal: Withdrawal) -> bool:
        """Return whether this member withdrew the document, or is known to have changed its file since."""
        if withdrawal.who == self._who:
            return True
        published = self._published()
        built_at = store_of(self._settings).manifest(published).built_at if published else datetime.now(UTC)
        since = datetime.fromisoformat(withdrawal.at)
        return self._who in writers(self._audit.rows(), withdrawal.document, since=since, built_at=built_at)

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

    @needs(Role.PUBLISHER)
    def leave_out(self, names: Sequence[str], *, why: str, built: str = "") -> tuple[str, ...]:
        """Leave files out of what is published until they have another content; return their names.

        Of a file within an archive the archive is left out. Citizens keep what is published of them now. With `built`
        they are left out as that snapshot holds them. Raises `DocumentMissing`, `ReasonMissing`, or `Overtaken` where
        one was changed since it was built.
        """
        why = reason(why)
        if not why:
            raise ReasonMissing("先不发布文件要写明原因，会记入审计")
        with self._audit.action(self._who, "leave out", target="、".join(names), why=why), self._folder() as folder:
            found, record = self._scan(), self._record()
            known = {**dict.fromkeys(record.sources if record else (), ""), **{f.name: f.sha256 for f in found.files}}
            files = [next((one for one in and_what_holds(name) if one in known), "") for name in names]
            if "" in files:
                raise DocumentMissing(f"没有{names[files.index('')]}；请刷新页面")
            judged = record_of(store_of(self._settings), built) if built else None
            for name in files:
                if judged and judged.sources.get(name, ("", 0))[0] != known[name]:
                    raise Overtaken(f"{name}在这次检查以后又改过；请先再发布一次，看改过的还拦不拦")
            at = datetime.now(UTC).isoformat(timespec="seconds")
            stand = left_out.standing(left_out.read(self._settings.home), found)
            stand |= {name: LeftOut(name, known[name], at, self._who, why) for name in files}
            left_out.keep(self._settings.home, list(stand.values()), folder.put)
            return tuple(dict.fromkeys(files))

    @needs(Role.PUBLISHER)
    def put_back(self, name: str) -> None:
        """Publish a file again that was left out. Raises `DocumentMissing`."""
        with self._audit.action(self._who, "put back", target=name), self._folder() as folder:
            left = left_out.read(self._settings.home)
            if name not in {one.name for one in left}:
                raise DocumentMissing(f"{name}没有被放下；请刷新页面")
            left_out.keep(self._settings.home, [one for one in left if one.name != name], folder.put)

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

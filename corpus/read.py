"""Reads a folder of files into Documents; a bad file is reported by name and the others go on."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from corpus.conversion.container import Converted, is_container, is_of
from corpus.conversion.converter import Converter, Converting
from corpus.document import Document
from corpus.errors import FileProblem, Quarantined
from corpus.files.quarantine import check_against
from corpus.files.scan import DocumentsMissing, File, FileReport, FileStatus, Scan, scan, suffix_of
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.loaders import LOADERS
from corpus.metadata.facts import Facts, Forgetful, Memory, facts_of
from corpus.metadata.standing import with_facts

__all__ = ["DocumentsMissing", "File", "FileReport", "FileStatus", "Limits", "Reading", "Scan", "read", "scan"]

_OUTDATED = "回答时排在现行文件之后，并注明"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """The contents of a folder: documents in the order of their names, and a report for every file."""

    documents: tuple[Document, ...]
    files: tuple[FileReport, ...]


def read(
    folder: Path,
    *,
    found: Scan | None = None,
    memory: Memory | None = None,
    before: Sequence[Document] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
    limits: Limits = DEFAULT_LIMITS,
    today: date | None = None,
    held: Collection[str] = (),
    converter: Callable[[Limits, Sequence[File]], Converting] = lambda limits, files: Converter(limits),
) -> Reading:
    """Read every file below `folder` except hidden ones; unchanged bytes of a document in `before` are not converted.

    `found` is the folder as it was just scanned, `memory` holds what was read in documents before. Of the files in
    `held` the documents in `before` stay, whatever the files are now. A file that can no longer be read keeps its
    earlier document. `progress` receives (converted, total) files. `converter` makes what converts, of the limits and
    the files that it is asked for, in their order. Raises `DocumentsMissing` if nothing can be read.
    """
    found = found or scan(folder, limits=limits)
    earlier = _Earlier(before)
    kept = [earlier.of(file.name) if file.name in held else earlier.same(file) for file in found.files]
    changed = [file for file, same in zip(found.files, kept, strict=True) if not (same or file.name in held)]
    documents: list[Document] = []
    reports = list(found.not_taken)
    converted = 0
    with converter(limits, changed) as converting:
        for file, same in zip(found.files, kept, strict=True):
            if same or file.name in held:
                outcomes = _unchanged(same)
            else:
                outcomes = _read(file, converting, earlier, limits)
                converted += 1
                progress(converted, len(changed))
            documents += [document for document, _ in outcomes if document]
            told = [report for _, report in outcomes]
            reports += _of_container(file, told) if told and is_container(file.name) else told
    if not documents:
        reasons = "；".join(f"{report.name}：{report.reason}" for report in reports) or "里面没有文件"
        raise DocumentsMissing(f"文件夹{folder}里没有读得出的文件（{reasons}）")
    facts = facts_of(documents, Forgetful() if memory is None else memory)
    documents = list(with_facts(documents, facts))
    completed = _completed(reports, documents, facts, today or date.today())
    for report in completed:
        if report.reason:
            logger.info("%s: %s: %s", report.name, report.status, report.reason)
    return Reading(tuple(documents), completed)


_Outcomes = list[tuple[Document | None, FileReport]]


def _unchanged(documents: Iterable[Document]) -> _Outcomes:
    return [(document, FileReport(document.name, FileStatus.UNCHANGED)) for document in documents]


def _read(file: File, converter: Converting, earlier: "_Earlier", limits: Limits) -> _Outcomes:
    """Return the document of a file, or those within it, each with its report."""
    try:
        found = converter.open(file) if is_container(file.name) else [Converted(file.name, converter.convert(file))]
    except FileProblem as problem:
        # The earlier documents of a container stay, too.
        kept = earlier.within(file.name) if is_container(file.name) else []
        others = _unchanged(document for document in kept if document.name != file.name)
        return [_outcome(Converted(file.name, problem=problem), earlier, limits, kept=bool(kept)), *others]
    return [_outcome(one, earlier, limits) for one in found]


def _outcome(
    converted: Converted, earlier: "_Earlier", limits: Limits, *, kept: bool = False
) -> tuple[Document | None, FileReport]:
    before, document, problem = earlier.named(converted.name), converted.document, converted.problem
    if document:
        try:
            check_against(before, document, limits)
            return document, FileReport(converted.name, FileStatus.INDEXED)
        except FileProblem as lost:
            problem = lost
    assert problem is not None
    status = FileStatus.QUARANTINED if isinstance(problem, Quarantined) else FileStatus.FAILED
    reason = f"{problem}{'（现在仍用上一版的内容）' if before or kept else ''}"
    return before, FileReport(converted.name, status, reason, problem.again)


def _of_container(file: File, reports: Sequence[FileReport]) -> list[FileReport]:
    """Return the reports of a container; it is tried again if anything in it is."""
    again = any(report.again for report in reports)
    if any(report.name == file.name for report in reports):  # it has a text of its own, or could not be opened
        return [replace(report, again=again) if report.name == file.name else report for report in reports]
    unread = [report for report in reports if report.status in (FileStatus.FAILED, FileStatus.QUARANTINED)]
    told = f"，其中{len(unread)}个没有读入，原因见各个文件" if unread else "，都已分别收录"
    status = FileStatus.FAILED if len(unread) == len(reports) else FileStatus.INDEXED if unread else reports[0].status
    return [FileReport(file.name, status, f"里面有{len(reports)}个文件{told}", again), *reports]


class _Earlier:
    """The documents of the previous reading, by the bytes they were read from and by name."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._by_name = {document.name: document for document in documents}
        self._by_origin = {(document.file_sha256, document.loader): document for document in self._by_name.values()}
        self._loaders: dict[str, str] = {}
        self._within: dict[str, list[Document]] = {}
        for document in self._by_name.values():
            for holder in _and_folders(document.name):
                if is_container(holder):
                    self._within.setdefault(holder, []).append(document)

    def named(self, name: str) -> Document | None:
        return self._by_name.get(name)

    def within(self, name: str) -> list[Document]:
        """Return the earlier documents of a container: its own text, and the files in it."""
        return self._within.get(name, [])

    def of(self, name: str) -> list[Document]:
        """Return the earlier documents of a file, whatever its bytes are now."""
        document = self._by_name.get(name)
        return self.within(name) if is_container(name) else [document] if document else []

    def same(self, file: File) -> list[Document]:
        """Return the earlier documents of the same bytes, under the present name; empty if they must be converted."""
        if is_container(file.name):
            kept = self.within(file.name)
            return kept if all(is_of(document, file.sha256) for document in kept) else []
        suffix = suffix_of(file.name)
        loader = self._loaders.setdefault(suffix, "") or LOADERS[suffix].identity
        self._loaders[suffix] = loader
        document = self._by_name.get(file.name)
        if document is None or (document.file_sha256, document.loader) != (file.sha256, loader):
            document = self._by_origin.get((file.sha256, loader))
        return [_renamed(document, file.name)] if document else []


def _and_folders(name: str) -> Iterator[str]:
    """Yield a name and those of the folders that it lies in."""
    while name:
        yield name
        name = name.rpartition("/")[0]


def _renamed(document: Document, name: str) -> Document:
    """Return the document under another name; a title taken from the file's name changes with it."""
    if document.name == name:
        return document
    first = document.headings[0].span.of(document.text) if document.headings else ""
    from_name = document.title == PurePosixPath(document.name).stem and document.title != first
    return replace(document, name=name, title=PurePosixPath(name).stem if from_name else document.title)


def _reasons(document: Document, today: date) -> str:
    """Return which words in documents put this one out of force, and how to undo it; empty if staff wrote it."""
    why = document.about.why(today)
    return f"。依据：{'；'.join(why)}。如不对，请在说明信息里写“时效: 现行”" if why else ""


def _completed(
    reports: Iterable[FileReport], documents: Sequence[Document], facts: Mapping[str, Facts], today: date
) -> tuple[FileReport, ...]:
    """Return the reports in the order of names, completed by remarks about the documents."""
    by_name: Mapping[str, Document] = {document.name: document for document in documents}
    twins: dict[str, list[str]] = {}
    for document in documents:
        twins.setdefault(facts[document.name].words_hash, []).append(document.name)
    completed = []
    for report in reports:
        own = by_name.get(report.name)
        if own and report.status in (FileStatus.INDEXED, FileStatus.UNCHANGED):
            others = [name for name in twins[facts[own.name].words_hash] if name != report.name]
            same = f"与{'、'.join(others)}的文字相同，两份都已收录；如属重复请删去一份" if others else ""
            out = own.about.out_of_force(today)
            outdated = f"{out}；{_OUTDATED}{_reasons(own, today)}" if out else ""
            reason = "；".join(filter(None, [outdated, own.remark, same]))
            report = replace(report, status=FileStatus.OUT_OF_FORCE if out else report.status, reason=reason)
        completed.append(report)
    return tuple(sorted(completed, key=lambda report: report.name))

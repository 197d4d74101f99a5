"""A folder of files read into Documents; a bad file is named and the others go on."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path, PurePosixPath

from corpus.conversion.converter import Converter
from corpus.document import Document
from corpus.errors import FileProblem, Quarantined
from corpus.files.quarantine import check_against
from corpus.files.scan import DocumentsMissing, File, FileReport, FileStatus, Scan, scan
from corpus.limits import DEFAULT_LIMITS, Limits
from corpus.loaders import LOADERS
from corpus.metadata.repeals import with_validity

__all__ = ["DocumentsMissing", "File", "FileReport", "FileStatus", "Limits", "Reading", "Scan", "read", "scan"]

_OUTDATED = "回答时排在现行文件之后，并注明"
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder holds: documents in the order of their names, and what became of every file."""

    documents: tuple[Document, ...]
    files: tuple[FileReport, ...]


def read(
    folder: Path,
    *,
    before: Sequence[Document] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
    limits: Limits = DEFAULT_LIMITS,
    today: date | None = None,
) -> Reading:
    """Read every file below `folder` but hidden ones; those whose bytes became a document `before` are not converted.

    A file that cannot be read any more leaves the document that it was before in place. `progress` is told how many
    files of how many are converted. Raises `DocumentsMissing` when nothing can be read.
    """
    found = scan(folder, limits=limits)
    earlier = _Earlier(before)
    changed = [file for file in found.files if earlier.same(file) is None]
    documents: list[Document] = []
    reports = list(found.not_taken)
    converted = 0
    with Converter(limits) as converter:
        for file in found.files:
            document = earlier.same(file)
            status, reason, again = FileStatus.UNCHANGED, "", False
            if document is None:
                try:
                    document = converter.convert(file)
                    check_against(earlier.named(file.name), document, limits)
                    status = FileStatus.INDEXED
                except FileProblem as problem:
                    status = FileStatus.QUARANTINED if isinstance(problem, Quarantined) else FileStatus.FAILED
                    document = earlier.named(file.name)
                    again = problem.again
                    reason = f"{problem}{'（现在仍用上一版的内容）' if document else ''}"
                converted += 1
                progress(converted, len(changed))
            if document is not None:
                documents.append(document)
            reports.append(FileReport(file.name, status, reason, again))
    if not documents:
        reasons = "；".join(f"{report.name}：{report.reason}" for report in reports) or "里面没有文件"
        raise DocumentsMissing(f"文件夹{folder}里没有读得出的文件（{reasons}）")
    documents = list(with_validity(documents))
    completed = _completed(reports, documents, today or date.today())
    for report in completed:
        if report.reason:
            logger.info("%s: %s: %s", report.name, report.status, report.reason)
    return Reading(tuple(documents), completed)


class _Earlier:
    """The documents of the reading before, by the bytes that they were read from and by name."""

    def __init__(self, documents: Iterable[Document]) -> None:
        self._by_name = {document.name: document for document in documents}
        self._by_origin = {(document.file_sha256, document.loader): document for document in self._by_name.values()}

    def named(self, name: str) -> Document | None:
        return self._by_name.get(name)

    def same(self, file: File) -> Document | None:
        """The document that these bytes became before, under the present name; None when they have to be converted."""
        loader = LOADERS[file.path.suffix.lower()].identity
        document = self._by_name.get(file.name)
        if document is None or (document.file_sha256, document.loader) != (file.sha256, loader):
            document = self._by_origin.get((file.sha256, loader))
        return document and _renamed(document, file.name)


def _renamed(document: Document, name: str) -> Document:
    """The document under another name; a title that was only the file's name goes with it."""
    if document.name == name:
        return document
    first = document.headings[0].span.of(document.text) if document.headings else ""
    from_name = document.title == PurePosixPath(document.name).stem and document.title != first
    return replace(document, name=name, title=PurePosixPath(name).stem if from_name else document.title)


def _reasons(document: Document, today: date) -> str:
    """What in the documents puts this one out of force, and how to undo it; empty where staff wrote it."""
    why = document.about.why(today)
    return f"。依据：{'；'.join(why)}。如不对，请在说明信息里写“时效: 现行”" if why else ""


def _completed(reports: Iterable[FileReport], documents: Sequence[Document], today: date) -> tuple[FileReport, ...]:
    """The reports in the order of names, with what is to be said about the documents themselves."""
    by_name: Mapping[str, Document] = {document.name: document for document in documents}
    twins: dict[str, list[str]] = {}
    for document in documents:
        twins.setdefault("".join(document.text.split()), []).append(document.name)
    completed = []
    for report in reports:
        own = by_name.get(report.name)
        if own and report.status in (FileStatus.INDEXED, FileStatus.UNCHANGED):
            others = [name for name in twins["".join(own.text.split())] if name != report.name]
            same = f"与{'、'.join(others)}的文字相同，两份都已收录；如属重复请删去一份" if others else ""
            out = own.about.out_of_force(today)
            outdated = f"{out}；{_OUTDATED}{_reasons(own, today)}" if out else ""
            reason = "；".join(filter(None, [outdated, own.remark, same]))
            report = replace(report, status=FileStatus.OUT_OF_FORCE if out else report.status, reason=reason)
        completed.append(report)
    return tuple(sorted(completed, key=lambda report: report.name))

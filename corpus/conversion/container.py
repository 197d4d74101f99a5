"""Opens a file that holds others, level by level: each file in it becomes a document or a reason of its own."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from corpus.document import Document
from corpus.errors import Failed, FileProblem, Quarantined
from corpus.files.scan import SIDE_FILE, display_name, file_hash, ignored, suffix_of, unsupported
from corpus.limits import MEGABYTE, Limits
from corpus.loaders import LOADERS
from corpus.loaders.containers.contents import Contents, Member
from corpus.metadata.side_file import apply_side_file

_DEEPEST = 3
# Characters of a member's path that are shown; a mail may call an attachment by millions.
_LONGEST_NAME = 250
# In `Document.loader`, stands between the loader and the file that holds the document.
_WITHIN = " within "
_ALIKE = "\ufffd"


class TooMuch(Quarantined):
    """The contents of a file, counted over all levels, exceed what one file may be."""


@dataclass(frozen=True, slots=True)
class Converted:
    """A file, or a file within it such as 包.zip/表.xlsx: its document, or the problem that prevented one."""

    name: str
    document: Document | None = None
    problem: FileProblem | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """Functions that read files taken out of another: `unpack` for those that hold files, `document` for others."""

    unpack: Callable[[str, bytes], Contents]
    document: Callable[[str, bytes], Document]
    limits: Limits


def lies_in(document: str, name: str) -> bool:
    """Return whether a document is of this name, or lies in an archive or a folder of it."""
    return document == name or document.startswith(f"{name}/")


def is_container(name: str) -> bool:
    """Return whether files of this name hold others."""
    loader = LOADERS.get(suffix_of(name))
    return loader is not None and loader.container


def origin(sha256: str) -> str:
    """Return a hash of these bytes and today's loaders, by which documents within a file are recognised."""
    loaders = sorted(f"{suffix} {loader.identity}" for suffix, loader in LOADERS.items())
    return hashlib.sha256("\n".join([sha256, *loaders]).encode()).hexdigest()


def is_of(document: Document, sha256: str) -> bool:
    """Return whether a document was read from the file with this hash, and every file in that file was read."""
    return document.loader.endswith(f"{_WITHIN}{origin(sha256)}")


def opened(name: str, content: bytes, side: bytes, readers: Readers) -> list[Converted]:
    """Return all files within a file, in order; first what the file says itself. Raises `FileProblem`."""
    found = list(_Opening(readers).files(name, content, side, depth=1))
    within = origin(file_hash(content, side))
    if any(one.problem for one in found):
        within = "a file not wholly read"  # the next refresh tries it again
    return [replace(one, document=one.document and _marked(one.document, within)) for one in found]


def _marked(document: Document, within: str) -> Document:
    return replace(document, loader=f"{document.loader}{_WITHIN}{within}")


class _Opening:
    """The limits that remain while one file is opened, over all levels."""

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self._members = readers.limits.entries
        self._bytes = readers.limits.expanded_megabytes * MEGABYTE
        self._used: set[str] = set()
        self._alike: Counter[PurePosixPath] = Counter()

    def files(self, name: str, content: bytes, side: bytes, *, depth: int) -> Iterator[Converted]:
        if depth > _DEEPEST:
            raise Quarantined(f"压缩包或邮件套了{_DEEPEST}层以上；请解开后再放入其中的文件")
        contents = self._readers.unpack(name, content)
        self._take(contents)
        if contents.document:
            yield self._finished(name, content, side, contents.document)
        sides = {member.name: member.content for member in contents.members if member.name.endswith(SIDE_FILE)}
        beside: dict[PurePosixPath, set[str]] = {}
        for path in (PurePosixPath(member.name) for member in contents.members):
            beside.setdefault(path.parent, set()).add(path.name)
        for member in contents.members:
            if not _ignored(PurePosixPath(member.name), beside):
                yield from self._file(
                    self._unused(name, member), member, sides.get(f"{member.name}{SIDE_FILE}", b""), depth=depth
                )

    def _file(self, name: str, member: Member, side: bytes, *, depth: int) -> Iterator[Converted]:
        suffix = PurePosixPath(name).suffix
        try:
            if member.problem:
                raise Failed(member.problem)
            if suffix.lower() not in LOADERS:
                raise Failed(unsupported(suffix))
            if is_container(name):
                yield from list(self.files(name, member.content, side, depth=depth + 1))
                return
            document = self._readers.document(name, member.content)
            yield self._finished(name, member.content, side, document)
        except TooMuch:
            raise
        except FileProblem as problem:
            yield Converted(name, problem=problem)

    def _finished(self, name: str, content: bytes, side: bytes, document: Document) -> Converted:
        if side:
            document = apply_side_file(document, side)
        loader = LOADERS[PurePosixPath(name).suffix.lower()].identity
        return Converted(name, replace(document, name=name, file_sha256=file_hash(content, side), loader=loader))

    def _unused(self, name: str, member: Member) -> str:
        """Return the name of a file within another; names that look alike are made different."""
        shown = display_name(PurePosixPath(member.name[-_LONGEST_NAME:]))
        path = wanted = PurePosixPath(f"{name}/{'…' * (len(member.name) > _LONGEST_NAME)}{shown}")
        while str(path) in self._used:
            # One step each, even of thousands that look alike.
            self._alike[wanted] += 1
            path = wanted.with_stem(f"{wanted.stem}{_ALIKE * self._alike[wanted]}")
        self._used.add(str(path))
        return str(path)

    def _take(self, contents: Contents) -> None:
        self._members -= len(contents.members)
        self._bytes -= sum(len(member.content) for member in contents.members)
        if self._members < 0:
            most = self._readers.limits.entries
            raise TooMuch(f"里面一层层的文件合起来超过{most}个的上限；请核对来源，不要直接打开")
        if self._bytes < 0:
            most = self._readers.limits.expanded_megabytes
            raise TooMuch(f"里面一层层的文件合起来超过{most} MB的上限，像是压缩炸弹；请核对来源，不要直接打开")


def _ignored(path: PurePosixPath, beside: Mapping[PurePosixPath, set[str]]) -> bool:
    """Return whether a file within another is one that the folder would ignore, too; `beside` are names by folder."""
    return any(part.startswith(".") for part in path.parts) or ignored(path.name, beside[path.parent])

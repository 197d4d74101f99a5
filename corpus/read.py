"""A folder of files read into Documents; a bad file is named and the others go on."""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus.document import Document
from corpus.loaders import LOADERS
from corpus.loaders.decoding import UnknownEncoding

logger = logging.getLogger(__name__)

MAX_BYTES = 20_000_000


class DocumentsMissing(Exception):
    """The documents folder does not exist, cannot be listed, or holds no document that can be read."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A file that was not read, and why, in words for staff."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a folder holds: documents in the order of their names, and the files that could not be read."""

    documents: tuple[Document, ...]
    rejected: tuple[Rejected, ...]


def read(folder: Path) -> Reading:
    """Read every file below `folder` but hidden ones. Raises `DocumentsMissing` when nothing can be read."""
    if not folder.is_dir():
        raise DocumentsMissing(f"The documents folder {folder} does not exist; set QA_DOCUMENTS to a folder")
    documents: list[Document] = []
    rejected: list[Rejected] = []
    for path in _files(folder, rejected):
        outcome = _read_one(path, _name(path.relative_to(folder)))
        if isinstance(outcome, Rejected):
            rejected.append(outcome)
        else:
            documents.append(outcome)
    rejected.sort(key=lambda file: file.name)
    for file in rejected:
        logger.warning("Not read: %s: %s", file.name, file.why)
    if not documents:
        reasons = "; ".join(f"{r.name}: {r.why}" for r in rejected) or "it is empty"
        raise DocumentsMissing(f"The documents folder {folder} holds no document that can be read ({reasons})")
    return Reading(tuple(documents), tuple(rejected))


def _files(folder: Path, rejected: list[Rejected]) -> Iterator[Path]:
    """The files below a folder, but hidden ones, by name; folders that cannot be listed are rejected."""

    def unlisted(error: OSError) -> None:
        rejected.append(Rejected(_name(Path(error.filename).relative_to(folder)), "the folder cannot be listed"))

    for parent, folders, names in os.walk(folder, onerror=unlisted):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent) / name for name in sorted(names) if not name.startswith("."))


def _name(path: Path) -> str:
    """The path for people: GBK bytes, as Windows archives bring them, decoded; control characters as �."""
    text = path.as_posix()
    if not text.isprintable():
        text = os.fsencode(text).decode("gb18030" if _undecoded(text) else "utf-8", "replace")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)


def _undecoded(text: str) -> bool:
    return any("\udc80" <= char <= "\udcff" for char in text)


def _read_one(path: Path, name: str) -> Document | Rejected:
    loader = LOADERS.get(path.suffix.lower())
    if loader is None:
        return Rejected(name, f"files of type {path.suffix or 'unknown'} are not supported; use {', '.join(LOADERS)}")
    try:
        if not path.is_file():
            return Rejected(name, "not a file")  # a pipe or a device would never end
        if path.stat().st_size > MAX_BYTES:
            return Rejected(name, f"larger than {MAX_BYTES // 1_000_000} MB; split it")
        document = loader(name, path.read_bytes())
    except OSError as error:
        return Rejected(name, error.strerror or "cannot be read")
    except UnknownEncoding as error:
        return Rejected(name, str(error))
    return document if document.text.strip() else Rejected(name, "holds no text")

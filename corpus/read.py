"""A folder of files read into Documents; a bad file is named and the others go on."""

import logging
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
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_dir() or any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        outcome = _read_one(path, name)
        if isinstance(outcome, Rejected):
            logger.warning("Not read: %s: %s", outcome.name, outcome.why)
            rejected.append(outcome)
        else:
            documents.append(outcome)
    if not documents:
        reasons = "; ".join(f"{r.name}: {r.why}" for r in rejected) or "it is empty"
        raise DocumentsMissing(f"The documents folder {folder} holds no document that can be read ({reasons})")
    return Reading(tuple(documents), tuple(rejected))


def _read_one(path: Path, name: str) -> Document | Rejected:
    loader = LOADERS.get(path.suffix.lower())
    if loader is None:
        return Rejected(name, f"files of type {path.suffix or 'unknown'} are not supported; use {', '.join(LOADERS)}")
    try:
        if path.stat().st_size > MAX_BYTES:
            return Rejected(name, f"larger than {MAX_BYTES // 1_000_000} MB; split it")
        document = loader(name, path.read_bytes())
    except OSError as error:
        return Rejected(name, error.strerror or "cannot be read")
    except UnknownEncoding as error:
        return Rejected(name, str(error))
    return document if document.text.strip() else Rejected(name, "holds no text")

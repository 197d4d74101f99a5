"""Turns the bytes of one file into a document, into its members, or into a reason for staff."""

import errno
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePosixPath

from corpus.document import Document
from corpus.errors import Failed, FileProblem
from corpus.files.file_type import check_type
from corpus.files.quarantine import check
from corpus.limits import Budget
from corpus.loaders import LOADERS
from corpus.loaders.containers.contents import Contents

logger = logging.getLogger(__name__)

_LACKING = "服务器内存不足，或读取这种文件的组件载入不了，这次没有读；下次会再试，仍不行请告诉管理人员"
_SCARCE = (errno.ENOMEM, errno.EMFILE, errno.ENFILE, errno.EAGAIN)


def convert(name: str, content: bytes, budget: Budget) -> Document:
    """Read a file by the loader of its suffix. Raises `FileProblem` or `MemoryError`, whatever the bytes are."""
    suffix = PurePosixPath(name).suffix.lower()
    check_type(suffix, content)
    with _reasons(name):
        document = LOADERS[suffix].load(name, content, budget)
    check(document, budget.limits)
    return document


def unpack(name: str, content: bytes, budget: Budget) -> Contents:
    """Return what a container holds. Raises as `convert` does."""
    suffix = PurePosixPath(name).suffix.lower()
    check_type(suffix, content)
    with _reasons(name):
        contents = LOADERS[suffix].unpack(name, content, budget)
    if contents.document:
        check(contents.document, budget.limits)
    return contents


@contextmanager
def _reasons(name: str) -> Iterator[None]:
    """Turn whatever a parser raises into a reason for staff."""
    try:
        yield
    except (FileProblem, MemoryError):
        raise
    except Exception as error:  # parsers raise anything on a damaged file
        logger.info("%s over %s", type(error).__name__, name)
        if _lacking(error):
            raise Failed(_LACKING, again=True) from error
        raise Failed("文件已损坏或不合规范，读不出来；请用原来的软件打开并重新保存") from error


def _lacking(error: BaseException | None) -> bool:
    """Return whether the machine lacks something, rather than the file being at fault; parsers wrap such errors."""
    while error is not None:
        if isinstance(error, ImportError | MemoryError) or (isinstance(error, OSError) and error.errno in _SCARCE):
            return True
        error = error.__cause__
    return False

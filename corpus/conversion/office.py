"""Converts a file into another format by LibreOffice, in a process of its own."""

import fcntl
import logging
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpus.conversion.messages import MessageBroken, packed
from corpus.conversion.worker import Worker
from corpus.errors import Failed, Quarantined
from corpus.limits import Limits
from corpus.loaders.parts import libreoffice

logger = logging.getLogger(__name__)

_PREFIX, _LOCK = "qa-office-", "lock"
# Suffixes by which LibreOffice reads WPS Office files, whose formats are Microsoft's.
_READ_AS = {".wps": ".doc", ".et": ".xls", ".dps": ".ppt"}

_CRASHED = "LibreOffice转换时异常中止，文件可能已损坏；请用原来的软件打开并另存为{target}再放入"
_KILLED = "LibreOffice被系统中止，多半是服务器内存不足；下次会再试，仍不行请另存为{target}再放入"
_TOO_LONG = "LibreOffice等了{seconds:g}秒还没有转换完；请在服务器空闲时再试，仍不行请另存为{target}再放入"
_NOT_STARTED = "转换程序启动不了，可能是服务器内存不足；请过一会儿再试"


def convert_with_office(content: bytes, *, suffix: str, target: str, limits: Limits) -> bytes:
    """Return the bytes of a file converted to the suffix `target` by LibreOffice. Raises `FileProblem`.

    Its profile and its files lie in a folder of their own, which is deleted afterwards.
    """
    program = libreoffice.program()
    if program is None:
        raise libreoffice.OfficeMissing(suffix, target)
    job = {"suffix": suffix, "read_as": _READ_AS.get(suffix, suffix), "target": target}
    with _folder() as folder:
        told = {"limits": asdict(limits), "folder": str(folder), "program": str(program)}
        try:
            worker = Worker("corpus.conversion.office_child", told)
        except (OSError, EOFError, MessageBroken) as error:
            logger.error("The process around LibreOffice does not start: %s", type(error).__name__)
            raise Failed(_NOT_STARTED, again=True) from error
        if not all(worker.promised.values()):
            logger.warning("The kernel confines LibreOffice in part: %s; see T67 in docs/threats.md", worker.promised)
        try:
            worker.send(packed(job, content), limits.clock_seconds)
            reply, made = worker.receive(limits.clock_seconds)
        except TimeoutError as error:
            raise Quarantined(_TOO_LONG.format(seconds=limits.clock_seconds, target=target), again=True) from error
        except (OSError, EOFError) as error:
            killed = worker.kill() == -signal.SIGKILL  # by the kernel for lack of memory, or by people
            raise Failed((_KILLED if killed else _CRASHED).format(target=target), again=killed) from error
        except MessageBroken as error:
            raise Failed(_CRASHED.format(target=target)) from error
        finally:
            worker.kill()
    return _made(reply, made, target)


def _made(reply: dict[str, Any], made: bytes, target: str) -> bytes:
    again = bool(reply.get("again"))
    match reply:
        case {"converted": True}:
            return made
        case {"quarantined": str(reason)}:
            raise Quarantined(reason, again=again)
        case {"failed": str(reason)}:
            raise Failed(reason, again=again)
        case _:
            raise Failed(_CRASHED.format(target=target))


@contextmanager
def _folder() -> Iterator[Path]:
    """Yield a folder that only this account reads, deleted afterwards; leftovers of killed processes go, too."""
    _sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    try:
        with (folder / _LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _sweep(parent: Path) -> None:
    """Delete folders whose lock nobody holds: a running process keeps its own."""
    for folder in parent.glob(f"{_PREFIX}*"):
        try:
            descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            continue  # belongs to another account, or is just being made
        with os.fdopen(descriptor, "rb") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                continue
            shutil.rmtree(folder, ignore_errors=True)

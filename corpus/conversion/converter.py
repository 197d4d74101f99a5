"""Converts files in a process of its own. A hostile file may crash that process and no other."""

import logging
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from corpus import document_json
from corpus.conversion import container
from corpus.conversion.convert import convert
from corpus.conversion.messages import MessageBroken, packed
from corpus.conversion.office import convert_with_office
from corpus.conversion.worker import Worker
from corpus.document import Document
from corpus.errors import Failed, Quarantined
from corpus.files.file_type import check_type
from corpus.files.scan import File, contents, file_hash
from corpus.limits import Budget, Limits
from corpus.loaders import LOADERS
from corpus.loaders.containers.contents import Contents, Member
from corpus.metadata.side_file import apply_side_file

logger = logging.getLogger(__name__)

T = TypeVar("T")

# A library's memory leaks end with the process.
FILES_A_CHILD = 200
# Starting the process takes longer than reading a few small texts, which only Python's own decoders touch.
_LIGHT_BYTES = 65_536

_CRASHED = "转换时程序异常中止，文件可能已损坏；请用原来的软件打开并重新保存，或另存为PDF"
_KILLED = "转换程序被系统中止，多半是服务器内存不足；下次会再试，仍不行就拆分文件"
_TOO_MUCH_TIME = "转换用了{seconds:g}秒处理器时间还没有完成；请拆分文件，或用原来的软件另存后再放入"
_TOO_LONG = "转换等了{seconds:g}秒还没有完成；请在服务器空闲时再试，仍不行就拆分文件，或用原来的软件另存"
_NOT_STARTED = "转换程序启动不了，可能是服务器内存不足；请过一会儿再试"
_NOT_LOOKED_AT = "这次还没有看到它：前面的已经用了太久；发布时会读"
_TOO_MUCH_MEMORY = "转换需要的内存超过上限；请拆分文件，或压缩其中的图片"


class Converting(Protocol):
    """Converts files; what it needs for that ends with its `with` block."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def convert(self, file: File) -> Document:
        """Read one file with its side file; the file must not be a container. Raises `FileProblem`."""

    def open(self, file: File) -> list[container.Converted]:
        """Read all files within a file; unreadable ones are named, the others go on. Raises `FileProblem`."""


class Converter:
    """Converts files one after another. The process starts when first needed and ends with the `with` block.

    It exchanges JSON over pipes. It is started afresh, not forked: it holds nothing of this process, and whatever it
    sends is only data.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: _Child | None = None

    def __enter__(self) -> "Converter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def convert(self, file: File) -> Document:
        """Read one file with its side file; the file must not be a container. Raises `FileProblem`."""
        content, side = self._bytes(file)
        document = self._document(file.name, content)
        if side:
            document = apply_side_file(document, side)
        loader = LOADERS[file.path.suffix.lower()].identity
        # The hash is of the bytes that were read, which may differ from those scanned.
        return replace(document, name=file.name, file_sha256=file_hash(content, side), loader=loader)

    def open(self, file: File, *, seconds: float | None = None) -> list[container.Converted]:
        """Read all files within a file; unreadable ones are named, the others go on. Raises `FileProblem`.

        Files whose turn comes after `seconds` are named as not looked at.
        """
        content, side = self._bytes(file)
        document = self._document if seconds is None else self._until(time.monotonic() + seconds)
        readers = container.Readers(self._contents, document, self._limits)
        return container.opened(file.name, content, side, readers)

    def _until(self, end: float) -> Callable[[str, bytes], Document]:
        def document(name: str, content: bytes) -> Document:
            if time.monotonic() > end:
                raise Failed(_NOT_LOOKED_AT, again=True)
            return self._document(name, content)

        return document

    def _bytes(self, file: File) -> tuple[bytes, bytes]:
        try:
            return contents(file.path, limits=self._limits)
        except OSError as error:
            raise Failed(f"文件打不开（{error.strerror}）；请检查访问权限，或等复制完成后再试", again=True) from error

    def _document(self, name: str, content: bytes) -> Document:
        path = PurePosixPath(name)
        suffix = path.suffix.lower()
        loader = LOADERS[suffix]
        if loader.office:
            check_type(suffix, content)
            content = convert_with_office(content, suffix=suffix, target=loader.office, limits=self._limits)
            path = path.with_suffix(loader.office)
        if loader.light and len(content) <= _LIGHT_BYTES:
            return convert(str(path), content, Budget(self._limits))
        return self._asked(str(path), content, lambda reply, _: document_json.from_json(reply["document"]))

    def _contents(self, name: str, content: bytes) -> Contents:
        return self._asked(name, content, _as_contents)

    def _asked(self, name: str, content: bytes, made: Callable[[dict[str, Any], bytes], T]) -> T:
        """Return what `made` makes of the process's reply to one file. Raises `FileProblem`."""
        child = self._ready()
        try:
            reply, body = child.ask(name, content)
            if reply.get("last"):
                self._end()
            again = bool(reply.get("again"))
            match reply:
                case {"quarantined": str(reason)}:
                    raise Quarantined(reason, again=again)
                case {"failed": str(reason)}:
                    raise Failed(reason, again=again)
                case {"exhausted": True}:
                    raise Quarantined(_TOO_MUCH_MEMORY, again=True)
            return made(reply, body)
        except TimeoutError as error:
            self._end()
            raise Quarantined(_TOO_LONG.format(seconds=self._limits.clock_seconds), again=True) from error
        except (OSError, EOFError) as error:
            ended = self._end()
            if ended == -signal.SIGXCPU:
                raise Quarantined(_TOO_MUCH_TIME.format(seconds=self._limits.seconds), again=True) from error
            if ended == -signal.SIGKILL:  # by the kernel for lack of memory, or by people
                raise Failed(_KILLED, again=True) from error
            logger.warning("Converting %s ended the process", name)
            raise Failed(_CRASHED) from error
        except (MessageBroken, KeyError, TypeError, ValueError) as error:
            self._end()
            raise Failed(_CRASHED) from error

    def _ready(self) -> "_Child":
        if self._child is None or self._child.files >= FILES_A_CHILD:
            self._end()
            try:
                self._child = _Child(self._limits)
            except (OSError, EOFError, MessageBroken, KeyError) as error:
                logger.error("The converting process does not start: %s", type(error).__name__)
                raise Failed(_NOT_STARTED, again=True) from error
        return self._child

    def _end(self) -> int | None:
        child, self._child = self._child, None
        return child.kill() if child else None


def _as_contents(reply: dict[str, Any], body: bytes) -> Contents:
    members, at = [], 0
    for name, size, problem in reply["members"]:
        members.append(Member(str(name), body[at : at + size], str(problem)))
        at += size
    entry = reply["document"]
    return Contents(tuple(members), document_json.from_json(entry) if entry else None)


class _Child(Worker):
    """The converting process; it reads one file after another."""

    def __init__(self, limits: Limits) -> None:
        super().__init__("corpus.conversion.child", asdict(limits))
        self.files = 0
        self._limits = limits

    def ask(self, name: str, content: bytes) -> tuple[dict[str, Any], bytes]:
        """Return the reply to one file. Raises `TimeoutError`, `EOFError` or `OSError` if the process hangs or dies."""
        self.files += 1
        self.send(packed({"name": name}, content), self._limits.clock_seconds)
        while "alive" in (reply := self.receive(self._limits.clock_seconds))[0]:
            pass
        return reply

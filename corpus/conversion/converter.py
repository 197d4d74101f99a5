"""Files become documents in one process of their own, which a hostile file may take down and no other."""

import logging
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Any

from corpus import document_json
from corpus.conversion.convert import convert
from corpus.conversion.messages import MessageBroken, packed, unpack
from corpus.document import Document
from corpus.errors import Failed, Quarantined
from corpus.files.scan import File, contents, file_hash
from corpus.limits import Budget, Limits
from corpus.loaders import LOADERS
from corpus.metadata.side_file import apply_side_file

logger = logging.getLogger(__name__)

_ROOT = Path(__file__).parents[2]
_START = 60.0  # seconds, on a busy machine
# What leaks in a parser's library goes with the process.
FILES_A_CHILD = 200
# Starting the process takes longer than reading a few small texts, which only Python's own decoders touch.
_LIGHT_BYTES = 65_536
# What starting Python and computing need; of keys and passwords the process that reads hostile files knows nothing.
_NEEDED = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_", "TZ", "TMPDIR", "PYTHON", "OPENBLAS_", "OMP_")
_LONGEST_REPLY = 200_000_000

_CRASHED = "转换时程序异常中止，文件可能已损坏；请用原来的软件打开并重新保存，或另存为PDF"
_KILLED = "转换程序被系统中止，多半是服务器内存不足；下次刷新会再试，仍不行就拆分文件"
_TOO_MUCH_TIME = "转换用了{seconds:g}秒处理器时间还没有完成；请拆分文件，或用原来的软件另存后再放入"
_TOO_LONG = "转换等了{seconds:g}秒还没有完成；请在服务器空闲时再刷新，仍不行就拆分文件，或用原来的软件另存"
_NOT_STARTED = "转换程序启动不了，可能是服务器内存不足；请过一会儿再刷新"
_TOO_MUCH_MEMORY = "转换需要的内存超过上限；请拆分文件，或压缩其中的图片"


class Converter:
    """Converts files one after another; the process is started when it is first needed and ends with the `with` block.

    It speaks JSON over pipes and is started afresh, not forked: nothing of this process is in it, and nothing that it
    sends is more than data.
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
        """Read one file with its side file. Raises `FileProblem`."""
        loader = LOADERS[file.path.suffix.lower()]
        try:
            content, side = contents(file.path, limits=self._limits)
        except OSError as error:
            raise Failed(f"文件打不开（{error.strerror}）；请检查访问权限，或等复制完成后再刷新", again=True) from error
        if loader.light and len(content) <= _LIGHT_BYTES:
            document = convert(file.name, content, Budget(self._limits))
        else:
            document = self._converted(file.name, content)
        if side:
            document = apply_side_file(document, side)
        # Of the bytes that were read, which need not be those that were scanned.
        return replace(document, name=file.name, file_sha256=file_hash(content, side), loader=loader.identity)

    def _converted(self, name: str, content: bytes) -> Document:
        child = self._ready()
        try:
            reply = child.ask(name, content)
            if reply.get("last"):
                self._end()
            again = bool(reply.get("again"))
            match reply:
                case {"document": dict(entry)}:
                    return document_json.from_json(entry)
                case {"quarantined": str(reason)}:
                    raise Quarantined(reason, again=again)
                case {"failed": str(reason)}:
                    raise Failed(reason, again=again)
        except TimeoutError as error:
            self._end()
            raise Quarantined(_TOO_LONG.format(seconds=self._limits.clock_seconds), again=True) from error
        except (OSError, EOFError) as error:
            ended = self._end()
            if ended == -signal.SIGXCPU:
                raise Quarantined(_TOO_MUCH_TIME.format(seconds=self._limits.seconds), again=True) from error
            if ended == -signal.SIGKILL:  # by the kernel for want of memory, or by people
                raise Failed(_KILLED, again=True) from error
            logger.warning("Converting %s ended the process", name)
            raise Failed(_CRASHED) from error
        except (MessageBroken, KeyError, TypeError, ValueError) as error:
            self._end()
            raise Failed(_CRASHED) from error
        self._end()
        raise Quarantined(_TOO_MUCH_MEMORY, again=True)

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


class _Child:
    """The process, and the two pipes to it."""

    def __init__(self, limits: Limits) -> None:
        self.files = 0
        self._limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-m", "corpus.conversion.child"],
            cwd=_ROOT,
            env={name: value for name, value in os.environ.items() if name.startswith(_NEEDED)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self._process.stdin and self._process.stdout
        self._input, self._output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._input, False)
        try:
            self._write(packed(asdict(limits)), _START)
            self.network = self._reply(_START)["network"]
        except BaseException:
            self.kill()
            raise

    def ask(self, name: str, content: bytes) -> dict[str, Any]:
        """The reply to one file. Raises TimeoutError, EOFError or OSError when the process hangs or dies over it."""
        self.files += 1
        self._write(packed({"name": name}, content), self._limits.clock_seconds)
        while "alive" in (reply := self._reply(self._limits.clock_seconds)):
            pass
        return reply

    def kill(self) -> int:
        """End the process; tells how it ended, as `subprocess` does."""
        self._process.kill()  # one that has died already keeps its own cause
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        return self._process.wait()

    def _reply(self, seconds: float) -> dict[str, Any]:
        return unpack(self._reader(seconds), longest=_LONGEST_REPLY)[0]

    def _reader(self, seconds: float) -> Callable[[int], bytes]:
        deadline = time.monotonic() + seconds

        def read(size: int) -> bytes:
            parts = []
            while size:
                _wait(deadline, reading=[self._output])
                part = os.read(self._output, min(size, 1 << 20))
                if not part:
                    raise EOFError
                parts.append(part)
                size -= len(part)
            return b"".join(parts)

        return read

    def _write(self, content: bytes, seconds: float) -> None:
        deadline, rest = time.monotonic() + seconds, memoryview(content)
        while rest:
            _wait(deadline, writing=[self._input])
            rest = rest[os.write(self._input, rest[: 1 << 16]) :]


def _wait(deadline: float, *, reading: list[int] | None = None, writing: list[int] | None = None) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not any(select.select(reading or [], writing or [], [], left)):
        raise TimeoutError

"""A process that works on hostile files: started with a minimal environment, reached over pipes."""

import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from corpus.conversion.messages import packed, unpack

_ROOT = Path(__file__).parents[2]
_START = 60.0  # seconds, enough for a busy machine
# Starting Python and computing need these. The process that reads hostile files must not see keys and passwords.
_NEEDED = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_", "TZ", "TMPDIR", "PYTHON", "OPENBLAS_", "OMP_")
LONGEST_REPLY = 300_000_000


class Worker:
    """The process and its two pipes; `promised` is what it reports about its isolation once it has begun."""

    def __init__(self, module: str, told: Mapping[str, Any]) -> None:
        """Start `python -m module` and send it its settings. Raises `OSError`, `EOFError` or `MessageBroken`."""
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-m", module],
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
            self.send(packed(told), _START)
            self.promised = self.receive(_START)[0]
        except BaseException:
            self.kill()
            raise

    def send(self, content: bytes, seconds: float) -> None:
        """Send a message. Raises `TimeoutError`, or `OSError` if the process is gone."""
        deadline, rest = time.monotonic() + seconds, memoryview(content)
        while rest:
            _wait(deadline, writing=[self._input])
            rest = rest[os.write(self._input, rest[: 1 << 16]) :]

    def receive(self, seconds: float) -> tuple[dict[str, Any], bytes]:
        """Return the next message. Raises `TimeoutError`, `EOFError` or `OSError` if the process hangs or dies."""
        return unpack(self._reader(seconds), longest=LONGEST_REPLY)

    def kill(self) -> int:
        """End the process; return its exit status as `subprocess` does."""
        self._process.kill()  # a process that has already died keeps its own cause
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        return self._process.wait()

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


def _wait(deadline: float, *, reading: list[int] | None = None, writing: list[int] | None = None) -> None:
    left = deadline - time.monotonic()
    if left <= 0 or not any(select.select(reading or [], writing or [], [], left)):
        raise TimeoutError

"""A server of another program, on the loopback while tests run."""

import subprocess
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.programs.serving import START_SECONDS


@dataclass(slots=True)
class LocalServer(ABC):
    """A running server, or one that was stopped; what it says stands in `log.txt` of its folder."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        """Return when it answers."""
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen([str(word) for word in self._command()], stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < deadline, (self.folder / "log.txt").read_text()
            time.sleep(0.1)

    def stop(self) -> None:
        """Kill it."""
        if self.process:
            self.process.kill()
            self.process.wait()

    @abstractmethod
    def _command(self) -> Sequence[object]: ...

    @abstractmethod
    def _answers(self) -> bool: ...

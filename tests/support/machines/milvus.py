"""A Milvus of its own for the tests, which runs while they do: milvus-lite, as a server on the loopback."""

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from index.search.milvus import Milvus, MilvusAway
from tests.support.programs.serving import START_SECONDS, free_port

WHY_NOT = "milvus-lite is not installed (make test-milvus installs it)"
_NUMBERS = count()


def installed() -> bool:
    return all(find_spec(name) for name in ("pymilvus", "milvus_lite"))


@dataclass(slots=True)
class MilvusServer:
    """A running server, or one that was stopped."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def new(self) -> str:
        """Return the address of a database that holds nothing."""
        name = f"test{next(_NUMBERS)}"
        self.client().create_database(name)
        return f"{self.address}/{name}"

    def client(self, address: str = "") -> Any:
        """Return the library's own client of a database."""
        return Milvus(address or self.address)._connected()

    def start(self) -> None:
        """Return when it answers."""
        command = [sys.executable, "-m", "milvus_lite", "server", "--data-dir", str(self.folder / "data")]
        with (self.folder / "log.txt").open("ab") as log:
            where = ["--host", "127.0.0.1", "--port", str(self.port)]
            self.process = subprocess.Popen([*command, *where], stdout=log, stderr=log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            assert self.process.poll() is None and time.monotonic() < deadline, (self.folder / "log.txt").read_text()
            time.sleep(0.1)

    def stop(self) -> None:
        """Kill it."""
        if self.process:
            self.process.kill()
            self.process.wait()

    def _answers(self) -> bool:
        try:
            Milvus(self.address).check()
        except MilvusAway:
            return False
        return True


@contextmanager
def started() -> Iterator[MilvusServer]:
    """Run a new one during the block."""
    folder = Path(tempfile.mkdtemp(prefix="milvus-"))
    server = MilvusServer(folder, free_port())
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)

"""A Milvus of its own for the tests, which runs while they do: milvus-lite, as a server on the loopback."""

import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

from index.search.milvus import Milvus, MilvusAway
from tests.support.machines.local import LocalServer
from tests.support.programs.serving import free_port

WHY_NOT = "milvus-lite is not installed (make test-milvus installs it)"
_NUMBERS = count()


def installed() -> bool:
    return all(find_spec(name) for name in ("pymilvus", "milvus_lite"))


class MilvusServer(LocalServer):
    """A running server, or one that was stopped."""

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

    def _command(self) -> Sequence[object]:
        where = ["--host", "127.0.0.1", "--port", self.port]
        return [sys.executable, "-m", "milvus_lite", "server", "--data-dir", self.folder / "data", *where]

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

"""An S3 of its own for the tests, which runs while they do: SeaweedFS, from its wheel."""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from index.files.objects import S3Objects
from tests.support.programs.serving import START_SECONDS

WHY_NOT = "SeaweedFS is not installed (pip install -r requirements-dev.txt)"
KEY, SECRET = "wenda", "secret/with+signs"
_NUMBERS = count()


def program() -> Path | None:
    """Return SeaweedFS; None where it is not installed."""
    found = Path(sys.executable).with_name("weed")
    return found if found.exists() else None


@dataclass(slots=True)
class ObjectStore:
    """A running S3 with one bucket, or one that was stopped."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = field(default=None)

    def address(self, prefix: str = "") -> str:
        return f"s3+http://{KEY}:secret%2Fwith%2Bsigns@127.0.0.1:{self.port}/wenda/{prefix}"

    def new(self) -> str:
        """Return the address of a prefix that holds nothing."""
        return self.address(f"test{next(_NUMBERS)}")

    def start(self) -> None:
        """Return when it answers."""
        command = [
            program(),
            "-logtostderr",
            "server",
            f"-dir={self.folder}",
            "-ip=127.0.0.1",
            f"-master.port={self.port + 1}",
            f"-volume.port={self.port + 2}",
            f"-filer.port={self.port + 3}",
            "-s3",
            f"-s3.port={self.port}",
            f"-s3.config={self.folder / 's3.json'}",
            # Of fixed ports, that a second store would want, too.
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            "-master.volumeSizeLimitMB=100",
            "-volume.max=20",
        ]
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log)
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
            S3Objects(self.address("probe")).put("probe", b"1")
        except Exception as error:
            if type(error).__name__ != "ObjectsUnreachable":
                raise
            return False
        return True


@contextmanager
def started() -> Iterator[ObjectStore]:
    """Run a new one during the block."""
    folder = Path(tempfile.mkdtemp(prefix="objects-"))
    identity = {
        "name": "wenda",
        "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    store = ObjectStore(folder, _free_ports())
    try:
        store.start()
        yield store
    finally:
        store.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _free_ports() -> int:
    """Return the first of four free ports; each needs the one 10,000 above it, too."""
    for first in range(20_000, 44_000, 40):
        try:
            for port in range(first, first + 4):
                for one in (port, port + 10_000):
                    with socket.socket() as probe:
                        probe.bind(("127.0.0.1", one))
        except OSError:
            continue
        return first
    raise RuntimeError("No free ports")

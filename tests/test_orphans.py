"""No process outlives the one that waits for its work."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.settings import ROOT
from tests.serving import START_SECONDS, environment, free_port

GONE_SECONDS = 30
BUSY_CHILD = '''
import os, subprocess, sys, time
child = """
import sys, time
from corpus.isolation import end_with_parent
end_with_parent(int(sys.argv[1]))
print("ready", flush=True)
time.sleep(120)
"""
started = subprocess.Popen([sys.executable, "-c", child, str(os.getpid())], stdout=subprocess.PIPE)
started.stdout.readline()
print(started.pid, flush=True)
time.sleep(120)
'''


def until(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not (held := holds()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return held


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def below(process: int) -> set[int]:
    """The processes that this one started, and those that they did."""
    found: set[int] = set()
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found |= {child} | below(child)
    return found


def test_a_process_ends_with_the_one_that_started_it() -> None:
    with subprocess.Popen([sys.executable, "-c", BUSY_CHILD], cwd=ROOT, stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        child = int(parent.stdout.readline())
        assert alive(child)
        parent.kill()
    assert until(lambda: not alive(child), GONE_SECONDS)


@pytest.mark.slow
@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGKILL])
def test_a_server_ended_while_it_builds_its_first_index_leaves_nothing_behind(tmp_path: Path, sent: int) -> None:
    home = tmp_path / "home"
    variables = environment(tmp_path / "network.txt", QA_HOME=str(home), QA_PORT=str(free_port()))
    with (tmp_path / "log.txt").open("w") as log:
        server = subprocess.Popen([sys.executable, "app.py"], cwd=ROOT, env=variables, stdout=log, stderr=log)
    try:
        assert until((home / "models").is_dir, START_SECONDS)  # the worker begins by unpacking the model
        working = below(server.pid)
        os.kill(server.pid, sent)
        server.wait(GONE_SECONDS)
    finally:
        server.kill()
        server.wait()
    assert working
    assert until(lambda: not any(map(alive, working)), GONE_SECONDS)
